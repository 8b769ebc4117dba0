"""Fitted weights become a model file's content: exported, compared, calibrated, measured, described by a card."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.confusions import Letters, find_confusions, rank_wanted
from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores
from duktus.glyphs.training.dataset import TrainingData, as_glyphs
from duktus.glyphs.training.samples import Samples
from duktus.learning.checkpoint import Progress
from duktus.learning.export import compare, export_onnx
from duktus.learning.networks import build_network
from duktus.learning.precision import mixed_precision
from duktus.learning.recipe import Recipe
from duktus.models.card import Calibration, Card, Preprocessing, Sample, Training
from duktus.models.confidence import fit_temperature, fit_threshold, judge
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import Glyphs, Scores

ACCEPTED = 0.99
"""Share of the validation part's characters that the card's threshold accepts."""

OWN_ACCEPTED = 0.98
"""The same for images of one's own, which nobody has looked through for slips."""

LEAST = 0.5
"""Confidence below which an answer about images of one's own is never accepted."""

FEWEST = 20
"""Images of the validation part from which a temperature and a threshold are fitted to images of one's own."""

COMPARED = 256
"""Glyphs on which the exported network is compared with Keras'."""

SAMPLED = 4
"""Glyphs whose logits the card carries, to be replayed by ``duktus models check``."""


def network_of(recipe: Recipe) -> Any:
    """Return a recipe's network with fresh weights: a logit for each label, and one more for none of them."""
    return build_network(recipe.network.layers, recipe.shape, len(recipe.labels) + int(recipe.other))


@dataclass(frozen=True, eq=False)
class Packed:
    """A model ready to be written; ``evaluation`` and ``letters`` are None where there was nothing to measure on."""

    content: bytes
    card: Card
    evaluation: Evaluation | None
    letters: Letters | None = None


def pack(recipe: Recipe, data: TrainingData, progress: Progress, refitted: Progress | None = None) -> Packed:
    """Export the best weights, compare, calibrate on the validation part, measure on the test part.

    Args:
        recipe: of a classifier.
        data: what it was trained on.
        progress: the training at its end.
        refitted: what went on from there with the held-out images, and is exported; all figures are those of
            ``progress``, which did not see them.
    """
    glyphs = as_glyphs((data.validation if len(data.validation.frames) else data.own).frames[:COMPARED])
    with mixed_precision("float32"):
        network = network_of(recipe)
        network.set_weights((refitted or progress).best)
        content = export_onnx(network)
        session = Session(embed_card(content, _card(recipe, data, progress, None, glyphs[:0], glyphs[:0])))
        compare(network, session, glyphs)
        run: Callable[[Glyphs], Scores] = session.run
        if refitted is not None:
            network.set_weights(progress.best)
            run = partial(network.predict, verbose=0)
        scores, asked = (_scores(run, part, network.output_shape[-1]) for part in (data.validation, data.test))
    calibration = _calibrate(recipe, scores, data.validation)
    test = letters = None
    if len(asked):
        test = evaluate_scores(asked, data.test.classes, recipe.labels, recipe.other, calibration)
        scale = calibration.temperature if calibration else 1.0
        confusions = find_confusions(asked, data.test.classes, recipe.labels, scale)
        letters = Letters(confusions, rank_wanted(test, _examples(recipe, data)))
    outputs = session.run(glyphs[:SAMPLED])
    whole = progress if refitted is None else together(progress, refitted)
    return Packed(content, _card(recipe, data, whole, calibration, glyphs[:SAMPLED], outputs, test), test, letters)


def _examples(recipe: Recipe, data: TrainingData) -> dict[str, int]:
    """Return how many images of each label were trained on."""
    counts = np.bincount(data.own.classes, minlength=len(recipe.labels))
    return dict(zip(recipe.labels, counts.tolist(), strict=False))


def _scores(run: Callable[[Glyphs], Scores], part: Samples, outputs: int) -> Scores:
    """Return the logits of a part, none where it is empty."""
    if not len(part.frames):
        return np.zeros((0, outputs), np.float32)
    return np.asarray(run(as_glyphs(part.frames)), np.float32)


def _calibrate(recipe: Recipe, scores: Scores, validation: Samples) -> Calibration | None:
    """Fit temperature and threshold to the validation part, to images of one's own with care for how few they are."""
    if recipe.data.held:
        return _calibrate_few(recipe, scores, validation.classes)
    temperature = fit_temperature(scores, validation.classes)
    rank = judge(scores, len(recipe.labels), temperature).rank
    return Calibration(temperature, fit_threshold(rank, ACCEPTED), ACCEPTED, "validation")


def _calibrate_few(recipe: Recipe, scores: Scores, classes: NDArray[np.int64]) -> Calibration | None:
    """Fit temperature and threshold where there is enough to fit them to.

    The one image that fits worst decides nothing, and what is as likely wrong as right is not accepted. What starts
    from an encoder begins with scores that the encoder's own calibration has scaled, and keeps that scale where too
    little is held out.
    """
    if len(scores) < FEWEST:
        begun = Calibration(1.0, LEAST, None, "that of the encoder that it starts from")
        return begun if recipe.network.start else None
    temperature = fit_temperature(*_with_doubt(scores, classes))
    rank = judge(scores, len(recipe.labels), temperature).rank
    threshold = max(LEAST, fit_threshold(rank, min(OWN_ACCEPTED, 1 - 1 / len(rank))))
    return Calibration(temperature, threshold, float((rank >= threshold).mean()), "validation")


def _with_doubt(scores: Scores, classes: NDArray[np.int64]) -> tuple[Scores, NDArray[np.int64]]:
    """Return scores with one more row, the middling one said to be wrong, and their truth.

    Where few images are all read right, no temperature is too low to explain them; Laplace's rule of succession
    counts one error among one more.
    """
    row, second = middling(scores)
    return np.concatenate([scores, scores[row : row + 1]]), np.append(classes, second)


def middling(scores: Scores) -> tuple[int, int]:
    """Return the row of (n, labels) scores whose best label leads by a middling distance, and its second label."""
    ranked = np.sort(scores, axis=1)
    row = int(np.argsort(ranked[:, -1] - ranked[:, -2], kind="stable")[len(ranked) // 2])
    return row, int(np.argsort(scores[row], kind="stable")[-2])


def together(first: Progress, then: Progress) -> Progress:
    """Return a training and what went on from it as one, for the card."""
    return replace(then, epoch=first.epoch + then.epoch, seconds=first.seconds + then.seconds)


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
