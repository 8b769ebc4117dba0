"""Rings around writing and lines under it are no part of it."""

import cv2
import numpy as np
import pytest

from duktus.imaging.layout.emphasis import drop_emphasis
from duktus.imaging.layout.pieces import Pieces, find_pieces
from duktus.types import Ink

WHITE, THICK = 1.0, 4


def page(*strokes: list[tuple[int, int]]) -> Ink:
    """Straight strokes on a page of 200 by 200."""
    ink = np.zeros((200, 200), np.float32)
    for stroke in strokes:
        cv2.polylines(ink, [np.array(stroke, np.int32)], False, WHITE, THICK)
    return ink


def kept(ink: Ink) -> Pieces:
    """What is left of its pieces."""
    return drop_emphasis(find_pieces(ink))


ONE, SEVEN = [(100, 70), (100, 130)], [(80, 70), (120, 70), (95, 130)]


@pytest.mark.parametrize("end", [360, 320])
def test_a_ring_goes_closed_or_nearly(end: int) -> None:
    """People do not always close it; the digit within stays."""
    ink = page(SEVEN)
    cv2.ellipse(ink, (100, 100), (70, 60), 10, 0, end, WHITE, THICK)
    pieces = kept(ink)
    assert [box.w < 60 for box in pieces.boxes] == [True]
    assert len(find_pieces(ink).boxes) == 2


def test_a_nought_with_a_point_within_stays() -> None:
    """A point is less than what a ring is drawn around; so does a bow that is half a ring."""
    ink = page()
    cv2.ellipse(ink, (100, 100), (40, 60), 0, 0, 360, WHITE, THICK)
    cv2.circle(ink, (100, 100), 5, WHITE, -1)
    assert len(kept(ink).boxes) == 2
    bow = page(ONE)
    cv2.ellipse(bow, (100, 100), (70, 60), 0, 90, 270, WHITE, THICK)
    assert len(kept(bow).boxes) == 2


def test_a_frame_is_no_ring_and_noughts_are_none() -> None:
    """Digits side by side, and a nought around nothing, stay; a cross within what is no ring, too."""
    ink = page(ONE)
    cv2.ellipse(ink, (30, 100), (20, 30), 0, 0, 360, WHITE, THICK)
    assert len(kept(ink).boxes) == 2
    crossed = page(ONE, [(30, 100), (85, 100)], [(115, 100), (170, 100)])
    cv2.ellipse(crossed, (100, 100), (70, 60), 0, 0, 360, WHITE, THICK)
    assert len(kept(crossed).boxes) == 2  # with a stroke inwards it is no ring any more


def test_an_underline_goes() -> None:
    """It lies under what it reaches beyond on both sides, be it a little askew."""
    pieces = kept(page(SEVEN, [(55, 146), (150, 141)]))
    assert [box.h > 50 for box in pieces.boxes] == [True]


@pytest.mark.parametrize(
    "strokes",
    [
        [SEVEN, [(80, 146), (121, 146)]],  # a two whose foot came off
        [[(60, 90), (140, 90)], [(60, 110), (140, 110)]],  # an equals sign
        [[(100, 20), (100, 80)], [(50, 96), (150, 96)], [(100, 112), (100, 170)]],  # a fraction
        [[(40, 96), (90, 96)], [(140, 70), (140, 130)]],  # a minus
        [[(100, 10), (100, 40)], [(50, 150), (150, 150)]],  # a dash in the next line
    ],
)
def test_flat_strokes_that_underline_nothing_stay(strokes: list[list[tuple[int, int]]]) -> None:
    """Feet of digits, signs, and bars of fractions."""
    assert len(kept(page(*strokes)).boxes) == len(strokes)
