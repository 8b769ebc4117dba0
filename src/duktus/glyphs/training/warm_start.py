"""A warm start: weights that answer before any step, and synthetic negatives made by them."""

from dataclasses import replace

import numpy as np

from duktus.datasets.split import choose_evenly
from duktus.glyphs.training.pretrained import PretrainedEncoder
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.synthetic_negatives import synthetic_negatives
from duktus.learning.samples import Samples, TrainingData, concatenate

MOST_TAUGHT = 20_000
"""Images that the first scores are made of, evenly from all: more say no more about where letters lie."""


def warm_start(recipe: GlyphRecipe, data: TrainingData, encoder: PretrainedEncoder) -> TrainingData:
    """Return the data with weights that score as a gallery does, and with as many negatives as the recipe names."""
    own = data.own
    chosen = own.take(choose_evenly(len(own), MOST_TAUGHT))
    initial = encoder.initial_weights(
        encoder.vectors(chosen.frames), chosen.classes, len(recipe.labels), other=recipe.other
    )
    rng = np.random.default_rng((recipe.seed, 6))
    frames = synthetic_negatives(own, encoder, initial, round(recipe.data.unlike * len(own)), rng)
    negatives = Samples(frames, np.full(len(frames), len(recipe.labels), np.int64))
    return replace(data, others=concatenate([data.others, negatives]), initial=initial)
