"""What stands on the ink but was not written: ruled lines, cell borders, specks."""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.askew import find_askew
from duktus.imaging.ink.borders import FAINT, NEAR, Mask, find_borders, is_framed
from duktus.imaging.ink.windows import dilate
from duktus.types import Ink

DRAWN = 0.35
"""Ink at or above this level belongs to a stroke; below it is a stroke's soft edge."""

SPAN = 0.85
"""A ruling covers at least this share of the picture's width or height."""

THICKEST = 0.12
"""A ruling is no thicker than this share of the picture's shorter side, and never thicker than 12 px."""

BARE = 0.05
"""A ruling through writing sticks out of it by this share of its length at both ends; a letter's own bar does not."""


def drop_rulings(ink: Ink) -> Ink:
    """Return the ink without ruled lines and cell borders; the same array where there are none.

    A ruling is straight, thin, spans the picture and runs out of the writing at both ends (or touches no writing at
    all). Where a stroke crosses it, the stroke stays: a pixel of a ruling is kept where there is ink right above and
    right below it. Lines turned by up to some 3 degrees are followed, since strokes are looked for in bands.
    """
    mask = (ink >= DRAWN).view(np.uint8)
    rows, columns = mask.shape
    x, y, w, h = cv2.boundingRect(mask)
    left, right, top, bottom = x < 2, x + w > columns - 2, y < 2, y + h > rows - 2
    if not w or not (left or right or top or bottom):
        return ink
    askew = find_askew((ink >= FAINT).view(np.uint8)) if (left and right) or (top and bottom) else None
    if askew is not None:
        ink = _erase(ink, mask, askew)
        mask = (ink >= DRAWN).view(np.uint8)
    lines = find_borders(ink)
    if left and right:
        lines |= _find_lines(mask)
    if top and bottom:
        lines |= np.ascontiguousarray(_find_lines(np.ascontiguousarray(mask.T)).T)
    edged = _rim_pieces(mask & ~lines)
    if edged is not None:
        lines |= edged
    if not lines.any():
        return ink
    return _erase(ink, mask, lines)


def drop_specks(ink: Ink, share: float) -> Ink:
    """Return the ink without pieces that hold less than ``share`` of the largest piece's area."""
    mask = (ink >= DRAWN).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 2:
        return ink
    area = stats[:, cv2.CC_STAT_AREA]
    small = area < max(1.0, share * float(area[1:].max()))
    if not small.any():
        return ink
    specks: Mask = small[labels].view(np.uint8)
    gone = _grown(specks) & ~_grown(mask & ~specks)
    return np.where(gone, np.float32(0), ink)


def _grown(mask: Mask) -> Mask:
    """Return the mask and one pixel around it."""
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)))


def _find_lines(mask: Mask) -> Mask:
    """Return the mask of the horizontal rulings in a mask."""
    rows, columns = mask.shape
    found = np.zeros_like(mask)
    limit = max(2, min(12, round(THICKEST * min(rows, columns))))
    for top, bottom in _bands(mask):
        band = mask[top:bottom]
        height = band.sum(axis=0)
        covered = height > 0
        if covered.mean() < SPAN or bottom - top > limit + max(2, round(0.06 * columns)):
            continue
        thickness = float(np.median(height[covered]))
        if thickness > limit or not _runs_free(mask, top, bottom):
            continue
        line = np.zeros_like(mask)
        line[top:bottom] = band & ~_crossings(mask, top, bottom, round(thickness))
        # At the rim it may as well be the foot of a 2 or the bar of a 7 that its picture was cut around.
        if (top > NEAR and bottom < rows - NEAR) or is_framed(mask, line):
            found |= line
    return found


def _bands(mask: Mask) -> list[tuple[int, int]]:
    """Return (top, bottom) of the bands of rows in which a line that spans the picture could lie.

    A row takes part where most of its columns have ink in it or within a line's thickness of it, so that a line
    turned by a few degrees still fills its rows.
    """
    columns = mask.shape[1]
    slack = max(1, round(0.03 * columns)) if columns > 20 else 1
    thick = dilate(mask, 2 * (slack // 2) + 1, max(3, columns // 16 | 1))
    filled = np.flatnonzero(thick.mean(axis=1) >= SPAN)
    runs = np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1)
    return [(int(run[0]), int(run[-1]) + 1) for run in runs if run.size]


def _runs_free(mask: Mask, top: int, bottom: int) -> bool:
    """Tell whether a band's line runs out of the writing at both ends, or touches no writing at all."""
    columns = mask.shape[1]
    above = mask[max(0, top - 2) : top].any(axis=0)
    below = mask[bottom : bottom + 2].any(axis=0)
    met = np.flatnonzero(above | below)
    if met.size == 0:
        return True
    bare = max(2, round(BARE * columns))
    return bool(met[0] >= bare and columns - 1 - met[-1] >= bare)


def _crossings(mask: Mask, top: int, bottom: int, thickness: int) -> Mask:
    """Return the pixels of a band through which a stroke passes: ink above and below within a line's slant."""
    reach = max(1, thickness)
    above = np.asarray(mask[max(0, top - 1) : top].any(axis=0))
    below = np.asarray(mask[bottom : bottom + 1].any(axis=0))
    row = np.ones((1, 2 * (bottom - top) + 2 * reach + 1), np.uint8)
    soft = np.ones((1, 2 * reach + 1), np.uint8)
    through = _spread(above, row) & _spread(below, row) & _spread(np.logical_or(above, below), soft)
    return np.broadcast_to(through, (bottom - top, mask.shape[1]))


def _spread(columns: NDArray[np.bool_], kernel: Mask) -> Mask:
    """Return marked columns and those near them, as a mask one row high."""
    return np.asarray(cv2.dilate(columns.view(np.uint8)[None], kernel), np.uint8)


def _rim_pieces(mask: Mask) -> Mask | None:
    """Return the pieces that lie along the rim like the rest of a border: thin, long, hugging it; None for none."""
    rows, columns = mask.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 2:
        return None
    x, y, w, h, area = (stats[1:, i] for i in range(5))
    thin = max(2, round(0.07 * min(rows, columns)))
    inner = max(2, round(0.08 * min(rows, columns)))
    flat = (h <= thin + inner) & (w >= 3 * h) & ((y <= inner) | (y + h >= rows - inner))
    upright = (w <= thin) & (h >= 4 * w) & ((x <= 1) | (x + w >= columns - 1))
    gone = flat | upright
    if not gone.any() or gone.all() or area[~gone].max() < 0.5 * thin * thin:
        return None
    rim: Mask = np.concatenate(([False], gone))[labels].astype(np.uint8)
    return rim


def _erase(ink: Ink, mask: Mask, lines: Mask) -> Ink:
    """Return the ink with lines and their soft edges set to paper, strokes beside them untouched."""
    edge = _grown(lines)
    written = _grown(mask & ~edge)
    edge &= ~(written & ~lines)
    return np.where(edge, np.float32(0), ink)
