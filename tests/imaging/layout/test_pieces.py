"""Pieces of ink: what hangs together, what is strong enough to count, and what belongs to a neighbour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from duktus.imaging.layout.pieces import (
    bridge_pieces,
    cut_out,
    drop_frames,
    find_pieces,
    largest_pieces,
    main_ink,
)
from duktus.types import Box, Ink
from duktus.types.pages import join_boxes
from tests.imaging.handwriting import character


def blots(*blots_: tuple[int, int, int, int, float]) -> Ink:
    """Rectangles (x, y, w, h, level) on a sheet of 60 by 40 pixels."""
    ink = np.zeros((40, 60), np.float32)
    for x, y, w, h, level in blots_:
        ink[y : y + h, x : x + w] = level
    return ink


def test_pieces_have_boxes_and_areas() -> None:
    """Two blots are two pieces, each with its box, its area and its number among the labels."""
    pieces = find_pieces(blots((5, 5, 10, 4, 1), (30, 20, 3, 15, 1)))
    assert sorted(zip(pieces.boxes, pieces.areas, strict=True)) == [(Box(5, 5, 10, 4), 40), (Box(30, 20, 3, 15), 45)]
    for number, area in zip(pieces.numbers, pieces.areas, strict=True):
        assert (pieces.labels == number).sum() == area


def test_corners_join() -> None:
    """Blots that touch by a corner are one piece."""
    assert len(find_pieces(blots((5, 5, 5, 5, 1), (10, 10, 5, 5, 1))).numbers) == 1


def test_hysteresis() -> None:
    """A faint piece does not count by itself, and belongs to a strong one that it touches."""
    alone = find_pieces(blots((5, 5, 10, 4, 1), (30, 20, 8, 8, 0.5)))
    assert alone.boxes == (Box(5, 5, 10, 4),)
    touching = find_pieces(blots((5, 5, 10, 4, 1), (15, 5, 8, 4, 0.5)))
    assert touching.boxes == (Box(5, 5, 18, 4),)
    assert find_pieces(blots((30, 20, 8, 8, 0.5))).numbers == ()


@given(
    ink=arrays.arrays(np.float32, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.floats(0, 1, width=32))
)
def test_every_strong_pixel_is_in_one_piece(ink: Ink) -> None:
    """Full ink is always in a piece that counts, and paper in none."""
    pieces = find_pieces(ink)
    counted = np.isin(pieces.labels, pieces.numbers) & (pieces.labels > 0)
    assert counted[ink >= 0.6].all()
    assert not counted[ink < 0.35].any()
    assert sum(pieces.areas) == counted.sum()


def test_cut_out_of_one_piece() -> None:
    """A piece comes with its soft edge and without its neighbour, even where their boxes overlap."""
    ink = blots((5, 5, 20, 3, 1), (5, 5, 3, 20, 1), (12, 14, 10, 10, 1))
    ink[8, 12:20] = 0.2
    pieces = find_pieces(ink)
    first = pieces.boxes.index(Box(5, 5, 20, 20))
    cut, box = cut_out(ink, pieces, (first,))
    assert box == Box(5, 5, 20, 20)
    assert cut.shape == (22, 22)
    assert cut.sum() == pytest.approx(ink[:14].sum() + ink[14:, :8].sum())


def test_cut_out_of_all() -> None:
    """All pieces together are the ink in their common box and a pixel around, inside the page."""
    ink = blots((0, 0, 10, 4, 1), (30, 20, 30, 20, 1))
    cut, box = cut_out(ink, find_pieces(ink), (0, 1))
    assert box == Box(0, 0, 60, 40)
    np.testing.assert_array_equal(cut, ink)


def test_cut_out_of_two_among_three() -> None:
    """Chosen pieces come in one cut, and the one between them is left out."""
    ink = blots((5, 5, 4, 20, 1), (20, 5, 4, 20, 1), (40, 5, 4, 20, 1))
    pieces = find_pieces(ink)
    order = sorted(range(3), key=lambda i: pieces.boxes[i].x)
    cut, box = cut_out(ink, pieces, (order[0], order[2]))
    assert box == Box(5, 5, 39, 20)
    assert cut.sum() == 160
    assert not cut[:, 10:30].any()


@given(boxes=st.lists(st.builds(Box, *[st.integers(0, 50)] * 2, *[st.integers(1, 50)] * 2), min_size=1, max_size=5))
def test_joined_boxes_hold_each(boxes: list[Box]) -> None:
    """The smallest box around some touches the outermost of them on every side."""
    x, y, w, h = join_boxes(boxes)
    assert (x, y) == (min(box.x for box in boxes), min(box.y for box in boxes))
    assert (x + w, y + h) == (max(box.x + box.w for box in boxes), max(box.y + box.h for box in boxes))


@pytest.mark.parametrize("on_left", [True, False])
def test_a_neighbour_at_the_rim_goes(on_left: bool) -> None:
    """A piece of the neighbouring character at the left or right rim is dropped, and nothing of the writing."""
    drawn = character("0", 3)
    joined = drawn.copy()
    joined[20:44, slice(0, 2) if on_left else slice(-2, None)] = 1
    main = main_ink(joined)
    assert main.sum() == pytest.approx(drawn.sum(), rel=1e-3)


def test_own_pieces_stay() -> None:
    """The two strokes of one character stay both, also where one lies at the rim and is no small one."""
    inside = blots((20, 5, 4, 30, 1), (30, 10, 8, 3, 1))
    np.testing.assert_array_equal(main_ink(inside), inside[4:36, 19:39])
    at_rim = blots((0, 5, 4, 30, 1), (30, 5, 4, 30, 1))
    np.testing.assert_array_equal(main_ink(at_rim), at_rim[4:36, :35])


def test_a_dot_over_a_letter_stays() -> None:
    """A dot inside the picture and near the letter is the writer's, however small."""
    ink = blots((20, 9, 4, 26, 1), (21, 3, 2, 2, 1))
    np.testing.assert_array_equal(main_ink(ink), ink[2:36, 19:25])


def test_dust_far_off_goes() -> None:
    """A speck far from the character is no part of it, nor is ink too faint to be a stroke."""
    letter = blots((20, 5, 4, 30, 1))
    dusty = np.maximum(letter, blots((50, 30, 2, 2, 1), (3, 3, 8, 8, 0.3)))
    np.testing.assert_array_equal(main_ink(dusty), main_ink(letter))


def test_bridges() -> None:
    """Dashes that come closer than the gap are one piece with the ink that they have; others stay apart."""
    ink = blots((5, 5, 10, 4, 1), (17, 5, 10, 4, 1), (34, 5, 10, 4, 1))
    assert len(find_pieces(ink).numbers) == 3
    pieces = bridge_pieces(ink, 4)
    assert pieces.boxes == (Box(5, 5, 22, 4), Box(34, 5, 10, 4))
    assert pieces.areas == (80, 40)
    assert len(bridge_pieces(ink, 8).numbers) == 1
    assert bridge_pieces(blots(), 4).numbers == ()


@pytest.mark.parametrize("sides", [4, 3, 2])
def test_frames_are_dropped(sides: int) -> None:
    """A frame of two to four sides goes; what is within stays, and a frame around nothing is a character."""
    frame = ((6, 5, 2, 30, 1), (6, 33, 48, 2, 1), (52, 5, 2, 30, 1), (6, 5, 48, 2, 1))[:sides]
    pieces = find_pieces(blots(*frame, (25, 12, 8, 14, 1)))
    assert drop_frames(pieces).boxes == (Box(25, 12, 8, 14),)
    lone = find_pieces(blots(*frame))
    assert drop_frames(lone) is lone


def test_large_characters_are_no_frames() -> None:
    """A digit that fills the picture, with a speck inside, is none."""
    ink = np.pad(character("4", 2), ((0, 0), (10, 10)))
    ink[2:4, 2:4] = 1
    pieces = find_pieces(ink)
    assert drop_frames(pieces) is pieces


def test_largest_pieces() -> None:
    """Of many pieces the largest are kept, in the order in which they were."""
    pieces = find_pieces(blots((2, 2, 3, 3, 1), (10, 2, 9, 9, 1), (30, 2, 5, 5, 1)))
    assert largest_pieces(pieces, 2).boxes == (Box(10, 2, 9, 9), Box(30, 2, 5, 5))
    assert largest_pieces(pieces, 9).boxes == pieces.boxes
