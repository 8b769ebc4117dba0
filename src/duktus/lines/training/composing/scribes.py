"""Who writes composed lines: recorded writers, the project's own pen, and drawings of digits that look like one hand's.

A character is strokes in units of a digit's height, the baseline at y = 0 and y downwards, or a picture of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from duktus.pen.hand import Hand, sample_hand, write
from duktus.pen.letters import skeletons
from duktus.pen.pages.quick import Track, smooth_path


class Glyph(NamedTuple):
    """A character as strokes, or as a picture (h, w) uint8 of full height, and its width in digit heights."""

    strokes: tuple[Track, ...]
    picture: NDArray[np.uint8] | None
    width: float


class Scribe(Protocol):
    """One writer."""

    def form(self, character: str, rng: np.random.Generator) -> Glyph | None:
        """Return a character as this writer writes it; None where that is not known."""
        ...


@dataclass(frozen=True, eq=False)
class Recorded:
    """A writer whose characters were recorded, by character."""

    forms: Mapping[str, Sequence[Glyph]]

    def form(self, character: str, rng: np.random.Generator) -> Glyph | None:
        """Return one of the recorded forms."""
        known = self.forms.get(character)
        return known[int(rng.integers(len(known)))] if known else None


@dataclass(frozen=True, eq=False)
class Penned:
    """A hand of the project's own pen; forms are written once each and then repeated."""

    hand: Hand
    kept: dict[str, list[Glyph]]

    def form(self, character: str, rng: np.random.Generator) -> Glyph | None:
        """Return a character by the pen; None where it has no skeleton."""
        if character not in skeletons():
            return None
        known = self.kept.setdefault(character, [])
        if len(known) < 2:
            strokes = write(character, self.hand, rng).strokes
            known.append(measured([stroke[:, :2] / np.float32(self.hand.size) for stroke in strokes]))
        return known[int(rng.integers(len(known)))]


def sample_penned(rng: np.random.Generator) -> Penned:
    """Return a new hand of the project's own pen."""
    return Penned(sample_hand(rng), {})


def measured(strokes: list[Track]) -> Glyph:
    """Return strokes as a glyph that begins at x = 0."""
    left = min(float(stroke[:, 0].min()) for stroke in strokes)
    right = max(float(stroke[:, 0].max()) for stroke in strokes)
    shift = np.array((left, 0), np.float32)
    return Glyph(tuple(np.asarray(stroke - shift, np.float32) for stroke in strokes), None, right - left)


def recorded_glyph(strokes: Sequence[NDArray[np.float32]]) -> Glyph | None:
    """Return a recorded character at the height 1 on the baseline; None where it has none."""
    joined = np.concatenate(strokes)
    low, high = joined.min(axis=0), joined.max(axis=0)
    height = float(high[1] - low[1])
    if height < 1:
        return None
    base = np.array((low[0], high[1]), np.float32)
    return measured([smooth_path((stroke - base) / np.float32(height)) for stroke in strokes])


def pictured_glyph(picture: NDArray[np.uint8]) -> Glyph | None:
    """Return a drawing (h, w) of a character, 255 = ink, cut to its ink; None where it has none."""
    rows, columns = (np.flatnonzero(picture.max(axis=axis) > 60) for axis in (1, 0))
    if len(rows) < 2:
        return None
    cut = np.ascontiguousarray(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return Glyph((), cut, cut.shape[1] / cut.shape[0])


def sign_glyph(character: str, rng: np.random.Generator) -> Glyph:
    """Return a sign in one of the forms that people write."""
    return measured(_SIGN_STROKES[character](rng))


def _mark(rng: np.random.Generator) -> list[Track]:
    kind = rng.random()
    if kind < 0.55:
        return [np.array(((0, rng.normal(0, 0.03)),), np.float32)]
    if kind < 0.65:  # a short dash
        return [_line(rng, (0, rng.normal(0, 0.03)), (rng.uniform(0.06, 0.16), rng.normal(0, 0.03)))]
    return [_line(rng, (0, rng.normal(-0.02, 0.04)), (rng.uniform(0.01, 0.07), rng.normal(0.02, 0.04)))]


def _comma(rng: np.random.Generator) -> list[Track]:
    deep, back = float(rng.uniform(0.1, 0.34)), float(rng.normal(0.08, 0.07))
    top = float(rng.normal(-0.06, 0.06))
    return [_line(rng, (back, top), (0, top + deep), bow=float(rng.normal(0.03, 0.03)))]


def _dash(rng: np.random.Generator) -> list[Track]:
    wide, row = float(rng.uniform(0.22, 0.75)), float(rng.normal(-0.45, 0.08))
    return [_line(rng, (0, row), (wide, row + rng.normal(0, 0.05)), bow=float(rng.normal(0, 0.03)))]


def _slash(rng: np.random.Generator) -> list[Track]:
    lean = float(rng.uniform(0.1, 0.75))
    ends = (lean, -float(rng.uniform(0.95, 1.35))), (0, float(rng.uniform(-0.05, 0.35)))
    first, last = ends if rng.random() < 0.7 else ends[::-1]
    return [_line(rng, first, last, bow=float(rng.normal(0, 0.03)))]


def _plus(rng: np.random.Generator) -> list[Track]:
    wide, row, up = float(rng.uniform(0.35, 0.6)), float(rng.normal(-0.45, 0.06)), float(rng.uniform(0.35, 0.6))
    at = wide * float(rng.uniform(0.4, 0.6))
    return [
        _line(rng, (0, row), (wide, row + rng.normal(0, 0.03))),
        _line(rng, (at + rng.normal(0, 0.03), row - up / 2), (at, row + up / 2)),
    ]


def _colon(rng: np.random.Generator) -> list[Track]:
    high = -float(rng.uniform(0.35, 0.65))
    return [stroke + np.array((0, row), np.float32) for row in (-0.06, high) for stroke in _mark(rng)]


def _line(
    rng: np.random.Generator, first: tuple[float, float], last: tuple[float, float], bow: float = 0.0
) -> NDArray[np.float32]:
    """Return a stroke from one point to another, bent by ``bow`` to its side."""
    start, end = np.array(first), np.array(last)
    way = end - start
    share = np.linspace(0, 1, 5)[:, None]
    side = np.array((-way[1], way[0])) / max(1e-6, float(np.hypot(*way)))
    points = start + share * way + side * bow * np.sin(np.pi * share) + rng.normal(0, 0.006, (5, 2))
    return np.asarray(points, np.float32)


_SIGN_STROKES = {".": _mark, ",": _comma, "-": _dash, "/": _slash, "+": _plus, ":": _colon}
"""How each sign is written."""
