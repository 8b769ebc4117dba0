"""Tests of duktus.imaging.layout.text_height."""

import cv2
import numpy as np
import pytest

from duktus.imaging.layout.text_height import text_height
from tests.hands.pages import page_ink_of


def bars(height: int, *, lines: int = 4, gap: int = 60) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Lines of upright bars, as of a hand without ascenders."""
    ink = np.zeros((lines * (height + gap) + gap, 400), np.float32)
    for line in range(lines):
        top = gap + line * (height + gap)
        ink[top : top + height, 20:380] = np.arange(360) % 15 < 4
    return ink


@pytest.mark.parametrize("height", [20, 40, 80])
def test_bars_are_measured(height: int) -> None:
    """The height of the rows with four fifths of the ink is found, whatever the gap between the lines."""
    assert text_height(bars(height)) == pytest.approx(0.8 * height, abs=2)


@pytest.mark.parametrize("scale", [0.5, 2.0, 6.0])
def test_grows_with_the_scan(scale: float) -> None:
    """Twice the resolution is twice the height; a large page is measured on a reduced picture."""
    ink = np.asarray(cv2.resize(page_ink_of(1), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    assert text_height(ink) == pytest.approx(scale * text_height(page_ink_of(1)), rel=0.12)


def test_paper_has_none() -> None:
    """A blank page has no height."""
    assert text_height(np.zeros((30, 30), np.float32)) == 0.0


def test_a_frame_does_not_count() -> None:
    """A border around the page leaves the height of its text."""
    framed = bars(40)
    framed[:4] = framed[-4:] = framed[:, :4] = framed[:, -4:] = 1
    assert text_height(framed) == pytest.approx(32, abs=3)
