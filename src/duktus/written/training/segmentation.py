"""The task of a page segmenter: which pixels of a page a hand wrote, where lines run and how high their text is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from duktus.learning.checkpoint import Progress
from duktus.learning.export import compare, export_onnx
from duktus.learning.fit import fit
from duktus.learning.packing import draft_card
from duktus.learning.precision import mixed_precision
from duktus.learning.task import NETWORK_PACKAGES, Batch, Faults, Objective, Packed, Predict, Validation, Work
from duktus.models.card import Metric, Preprocessing, Sample
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.written.classes import WRITTEN
from duktus.written.evaluation.composed import measure_composed
from duktus.written.outputs import read_maps
from duktus.written.segmenter import INKED, WRITTEN_FROM, Segmenter
from duktus.written.training.composites import compose
from duktus.written.training.network import build
from duktus.written.training.settings import SegmenterRecipe, segmenter_faults
from duktus.written.training.sources import open_sources
from duktus.written.training.squares import SegmenterData, deal, prepare_squares, validation_squares
from duktus.written.training.targets import loss

COMPARED = 8
"""Squares on which the exported network is compared with Keras'."""

SAMPLED, SAMPLE_SIDE = 2, 64
"""Squares whose maps the card carries, and their side in pixels."""


class PageSegmenter:
    """Maps of a page of any size; composed pages and transcribed ones are learnt from."""

    name = "page-segmenter"
    recipe = SegmenterRecipe
    needs = NETWORK_PACKAGES

    def faults(self, recipe: SegmenterRecipe) -> Faults:
        """Return what may be wrong with a recipe, and whether it is."""
        return segmenter_faults(recipe)

    def prepare(self, recipe: SegmenterRecipe, work: Work) -> tuple[SegmenterRecipe, SegmenterData]:
        """Return the recipe as it is, and where its squares come from, cut where they are not there yet."""
        return recipe, prepare_squares(recipe, work)

    def network(self, recipe: SegmenterRecipe) -> Any:
        """Return the U-Net."""
        return build(recipe.unet)

    def objective(self, recipe: SegmenterRecipe) -> Objective:  # noqa: ARG002  # the protocol's argument
        """Return the loss of all maps, each pixel with its weight in the target."""
        return Objective(loss)

    def steps(self, recipe: SegmenterRecipe, data: SegmenterData) -> int:  # noqa: ARG002  # likewise
        """Return how many batches an epoch has."""
        return recipe.pool.steps

    def batches(self, recipe: SegmenterRecipe, data: SegmenterData, epoch: int) -> Iterator[Batch]:
        """Yield an epoch's squares with their targets, varied."""
        return deal(recipe, data, epoch)

    def validate(self, recipe: SegmenterRecipe, data: SegmenterData, predict: Predict) -> Validation:
        """Measure the intersection over union of handwriting, and choose by it; its error is that of a ratio."""
        seen, classes = validation_squares(recipe, data.validation)
        inked, truth = seen[..., 0] > INKED, classes == WRITTEN
        maps = predict(seen, batch=recipe.fit.batch)
        found = np.stack([read_maps(each).written > WRITTEN_FROM for each in maps])
        both, either = ((each & inked).sum((1, 2)) for each in (found & truth, found | truth))
        overlap = float(both.sum() / max(1, either.sum()))
        error = float(np.sqrt(((both - overlap * either) ** 2).sum()) / max(1, either.sum()))
        return Validation({"validation_overlap": overlap}, overlap, error)

    def fit(self, recipe: SegmenterRecipe, data: SegmenterData, work: Work) -> Progress:
        """Fit the network."""
        return fit(self, recipe, data, work.folder / "checkpoint.npz", work)

    def pack(self, recipe: SegmenterRecipe, data: SegmenterData, fitted: Progress) -> Packed:
        """Export the best weights, compare, and measure on pages of writers and typefaces that trained nothing."""
        seen, _ = validation_squares(recipe, data.validation)
        with mixed_precision("float32"):
            network = self.network(recipe)
            network.set_weights(fitted.best)
            content = export_onnx(network, "darkness")
            pre = Preprocessing(recipe.ink, None, darkness=recipe.darkness)
            card = draft_card(recipe, pre, data.sources, seconds=fitted.seconds, epochs=fitted.epoch)
            session = Session(embed_card(content, card))
            compare(network, session, seen[:COMPARED])
        sample = np.ascontiguousarray(seen[:SAMPLED, :SAMPLE_SIDE, :SAMPLE_SIDE])
        metrics = measure(recipe, data.folder, Segmenter(session)) if recipe.pool.measured else ()
        card = replace(card, sample=Sample.of(sample, session.run(sample)), metrics=metrics)
        return Packed(content, card, fitted.history)

    def summary(self, recipe: SegmenterRecipe, data: Path | None) -> str:  # noqa: ARG002  # the protocol's argument
        """Return the network's layers, parameters and operations, for a square that a step sees."""
        from duktus.learning.networks import describe

        return describe(build(recipe.unet, recipe.pool.crop))


def measure(recipe: SegmenterRecipe, data: Path, segmenter: Segmenter) -> tuple[Metric, ...]:
    """Measure a segmenter on pages composed of writers, documents and typefaces that train nothing.

    Args:
        recipe: how many pages, of which size.
        data: the folder of the data sets.
        segmenter: an opened model.
    """
    sources = open_sources(data, recipe.pool.fonts, kept=True)
    rngs = (np.random.default_rng((recipe.seed, 3, number)) for number in range(recipe.pool.measured))
    h, w = recipe.pool.page
    pages = (compose((h, w), sources, rng) for rng in rngs)
    figures = measure_composed(pages, segmenter, np.random.default_rng((recipe.seed, 4)))
    split = "composed pages of writers and typefaces that trained nothing"
    return tuple(
        Metric(name, each.value, each.low, each.high, each.n, split) for name, each in figures.items() if each.n
    )
