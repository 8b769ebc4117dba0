"""Borders of a cell that came into its picture: straight thin lines along the rim, whole, broken or cornered."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

Mask = NDArray[np.uint8]
"""(h, w), 0 or 1."""

FAINT = 0.15
"""Ink at or above this level may belong to a border, which is often fainter than the writing."""

ZONE = 0.18
"""A border lies in this outer share of the picture, on any of its sides."""

LONG = 0.35
"""A border is at least this long, as a share of the picture's side along it."""

GAP = 0.12
"""Gaps in a border up to this share of that side are bridged."""

LEAN = 0.015
"""A border's columns change by up to this share of its length on either side: one degree, and a scan's steps."""

THICK = 0.09
"""A border is no thicker than this share of the picture's shorter side, but may be 3 px."""

BARE = 0.05
"""A border runs past the writing that it touches by this share of its length; a letter's own bar does not."""

NEAR = 2
"""Pixels from the rim within which a border ends at least once: it goes on outside the picture."""


@dataclass(frozen=True)
class _Line:
    """An upright line: the pixels (window of a mask) that are its own, and where the window lies."""

    x: int
    y: int
    pixels: Mask
    inner_left: bool


def find_borders(ink: Ink) -> Mask:
    """Return the mask of the borders along the picture's rim, all zeros where there are none.

    Long upright and level runs are found by a morphological opening (Serra 1982). One of them is a border where it is
    thin, lies along a side, ends at the rim, and runs past whatever writing it touches; a corner is made of two
    borders, which do not count as writing to each other.
    """
    soft = (ink >= FAINT).view(np.uint8)
    turned = np.ascontiguousarray(soft.T)
    upright, level = _find_lines(soft), _find_lines(turned)
    found = np.zeros_like(soft)
    while upright or level:
        found[:] = 0
        _paint(found, upright)
        _paint(found.T, level)
        free_upright = [line for line in upright if _runs_free(line, soft, found)]
        free_level = [line for line in level if _runs_free(line, turned, found.T)]
        if len(free_upright) + len(free_level) == len(upright) + len(level):
            break
        upright, level = free_upright, free_level
        found[:] = 0
    return found


def _find_lines(soft: Mask) -> list[_Line]:
    """Return the upright lines of a mask that could be borders by their place and shape."""
    rows, columns = soft.shape
    lean = max(1, round(LEAN * rows))
    limit = max(3, round(THICK * min(rows, columns)))
    near = max(1, round(ZONE * columns))
    lines: list[_Line] = []
    for first, last in ((0, near), (columns - near, columns)):
        strip = np.ascontiguousarray(soft[:, max(0, first - limit) : min(columns, last + limit)])
        runs = _long_runs(strip, lean)
        if runs is None:
            continue
        count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
        for i in range(1, count):
            x, y, w, h, _ = (int(value) for value in stats[i])
            at_rim = y <= NEAR or y + h >= rows - NEAR
            middle = max(0, first - limit) + x + w / 2
            if not at_rim or w > limit + 2 * lean or not first <= middle <= last:
                continue
            pixels = ((labels[y : y + h, x : x + w] == i) & (strip[y : y + h, x : x + w] > 0)).view(np.uint8)
            if np.median(pixels.sum(axis=1)) <= limit:
                lines.append(_Line(max(0, first - limit) + x, y, pixels, first > 0))
    return lines


def _long_runs(strip: Mask, lean: int) -> Mask | None:
    """Return the upright runs of a strip, a little broadened; None where there are none."""
    rows = len(strip)
    length = max(5, round(LONG * rows))
    if int(strip.any(axis=1).sum()) < length * (1 - 2 * GAP):
        return None
    broad = cv2.dilate(strip, np.ones((1, 2 * lean + 1), np.uint8))
    bridged = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((max(3, round(GAP * rows)) | 1, 1), np.uint8))
    return np.asarray(cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8)))


def _paint(found: Mask, lines: list[_Line]) -> None:
    for line in lines:
        h, w = line.pixels.shape
        found[line.y : line.y + h, line.x : line.x + w] |= line.pixels


def _runs_free(line: _Line, soft: Mask, found: Mask) -> bool:
    """Tell whether a line runs past the writing that touches its inner side, or touches none."""
    height, width = line.pixels.shape
    left, right = (line.x - 2, line.x + width) if line.inner_left else (line.x, line.x + width + 2)
    window = slice(line.y, line.y + height), slice(max(0, left), min(soft.shape[1], right))
    met = np.flatnonzero((soft[window] & ~found[window]).any(axis=1))
    if met.size == 0:
        return True
    bare = max(2, round(BARE * height))
    above = met[0] >= bare or line.y <= NEAR
    below = height - 1 - met[-1] >= bare or line.y + height >= len(soft) - NEAR
    return bool(above and below and met.size <= height / 2)
