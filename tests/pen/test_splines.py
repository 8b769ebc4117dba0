"""Tests of the way from control points to the path of a pen."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from duktus.pen.letters import Form, Point
from duktus.pen.splines import Course, lay_course

BENT = (Point(0, 0), Point(40, 60), Point(80, 0))


def course_of(*strokes: tuple[Point, ...]) -> Course:
    """Lay the course of a form of these strokes."""
    return lay_course(Form("any", 1.0, strokes))


def test_two_points_make_a_straight_line() -> None:
    """A stroke of two points stays on the line between them."""
    course = course_of((Point(0, 0), Point(30, 60)))
    path = course.sharp @ course.control
    assert np.allclose(path[:, 1], 2 * path[:, 0], atol=1e-3)


def test_a_corner_stays_straight_on_both_sides_and_smooth_bends() -> None:
    """The sharp path runs straight into a corner; the smooth one swings through it."""
    course = course_of((BENT[0], Point(40, 60, corner=True), BENT[2]))
    sharp, smooth = course.sharp @ course.control, course.smooth @ course.control
    expected = 1.5 * np.minimum(sharp[:, 0], 80 - sharp[:, 0])
    assert np.allclose(sharp[:, 1], expected, atol=1e-2)
    assert np.abs(smooth - sharp).max() > 2


def test_slurring_cuts_corners_and_keeps_the_ends() -> None:
    """A hurried path does not reach its apex, but starts and ends in place."""
    course = course_of(BENT)
    smooth, slurred = course.smooth @ course.control, course.slurred @ course.control
    assert slurred[:, 1].max() < smooth[:, 1].max() - 1
    assert np.allclose(slurred[[0, -1]], smooth[[0, -1]], atol=0.5)


def test_strokes_stay_apart() -> None:
    """Moving a point of one stroke leaves the other where it was, and a dot is one point."""
    course = course_of(BENT, (Point(5, 90),))
    moved = course.control.copy()
    moved[:3] += 10
    before, after = course.sharp @ course.control, course.sharp @ moved
    assert np.array_equal(course.first, [0, len(before) - 1])
    assert np.array_equal(before[-1], after[-1])
    assert np.allclose(before[:-1] + 10, after[:-1], atol=1e-3)


def test_distances_run_from_end_to_end() -> None:
    """Each point knows its way to both ends of its stroke, and to the nearer one."""
    course = course_of((Point(0, 0), Point(30, 40)))
    assert np.allclose(course.to_start + course.to_end, 50, atol=1e-3)
    assert course.near_end[0] == course.near_end[-1] == 0
    assert np.isclose(course.near_end.max(), 25, atol=3)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=9, unique=True))
def test_paths_shift_and_scale_with_their_points(places: list[tuple[int, int]]) -> None:
    """Every path is an affine combination of its control points: the weights of each point sum to 1."""
    course = course_of(tuple(Point(x, y) for x, y in places))
    for weights in (course.sharp, course.smooth, course.slurred):
        assert np.allclose(weights.sum(axis=1), 1, atol=1e-4)


def test_neighbours_share_their_noise() -> None:
    """Noise of unit size stays of unit size, and points close together move together."""
    course = course_of(tuple(Point(x, 0) for x in (0, 4, 8, 90)))
    assert np.allclose((course.kinship**2).sum(axis=1), 1, atol=1e-5)
    assert course.kinship[0] @ course.kinship[1] > 0.9
    assert course.kinship[0] @ course.kinship[3] < 0.1
