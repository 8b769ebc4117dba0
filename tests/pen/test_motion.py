"""Tests of the pen's motion along a path."""

import numpy as np

from duktus.pen.motion import LIFT, Touch, perform, sample_touch

STEADY = Touch(speed=50.0, tremor=0.0, pressure=0.5, spread=0.0, fade=0.0)
PATH = np.stack((np.linspace(0, 10, 101), np.zeros(101)), axis=1).astype(np.float32)


def test_a_straight_line_is_drawn_at_full_speed() -> None:
    """On a straight the pen covers its speed's millimetres in a second, and a steady hand stays on the line."""
    (stroke,) = perform(PATH, np.array([0]), np.zeros(101, np.float32), STEADY, np.random.default_rng(0)).strokes
    assert np.allclose(stroke[:, :2], PATH)
    middle = np.diff(stroke[5:-5], axis=0)
    assert np.allclose(middle[:, 0] / middle[:, 2], 50.0, rtol=0.02)
    assert (stroke[:, 3] == 0.5).all()


def test_strokes_are_cut_and_lifting_takes_time() -> None:
    """Where a stroke begins the drawing is cut, and the clock moves on by the lift."""
    strokes = perform(PATH, np.array([0, 40]), np.zeros(101, np.float32), STEADY, np.random.default_rng(0)).strokes
    assert [len(stroke) for stroke in strokes] == [40, 61]
    assert strokes[1][0, 2] - strokes[0][-1, 2] >= LIFT


def test_tremor_shakes_the_line_by_its_amplitude() -> None:
    """A trembling pen leaves the line, by no more than the tremor's amplitude."""
    shaking = Touch(speed=20.0, tremor=0.2, pressure=0.5, spread=0.0, fade=0.0)
    (stroke,) = perform(PATH, np.array([0]), np.zeros(101, np.float32), shaking, np.random.default_rng(0)).strokes
    assert 0.15 < np.abs(stroke[:, 1]).max() <= 0.2001


def test_haste_speeds_the_pen_up() -> None:
    """A hurried writer's pen is faster than a careful one's."""
    rng = np.random.default_rng(0)
    assert sample_touch(1.0, rng).speed > 2 * sample_touch(0.0, rng).speed
