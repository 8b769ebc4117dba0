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
from duktus.lines.reading.language import KEY
from duktus.lines.training.calibrating import calibrate
from duktus.lines.training.data import TranscriberData, batches, in_batches, prepare, prepare_lines_of_ones_own
from duktus.lines.training.language import of_their_own, tune_language
from duktus.lines.training.measured import measured_on_own
from duktus.lines.training.network import build, ctc, served
from duktus.lines.training.settings import TranscriberRecipe, transcriber_faults
from duktus.lines.training.storage import kept_drawn, kept_stored
from duktus.models.card import Preprocessing, Sample
from duktus.models.container import embed_card, embed_text, extract_text
from duktus.models.runtime import Session
from duktus.models.transcription import LineCalibration

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
        """Return the recipe with what one's own lines bring, and the data, prepared where they are not there yet."""
        if recipe.feed.kind == "own":
            return prepare_lines_of_ones_own(recipe, work)
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

    def validate(self, recipe: TranscriberRecipe, data: TranscriberData, predict: Predict) -> Validation | None:
        """Measure the error rate of characters and whole lines, greedy, and choose by the former.

        One's own lines that are left out measure, and choose nothing: the last weights are taken.
        """
        if recipe.feed.kind == "own":
            return None
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
        """Fit the network, from the weights of the transcriber that it starts from where there is one."""
        initial = data.start.weights_for(recipe.labels) if data.start else None
        return fit(self, recipe, data, work.folder / "checkpoint.npz", work, initial=initial)

    def pack(self, recipe: TranscriberRecipe, data: TranscriberData, fitted: Progress) -> Packed:
        """Export the best weights, compare, and calibrate on lines left out; one's own are measured on as well."""
        shown = data.validation or kept_drawn(data.files[0])
        drawn = sorted(shown[: 8 * COMPARED], key=lambda each: -each.strip.shape[1])[:COMPARED]
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
        content, scale = _scaled(content, session, recipe, data)
        card = replace(card, transcription=scale)
        sample = np.ascontiguousarray(strips[:SAMPLED, :, :SAMPLE_WIDTH])
        card = replace(card, sample=Sample.of(sample, session.run(sample)))
        if not data.held:
            return Packed(content, card, fitted.history)
        return measured_on_own(Packed(content, card, fitted.history), data)

    def summary(self, recipe: TranscriberRecipe, data: Path | None) -> str:  # noqa: ARG002  # the protocol's argument
        """Return the network's layers, parameters and operations, for a strip of 256 columns."""
        from duktus.learning.networks import describe

        labels = recipe.labels or ("?",)
        return describe(build(recipe.columns, recipe.line.height, len(labels) + 1))


def _scaled(
    content: bytes, session: Session, recipe: TranscriberRecipe, data: TranscriberData
) -> tuple[bytes, LineCalibration]:
    """Return a model file's content with its n-gram, if it has one, and the calibration on lines that are left out."""
    split = "composed by writers left out" if recipe.feed.kind == "numbers" else "lines left out"
    scale = calibrate(session, data.validation, recipe.line, split)
    if data.start:
        before = data.start.session.card.transcription or LineCalibration()
        kept = extract_text(data.start.session.content, KEY)
        content = embed_text(content, KEY, kept) if kept is not None else content
        return content, replace(scale, language=before.language, bonus=before.bonus) if scale.n else before
    if recipe.feed.kind != "lines":
        return content, scale
    learnt, measured = ([line.text for line in kept_stored(file).lines] for file in (data.files[0], data.kept[0]))
    texts = of_their_own(learnt, measured)
    tuned = tune_language(session, texts, data.validation, recipe.line, recipe.labels)
    return tuned.into(content, scale) if tuned else (content, scale)
