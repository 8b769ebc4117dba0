"""Ink of a number that is no digit: points, commas and signs, which a reader of digits can only point out.

What was passed over, taken for a speck or joined to a digit may be one of them; so may a digit that is too small. The
number is then doubtful, whatever its digits say: 12.75 is not 1275.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from duktus.glyphs.reading.selection import Answer
from duktus.models.confidence import Decision
from duktus.types import Box

LOW = (-0.3, 0.45)
"""A point or comma ends this far below the foot of the digits, in their heights."""

HALF = 0.45
"""It begins lower than this share of their height from their top."""

LARGEST, LEAST_SIDE, LEAST_AREA = 0.6, 0.05, 0.003
"""Its longer side, its shorter and longer sides, and its ink, in heights of the digits and their squares."""

REACH = 0.5
"""It stands no farther to the right of the last digit, and a sign no farther left of the first, in their heights."""

SIGN = (0.25, 0.75)
"""The middle of a sign lies between these shares of the digits' height from their top."""

FLAT = 1.6
"""A sign is at least so many times as wide as high."""

EVEN = 0.5
"""Stands for how probable it is that a mark is what it may be: it was not measured, so it speaks neither way."""

FAINT, PEAK = 0.12, 0.25
"""Ink of a faint mark, and what its darkest pixel has at least."""

SMALL = 0.62
"""A digit lower than this share of its neighbours' height that stands at their foot may be a comma."""

BESIDE = 0.55
"""Ink of a digit of which this share of the width stands beside its main piece may be a mark that was joined to it."""


class Mark(NamedTuple):
    """Ink that may be a mark: where it is, and what to say of it."""

    row: int
    box: Box
    reason: str


class Placed(NamedTuple):
    """A character of an answer, or a mark beside its digits: its row, its box, and what is decided."""

    row: int
    box: Box
    decision: Decision


class _Row(NamedTuple):
    """The digits of a row: which arcs these are, their boxes from left to right, their usual height, head and foot."""

    number: int
    arcs: tuple[int, ...]
    boxes: tuple[Box, ...]
    texts: tuple[str, ...]
    height: float
    head: float
    foot: float


def place_characters(answer: Answer, *, numbers: bool) -> list[Placed]:
    """Return the characters of an answer in reading order; where these are of numbers, with what may be marks.

    A mark is not accepted, and says what it may be; its text is the best guess.
    """
    arcs = (answer.hypothesis.lattice.arcs[arc] for arc in answer.path.arcs)
    found = [Placed(arc.row, arc.box, one) for arc, one in zip(arcs, answer.decisions, strict=True)]
    if not numbers or not any(one.accepted for one in answer.decisions):
        return found
    rows = list(_rows(answer))
    for place, reason in _small_digits(answer, rows).items():
        decision = found[place].decision
        found[place] = found[place]._replace(decision=decision._replace(accepted=False, reason=reason))
    for mark in _find_marks(answer, rows):
        text = "-" if mark.reason.startswith("a sign") else ","
        found.append(Placed(mark.row, mark.box, Decision(text, EVEN, False, mark.reason, ())))
    return sorted(found, key=lambda each: (each.row, each.box.x + each.box.w / 2))


def _find_marks(answer: Answer, rows: Sequence[_Row]) -> list[Mark]:
    """Return what may be marks beside the digits of an answer, row by row."""
    small = (*_skipped(answer), *_faint(answer))
    feet = np.array([box.y + box.h for box in small], np.intp)
    order = np.argsort(feet, kind="stable")
    columns = answer.hypothesis.writing.unfiltered.shape[1]
    found = list[Mark]()
    for row in rows:
        # A mark is smaller than the digits, and ends within their height or little below: no other row's need be tried.
        ends = min(row.head, row.foot - row.height), max(row.head, row.foot) + 2 * row.height
        first, last = np.searchsorted(feet, ends, sorter=order)
        near = [(small[i], False) for i in np.sort(order[first:last]).tolist()]
        inner = [(box, True) for box in _joined(answer, row)]
        found += [mark for box, own in (*near, *inner) if (mark := _mark(row, box, own, columns)) is not None]
    return found


def _small_digits(answer: Answer, rows: Sequence[_Row]) -> dict[int, str]:
    """Return why digits of an answer, by their places among its decisions, may be commas."""
    places = {arc: place for place, arc in enumerate(answer.path.arcs)}
    found = {}
    for row in rows:
        for number, (arc, box) in enumerate(zip(row.arcs, row.boxes, strict=True)):
            low = box.y > row.head + (1 - SMALL) * 0.8 * row.height
            if number and box.h < SMALL * row.height and box.w < 0.5 * row.height and low:
                found[places[arc]] = f"a point or comma after {row.texts[number - 1]}?"
    return found


def _rows(answer: Answer) -> Iterator[_Row]:
    lattice = answer.hypothesis.lattice
    taken = zip(answer.path.arcs, answer.decisions, strict=True)
    rows: dict[int, list[tuple[int, Box, str]]] = {}
    for arc, decision in taken:
        rows.setdefault(lattice.arcs[arc].row, []).append((arc, lattice.arcs[arc].box, decision.text))
    for number, members in rows.items():
        boxes = tuple(box for _, box, _ in members)
        height = _quantile([box.h for box in boxes], 0.75)
        head, foot = (_quantile(values, 0.5) for values in zip(*((b.y, b.y + b.h) for b in boxes), strict=True))
        arcs, texts = tuple(arc for arc, _, _ in members), tuple(text for _, _, text in members)
        yield _Row(number, arcs, boxes, texts, height, head, foot)


def _quantile(values: Sequence[int], share: float) -> float:
    """Return a quantile, linear between values; of so few NumPy takes ten times as long."""
    ordered = sorted(values)
    whole, part = divmod(share * (len(ordered) - 1), 1)
    low, high = ordered[int(whole)], ordered[min(int(whole) + 1, len(ordered) - 1)]
    return low + part * (high - low)


def _skipped(answer: Answer) -> Iterator[Box]:
    """Yield the boxes of pieces that belong to no digit."""
    used = {piece for arc in answer.path.arcs for piece in answer.hypothesis.lattice.pieces_of(arc)}
    pieces = answer.hypothesis.writing.pieces
    yield from (box for number, box in enumerate(pieces.boxes) if number not in used)


def _faint(answer: Answer) -> Iterator[Box]:
    """Yield the boxes of what is too faint or too small for a piece of a digit: specks, and points of a light pen."""
    writing = answer.hypothesis.writing
    taken = np.isin(writing.pieces.labels, writing.pieces.numbers).view(np.uint8)
    near = np.asarray(cv2.dilate(taken, np.ones((3, 3), np.uint8))) > 0
    left = ((writing.unfiltered >= FAINT) & ~near).view(np.uint8)
    if not left.any():
        return
    _, labels, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=8)
    peaks = np.zeros(len(stats), np.float32)
    np.maximum.at(peaks, np.asarray(labels, np.intp)[left > 0], writing.unfiltered[left > 0])
    yield from (Box(*map(int, each[:4])) for each, peak in zip(stats[1:], peaks[1:], strict=True) if peak >= PEAK)


def _joined(answer: Answer, row: _Row) -> Iterator[Box]:
    """Yield the boxes of small pieces that a digit was read with, and that stand beside its main piece."""
    pieces = answer.hypothesis.writing.pieces
    for arc in row.arcs:
        own = answer.hypothesis.lattice.pieces_of(arc)
        if len(own) != 2:  # of more, they are the pieces of a broken digit
            continue
        main = pieces.boxes[max(own, key=lambda i: pieces.areas[i])]
        for i in own:
            box = pieces.boxes[i]
            outside = max(main.x - box.x, 0) + max(box.x + box.w - main.x - main.w, 0)
            if outside >= BESIDE * box.w and pieces.areas[i] < 0.3 * max(pieces.areas[j] for j in own):
                yield box


def _mark(row: _Row, box: Box, own: bool, columns: int) -> Mark | None:
    """Return what ink may be beside the digits of a row; None where it stands where no mark does.

    A point goes on beyond no side of a picture of so many columns: what does is the stroke of a neighbour.
    """
    high, sides = row.height, sorted((box.w, box.h))
    if sides[0] < LEAST_SIDE * high or box.w * box.h < LEAST_AREA * high**2:
        return None
    middle = box.x + box.w / 2
    before = [text for text, other in zip(row.texts, row.boxes, strict=True) if other.x + other.w / 2 < middle]
    gap = row.boxes[0].x - box.x - box.w
    height = (box.y + box.h / 2 - row.head) / high
    if -0.1 * high < gap < REACH * high and SIGN[0] < height < SIGN[1] and box.w >= FLAT * box.h and box.w < high:
        return Mark(row.number, box, f"a sign before {row.texts[0]}?")
    right = max(other.x + other.w for other in row.boxes)
    low = LOW[0] <= (box.y + box.h - row.foot) / high <= LOW[1] and (box.y - row.head) / high >= HALF
    beside = bool(before) and (own or (box.x < right and middle > row.boxes[0].x))
    whole = box.x > 1 and box.x + box.w < columns - 1
    if low and beside and whole and sides[1] <= LARGEST * high:
        return Mark(row.number, box, f"a point or comma after {''.join(before)}?")
    return None
