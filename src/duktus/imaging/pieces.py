"""Ink to pieces: the connected parts of what is written, and which of them belong together."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.rulings import DRAWN
from duktus.types import Box, Ink

STRONG = 0.6
"""A piece counts where some of its ink reaches this level (hysteresis: Canny 1986)."""

STRAY = 0.35
"""A piece at the picture's left or right rim with less than this share of the largest one's area is a neighbour's."""

Labels = NDArray[np.int32]
"""(h, w): 0 = paper, else the number of a piece."""


@dataclass(frozen=True)
class Pieces:
    """The connected pieces of an ink: ``labels`` (h, w), and ``boxes`` and ``areas`` of the pieces that count.

    ``numbers`` are the pieces' numbers in ``labels``.
    """

    labels: Labels
    numbers: tuple[int, ...]
    boxes: tuple[Box, ...]
    areas: tuple[int, ...]


def find_pieces(ink: Ink) -> Pieces:
    """Return the connected pieces of ink (8-neighbourhood) that hold a full stroke."""
    mask = (ink >= DRAWN).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    numbers: list[int] = []
    if count == 2:
        numbers = [1] if float(ink.max()) >= STRONG else []
    elif count > 2:
        strong = np.zeros(count, bool)
        strong[labels[ink >= STRONG]] = True
        numbers = [int(i) for i in np.flatnonzero(strong[1:]) + 1]
    boxes = tuple(Box(*map(int, stats[i, :4])) for i in numbers)
    return Pieces(np.asarray(labels), tuple(numbers), boxes, tuple(int(stats[i, 4]) for i in numbers))


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
    numbers = [pieces.numbers[i] for i in chosen]
    mine = np.isin(labels, numbers) if len(numbers) > 1 else labels == numbers[0]
    near = cv2.dilate(mine.view(np.uint8), np.ones((3, 3), np.uint8)).view(bool)
    return np.where(near & (mine | (labels == 0)), cut, np.float32(0)), box


def join_boxes(boxes: list[Box]) -> Box:
    """Return the smallest box around some boxes."""
    x = min(box.x for box in boxes)
    y = min(box.y for box in boxes)
    return Box(x, y, max(box.x + box.w for box in boxes) - x, max(box.y + box.h for box in boxes) - y)


def main_ink(ink: Ink) -> Ink:
    """Return the ink of the one character that a picture shows: all but what strays in from its sides."""
    pieces = find_pieces(ink)
    if len(pieces.numbers) < 2:
        return ink
    largest = max(pieces.areas)
    columns = ink.shape[1]
    kept = tuple(
        i
        for i, (box, area) in enumerate(zip(pieces.boxes, pieces.areas, strict=True))
        if area >= STRAY * largest or (box.x > 1 and box.x + box.w < columns - 1)
    )
    return ink if len(kept) == len(pieces.numbers) else cut_out(ink, pieces, kept)[0]
