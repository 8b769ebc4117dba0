"""How high the text of a page is: what tells a scan's resolution where its file does not."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import scale_down
from duktus.imaging.ink.windows import close_mask
from duktus.types import Ink

LARGEST = 8
"""What is higher than so many text heights was not written: a page's border, a stain."""

EDGE = 0.5
"""Ink at or above this level belongs to a stroke."""

SIDE = 1600
"""Longest side, in pixels, of the picture on which heights are measured."""

JOINED = 1.5
"""Gaps in a line of writing up to so many usual heights of its pieces are closed."""

CORE = 0.8
"""The height of a line is that of the rows in the middle that hold this share of its ink."""

Places = NDArray[np.intp]


def text_height(ink: Ink) -> float:
    """Return the height of a page's text in pixels, 0 where there is none.

    It is the height of the rows that hold the middle four fifths of a line's ink, of all lines (or parts of lines that
    lie together) the median by their ink. So neither long descenders nor gaps between lines matter, nor the script.
    """
    mask, shrunk = _mask(ink)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return 0.0
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    usual = weighted_median(heights, stats[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1))
    written = np.concatenate(([False], heights <= LARGEST * usual))[labels]
    rows, inked = _core_heights(written, max(3, round(JOINED * usual)))
    near = rows <= LARGEST / 2 * usual
    return shrunk * weighted_median(rows[near], inked[near]) if near.any() else shrunk * usual


def _mask(ink: Ink) -> tuple[NDArray[np.uint8], float]:
    """Return where strokes are on a picture that is no longer than ``SIDE``, and how far it was reduced."""
    shrunk = max(1.0, max(ink.shape) / SIDE)
    reduced = scale_down((ink >= EDGE) * np.uint8(255), 1.0, shrunk)
    return (reduced >= 96).view(np.uint8), shrunk


def _core_heights(written: NDArray[np.bool_], gap: int) -> tuple[Places, Places]:
    """Return the height of each line's core, and its ink in pixels; gaps of up to ``gap`` pixels are closed."""
    wide = np.pad(written.view(np.uint8), ((0, 0), (gap, gap)))
    closed = close_mask(wide, 1, gap | 1)
    _, lines = cv2.connectedComponents(closed, connectivity=8)
    y, x = np.nonzero(written)
    owners = np.asarray(lines)[y, x + gap]
    order = np.argsort(owners, kind="stable")  # the rows of each line stay in their order
    owners, y = owners[order], y[order]
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    inked = np.diff(starts, append=len(owners))
    low, high = (starts + (share * inked).astype(np.intp) for share in ((1 - CORE) / 2, (1 + CORE) / 2))
    return y[high] - y[low] + 1, inked


def weighted_median(values: NDArray[Any], weights: NDArray[Any]) -> float:
    """Return the least of some values below and at which half of the weight lies.

    >>> weighted_median(np.array([9, 1, 5]), np.array([1, 1, 3]))
    5.0
    """
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
