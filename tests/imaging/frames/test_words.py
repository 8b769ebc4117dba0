"""Tests of duktus.imaging.frames.words."""

import cv2
import numpy as np

from duktus.imaging.frames.contours import ContourSettings, find_contours
from duktus.imaging.frames.words import Words, find_words
from duktus.types import Ink
from tests.hands.pages import LINES, hand_of, line_ink, page_ink_of, stacked


def words_of(ink: Ink, dots: float | None = None) -> Words:
    """The words of a page."""
    return find_words(ink, find_contours(ink, ContourSettings(), dots))


def test_all_contours_have_a_place() -> None:
    """Every contour is some word's, with its length, at whatever resolution."""
    ink = page_ink_of(1)
    for dots in (None, 150, 600):
        whole, words = find_contours(ink, ContourSettings(), dots), words_of(ink, dots)
        assert len(words.others.lengths) == 0
        assert sum(len(each.points) for each in words.contours) == len(whole.points)
        assert len(words.boxes) == len(words.contours) == words.owners.max()


def test_words_are_whole_and_apart() -> None:
    """Of two words far apart no box holds parts of both, and there are far fewer boxes than letters."""
    rng = np.random.default_rng(1)
    drawn = [line_ink(hand_of(2), word, rng) for word in ("handwriting", "writer")]
    ink = np.pad(np.concatenate([np.pad(each, ((0, 0), (0, 150))) for each in drawn], axis=1), 20)
    boxes, gap = words_of(np.asarray(ink, np.float32)).boxes, 20 + drawn[0].shape[1] + 75
    assert 2 <= len(boxes) <= 8
    assert all(box.x + box.w < gap or box.x > gap for box in boxes)
    assert {box.x > gap for box in boxes} == {False, True}


def test_boxes_hold_their_words() -> None:
    """The contours of a word lie in its box, in pixels of the page."""
    ink = stacked([line_ink(hand_of(3), line, np.random.default_rng(3)) for line in LINES[0]])
    for box, number in zip((words := words_of(ink)).boxes, range(1, 99), strict=False):
        rows, columns = np.nonzero(words.owners == number)
        assert (columns.min(), rows.min()) == (box.x, box.y)
        assert ink[rows, columns].max() > 0.5


def test_a_large_scan_has_the_same_words() -> None:
    """Twice as many pixels give the words at twice the place."""
    ink = page_ink_of(4)
    double = np.asarray(cv2.resize(ink, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR), np.float32)
    small, large = words_of(ink), words_of(double)
    assert abs(len(small.boxes) - len(large.boxes)) <= 1
    assert abs(large.boxes[0].x - 2 * small.boxes[0].x) <= 8


def test_paper_has_no_words() -> None:
    """On a blank page there are none."""
    words = words_of(np.zeros((50, 40), np.float32))
    assert not words.boxes
    assert not words.contours
    assert not words.owners.any()
