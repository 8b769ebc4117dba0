"""Digits in forms that recorded writers seldom show: ones with long upstrokes, barred sevens, open fours, looped twos.

A form's measures are drawn once a number, as one hand keeps its habits; each instance strays a little from them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.lines.training.scribes import Glyph, Scribe, measured
from duktus.pen.pages.quick import smooth_path

Points = list[tuple[float, float]]

STRAY = 0.018
"""Standard deviation of the points of an instance, in heights of a digit."""


@dataclass(frozen=True, eq=False)
class Habitual:
    """A writer some of whose digits are of forms drawn for one number.

    ``skeletons`` are the strokes of these digits.
    """

    scribe: Scribe
    skeletons: Mapping[str, list[NDArray[np.float32]]]

    def form(self, character: str, rng: np.random.Generator) -> Glyph | None:
        """Return a character in its habitual form, else as the writer writes it."""
        strokes = self.skeletons.get(character)
        if strokes is None:
            return self.scribe.form(character, rng)
        strayed = (path + rng.normal(0, STRAY, path.shape).astype(np.float32) for path in strokes)
        return measured([smooth_path(path) for path in strayed])


def sample_habits(scribe: Scribe, rng: np.random.Generator) -> Scribe:
    """Return a writer with habits of one's own, or as it is."""
    chosen = {digit: draw for digit, (share, draw) in _FORMS.items() if rng.random() < share}
    if not chosen:
        return scribe
    skeletons = {digit: [np.array(path, np.float32) for path in draw(rng)] for digit, draw in chosen.items()}
    return Habitual(scribe, skeletons)


def _one(rng: np.random.Generator) -> list[Points]:
    long, wide = float(rng.uniform(0.12, 1.0)), float(rng.uniform(0.1, 0.55))
    bow, foot = float(rng.normal(0, 0.05)), float(rng.normal(0.0, 0.06))
    start = (-wide * (0.5 + 0.5 * long), -1 + long)
    half = ((start[0]) / 2 + bow, (start[1] - 1) / 2 - abs(bow))
    path: Points = [start, half, (0, -1), (foot / 2, -0.5), (foot, 0)]
    serif = float(rng.uniform(0.1, 0.3))
    return [path, [(foot - serif, 0), (foot + serif, 0)]] if rng.random() < 0.12 else [path]


def _seven(rng: np.random.Generator) -> list[Points]:
    wide, drop = float(rng.uniform(0.35, 0.7)), float(rng.uniform(-0.05, 0.22))
    foot, bend = float(rng.uniform(0.0, 0.35)), float(rng.normal(0.03, 0.05))
    path: Points = [(0, -1 + drop), (0.4 * wide, -1 + bend), (wide, -1), ((wide + foot) / 2 + bend, -0.5), (foot, 0.08)]
    if rng.random() < 0.4:
        path = [(0.02, -0.75 + drop), *path]
    if rng.random() < 0.35:
        return [path]
    row, middle = float(rng.uniform(-0.58, -0.36)), (wide + foot) / 2
    half = float(rng.uniform(0.12, 0.3))
    return [path, [(middle - half, row + rng.normal(0, 0.04)), (middle + half, row)]]


def _four(rng: np.random.Generator) -> list[Points]:
    wide, row = float(rng.uniform(0.4, 0.7)), float(rng.uniform(-0.48, -0.22))
    stem = wide * float(rng.uniform(0.6, 0.85))
    if rng.random() < 0.3:
        return [[(stem, 0), (stem, -1), (0, row), (wide, row)]]
    top = float(rng.uniform(0.2, 0.6)) * wide
    return [[(top, -1), (0, row), (wide, row)], [(stem, row - rng.uniform(0.1, 0.55)), (stem - 0.04, 0.1)]]


def _nine(rng: np.random.Generator) -> list[Points]:
    r, high = float(rng.uniform(0.2, 0.3)), float(rng.uniform(0.22, 0.32))
    turns = np.linspace(-0.6, -0.6 - 2 * np.pi * rng.uniform(0.9, 1.05), 9)
    loop = [(float(r + r * np.cos(t)), float(-1 + high + high * np.sin(t))) for t in turns]
    foot = float(rng.uniform(-0.1, 0.5))
    tail: Points = [(2 * r, -1 + high), (2 * r - 0.03, -0.4), (foot, 0.05)]
    if rng.random() < 0.4:
        tail.append((foot - 0.2, -0.06))
    return [loop + tail]


def _two(rng: np.random.Generator) -> list[Points]:
    wide, loop = float(rng.uniform(0.4, 0.65)), float(rng.uniform(0.0, 0.16))
    head: Points = [(0.03, -0.75), (0.3 * wide, -1), (0.9 * wide, -0.9), (0.85 * wide, -0.6), (0.2 * wide, -0.12)]
    knot: Points = [(0, 0), (-0.06, -loop), (0.12, -1.6 * loop), (0.3 * wide, -0.04)] if loop > 0.05 else [(0, 0)]
    return [[*head, *knot, (wide * rng.uniform(0.9, 1.35), float(rng.normal(-0.02, 0.05)))]]


def _nought(rng: np.random.Generator) -> list[Points]:
    wide = float(rng.uniform(0.22, 0.42))
    first = float(rng.uniform(-2.4, -0.6))
    turns = np.linspace(first, first - 2 * np.pi * rng.uniform(0.88, 1.1), 11)
    ring = [(float(wide + wide * np.cos(t)), float(-0.5 + 0.5 * np.sin(t))) for t in turns]
    return [ring + ([(2.3 * wide, -1.0)] if rng.random() < 0.15 else [])]


_FORMS: Mapping[str, tuple[float, Callable[[np.random.Generator], list[Points]]]] = {
    "1": (0.5, _one), "7": (0.3, _seven), "4": (0.25, _four), "9": (0.25, _nine), "2": (0.2, _two),
    "0": (0.15, _nought),
}  # fmt: skip
"""For each digit how often its form is drawn, and how."""
