"""Ink to words: strokes that lie close together, each with its contours and its place on the page."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.contours import Contours
from duktus.imaging.layout.text_height import EDGE
from duktus.types import Box, Ink

GAP_ACROSS, GAP_DOWN = 0.6, 0.25
"""Strokes with no more paper than this between them, in text heights, belong to one word."""

STRAYED = 5
"""Pixels (odd) over which a word's place is widened: a contour that was smoothed lies beside its ink."""


@dataclass(frozen=True, eq=False)
class Words:
    """Words of a page, from top to bottom.

    Attributes:
        boxes: of the n words, in pixels of the page.
        owners: (h, w) to which word a pixel belongs, 1 to n; 0 is paper between them.
        contours: of each word.
        others: contours of no word.
    """

    boxes: tuple[Box, ...]
    owners: NDArray[np.int32]
    contours: tuple[Contours, ...]
    others: Contours


def find_words(ink: Ink, contours: Contours) -> Words:
    """Divide the contours of ink (h, w), as ``find_contours`` returns them, among the words of the page."""
    if not len(contours.lengths):
        return Words((), np.zeros(ink.shape, np.int32), (), contours)
    labels, boxes = _close_up(ink, contours.height / contours.scale)
    starts = np.cumsum(contours.lengths) - contours.lengths
    # Tracing pads the page by a pixel, and measures in steps of a scan of 300 dots per inch.
    x, y = np.rint(contours.points[starts].T / contours.scale - 1).astype(np.intp)
    wide = cv2.dilate(labels.astype(np.float32), np.ones((STRAYED, STRAYED), np.uint8))
    rows, columns = ink.shape
    found = np.asarray(wide)[y.clip(0, rows - 1), x.clip(0, columns - 1)].astype(np.intp)
    written = np.unique(found[found > 0])
    owners = np.zeros(len(boxes) + 1, np.int32)
    owners[written] = np.arange(1, len(written) + 1)
    parts = tuple(contours.subset(np.flatnonzero(found == each)) for each in written)
    return Words(
        tuple(boxes[i - 1] for i in written), owners[labels], parts, contours.subset(np.flatnonzero(found == 0))
    )


def _close_up(ink: Ink, height: float) -> tuple[NDArray[np.int32], list[Box]]:
    """Return which pixels lie together once the gaps in words are closed, and their boxes."""
    across, down = (max(1, round(gap * height)) | 1 for gap in (GAP_ACROSS, GAP_DOWN))
    mask = np.pad((ink >= EDGE).view(np.uint8), ((down, down), (across, across)))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8))
    inner = np.ascontiguousarray(closed[down:-down, across:-across])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    return np.asarray(labels, np.int32), [Box(*map(int, each[:4])) for each in stats[1:count]]
