"""Latin letters and digits as pens wrote them, for an encoder beside the alphabets that people drew with a mouse."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.training.dataset import pools_of, recorded_folder
from duktus.glyphs.training.pools import PoolSettings
from duktus.glyphs.training.recorded import KINDS, once_each, recorded_characters
from duktus.glyphs.training.samples import Making, join_samples
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.samples import Samples
from duktus.learning.task import Work
from duktus.models.card import DataSource
from duktus.written.training.sources import describe_sets

ALPHABET = "UNIPEN"
"""What labels of recorded characters begin with, as those of Omniglot with the alphabet's name."""

ONE_SHAPE = ("cC", "kK", "mM", "pP", "sS", "uU", "vV", "wW", "xX", "yY", "zZ", "0Oo", "1Il")
"""Characters that an encoder learns as one: it sees no size."""

HELD = 3000
"""Drawings by writers who train nothing, by which the weights are chosen and calibrated."""


class Pens(NamedTuple):
    """Glyphs of recorded characters, those held out, their labels, and the set as a card names it."""

    trained: Samples
    held: Samples
    labels: tuple[str, ...]
    sources: tuple[DataSource, ...]


def prepare_pens(recipe: GlyphRecipe, work: Work, first: int) -> Pens:
    """Return as many glyphs of recorded characters as the recipe's pools name.

    Args:
        recipe: of an encoder.
        work: its folder keeps them.
        first: the class of the first label.

    Raises:
        DataError: UNIPEN's strokes are not there.
    """
    making = Making(recipe.ink, recipe.glyph, ())
    nothing = join_samples([], making)
    if not recipe.pools.recorded:
        return Pens(nothing, nothing, (), ())
    folder = recorded_folder()
    making = replace(making, labels=tuple(sorted(recorded_characters(folder))), recorded=folder)
    alone = replace(recipe, pools=PoolSettings(recorded=recipe.pools.recorded))
    blank = Samples(np.zeros((1, *recipe.shape), np.uint8), np.zeros(1, np.int64))  # nothing is made of it
    trained, _ = pools_of(alone, making, blank, work, "pens")
    held = once_each(making, recipe.seed, kept=True)
    some = np.sort(np.random.default_rng((recipe.seed, 8)).permutation(len(held))[:HELD])
    labels, shape = _shapes(making.labels)
    source = tuple(each for each in describe_sets(folder.parent, KINDS) if each.name == "unipen")
    learnt, kept = (Samples(part.frames, first + shape[part.classes]) for part in (trained, held.take(some)))
    return Pens(learnt, kept, labels, source)


def _shapes(characters: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the labels of shapes, and which of them each character has."""
    of = {character: group for group in ONE_SHAPE for character in group}
    shapes = list(dict.fromkeys(of.get(character, character) for character in characters))
    places = np.array([shapes.index(of.get(character, character)) for character in characters], np.int64)
    return tuple(f"{ALPHABET}/{shape}" for shape in shapes), places
