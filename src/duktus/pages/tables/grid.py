"""The cells of a ruled table, from what the segmenter takes for ruled: paper that lines close in on all sides."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Box
from duktus.written.classes import OTHER, RULED
from duktus.written.page import Written

RUN = 0.03
"""A line of a table has runs without a break of this share of the longer side of the picture at least."""

LENGTH = 0.08
"""It is as long as this share of that side, all in all."""

GAP = 0.015
"""Gaps up to this share of that side are closed along a line."""

LEAST_SIDE = 0.006
"""Sides of a cell, as a share of that side, at least."""

FULL = 0.6
"""Paper is a cell where it fills this share of its box."""

LEAST_CELLS = 4
"""So many cells make a table."""

APART = 0.5
"""Edges that differ by more than this share of a usual cell's side begin another row or column."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its row and column, from 1, and its inner box in pixels of the page."""

    row: int
    column: int
    box: Box


@dataclass(frozen=True, eq=False)
class Rules:
    """The lines of a table, (h, w) each, 1 where one runs, at the size of the segmenter's picture."""

    across: Mask
    down: Mask


def find_cells(written: Written) -> tuple[Cell, ...]:
    """Return the cells of a page's ruled tables, row by row; none where there is no table.

    Args:
        written: what was found on the page; its classes say what is ruled.
    """
    rules = find_rules(written.classes)
    lines = cv2.dilate(rules.across | rules.down, np.ones((3, 3), np.uint8))
    boxes = _closed_boxes(np.asarray(lines, np.uint8))
    if len(boxes) < LEAST_CELLS:
        return ()
    places = _places(boxes, _slope(rules.across))
    if len({column for _, column in places}) < 2 or len({row for row, _ in places}) < 2:
        return ()
    cells = [
        Cell(row, column, _scaled(box, 1 / written.factor)) for box, (row, column) in zip(boxes, places, strict=True)
    ]
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column, cell.box)))


def find_rules(classes: Mask) -> Rules:
    """Return the long straight lines of a picture's classes (h, w)."""
    ruled = ((classes == RULED) | (classes == OTHER)).astype(np.uint8)
    side = max(ruled.shape)
    run, gap = max(12, round(RUN * side)), max(3, round(GAP * side)) | 1
    across = _lines(ruled, run, gap, round(LENGTH * side))
    down = np.ascontiguousarray(_lines(np.ascontiguousarray(ruled.T), run, gap, round(LENGTH * side)).T)
    return Rules(across, down)


def _lines(ruled: Mask, run: int, gap: int, length: int) -> Mask:
    """Return what runs across, also where it leans a little, with its gaps closed."""
    thick = cv2.dilate(ruled, np.ones((3, 1), np.uint8))
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, 7), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    # A run's ends are found a little too long, which joins it to the next and to the lines that cross it.
    joined = cv2.dilate(runs, np.ones((1, gap), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    kept = stats[:, cv2.CC_STAT_WIDTH] >= length
    kept[0] = False
    return np.asarray(kept[labels], np.uint8)


def _closed_boxes(lines: Mask) -> list[Box]:
    """Return the boxes of paper that lines close in: none that reaches to the rim."""
    h, w = lines.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(1 - lines, connectivity=4)
    least = max(6, round(LEAST_SIDE * max(h, w)))
    boxes = []
    for x, y, wide, high, area in stats[1:].tolist():
        inside = x > 0 and y > 0 and x + wide < w and y + high < h
        if inside and min(wide, high) >= least and area >= FULL * wide * high and wide * high < 0.5 * w * h:
            boxes.append(Box(x, y, wide, high))
    return boxes


def _slope(across: Mask) -> float:
    """Return how the lines across lean: rows for each column."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(across, connectivity=8)
    slopes, weights = [0.0], [1e-6]
    for number in range(1, len(stats)):
        x, y, w, h = stats[number, :4].tolist()
        if w < 0.2 * across.shape[1]:
            continue
        rows, columns = np.nonzero(labels[y : y + h, x : x + w] == number)
        slopes.append(float(np.polyfit(columns, rows, 1)[0]))
        weights.append(float(w))
    order = np.argsort(slopes)
    total = np.cumsum(np.array(weights)[order])
    return float(np.array(slopes)[order][np.searchsorted(total, total[-1] / 2)])


def _places(boxes: list[Box], slope: float) -> list[tuple[int, int]]:
    """Return the row and column of each cell, by its upper left corner, once the table is level."""
    corners = np.array([(box.x, box.y) for box in boxes], np.float64)
    level = corners[:, 1] - slope * corners[:, 0]
    upright = corners[:, 0] + slope * corners[:, 1]
    heights, widths = (float(np.median([box[axis] for box in boxes])) for axis in (3, 2))
    rows, columns = _ranks(level, APART * heights), _ranks(upright, APART * min(widths, 4 * heights))
    return list(zip(rows, columns, strict=True))


def _ranks(values: NDArray[np.float64], apart: float) -> list[int]:
    """Return to which group each value belongs, from 1: a step wider than ``apart`` begins another."""
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[0]]) > apart
    ranks = np.empty(len(values), np.intp)
    ranks[order] = 1 + np.cumsum(steps)
    return [int(rank) for rank in ranks]


def _scaled(box: Box, scale: float) -> Box:
    x, y = round(box.x * scale), round(box.y * scale)
    return Box(x, y, max(1, round((box.x + box.w) * scale) - x), max(1, round((box.y + box.h) * scale) - y))
