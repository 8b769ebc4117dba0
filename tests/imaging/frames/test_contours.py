"""Tests of duktus.imaging.frames.contours."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.frames.contours import (
    Contours,
    ContourSettings,
    Counts,
    count_directions,
    find_contours,
    part_contours,
    rotate_counts,
    trace_contours,
)
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.page import page_ink
from duktus.types import Ink, Page
from tests.hands.pages import as_page, page_ink_of, page_of

SETTINGS = ContourSettings()


def counts_of(page: Page, dots: float | None = None) -> Counts:
    """What is counted on a page, as shares."""
    counts = count_directions(find_contours(page_ink(page, InkSettings()), SETTINGS, dots), SETTINGS)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True), np.float32)


def likeness(first: Counts, second: Counts) -> float:
    """How alike two pages' shares are (Bhattacharyya 1943): 1 for the same."""
    return float(np.sqrt(first * second).sum(axis=1).mean())


def disc(radius: int) -> Ink:
    """A disc of ink."""
    ink = np.zeros((2 * radius + 21, 2 * radius + 21), np.float32)
    return np.asarray(cv2.circle(ink, (radius + 10, radius + 10), radius, 1.0, -1), np.float32)


def test_a_discs_contour() -> None:
    """A disc has one contour, as long as its girth, all directions of which are met alike often."""
    found = find_contours(disc(30), SETTINGS)
    assert found.lengths.tolist() == [pytest.approx(2 * np.pi * 30, rel=0.06)]
    turns = count_directions(found, SETTINGS)[0].reshape(SETTINGS.bins, -1).sum(axis=1)
    assert turns.max() < 1.6 * turns.mean()


def test_a_hinge_opens_along_the_stroke() -> None:
    """Along a straight edge the legs of a hinge are opposite."""
    ink = np.zeros((60, 400), np.float32)
    ink[20:40, 20:380] = 1
    hinge = count_directions(find_contours(ink, SETTINGS), SETTINGS)[0].reshape(SETTINGS.bins, -1)
    half = SETTINGS.bins // 2
    assert hinge[0, half] + hinge[half, 0] > 0.7 * hinge.sum()


@given(down=st.integers(0, 30), right=st.integers(0, 30))
def test_place_does_not_matter(down: int, right: int) -> None:
    """Where on the page something is written changes nothing."""
    moved = as_page(np.pad(page_ink_of(1), ((down, 0), (right, 0))))
    assert likeness(counts_of(moved), counts_of(page_of(1))) > 0.999


def test_polarity_and_brightness_hardly_matter() -> None:
    """Light ink on dark paper, and pale ink on grey, give what dark ink on white gives."""
    plain = counts_of(page_of(1))
    assert likeness(counts_of(np.subtract(255, page_of(1))), plain) > 0.99
    assert likeness(counts_of(as_page(page_ink_of(1), paper=180, dark=110)), plain) > 0.99


def test_colour_does_not_matter() -> None:
    """Blue ink is as good as black."""
    ink = page_ink_of(1)[..., None]
    blue = np.rint(240 - ink * (240 - np.array([20, 40, 160], np.float32))).astype(np.uint8)
    assert likeness(counts_of(blue), counts_of(page_of(1))) > 0.99


@pytest.mark.parametrize("dots", [150, 600, 1200])
def test_resolution_is_made_up_for(dots: int) -> None:
    """A page scanned at another resolution, which its file says, is counted as at 300 dots per inch."""
    scale = dots / 300
    scanned = cv2.resize(page_of(1), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else 2)
    assert likeness(counts_of(np.asarray(scanned), dots), counts_of(page_of(1))) > 0.93


def test_hands_differ_more_than_texts() -> None:
    """Two texts by one hand are counted more alike than one text by two."""
    same = likeness(counts_of(page_of(1)), counts_of(page_of(1, text=1)))
    assert same > max(likeness(counts_of(page_of(1)), counts_of(page_of(other))) for other in (2, 3, 4))


def test_upside_down_is_counted_from_counts() -> None:
    """What a page upside down would give is known from the page."""
    turned = counts_of(np.ascontiguousarray(page_of(1)[::-1, ::-1]))
    assert likeness(rotate_counts(counts_of(page_of(1)), SETTINGS), turned) > 0.995


def test_parts_hold_all() -> None:
    """The parts of a page's contours lie from top to bottom and hold every contour once."""
    whole = find_contours(page_ink_of(1), SETTINGS)
    parts = part_contours(whole, whole.amount / 4)
    assert len(parts) == 4
    assert sum(part.amount for part in parts) == pytest.approx(whole.amount)
    heights = [float(part.points[:, 1].mean()) for part in parts]
    assert heights == sorted(heights)


def test_a_blank_page_has_none() -> None:
    """Paper alone has no contours, and no amount of writing; specks are none either."""
    empty = find_contours(np.zeros((50, 50), np.float32), SETTINGS)
    assert (len(empty.points), empty.amount) == (0, 0.0)
    assert not count_directions(empty, SETTINGS).any()
    speck = np.zeros((50, 50), np.float32)
    speck[20:22, 20:22] = 1
    assert isinstance(find_contours(speck, SETTINGS), Contours)
    assert find_contours(speck, SETTINGS).amount == 0.0


def test_a_border_is_left_out() -> None:
    """A frame around the page is none of the writing."""
    framed = np.pad(page_ink_of(1), 20)
    framed[4:10] = framed[-10:-4] = framed[:, 4:10] = framed[:, -10:-4] = 1
    assert len(trace_contours(framed, 300).lengths) == len(trace_contours(page_ink_of(1), 300).lengths)
