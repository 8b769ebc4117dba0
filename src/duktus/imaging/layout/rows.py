"""Pieces to rows: which pieces lie over each other, which stand beside each other, and in what order they are read."""

from dataclasses import dataclass

import numpy as np

from duktus.imaging.layout.pieces import Pieces
from duktus.imaging.layout.text_height import weighted_median
from duktus.types import Box
from duktus.types.pages import join_boxes

Spans = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""(2, rows): the top and the bottom of each."""

Group = tuple[int, ...]
"""Indices into the boxes of a ``Pieces``: parts that belong to one character whatever is read."""

TALL = 0.6
"""A piece is tall, so perhaps a character by itself, from this share of its row's height."""

BESIDE = 0.5
"""Pieces stand in one row where the lower of them overlaps the row's height by this share of its own."""

OVER = 0.7
"""A piece that is not tall belongs to the one it overlaps by this share of its width, seen from above."""

FULL = 0.5
"""Rows are laid out by the pieces with at least this share of the height of a page's tall pieces."""


@dataclass(frozen=True)
class Row:
    """Groups of pieces from left to right, the box of each, and the height of the row's characters in pixels."""

    groups: tuple[Group, ...]
    boxes: tuple[Box, ...]
    height: int


def find_rows(pieces: Pieces) -> tuple[Row, ...]:
    """Return the rows of a page from top to bottom; every piece stands in one of them.

    Tall pieces found rows, the tallest first: each joins the row that it overlaps, or founds one. What is not tall
    then joins the row that is nearest.
    """
    if not pieces.boxes:
        return ()
    usual = usual_height(pieces.boxes)
    order = sorted(range(len(pieces.boxes)), key=lambda i: -pieces.boxes[i].h)
    tall = [i for i in order if pieces.boxes[i].h >= FULL * usual]
    rows: list[list[int]] = []
    spans = np.empty((2, len(tall)))  # the top and the bottom of each row; a long page has a thousand of them
    for i in tall:
        _place(i, pieces.boxes[i], rows, spans)
    spans = spans[:, : len(rows)]
    for i in order[len(tall) :]:
        rows[_nearest(pieces.boxes[i], spans)].append(i)
    read = np.argsort(spans[0] + spans[1], kind="stable")
    return tuple(_lay_out(pieces, rows[row]) for row in read)


def usual_height(boxes: tuple[Box, ...]) -> float:
    """Return the height of a page's characters: of the pieces, weighted by their size, the one in the middle.

    So one digit counts as much as the crowd of dots that may stand around it, and more than a long thin line.
    """
    heights = np.array([box.h for box in boxes])
    return weighted_median(heights, heights * np.minimum(heights, [box.w for box in boxes]))


def _place(i: int, box: Box, rows: list[list[int]], spans: Spans) -> None:
    """Add a tall piece to the row that it overlaps most, or found a row."""
    tops, bottoms = spans[:, : len(rows)]
    shared = np.minimum(bottoms, box.y + box.h) - np.maximum(tops, box.y)
    shares = shared / np.minimum(bottoms - tops, box.h)
    best = int(shares.argmax()) if rows else -1
    if best < 0 or shares[best] < BESIDE:
        spans[:, len(rows)] = box.y, box.y + box.h
        rows.append([i])
        return
    rows[best].append(i)
    # The mean follows a row that slopes; the extremes would swallow the row beneath.
    spans[:, best] += (np.array((box.y, box.y + box.h)) - spans[:, best]) / len(rows[best])


def _nearest(box: Box, spans: Spans) -> int:
    middle = box.y + box.h / 2
    return int(np.maximum(np.maximum(spans[0] - middle, middle - spans[1]), 0.0).argmin())


def _lay_out(pieces: Pieces, members: list[int]) -> Row:
    """Return a row: its groups by the middles of their boxes."""
    height = usual_height(tuple(pieces.boxes[i] for i in members))
    groups = [(tuple(each), join_boxes([pieces.boxes[i] for i in each])) for each in _stacks(pieces, members, height)]
    groups.sort(key=lambda group: group[1].x + group[1].w / 2)
    return Row(tuple(group for group, _ in groups), tuple(box for _, box in groups), max(1, round(height)))


def _stacks(pieces: Pieces, members: list[int], height: float) -> list[list[int]]:
    """Return groups: each tall piece with the parts over, under and within it, and what belongs to none by itself."""
    boxes = pieces.boxes
    tall = [i for i in members if boxes[i].h >= TALL * height]
    leaders = [[i] for i in tall]
    alone: list[list[int]] = []
    for i in members:
        if i in tall:
            continue
        shares = [_shared(boxes[i], boxes[leader]) for leader in tall]
        best = max(range(len(shares)), key=shares.__getitem__, default=-1)
        if best >= 0 and shares[best] >= OVER:
            leaders[best].append(i)
        else:
            alone.append([i])
    return leaders + alone


def _shared(box: Box, other: Box) -> float:
    """Return the share of a box's width that another covers, seen from above."""
    return (min(box.x + box.w, other.x + other.w) - max(box.x, other.x)) / box.w
