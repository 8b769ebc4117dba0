"""In which order the lines of a page are read: columns and margins from left to right, each from top to bottom.

A page is split where paper runs between two groups of lines that stand beside each other (compare the recursive X-Y
cut: Nagy and Seth 1984). Lines that reach over the gap, such as headings, part the page from top to bottom first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_COLUMN = 3
"""Lines that a column has at least: fewer beside a text are its date, a number, a signature."""

CROSSING = 0.12
"""A line reaches over a gap where this share of its length lies beyond."""

COLUMNAR = 0.4
"""A page is split where this share of its lines stand in columns."""

SAME_ROW = 0.5
"""Lines stand in one row where their baselines differ by less than this share of the distance between lines."""

MOST_DEEP = 12
"""How often a part of a page is split again."""

Numbers = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Extents:
    """Where lines run, each (n,): from column ``left`` to ``right``, their baselines from row ``start`` to ``end``."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    @property
    def row(self) -> NDArray[np.float64]:
        """The rows of the lines' middles."""
        return np.asarray((self.start + self.end) / 2)


@dataclass(frozen=True)
class Order:
    """Lines in reading order, as numbers among those that were given, and to which block each of these belongs."""

    lines: tuple[int, ...]
    blocks: tuple[int, ...]


def extents_of(baselines: Sequence[Any]) -> Extents:
    """Return where lines run, by their baselines, (n, 2) each from left to right."""
    points = [np.asarray(baseline, np.float64).reshape(-1, 2) for baseline in baselines]
    columns = (
        [each[:, 0].min() for each in points],
        [each[:, 0].max() for each in points],
        [each[0, 1] for each in points],
        [each[-1, 1] for each in points],
    )
    return Extents(*(np.array(column, np.float64) for column in columns))


def order_lines(baselines: Sequence[Any]) -> Order:
    """Return the reading order of lines.

    Args:
        baselines: of the lines, (n, 2) each: x and y in pixels of the upright page, from left to right.
    """
    if not baselines:
        return Order((), ())
    extents = extents_of(baselines)
    blocks = [block for block in _part(np.arange(len(baselines)), extents, MOST_DEEP) if len(block)]
    lines = [int(line) for block in blocks for line in block]
    numbers = [number for number, block in enumerate(blocks) for _ in block]
    return Order(tuple(lines), tuple(numbers))


def _part(lines: Numbers, extents: Extents, depth: int) -> list[Numbers]:
    """Return blocks of lines in reading order, the lines of each from top to bottom."""
    gap = _find_gap(lines, extents) if depth else None
    if gap is None:
        return [_top_down(lines, extents)]
    left, right, crossing = _beside(lines, gap, extents)
    rows = extents.row
    order = crossing[np.argsort(rows[crossing], kind="stable")]
    blocks, above = list[Numbers](), -np.inf
    for bound, heading in [*((rows[line], line) for line in order), (np.inf, None)]:
        inner = [side[(rows[side] > above) & (rows[side] <= bound)] for side in (left, right)]
        if min(map(len, inner)) >= LEAST_COLUMN:
            blocks += [block for side in inner for block in _part(side, extents, depth - 1)]
        elif len(inner[0]) or len(inner[1]):
            blocks.append(_top_down(np.concatenate(inner), extents))
        if heading is not None:
            blocks.append(np.array([heading]))
            above = bound
    return _join(blocks, set(crossing.tolist()))


def _join(blocks: list[Numbers], crossing: set[int]) -> list[Numbers]:
    """Return blocks, headings that follow each other as one."""
    joined = list[Numbers]()
    for block in blocks:
        if joined and len(block) == 1 and int(block[0]) in crossing and int(joined[-1][-1]) in crossing:
            joined[-1] = np.concatenate((joined[-1], block))
        else:
            joined.append(block)
    return joined


def _find_gap(lines: Numbers, extents: Extents) -> float | None:
    """Return the column of the gap that parts the most lines, None where hardly any stand beside others."""
    if len(lines) < 2 * LEAST_COLUMN:
        return None
    starts = np.unique(extents.left[lines])
    scores = [(_columnar(lines, gap, extents), gap) for gap in starts[1:]]
    best, at = max(scores, default=(0, 0.0))
    return float(at) if best >= max(2 * LEAST_COLUMN, COLUMNAR * len(lines)) else None


def _columnar(lines: Numbers, gap: float, extents: Extents) -> int:
    """Return how many lines stand beside others, left and right of a gap, less those that cross it."""
    left, right, crossing = _beside(lines, gap, extents)
    if min(len(left), len(right)) < LEAST_COLUMN:
        return 0
    rows = extents.row
    bounds = np.sort(rows[crossing])
    places = [np.searchsorted(bounds, rows[side]) for side in (left, right)]
    counts = [np.bincount(place, minlength=len(bounds) + 1) for place in places]
    full = np.minimum(*counts) >= LEAST_COLUMN
    met = _meet(left, right, full, places, rows)
    return int((counts[0] + counts[1])[full & met].sum()) - len(crossing)


def _meet(
    left: Numbers, right: Numbers, full: NDArray[np.bool_], places: list[Numbers], rows: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return in which parts of a page lines left and right of a gap stand beside each other, not one under another."""
    met = np.zeros(len(full), np.bool_)
    for part in np.flatnonzero(full):
        a, b = rows[left[places[0] == part]], rows[right[places[1] == part]]
        shared = min(a.max(), b.max()) - max(a.min(), b.min())
        met[part] = shared > 0.5 * min(np.ptp(a), np.ptp(b))
    return met


def _beside(lines: Numbers, gap: float, extents: Extents) -> tuple[Numbers, Numbers, Numbers]:
    """Return lines left of a column, right of it, and those that reach over it."""
    left, right = extents.left[lines], extents.right[lines]
    slack = CROSSING * np.maximum(right - left, 1)
    ends_before, starts_after = right <= gap + slack, left >= gap - slack
    return lines[ends_before], lines[starts_after & ~ends_before], lines[~ends_before & ~starts_after]


def _top_down(lines: Numbers, extents: Extents) -> Numbers:
    """Return lines row by row, those of one row from left to right."""
    order = lines[np.argsort(extents.row[lines], kind="stable")]
    rows = list[list[int]]()
    near = SAME_ROW * _distance(extents.row[order])
    for line in order.tolist():
        if rows and all(_in_row(line, other, near, extents) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return np.array([line for row in rows for line in sorted(row, key=lambda i: extents.left[i])], np.intp)


def _distance(rows: NDArray[np.float64]) -> float:
    """Return the usual distance between lines."""
    steps = np.diff(rows)
    return float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0


def _in_row(line: int, other: int, near: float, extents: Extents) -> bool:
    """Return whether two lines stand beside each other: where one ends and the other begins, they are level."""
    first, second = (line, other) if extents.left[line] < extents.left[other] else (other, line)
    if extents.right[first] > extents.left[second] + CROSSING * (extents.right[second] - extents.left[second]):
        return False
    return bool(abs(extents.end[first] - extents.start[second]) < near)
