"""Borders of a cell that came into its picture: straight thin lines along the rim, whole, broken or cornered."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.windows import close_mask, dilate, open_mask
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
"""A border is no thicker than this share of the picture's shorter side, but may be 2 px."""

STRAIGHT = 0.02
"""The middle of a border strays from a straight line by no more than this share of its length, or 0.6 px."""

BARE = 0.1
"""A border runs past the writing that it touches by this share of its length; a letter's own bar does not."""

ACROSS = 0.75
"""A border that touches writing is this long, as a share of the picture's side along it."""

TALL = 6
"""Of a picture that is so many times as high as wide no upright line is a border: it is many pages, stitched, and what
stands below each other in them would be bridged to one line."""

NEAR = 2
"""Pixels from the rim within which a border ends at least once: it goes on outside the picture."""


WRITTEN = 0.35
"""Ink at or above this level is writing, where it is asked how close that comes to the rim."""


@dataclass(frozen=True)
class _Line:
    """An upright line: its pixels in a window of a mask, where the window lies, and which side the writing is on."""

    x: int
    y: int
    pixels: Mask
    writing_left: bool


def find_borders(ink: Ink) -> Mask:
    """Return the mask of the borders along the picture's rim, all zeros where there are none.

    Long upright and level runs are found by a morphological opening (Serra 1982). One of them is a border where it is
    thin and straight, lies along a side, ends at the rim, and runs past whatever writing it touches; a corner is made
    of two borders, which do not count as writing to each other.
    """
    soft = (ink >= FAINT).view(np.uint8)
    turned = np.ascontiguousarray(soft.T)
    tall = soft.shape[0] > TALL * soft.shape[1]
    upright, level = [] if tall else _find_upright(soft), _find_upright(turned)
    while upright or level:
        found = _paint(soft.shape, upright, level)
        free = (
            [line for line in upright if _runs_free(line, soft, found)],
            [line for line in level if _runs_free(line, turned, found.T)],
        )
        if len(free[0]) + len(free[1]) == len(upright) + len(level):
            return found if is_framed((ink >= WRITTEN).view(np.uint8), found) else np.zeros_like(soft)
        upright, level = free
    return np.zeros_like(soft)


def _find_upright(soft: Mask) -> list[_Line]:
    """Return the upright lines of a mask that could be borders by their place and shape."""
    columns = soft.shape[1]
    zone = max(1, round(ZONE * columns))
    return [*_find_between(soft, 0, zone), *_find_between(soft, columns - zone, columns)]


def _find_between(soft: Mask, first: int, last: int) -> list[_Line]:
    """Return the upright lines whose middles lie from one column to another."""
    rows, columns = soft.shape
    lean = max(1, round(LEAN * rows))
    limit = max(2, round(THICK * min(rows, columns)))
    start = max(0, first - limit)
    strip = np.ascontiguousarray(soft[:, start : min(columns, last + limit)])
    runs = _long_runs(strip, lean)
    if runs is None:
        return []
    lines: list[_Line] = []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    for i in range(1, count):
        x, y, w, h, _ = (int(value) for value in stats[i])
        at_rim = y <= NEAR or y + h >= rows - NEAR
        if not at_rim or w > limit + 2 * lean or not first <= start + x + w / 2 <= last:
            continue
        pixels: Mask = (labels[y : y + h, x : x + w] == i).view(np.uint8) & strip[y : y + h, x : x + w]
        beside = strip[y : y + h, max(0, x - 2) : x] if first else strip[y : y + h, x + w : x + w + 2]
        straight = _straight(pixels, limit, np.asarray(beside.any(axis=1)))
        if straight is not None:
            lines.append(_Line(start + x, y, straight, first > 0))
    return lines


def _long_runs(strip: Mask, lean: int) -> Mask | None:
    """Return the upright runs of a strip, a little broadened; None where there are none."""
    rows = len(strip)
    length = max(5, round(LONG * rows))
    if int(strip.any(axis=1).sum()) < length * (1 - 2 * GAP):
        return None
    bridged = close_mask(dilate(strip, 1, 2 * lean + 1), max(3, round(GAP * rows)) | 1, 1)
    return open_mask(bridged, length, 1)


def _straight(pixels: Mask, limit: int, touched: NDArray[np.bool_]) -> Mask | None:
    """Return an upright line's own pixels, without writing that it touches; None where it is thick or crooked.

    Args:
        pixels: (h, w) of the line.
        limit: no line is thicker.
        touched: (h,) where writing stands beside it.
    """
    widths = pixels.sum(axis=1, dtype=np.int64)
    y = np.flatnonzero(widths)
    width = float(np.median(widths[y])) if len(y) else np.inf
    thin = y[widths[y] <= width + 1]  # where it is broader, writing touches it
    if width > limit or len(y) < 0.5 * len(pixels) or len(thin) < 0.3 * len(pixels):
        return None
    x = np.arange(pixels.shape[1])
    middle = (pixels[thin] @ x) / widths[thin]
    slope, start = np.polyfit(thin, middle, 1)
    stray = middle - (start + slope * thin)
    if np.sqrt(np.mean(stray * stray)) > max(0.5, STRAIGHT * len(pixels)):
        return None
    along = start + slope * np.arange(len(pixels))
    own = np.abs(x[None] - along[:, None]) <= width / 2 + 0.3
    own |= ~np.convolve(touched, (1, 1, 1), mode="same").astype(bool)[:, None]
    return np.asarray(pixels & own.view(np.uint8))


def _paint(shape: tuple[int, ...], upright: list[_Line], level: list[_Line]) -> Mask:
    """Return the mask of some lines; those that are level are given in the turned picture."""
    found = np.zeros(shape, np.uint8)
    for canvas, lines in ((found, upright), (found.T, level)):
        for line in lines:
            h, w = line.pixels.shape
            canvas[line.y : line.y + h, line.x : line.x + w] |= line.pixels
    return found


def _runs_free(line: _Line, soft: Mask, found: Mask) -> bool:
    """Tell whether a line runs past the writing that touches its inner side, or touches none.

    What touches it where it ends at the rim is taken for the rest of another border.
    """
    height, width = line.pixels.shape
    left, right = (line.x - 2, line.x + width) if line.writing_left else (line.x, line.x + width + 2)
    window = slice(line.y, line.y + height), slice(max(0, left), min(soft.shape[1], right))
    met = np.flatnonzero((soft[window] & ~found[window]).any(axis=1))
    if met.size == 0:
        return True
    bare = max(3, round(BARE * height))
    above = met[0] >= bare or line.y <= NEAR
    below = height - 1 - met[-1] >= bare or line.y + height >= len(soft) - NEAR
    return bool(above and below and height >= ACROSS * len(soft) and met.size <= height / 3)


def is_framed(written: Mask, found: Mask) -> bool:
    """Tell whether the writing keeps off the rim once borders are gone.

    A picture cut around its writing has no borders: what would be left of a 7 without its bar still runs from where
    the bar was to the opposite rim.
    """
    grown = np.ones((3, 3), np.uint8)
    edge = np.asarray(cv2.dilate(found, grown), np.uint8)
    mask: Mask = written & (edge ^ np.uint8(1))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    near = np.asarray(cv2.dilate(edge, grown), np.uint8) & mask
    areas = stats[1:count, cv2.CC_STAT_AREA]
    large = 1 + np.flatnonzero(areas >= 0.3 * areas.max(initial=0))
    return len(large) > 0 and bool((_sides_met(np.asarray(stats), np.asarray(labels), near)[large] <= 1).all())


def _sides_met(stats: NDArray[np.int32], labels: NDArray[np.int32], beside: Mask) -> NDArray[np.intp]:
    """Return how many sides of the picture each piece reaches: the rim, or a border (``beside``) in its outer quarter.

    All pieces are looked at in one pass: a table's hundreds of digits each have their own.
    """
    rows, columns = labels.shape
    x, y, w, h = stats[:, :4].T
    met = np.array((x <= 1, y <= 1, x + w >= columns - 1, y + h >= rows - 1))
    at_y, at_x = np.nonzero(beside)
    owners = labels[at_y, at_x]
    right, bottom = columns - columns // 4, rows - rows // 4
    for side, within in enumerate((at_x < columns // 4, at_y < rows // 4, at_x >= right, at_y >= bottom)):
        met[side, owners[within]] = True
    return np.asarray(met.sum(axis=0))
