"""Where the characters of a number stand, and how they hang together, before it is drawn.

Lengths are in heights of a digit, the baseline at y = 0 and y downwards.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.lines.training.composing.scribes import Glyph, Scribe, sign_glyph
from duktus.pen.families import sample_noughts
from duktus.pen.pages.quick import Track, smooth_path

SIGNS = ".,-/+:"

POINTS = ".,:"
"""Signs that are written beside a digit: none of them runs into its foot."""


@dataclass(frozen=True)
class Manner:
    """How one number is written.

    Attributes:
        gap: between characters, negative where they overlap.
        gap_spread: its standard deviation.
        slant: shear to the right.
        slope: rise of the line.
        size_spread: relative standard deviation of the size of characters.
        drift: how far characters stray from the baseline.
        aspect: width of characters against those that were recorded.
        ligature: how often a character is joined to the next.
        raised: cents are small, raised and perhaps underlined.
        lift: how far points stand above the baseline.
        tick: height of ones, which some people write as a tick.
        garland: how often noughts that follow each other are written in one stroke.
    """

    gap: float
    gap_spread: float
    slant: float
    slope: float
    size_spread: float
    drift: float
    aspect: float
    ligature: float
    raised: bool
    lift: float = 0.0
    tick: float = 1.0
    garland: float = 0.0


def sample_manner(rng: np.random.Generator) -> Manner:
    """Return a manner: mostly even, now and then crowded, wide or hasty."""
    wide = rng.random() < 0.12
    return Manner(
        gap=float(rng.uniform(0.3, 0.9) if wide else np.clip(rng.normal(0.13, 0.12), -0.12, 0.5)),
        gap_spread=float(rng.uniform(0.02, 0.1)),
        slant=float(np.clip(rng.normal(0.05, 0.2), -0.5, 0.65)),
        slope=float(rng.normal(0, 0.04)),
        size_spread=float(rng.uniform(0.02, 0.14)),
        drift=float(rng.uniform(0.01, 0.07)),
        aspect=float(np.exp(rng.normal(0, 0.17))),
        ligature=float(rng.choice([0.0, 0.0, 0.0, rng.uniform(0.1, 0.6)])),
        raised=bool(rng.random() < 0.12),
        lift=float(rng.uniform(0.08, 0.55) if rng.random() < 0.3 else 0.0),
        tick=float(rng.uniform(0.35, 0.75) if rng.random() < 0.08 else 1.0),
        garland=float(rng.choice([0.0, 0.0, 1.0])),
    )


class Span(NamedTuple):
    """A character of a layout: its strokes from ``first`` to ``last``, or its picture where that is not -1."""

    character: str
    first: int
    last: int
    picture: int


@dataclass(eq=False)
class Layout:
    """A number as it is laid out: strokes, pictures with where they stand (x, base, height), and its width.

    ``spans`` tells which of them are which character.
    """

    strokes: list[Track]
    pictures: list[tuple[NDArray[np.uint8], float, float, float]]
    width: float = 0.0
    spans: list[Span] = field(default_factory=list[Span])


def lay_out(text: str, scribe: Scribe, manner: Manner, rng: np.random.Generator) -> Layout | None:
    """Lay a number out; None where the writer does not know a digit of it."""
    laid, x, height = Layout([], []), 0.0, 1.0
    garlands = _garlands(text, manner, rng)
    cents = len(text) - max(text.rfind("."), text.rfind(",")) - 1
    raised = manner.raised and cents == 2 and len(text) > 3
    for place, character in enumerate(text):
        if place in garlands:
            nought = garlands[place]
            _put(laid, character, nought, (x, 0.0), (manner.aspect, 1.0), manner, rng)
            x += nought.width * manner.aspect + (0.0 if place + 1 in garlands else _gap(character, manner, rng))
            continue
        glyph = scribe.form(character, rng) if character not in SIGNS or rng.random() < 0.35 else None
        if glyph is None and character in SIGNS:
            glyph = sign_glyph(character, rng)
        if glyph is None:
            return None
        small = raised and place >= len(text) - 2
        height = float(np.exp(rng.normal(0, manner.size_spread))) * (0.62 if small else 1.0)
        base = float(rng.normal(0, manner.drift)) - (0.42 if small else 0.0)
        height = 1.0 if character in SIGNS else height * (manner.tick if character == "1" else 1.0)
        across = height * manner.aspect
        if character in POINTS and text[:place]:
            x += float(rng.uniform(0.1, 0.5) if rng.random() < 0.12 else rng.uniform(0.02, 0.14))
        if character == ".":
            base -= manner.lift
        if raised and character in ".," and rng.random() < 0.6:
            x += 0.1
            continue
        _put(laid, character, glyph, (x, base), (across, height), manner, rng)
        x += glyph.width * across + _gap(character, manner, rng)
    if raised and rng.random() < 0.6:
        row = float(rng.uniform(-0.38, -0.22))
        ends = np.array(((x - 1.1, row), (x + 0.05, row + rng.normal(0, 0.04))), np.float32)
        laid.strokes += [ends] if rng.random() < 0.7 else [ends, ends + np.array((0, 0.12), np.float32)]
    laid.width = max(x, 0.2)
    return laid


def _garlands(text: str, manner: Manner, rng: np.random.Generator) -> dict[int, Glyph]:
    """Return the noughts that hang together, by their place in a number."""
    found = {}
    for run in re.finditer("00+", text):
        if rng.random() < manner.garland:
            strokes, pitch = sample_noughts(len(run[0]), rng)
            for place, path in enumerate(strokes, run.start()):
                found[place] = Glyph((smooth_path(path),), None, pitch)
    return found


def _gap(character: str, manner: Manner, rng: np.random.Generator) -> float:
    gap = manner.gap + float(rng.normal(0, manner.gap_spread))
    if character in POINTS:
        gap = 0.5 * gap + float(rng.uniform(0.2, 0.7) if rng.random() < 0.15 else rng.uniform(0.04, 0.2))
    return max(gap, -0.18)


def _put(
    laid: Layout,
    character: str,
    glyph: Glyph,
    place: tuple[float, float],
    size: tuple[float, float],
    manner: Manner,
    rng: np.random.Generator,
) -> None:
    shift = np.array(place, np.float32)
    if glyph.picture is not None:
        laid.spans.append(Span(character, 0, 0, len(laid.pictures)))
        laid.pictures.append((glyph.picture, *place, size[1]))
        return
    first = len(laid.strokes)
    laid.strokes += [stroke * np.array(size, np.float32) + shift for stroke in glyph.strokes]
    laid.spans.append(Span(character, first, len(laid.strokes), -1))
    if first and rng.random() < manner.ligature:
        start, end = laid.strokes[first - 1][-1], laid.strokes[first][0]
        laid.strokes.append(np.stack((start, (start + end) / 2 + np.array((0, 0.06), np.float32), end)))
