"""Lines cut out of a page's ink: along their baselines, upright, without what belongs to others."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

Points = NDArray[np.float32]
"""(n, 2): x and y in pixels of the page."""

MOST_COLUMNS = 30_000
"""A longer line is cut off."""


class CutLine(NamedTuple):
    """A line's ink (h, w), its baseline level, and where it lies on the page.

    Column x and row y of ``ink`` are at x + ``left`` and y + ``shifts[x]`` of the page.
    """

    ink: Ink
    left: float
    shifts: NDArray[np.float32]


def cut_line(ink: Ink, polygon: Points, baseline: Points) -> CutLine:
    """Cut a line out of a page, its baseline made level.

    Args:
        ink: (h, w) of the page.
        polygon: the line's outline, (n, 2); what lies outside is left out. Points beside the page are drawn to it.
        baseline: (n, 2), two points or more from left to right; where it is missing (none), the outline's middle.
    """
    h, w = ink.shape
    if len(polygon) < 3 or not h or not w:
        return CutLine(np.zeros((0, 0), np.float32), 0.0, np.zeros(0, np.float32))
    outline = np.clip(polygon, (0, 0), (w - 1, h - 1)).astype(np.float32)
    left, right = int(np.floor(outline[:, 0].min())), int(np.ceil(outline[:, 0].max())) + 1
    right = min(right, left + MOST_COLUMNS)
    columns = np.arange(left, right, dtype=np.float32)
    base = _base_at(columns, outline, baseline)
    at = np.interp(outline[:, 0], columns, base)
    above, below = int(np.floor((outline[:, 1] - at).min())), int(np.ceil((outline[:, 1] - at).max())) + 1
    shifts = (base + np.float32(above)).astype(np.float32)
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
    top = max(0, int(np.floor(shifts.min())))
    bottom = min(h, int(np.ceil(shifts.max())) + below - above + 1)
    part = ink[top:bottom, left:right] * mask[top:bottom, left:right]
    if not part.size:
        return CutLine(np.zeros((0, 0), np.float32), float(left), shifts)
    rows = np.arange(below - above, dtype=np.float32)[:, None]
    x = np.broadcast_to(columns - left, (below - above, len(columns)))
    y = rows + shifts - np.float32(top)
    laid = cv2.remap(part, np.ascontiguousarray(x), y.astype(np.float32), cv2.INTER_LINEAR)
    return CutLine(np.asarray(laid, np.float32), float(left), shifts)


def _base_at(columns: NDArray[np.float32], outline: Points, baseline: Points) -> NDArray[np.float32]:
    """Return the baseline's row at each column, level beyond its ends."""
    if len(baseline) < 2 or np.ptp(baseline[:, 0]) < 1:
        return np.full(len(columns), float(outline[:, 1].mean()), np.float32)
    order = np.argsort(baseline[:, 0], kind="stable")
    return np.asarray(np.interp(columns, baseline[order, 0], baseline[order, 1]), np.float32)
