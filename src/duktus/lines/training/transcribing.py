"""The task of a line-transcriber: strips of lines to text."""

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
from duktus.lines.evaluation.edits import distance
from duktus.lines.reading.ctc import path_of
from duktus.lines.training.calibrating import calibrate
from duktus.lines.training.data import TranscriberData, batches, in_batches, prepare
from duktus.lines.training.network import build, ctc, served
from duktus.lines.training.settings import TranscriberRecipe, transcriber_faults
from duktus.models.card import Preprocessing, Sample
from duktus.models.container import embed_card
from duktus.models.runtime import Session

COMPARED, SAMPLED, SAMPLE_WIDTH = 8, 2, 128
"""Strips on which the exported network is compared with Keras', and those whose outputs the card carries."""


class LineTranscriber:
    """Text of strips of any width; composed lines and transcribed ones are learnt from."""

    name = "line-transcriber"
    recipe = TranscriberRecipe
    needs = NETWORK_PACKAGES

    def faults(self, recipe: TranscriberRecipe) -> Faults:
        """Return what may be wrong with a recipe, and whether it is."""
        return transcriber_faults(recipe)

    def prepare(self, recipe: TranscriberRecipe, work: Work) -> tuple[TranscriberRecipe, TranscriberData]:
        """Return the recipe as it is, and the data, prepared where they are not there yet."""
        return recipe, prepare(recipe, work)

    def network(self, recipe: TranscriberRecipe) -> Any:
        """Return the network with its second head, if it has one."""
        return build(recipe.columns, recipe.line.height, len(recipe.labels) + 1)

    def objective(self, recipe: TranscriberRecipe) -> Objective:
        """Return the loss of connectionist temporal classification, a character."""
        return Objective(ctc(recipe.columns.shortcut, len(recipe.labels) + 1))

    def steps(self, recipe: TranscriberRecipe, data: TranscriberData) -> int:  # noqa: ARG002  # the protocol's argument
        """Return how many batches an epoch has."""
        return recipe.feed.steps

    def batches(self, recipe: TranscriberRecipe, data: TranscriberData, epoch: int) -> Iterator[Batch]:
        """Yield an epoch's strips with their targets."""
        return batches(recipe, data, epoch)

    def validate(self, recipe: TranscriberRecipe, data: TranscriberData, predict: Predict) -> Validation:
        """Measure the error rate of characters and whole lines, greedy, and choose by the former."""
        wrong, length, exact = [], [], []
        for numbers, batch in in_batches(data.validation, recipe.line.step):
            strips, targets = batch.arrays()
            best = predict(strips, batch=len(strips))[..., : len(recipe.labels) + 1].argmax(axis=-1)
            for number, row, steps in zip(numbers, best, targets[:, -1], strict=True):
                truth = data.validation[number].outputs
                off = distance(truth, path_of(row[:steps]).outputs)
                wrong.append(off)
                length.append(len(truth))
                exact.append(off == 0)
        rate = sum(wrong) / max(1, sum(length))
        spread = np.array(wrong) - rate * np.array(length)
        error = float(np.sqrt((spread**2).sum()) / max(1, sum(length)))
        logs = {"validation_errors": rate, "validation_exact_accuracy": float(np.mean(exact))}
        return Validation(logs, -rate, error)

    def fit(self, recipe: TranscriberRecipe, data: TranscriberData, work: Work) -> Progress:
        """Fit the network."""
        return fit(self, recipe, data, work.folder / "checkpoint.npz", work)

    def pack(self, recipe: TranscriberRecipe, data: TranscriberData, fitted: Progress) -> Packed:
        """Export the best weights, compare, and calibrate on the lines that chose them; the card has no figures."""
        drawn = sorted(data.validation[: 8 * COMPARED], key=lambda each: -each.strip.shape[1])[:COMPARED]
        strips = next(in_batches(drawn, recipe.line.step))[1].arrays()[0]
        with mixed_precision("float32"):
            network = self.network(recipe)
            network.set_weights(fitted.best)
            network = served(network)
            content = export_onnx(network, "strips")
            pre = Preprocessing(recipe.ink, None, line=recipe.line)
            card = draft_card(
                recipe, pre, data.sources, labels=recipe.labels, seconds=fitted.seconds, epochs=fitted.epoch
            )
            session = Session(embed_card(content, card))
            compare(network, session, strips)
        split = "composed by writers left out" if recipe.feed.kind == "numbers" else "lines left out"
        card = replace(card, transcription=calibrate(session, data.validation, recipe.line, split))
        sample = np.ascontiguousarray(strips[:SAMPLED, :, :SAMPLE_WIDTH])
        card = replace(card, sample=Sample.of(sample, session.run(sample)))
        return Packed(content, card, fitted.history)

    def summary(self, recipe: TranscriberRecipe, data: Path | None) -> str:  # noqa: ARG002  # the protocol's argument
        """Return the network's layers, parameters and operations, for a strip of 256 columns."""
        from duktus.learning.networks import describe

        labels = recipe.labels or ("?",)
        return describe(build(recipe.columns, recipe.line.height, len(labels) + 1))
