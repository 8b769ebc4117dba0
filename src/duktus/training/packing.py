"""Fitted weights become a model file's content: exported, compared, calibrated, measured, described by a card."""

from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.evaluation.metrics import Evaluation, evaluate_scores
from duktus.models.card import Calibration, Card, Preprocessing, Sample, Training
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.recognition.confidence import fit_temperature, fit_threshold, judge
from duktus.training.checkpoint import Progress
from duktus.training.dataset import TrainingData, as_glyphs
from duktus.training.export import compare, export_onnx
from duktus.training.networks import build_network
from duktus.training.precision import mixed_precision
from duktus.training.recipe import Recipe

ACCEPTED = 0.99
"""Share of the validation part's characters that the card's threshold accepts."""

SAMPLED = 4
"""Glyphs whose logits the card carries, to be replayed by ``duktus models check``."""


def network_of(recipe: Recipe) -> Any:
    """Return a recipe's network with fresh weights: a logit for each label, and one more for none of them."""
    return build_network(recipe.network.layers, recipe.shape, len(recipe.labels) + int(recipe.other))


def pack(recipe: Recipe, data: TrainingData, progress: Progress) -> tuple[bytes, Card, Evaluation]:
    """Export the best weights, compare, calibrate on the validation part, measure on the test part."""
    with mixed_precision("float32"):
        network = network_of(recipe)
        network.set_weights(progress.best)
        content = export_onnx(network)
        glyphs = as_glyphs(data.validation.frames)
        session = Session(embed_card(content, _card(recipe, data, progress, None, glyphs[:0], glyphs[:0])))
        compare(network, session, glyphs[:256])
    scores = session.run(glyphs)
    temperature = fit_temperature(scores, data.validation.classes)
    rank = judge(scores, len(recipe.labels), temperature).rank
    calibration = Calibration(temperature, fit_threshold(rank, ACCEPTED), ACCEPTED, "validation")
    test = evaluate_scores(
        session.run(as_glyphs(data.test.frames)), data.test.classes, recipe.labels, recipe.other, calibration
    )
    card = _card(recipe, data, progress, calibration, glyphs[:SAMPLED], scores[:SAMPLED], test)
    return content, card, test


def versions() -> dict[str, str]:
    """Return the versions of the libraries that a network depends on."""
    return {name: version(name) for name in ("keras", "numpy", "opencv-python-headless", "onnxruntime")}


def _card(
    recipe: Recipe,
    data: TrainingData,
    progress: Progress,
    calibration: Calibration | None,
    inputs: NDArray[np.float32],
    outputs: NDArray[np.float32],
    test: Evaluation | None = None,
) -> Card:
    """Return what the model says of itself."""
    return Card(
        name=recipe.name,
        task="glyph-classifier",
        labels=recipe.labels,
        other=recipe.other,
        preprocessing=Preprocessing(recipe.ink, recipe.glyph),
        calibration=calibration,
        training=Training(recipe.text, recipe.seed, versions(), progress.seconds, progress.epoch),
        data=data.sources,
        metrics=test.to_metrics(f"{recipe.data.source} test") if test else (),
        limits=recipe.limits,
        sample=Sample.of(inputs, outputs),
        created=date.today().isoformat(),
        attribution=recipe.attribution,
    )
