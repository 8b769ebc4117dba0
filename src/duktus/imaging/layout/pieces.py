"""Ink to pieces: the connected parts of what is written, and which of them belong together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.rulings import DRAWN
from duktus.types import Box, Ink
from duktus.types.pages import join_boxes

STRONG = 0.6
"""A piece counts where some of its ink reaches this level (hysteresis: Canny 1986)."""

STRAY = 0.35
"""A piece at the picture's left or right rim with less than this share of the largest one's area is a neighbour's."""

DUST = 0.08
"""A piece with less than this share of the largest one's area is no part of a character if it lies off it."""

OFF = 0.35
"""A piece lies off a character where its box is further from that one's than this share of the longer side."""

Labels = NDArray[np.int32]
"""(h, w): 0 = paper, else the number of a piece."""


@dataclass(frozen=True)
class Pieces:
    """The connected pieces of an ink: ``labels`` (h, w), and ``boxes`` and ``areas`` of the pieces that count.

    ``numbers`` are the pieces' numbers in ``labels``. ``origins`` say of which piece each is a part, and are empty
    where none was split.
    """

    labels: Labels
    numbers: tuple[int, ...]
    boxes: tuple[Box, ...]
    areas: tuple[int, ...]
    origins: tuple[int, ...] = ()

    @cached_property
    def wholes(self) -> Mapping[int, Box]:
        """The boxes of what was parted, all its parts together, by ``origins``."""
        parts: dict[int, list[Box]] = {}
        for box, origin in zip(self.boxes, self.origins, strict=True):
            parts.setdefault(origin, []).append(box)
        return {origin: join_boxes(boxes) for origin, boxes in parts.items()}

    def parted(self, first: Iterable[int], second: Iterable[int]) -> bool:
        """Tell whether a piece was cut so that parts of it lie in both of two sets of indices."""
        if not self.origins:
            return False
        return not {self.origins[i] for i in first}.isdisjoint(self.origins[i] for i in second)


def find_pieces(ink: Ink) -> Pieces:
    """Return the connected pieces of ink (8-neighbourhood) that hold a full stroke."""
    mask = (ink >= DRAWN).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    strong = np.zeros(count, bool)
    strong[labels[ink >= STRONG]] = True
    numbers = tuple(np.flatnonzero(strong).tolist())
    boxes = tuple(Box(*map(int, stats[i, :4])) for i in numbers)
    return Pieces(np.asarray(labels), numbers, boxes, tuple(int(stats[i, 4]) for i in numbers))


def bridge_pieces(ink: Ink, gap: int) -> Pieces:
    """Return the pieces of ink, those that come closer to each other than ``gap`` pixels joined to one.

    A pencil on rough paper and a pen that runs dry leave strokes in dashes.
    """
    mask = (ink >= DRAWN).view(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap + 1, gap + 1))
    _, wide = cv2.connectedComponents(cv2.dilate(mask, kernel), connectivity=8)
    labels = np.where(mask > 0, wide, 0)
    numbers, areas = (each.tolist() for each in np.unique(labels[ink >= STRONG], return_counts=True))
    return Pieces(labels, tuple(numbers), tuple(label_boxes(labels, numbers)), tuple(areas))


def label_boxes(labels: Labels, numbers: list[int]) -> Iterator[Box]:
    """Yield the box of each of some numbers, in one pass over the labels."""
    y, x = np.nonzero(labels)
    order = np.argsort(labels[y, x], kind="stable")
    y, x, owners = y[order], x[order], labels[y, x][order]
    for start, stop in zip(np.searchsorted(owners, numbers), np.searchsorted(owners, numbers, "right"), strict=True):
        left, top = int(x[start:stop].min()), int(y[start])  # within a number, rows stay in their order
        yield Box(left, top, int(x[start:stop].max()) + 1 - left, int(y[stop - 1]) + 1 - top)


def largest_pieces(pieces: Pieces, most: int) -> Pieces:
    """Return the pieces of the largest areas, in the order in which they were."""
    kept = np.sort(np.argsort([-area for area in pieces.areas], kind="stable")[:most])
    return pick_pieces(pieces, kept.tolist())


def drop_frames(pieces: Pieces) -> Pieces:
    """Return the pieces without those that frame others: a cell's corner, or its whole border, that lies off the rim.

    A frame spans half of the picture both ways and has its ink along the outline of its box; another piece lies
    within.
    """
    rows, columns = pieces.labels.shape
    large = [i for i, box in enumerate(pieces.boxes) if box.w >= 0.5 * columns and box.h >= 0.5 * rows]
    frames = {i for i in large if _is_frame(pieces, i)} if len(pieces.boxes) > 1 else set()
    return pick_pieces(pieces, [i for i in range(len(pieces.boxes)) if i not in frames]) if frames else pieces


def wipe(ink: Ink, pieces: Pieces, kept: Pieces) -> Ink:
    """Return ink without the pieces that were not kept, nor their soft edges; the same array where all were."""
    gone = sorted({*pieces.numbers} - {*kept.numbers})
    if not gone:
        return ink
    left_out = np.isin(pieces.labels, gone)
    edged = cv2.dilate(left_out.view(np.uint8), np.ones((3, 3), np.uint8)).view(np.bool_)
    return np.where(left_out | (edged & (pieces.labels == 0)), np.float32(0), ink)


def pick_pieces(pieces: Pieces, kept: list[int]) -> Pieces:
    """Return some of the pieces, by their indices."""
    return Pieces(
        pieces.labels,
        tuple(pieces.numbers[i] for i in kept),
        tuple(pieces.boxes[i] for i in kept),
        tuple(pieces.areas[i] for i in kept),
        tuple(pieces.origins[i] for i in kept) if pieces.origins else (),
    )


def _is_frame(pieces: Pieces, index: int) -> bool:
    """Tell whether a piece's ink lies along the outline of its box, and another piece within."""
    x, y, w, h = pieces.boxes[index]
    middles = ((box.x + box.w / 2, box.y + box.h / 2) for i, box in enumerate(pieces.boxes) if i != index)
    if pieces.areas[index] > 0.3 * w * h or not any(x < u < x + w and y < v < y + h for u, v in middles):
        return False
    rim = max(2, round(0.12 * min(w, h)))
    inner = pieces.labels[y + rim : y + h - rim, x + rim : x + w - rim] == pieces.numbers[index]
    return int(np.count_nonzero(inner)) < 0.15 * pieces.areas[index]


def cut_out(ink: Ink, pieces: Pieces, chosen: tuple[int, ...]) -> tuple[Ink, Box]:
    """Return the ink of some pieces alone with its box; ``chosen`` are indices into ``pieces.numbers``.

    The soft edge of a piece, one pixel beyond what is labelled, comes along.
    """
    box = join_boxes([pieces.boxes[i] for i in chosen])
    top, left = max(0, box.y - 1), max(0, box.x - 1)
    window = slice(top, box.y + box.h + 1), slice(left, box.x + box.w + 1)
    cut = ink[window]
    if len(chosen) == len(pieces.numbers):
        return cut, box
    labels = pieces.labels[window]
    mine = labels == pieces.numbers[chosen[0]]
    for i in chosen[1:]:  # a character has a few pieces: for these it is quicker than ``np.isin``
        mine |= labels == pieces.numbers[i]
    near = cv2.dilate(mine.view(np.uint8), np.ones((3, 3), np.uint8)).view(bool)
    return np.where(near & (mine | (labels == 0)), cut, np.float32(0)), box


def main_ink(ink: Ink) -> Ink:
    """Return the ink of the one character that a picture shows, cut to its box with a pixel around it.

    What strays in from the sides, dust that lies off, and what is too faint to be a stroke stay behind.
    """
    pieces = find_pieces(ink)
    kept = main_pieces(pieces)
    return cut_out(ink, pieces, kept)[0] if kept else ink


def main_pieces(pieces: Pieces) -> tuple[int, ...]:
    """Return the indices of the pieces of which the one character that a picture shows is made; none without ink."""
    if not pieces.numbers:
        return ()
    largest = max(range(len(pieces.areas)), key=pieces.areas.__getitem__)
    return tuple(i for i in range(len(pieces.numbers)) if i == largest or _belongs(pieces, i, largest))


def _belongs(pieces: Pieces, index: int, largest: int) -> bool:
    """Tell whether a piece is a part of the character of which another is the largest part."""
    x, y, w, h = pieces.boxes[index]
    share = pieces.areas[index] / pieces.areas[largest]
    if share < STRAY and (x <= 1 or x + w >= pieces.labels.shape[1] - 1):
        return False
    left, top, wide, high = pieces.boxes[largest]
    reach = OFF * max(wide, high)
    beside = x > left + wide + reach or x + w < left - reach
    return share >= DUST or not (beside or y > top + high + reach or y + h < top - reach)
