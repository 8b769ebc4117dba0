"""Writers some of whose digits are of forms that recorded writers seldom show.

Which forms, and their measures, are drawn once a number; each instance strays a little from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.lines.training.composing.scribes import Glyph, Scribe, measured
from duktus.pen.families import sample_family
from duktus.pen.pages.quick import smooth_path

STRAY = 0.018
"""Standard deviation of the points of an instance, in heights of a digit."""

SHARES: Mapping[str, float] = {
    "0": 0.2, "1": 0.45, "2": 0.2, "3": 0.1, "4": 0.25, "5": 0.1, "6": 0.1, "7": 0.3, "8": 0.1, "9": 0.25
}  # fmt: skip
"""How often each digit is of such a form."""

BY_NEIGHBOURS = 0.06
"""How often a two or a seven is of a form that is told as one by the digits beside it alone."""


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
    skeletons = {}
    for digit, share in SHARES.items():
        strokes = sample_family(digit, rng) if rng.random() < share else None
        if digit in _BY_NEIGHBOURS and rng.random() < BY_NEIGHBOURS:
            strokes = _BY_NEIGHBOURS[digit](rng)
        if strokes is not None:
            skeletons[digit] = strokes
    return Habitual(scribe, skeletons) if skeletons else scribe


def _cross(rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return a seven of a stem and a bar, with hardly a flag: alone it is a plus or a t."""
    top, foot, flag = rng.uniform(0.2, 0.55), rng.uniform(0.0, 0.25), rng.uniform(0.0, 0.16)
    row, half, tilt = rng.uniform(-0.62, -0.36), rng.uniform(0.16, 0.36), rng.normal(0, 0.05)
    middle = foot - row * (top - foot)
    stem = [
        (top - flag, -1 + rng.uniform(0, 0.12)),
        (top, -1),
        ((top + foot) / 2 + rng.normal(0, 0.02), -0.5),
        (foot, 0.06),
    ]
    bar = [(middle - half, row - tilt), (middle, row + rng.normal(0, 0.03)), (middle + half, row + tilt)]
    return [np.array(stem[flag < 0.04 :], np.float32), np.array(bar, np.float32)]


def _closed(rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return a two whose head is a loop, closed or nearly: alone it is a nine with a foot, or a script letter."""
    wide, deep = rng.uniform(0.28, 0.5), rng.uniform(-0.62, -0.42)
    turns = np.linspace(rng.uniform(1.0, 2.1), 7.6, 10)
    middle, high = (deep - 1) / 2, (deep + 1) / 2
    head = np.stack((wide / 2 * (1 + np.cos(turns)), middle + high * np.sin(turns)), axis=1)
    knot = [(rng.uniform(-0.1, 0.05), -0.1), (0.0, 0.02), (0.12, -0.08)] if rng.random() < 0.6 else [(0.0, 0.0)]
    tail = [*knot, (0.5 * wide, 0.0), (wide * rng.uniform(1.0, 1.7), rng.normal(0.02, 0.06))]
    return [np.concatenate((head, np.array(tail))).astype(np.float32)]


_BY_NEIGHBOURS = {"2": _closed, "7": _cross}
"""How the forms are drawn that neighbours tell."""
