"""Fitted weights become a hand classifier's content, measured on patches, lines and pages."""

from dataclasses import replace
from datetime import date

import numpy as np

from duktus.glyphs.training.dataset import as_glyphs
from duktus.glyphs.training.packing import COMPARED, SAMPLED, network_of, together, versions
from duktus.hands.evaluation.level_accuracy import accuracy_by_level
from duktus.hands.training.lines import PatchData
from duktus.hands.training.votes import calibrate_votes
from duktus.imaging.frames.strip import patch_ink
from duktus.learning.checkpoint import Progress
from duktus.learning.export import compare, export_onnx
from duktus.learning.precision import mixed_precision
from duktus.learning.recipe import Recipe
from duktus.models.card import Card, Metric, Preprocessing, Sample, Training
from duktus.models.container import embed_card
from duktus.models.runtime import Session


def pack_hands(
    recipe: Recipe, data: PatchData, progress: Progress, refitted: Progress | None = None
) -> tuple[bytes, Card]:
    """Export the best weights, compare, calibrate on the validation part, measure on the test part's three levels.

    Args:
        recipe: of a hand classifier, its writers as its labels.
        data: what it was trained on.
        progress: the training at its end.
        refitted: what went on from there with the validation part, and is exported and measured; the calibration is
            that of ``progress``, which did not see that part.
    """
    glyphs = as_glyphs(data.validation.frames)
    whole = progress if refitted is None else together(progress, refitted)
    with mixed_precision("float32"):
        network = network_of(recipe)
        network.set_weights(progress.best)
        scores = np.asarray(network.predict(glyphs, verbose=0), np.float32)
        network.set_weights(whole.best)
        content = export_onnx(network)
        card = _card(recipe, data, whole)
        session = Session(embed_card(content, card))
        compare(network, session, glyphs[:COMPARED])
    return content, replace(
        card,
        sample=Sample.of(glyphs[:SAMPLED], session.run(glyphs[:SAMPLED])),
        calibration=calibrate_votes(recipe, scores, data),
        metrics=_measure(recipe, session, data),
    )


def _measure(recipe: Recipe, session: Session, data: PatchData) -> tuple[Metric, ...]:
    """Return the shares of patches, lines and pages of the test part that are given to the right writer."""
    scores = session.run(as_glyphs(data.test.frames))
    ink = patch_ink(data.test.frames, recipe.patches.frame(raw=recipe.data.raw))
    rng = np.random.default_rng((recipe.seed, 7))
    found = accuracy_by_level(scores, data.test.classes, data.measured.lines, data.measured.pages, ink, rng=rng)
    split = f"{recipe.data.source} test, split by {recipe.patches.split}"
    return tuple(Metric(f"{level} right", e.value, e.low, e.high, e.n, split) for level, e in found.items())


def _card(recipe: Recipe, data: PatchData, progress: Progress) -> Card:
    """Return what the classifier says of itself before it has been measured."""
    nothing = np.zeros((0, 1), np.float32)
    return Card(
        name=recipe.name,
        task="hand-classifier",
        labels=recipe.labels,
        other=False,
        preprocessing=Preprocessing(recipe.ink, None, patches=recipe.patches.frame(raw=recipe.data.raw)),
        calibration=None,
        training=Training(recipe.text, recipe.seed, versions(), progress.seconds, progress.epoch),
        data=data.sources,
        metrics=(),
        limits=recipe.limits,
        sample=Sample.of(nothing, nothing),
        created=date.today().isoformat(),
        attribution=recipe.attribution,
    )
