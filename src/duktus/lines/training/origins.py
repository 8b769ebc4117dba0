"""Where the strips of a training come from: opened from what was prepared on disk."""

from pathlib import Path

import numpy as np

from duktus.imaging.frames.line import frame_line
from duktus.lines.training.feed import Source, Strip, StripBatch, make_unit
from duktus.lines.training.numbers import Scribes, compose_number
from duktus.lines.training.settings import TranscriberRecipe
from duktus.lines.training.writers import open_writers
from duktus.workers.job import Steps, answer_each


class Numbers:
    """Composed numbers.

    Args:
        recipe: the frame of its strips.
        file: the writers.
    """

    def __init__(self, recipe: TranscriberRecipe, file: Path) -> None:
        self._scribes, self._frame = Scribes(*open_writers(file)), recipe.line

    def draw(self, rng: np.random.Generator) -> tuple[Strip, str]:
        """Return a number's strip and its text."""
        ink, text = compose_number(self._scribes, rng)
        return frame_line(ink, self._frame).strip, text


def open_source(recipe: TranscriberRecipe, files: tuple[Path, ...]) -> Source:
    """Open what strips are drawn from."""
    return Numbers(recipe, files[0])


def open_feeder(recipe: TranscriberRecipe, files: tuple[Path, ...]) -> Steps:
    """Return what makes the unit of an epoch and a number; a process of its own opens this."""
    source = open_source(recipe, files)

    def make(place: tuple[int, int]) -> list[StripBatch]:
        return make_unit(source, recipe, np.random.default_rng((recipe.seed, 5, *place)))

    return answer_each(make)
