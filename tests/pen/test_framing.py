"""An ink's place in a picture."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.pen.framing import frame, ink_box
from duktus.pen.scene import Framing
from duktus.types import Box, Ink


def block(height: int = 60, width: int = 40) -> Ink:
    """A full block of ink with bare paper about it."""
    return np.pad(np.ones((height, width), np.float32), 10)


def test_box_of_ink() -> None:
    """The box holds the ink and nothing else."""
    assert ink_box(block()) == Box(10, 10, 40, 60)


def test_box_of_faint_ink() -> None:
    """What counts as ink goes by the fullest ink there is."""
    assert ink_box(block() * np.float32(0.2)) == Box(10, 10, 40, 60)


def test_box_of_nothing_is_everything() -> None:
    """Where no ink is, the box is the whole array."""
    assert ink_box(np.zeros((5, 7), np.float32)) == Box(0, 0, 7, 5)


@given(height=st.integers(8, 120), margin=st.floats(0.05, 1), stretch=st.floats(0.7, 1.4))
def test_framing_keeps_the_ink(height: int, margin: float, stretch: float) -> None:
    """At any size the block's area is what its framed height and width make it."""
    framing = Framing(height, (margin, margin, margin, margin), stretch=stretch)
    placed = frame(block(), framing, np.random.default_rng(0))
    assert placed.sum() == pytest.approx(height * height * 40 / 60 * stretch, rel=0.12)


def test_negative_margin_cuts() -> None:
    """A margin below 0 leaves a part of the ink outside."""
    placed = frame(block(), Framing(60, (-0.1, 0.0, 0.0, 0.0)), np.random.default_rng(0))
    assert placed.shape == (54, 40)
    assert placed[0].min() > 0.9


@pytest.mark.parametrize(("place", "corner"), [((0.0, 0.0), (0, 0)), ((1.0, 1.0), (14, 40)), ((0.5, 0.5), (7, 20))])
def test_place_on_a_canvas(place: tuple[float, float], corner: tuple[int, int]) -> None:
    """A canvas has its own size, and the ink lies in it where it is told to."""
    placed = frame(block(60, 60), Framing(20, canvas=(34, 60), place=place), np.random.default_rng(0))
    box = ink_box(placed)
    assert placed.shape == (34, 60)
    assert (box.y, box.x) == corner


def test_canvas_holds_what_is_too_wide() -> None:
    """An ink that is too wide for the canvas becomes as small as it must."""
    box = ink_box(frame(block(20, 300), Framing(30, canvas=(34, 60)), np.random.default_rng(0)))
    assert 55 <= box.w <= 60


def test_turn_and_keystone_move_corners() -> None:
    """A turned or slanted block no longer fills its box."""
    straight = Framing(40)
    for framing in (replace(straight, turn=0.3), replace(straight, keystone=(0.3, 0.0))):
        placed = frame(block(), framing, np.random.default_rng(0))
        box = ink_box(placed)
        inside = placed[box.y : box.y + box.h, box.x : box.x + box.w]
        assert inside.mean() < 0.95
        assert placed.sum() == pytest.approx(40 * 40 * 40 / 60, rel=0.1)


def test_stray_stroke_keeps_off_the_ink() -> None:
    """A neighbour's stroke comes in at an edge and does not reach the ink."""
    framing = Framing(40, (0.2, 0.5, 0.2, 0.5))
    for seed in range(10):
        alone = frame(block(), framing, np.random.default_rng(seed))
        with_stray = frame(block(), replace(framing, stray=True), np.random.default_rng(seed))
        more = np.flatnonzero((with_stray - alone).any(0))
        assert more.size
        assert not ((more > 14) & (more < alone.shape[1] - 15)).any()
