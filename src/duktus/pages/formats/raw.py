"""A line as a PAGE or ALTO file has it, and the numbers of its attributes."""

import math
from dataclasses import dataclass
from typing import TypeAlias

from duktus.pages.formats.markup import read_points
from duktus.types import Alternative

RawPoints: TypeAlias = list[tuple[float, float]]
"""Places in the units of the file, perhaps off the page, perhaps no finite numbers."""

FARTHEST = (1 << 31) - 1
"""No place lies farther off."""


@dataclass(frozen=True)
class RawLine:
    """A line as a file has it: raw coordinates, and which block it stands in."""

    name: str
    polygon: RawPoints
    baseline: RawPoints
    text: str
    confidence: float
    alternatives: tuple[Alternative, ...]
    words: tuple[tuple[str, float, RawPoints], ...]
    block: int
    cell: tuple[int, int] | None


@dataclass(frozen=True)
class RawPage:
    """A page as a file has it: what its image is called, its size in the file's units (0 unknown), and its lines."""

    image: str
    width: float
    height: float
    lines: list[RawLine]


def number_of(text: str | None) -> float:
    """Return the number that an attribute holds; 0 where it holds none."""
    try:
        value = float(text or "")
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def whole_of(value: float, least: int = 0) -> int:
    """Return a number as a whole one that a size or a place may be."""
    return min(FARTHEST, max(least, round(value)))


def points_of(text: str) -> RawPoints:
    """Return the places that an attribute names; none where one is no number."""
    try:
        return read_points(text)
    except ValueError:
        return []


def confidence_of(text: str | None) -> float:
    """Return a probability; certainty where nothing is said of it."""
    return min(1.0, max(0.0, number_of(text))) if text else 1.0
