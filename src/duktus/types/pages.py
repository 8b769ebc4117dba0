"""What stands on a page beside its text: words, and the page's own size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

Points: TypeAlias = tuple[tuple[int, int], ...]
"""Places on a page, x and y in pixels."""


class Box(NamedTuple):
    """A rectangle on a page, in pixels; (x, y) is its upper left corner."""

    x: int
    y: int
    w: int
    h: int


def join_boxes(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around some boxes."""
    if len(boxes) == 1:
        return boxes[0]
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.x + box.w for box in boxes) - x, max(box.y + box.h for box in boxes) - y)


@dataclass(frozen=True)
class Word:
    """A word of a line: its text, the calibrated probability that it is right, and its box in pixels of the page."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class Sheet:
    """A page as a whole.

    Attributes:
        number: of the page in its file, from 1.
        width, height: in pixels, as it was given.
        turned: degrees by which it was rotated clockwise to be read: 0, 90, 180 or 270. Boxes, baselines, polygons
            are in pixels of the page as it was given all the same.
        notes: sentences that describe what was noticed.
    """

    number: int
    width: int
    height: int
    turned: int = 0
    notes: tuple[str, ...] = ()
