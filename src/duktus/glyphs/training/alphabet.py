"""An alphabet as recorded pens wrote it: writers who train, and others by whom a network is chosen and measured."""

import numpy as np

from duktus.glyphs.training.dataset import omniglot_source, pools_of, recorded_folder
from duktus.glyphs.training.recorded import KINDS, once_each
from duktus.glyphs.training.samples import Making
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.samples import TrainingData
from duktus.learning.task import Work
from duktus.types import DataError
from duktus.written.training.sources import describe_sets

SOURCE = "unipen"
"""What a recipe's ``data.source`` names for recorded pens."""


def prepare_alphabet(recipe: GlyphRecipe, work: Work) -> TrainingData:
    """Return everything that an alphabet is trained on: each recorded piece once, and the recipe's pools.

    Of the writers who train nothing, one half of the pieces chooses, the other measures.

    Raises:
        DataError: UNIPEN's strokes are not there, or hold none of a label.
    """
    folder = recorded_folder()
    making = Making(recipe.ink, recipe.glyph, recipe.labels, folder)
    work.report("drawing what the writers wrote")
    own, held = (once_each(making, recipe.seed, kept=kept) for kept in (False, True))
    missing = sorted(set(range(len(recipe.labels))) - set(own.classes.tolist()))
    if missing or not len(held):
        what = ", ".join(recipe.labels[place] for place in missing[:9]) or "writers kept to measure on"
        raise DataError(f"expected recorded characters of every label in {folder}, found none of {what}")
    order = np.random.default_rng((recipe.seed, 1)).permutation(len(held))
    half = len(order) // 2
    validation, test = held.take(order[:half]), held.take(order[half:])
    work.report(f"unipen: {len(own)} drawings to train, {half} to choose by, {len(order) - half} to test, by others")
    characters, others = pools_of(recipe, making, own, work)
    (source,) = (each for each in describe_sets(folder.parent, KINDS) if each.name == SOURCE)
    parts = (own, characters, others, validation, test)
    foreign = (omniglot_source(recipe),) if recipe.pools.omniglot else ()
    return TrainingData(*parts, (source, *foreign))
