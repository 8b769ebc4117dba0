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
        if strokes is not None:
            skeletons[digit] = strokes
    return Habitual(scribe, skeletons) if skeletons else scribe
