"""Where touching characters may be split: lines, upright or slanted, that cross little ink.

A page of touching digits is cut too often rather than too seldom, and the classifier judges which parts belong
together (Casey & Lecolinet 1996, "A survey of methods and strategies in character segmentation"). A cut lies where the
ink met by a line from top to bottom is least: the projection along slanted lines finds the gap between leaning digits
that no upright line passes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import scale_down
from duktus.imaging.layout.pieces import Pieces, label_boxes
from duktus.types import Box, Ink

SLANTS = (0.0, 0.2, -0.2, 0.4, 0.6)
"""Columns to the right that a cut runs for each row upwards, the most probable first."""

WORK_HEIGHT = 40
"""A piece is brought down to this height where it is looked at: cuts need no more."""

MOST_INK = 0.5
"""A cut crosses no more ink than this share of a character's height: both sides of a thick 0."""

LEAST_INK = 0.2
"""A cut crosses at least this much ink, in pixels."""

APART = 0.16
"""Cuts stand apart, and off the piece's ends, by this share of a character's height."""

LEAN = 0.02
"""Ink, as a share of the height, that a slanted cut has to save for each fifth of slant."""


@dataclass(frozen=True)
class Cut:
    """A line through (x, y) that runs ``slant`` columns to the right for each row upwards, and the ink it crosses."""

    x: float
    y: float
    slant: float
    ink: float

    def at(self, y: float | NDArray[np.float32]) -> float | NDArray[np.float32]:
        """Return the column where the cut passes a row."""
        return self.x + self.slant * (self.y - y)


def split_pieces(ink: Ink, pieces: Pieces, which: tuple[int, ...], height: float) -> Pieces:
    """Return the pieces with some of them split at every likely cut.

    Args:
        ink: (h, w) in [0, 1].
        pieces: of that ink.
        which: indices of those to part.
        height: of a character, in pixels.
    """
    labels = pieces.labels.copy()
    parts = {i: [(pieces.numbers[i], pieces.boxes[i], pieces.areas[i])] for i in range(len(pieces.numbers))}
    free = int(labels.max(initial=0)) + 1
    for i in which:
        box = pieces.boxes[i]
        window = labels[box.y : box.y + box.h, box.x : box.x + box.w]
        mine = window == pieces.numbers[i]
        cut = ink[box.y : box.y + box.h, box.x : box.x + box.w]
        cuts = find_cuts(np.where(mine, cut, np.float32(0)), height)
        if cuts:
            parts[i] = _label_parts(window, mine, cuts, free, box)
            free += len(cuts) + 1
    rows = [(*part, i) for i in range(len(parts)) for part in parts[i]]
    return Pieces(labels, *zip(*rows, strict=True)) if rows else pieces


def find_cuts(ink: Ink, height: float) -> list[Cut]:
    """Return the likely cuts through the ink of one piece, from left to right; none crosses another within it.

    Args:
        ink: (h, w) in [0, 1], of the piece alone.
        height: of a character, in pixels.
    """
    scale = min(1.0, WORK_HEIGHT / height)
    ink = scale_down(ink, scale)
    unit = height * scale
    found = [cut for slant in SLANTS for cut in _valleys(ink, slant, unit)]
    found.sort(key=lambda cut: cut.ink + LEAN * unit * abs(cut.slant) / 0.2)
    chosen: list[Cut] = []
    for cut in found:
        if all(_clear(cut, other, ink.shape[0], APART * unit) for other in chosen):
            chosen.append(cut)
    chosen.sort(key=lambda cut: cut.x)
    return [Cut((cut.x + 0.5) / scale - 0.5, (cut.y + 0.5) / scale - 0.5, cut.slant, cut.ink / scale) for cut in chosen]


def _valleys(ink: Ink, slant: float, unit: float) -> list[Cut]:
    """Return the cuts of one slant where the ink crossed is least in its neighbourhood."""
    rows, columns = ink.shape
    middle = (rows - 1) / 2
    reach = int(abs(slant) * middle) + 1
    shear = np.array(((1, slant, reach - slant * middle), (0, 1, 0)), np.float32)
    upright = cv2.warpAffine(ink, shear, (columns + 2 * reach, rows), flags=cv2.INTER_LINEAR)
    crossed = np.asarray(cv2.blur(upright.sum(axis=0, dtype=np.float32)[None], (3, 1)))[0, reach : reach + columns]
    margin = max(1, round(APART * unit))
    wide = np.ones((1, 2 * max(1, margin // 2) + 1), np.uint8)
    lowest = cv2.erode(crossed[None], wide)[0]
    # A line that crosses no ink runs beside the piece: whatever parts what is connected crosses it somewhere.
    places = np.flatnonzero((crossed <= lowest + 1e-4) & (crossed <= MOST_INK * unit) & (crossed > LEAST_INK))
    places = places[(places >= margin) & (places < columns - margin)]
    middles = (run[len(run) // 2] for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(run))
    return [Cut(float(x), middle, slant, float(crossed[x])) for x in middles]


def _clear(cut: Cut, other: Cut, rows: int, apart: float) -> bool:
    """Tell whether two cuts stand apart at the middle and do not cross within the piece."""
    head, foot = float(cut.at(0) - other.at(0)), float(cut.at(rows - 1) - other.at(rows - 1))
    return abs(cut.x - other.x) >= apart and head * foot > 0


def _label_parts(
    window: NDArray[np.int32], mine: NDArray[np.bool_], cuts: list[Cut], first: int, box: Box
) -> list[tuple[int, Box, int]]:
    """Number the parts of a piece anew, in place; return number, box and area of each."""
    y, x = np.nonzero(mine)
    part = np.zeros(len(x), np.int32)
    for cut in cuts:
        part += x > cut.at(y.astype(np.float32))
    window[y, x] = first + part
    numbers, areas = (each.tolist() for each in np.unique(first + part, return_counts=True))
    boxes = label_boxes(np.where(mine, window, 0), numbers)
    placed = [Box(box.x + inner.x, box.y + inner.y, inner.w, inner.h) for inner in boxes]
    return list(zip(numbers, placed, areas, strict=True))
