"""What a training that starts from an encoder begins with: weights that answer already, and examples of no label."""

from dataclasses import replace

import numpy as np

from duktus.datasets.split import choose_evenly
from duktus.glyphs.training.dataset import TrainingData
from duktus.glyphs.training.pretrained import Start
from duktus.glyphs.training.samples import Making, Samples, join_samples
from duktus.glyphs.training.synthetic_negatives import unlike_drawings
from duktus.learning.checkpoint import Arrays
from duktus.learning.recipe import Recipe

MOST_TAUGHT = 20_000
"""Images that the first scores are made of, evenly from all: more say no more about where letters lie."""


REFITTED = 0.3
"""Share of the epochs that is trained with what had been held out: little of it is new."""


def begin(recipe: Recipe, data: TrainingData, start: Start) -> TrainingData:
    """Return the data with weights that score as a gallery does, and with the drawings unlike all labels asked for."""
    own = data.own
    chosen = choose_evenly(len(own.classes), MOST_TAUGHT)
    vectors = start.vectors(own.frames[chosen])
    initial = start.scored(vectors, own.classes[chosen], len(recipe.labels), other=recipe.other)
    rng = np.random.default_rng((recipe.seed, 6))
    count = round(recipe.data.unlike * len(own.classes))
    frames = unlike_drawings(own, start, initial, count, rng)
    nobody = Samples(frames, np.full(len(frames), len(recipe.labels), np.int64))
    others = join_samples([data.others, nobody], Making(recipe.ink, recipe.glyph, recipe.labels))
    return replace(data, others=others, initial=initial)


def begin_again(
    recipe: Recipe, data: TrainingData, weights: Arrays, *, test: bool = True
) -> tuple[Recipe, TrainingData]:
    """Return what goes on from these weights with what was held out, in a short training that chooses nothing.

    Args:
        recipe: of the training.
        data: its parts.
        weights: that it begins with.
        test: whether the test part is learnt as well; what is measured afterwards has to stay out.
    """
    parts = (data.own, data.validation, data.test) if test else (data.own, data.validation)
    frames, classes = (np.concatenate([getattr(part, name) for part in parts]) for name in ("frames", "classes"))
    nothing = Samples(frames[:0], classes[:0])
    fit = replace(recipe.fit, epochs=max(1, round(REFITTED * recipe.fit.epochs)))
    whole = replace(data, own=Samples(frames, classes), validation=nothing, initial=weights)
    whole = replace(whole, test=nothing) if test else whole
    return replace(recipe, fit=fit), whole
