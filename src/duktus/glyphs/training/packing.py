"""Fitted weights become a model file's content: exported, compared, calibrated, measured, described by a card."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.confusions import Letters, find_confusions, rank_wanted
from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores
from duktus.glyphs.evaluation.report import write_report
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.calibration import ACCEPTED, add_one_error
from duktus.learning.checkpoint import Arrays, Progress
from duktus.learning.classification import Fitted, network_of
from duktus.learning.export import compare, export_onnx
from duktus.learning.packing import COMPARED, SAMPLED, draft_card
from duktus.learning.precision import mixed_precision
from duktus.learning.samples import Samples, TrainingData, as_batch
from duktus.learning.task import Packed
from duktus.models.card import Calibration, Card, Preprocessing, Sample
from duktus.models.confidence import fit_temperature, fit_threshold, judge
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import Glyphs, Scores

OWN_ACCEPTED = 0.98
"""Share of the validation part that is accepted of somebody's own images, which nobody has searched for errors."""

LEAST = 0.5
"""Confidence below which an answer about somebody's own images is never accepted."""

FEWEST = 20
"""Images of the validation part from which a temperature and a threshold are fitted to somebody's own images."""


def pack(recipe: GlyphRecipe, data: TrainingData, fitted: Fitted) -> Packed:
    """Export the best weights, compare, calibrate on the validation part, measure on the test part.

    Args:
        recipe: of a classifier.
        data: what it was trained on.
        fitted: the training. What went on from it with the held-out images is exported, and calibrated by its folds;
            all figures are those of the training before, which did not see these images.
    """
    glyphs = as_batch((data.validation if len(data.validation) else data.own).frames[:COMPARED])
    card = _card(recipe, data, fitted.whole)
    with mixed_precision("float32"):
        network = network_of(recipe)
        network.set_weights(fitted.whole.best)
        content = export_onnx(network)
        session = Session(embed_card(content, card))
        compare(network, session, glyphs)
        by_weights = partial(_scores_by, network)
        if fitted.refitted is None:
            scores, measured = (_scores(session.run, part, recipe.outputs) for part in (data.validation, data.test))
        else:
            scores, measured = (by_weights(fitted.progress.best, part) for part in (data.validation, data.test))
        calibration = _calibrate(recipe, scores, data.validation.classes)
        final = _cross_validated(recipe, data, fitted, by_weights) if fitted.folds else calibration
        taught = by_weights(data.initial, data.test) if data.initial is not None else None
    card = replace(card, calibration=final, sample=Sample.of(glyphs[:SAMPLED], session.run(glyphs[:SAMPLED])))
    if not len(measured):
        return Packed(content, card, fitted.whole.history)
    test = evaluate_scores(
        measured, data.test.classes, recipe.labels, recipe.other, calibration, alike=recipe.alike_columns
    )
    card = replace(card, metrics=test.to_metrics(f"{card.data[0].name} test"))
    write = partial(_write_report, data.test, card, test, _letters(recipe, data, measured, test, calibration))
    advice = _advise_gallery(recipe, data, measured, taught) if taught is not None else ()
    return Packed(content, card, fitted.whole.history, write, advice)


def _cross_validated(
    recipe: GlyphRecipe, data: TrainingData, fitted: Fitted, by_weights: Callable[[Arrays, Samples], Scores]
) -> Calibration | None:
    """Calibrate by all held-out images, each scored by the fold that did not learn it."""
    with_validation, with_test = fitted.folds
    scores = np.concatenate([by_weights(with_test.best, data.validation), by_weights(with_validation.best, data.test)])
    classes = np.concatenate([data.validation.classes, data.test.classes])
    return _calibrate_few(recipe, scores, classes, "cross-validation of what was held out")


def _advise_gallery(recipe: GlyphRecipe, data: TrainingData, measured: Scores, taught: Scores) -> tuple[str, ...]:
    """Return a line where a gallery that was taught the same images reads about as well, by a sign test.

    The network began as such a gallery (``warm_start``), so that its first weights say what one reads.
    """
    net, gallery = (
        scores[:, : len(recipe.labels)].argmax(axis=1) == data.test.classes for scores in (measured, taught)
    )
    better, worse = int((net & ~gallery).sum()), int((gallery & ~net).sum())
    if better - worse > 2 * (better + worse) ** 0.5:
        return ()
    shares = f"{100 * gallery.mean():.1f} % of the test images, this network {100 * net.mean():.1f} %"
    return (f"A gallery taught the same images reads {shares}: 'duktus teach' would do as well, without training.",)


def _letters(
    recipe: GlyphRecipe, data: TrainingData, scores: Scores, test: Evaluation, calibration: Calibration | None
) -> Letters:
    """Return which letters are confused, and which deserve more examples."""
    scale = calibration.temperature if calibration else 1.0
    return Letters(
        find_confusions(scores, data.test.classes, recipe.labels, scale, alike=recipe.alike_columns),
        rank_wanted(test, _examples(recipe, data)),
    )


def _write_report(test: Samples, card: Card, found: Evaluation, letters: Letters, folder: Path, end: str) -> Path:
    """Write the evaluation's page, with more sections at its end."""
    glyphs, notes = as_batch(test.frames), [each.split for each in card.data]
    source = card.data[0].name
    return write_report(found, glyphs, card, folder, source=source, notes=notes, letters=letters, end=end)


def _examples(recipe: GlyphRecipe, data: TrainingData) -> dict[str, int]:
    """Return how many images of each label were trained on."""
    counts = np.bincount(data.own.classes, minlength=len(recipe.labels))
    return dict(zip(recipe.labels, counts.tolist(), strict=False))


def _scores_by(network: Any, weights: Arrays, part: Samples) -> Scores:
    """Return the logits that a Keras network gives a part by some weights."""
    network.set_weights(weights)
    return _scores(partial(network.predict, verbose=0), part, network.output_shape[-1])


def _scores(run: Callable[[Glyphs], Scores], part: Samples, outputs: int) -> Scores:
    """Return the logits of a part, none where it is empty."""
    if not len(part):
        return np.zeros((0, outputs), np.float32)
    return np.asarray(run(as_batch(part.frames)), np.float32)


def _calibrate(recipe: GlyphRecipe, scores: Scores, classes: NDArray[np.int64]) -> Calibration | None:
    """Fit temperature and threshold to the validation part, to somebody's own images with care for how few they are."""
    if recipe.data.held:
        return _calibrate_few(recipe, scores, classes, "validation")
    temperature = fit_temperature(scores, classes)
    rank = judge(scores, len(recipe.labels), temperature, recipe.alike_columns).rank
    return Calibration(temperature, fit_threshold(rank, ACCEPTED), ACCEPTED, "validation")


def _calibrate_few(recipe: GlyphRecipe, scores: Scores, classes: NDArray[np.int64], split: str) -> Calibration | None:
    """Fit temperature and threshold where there is enough to fit them to.

    The one image that fits worst decides nothing, and what is as likely wrong as right is not accepted. What starts
    from an encoder starts with scores that the encoder's own calibration has scaled, and keeps that scale where too
    little is held out.
    """
    if len(scores) < FEWEST:
        of_encoder = Calibration(1.0, LEAST, None, "that of the encoder that it starts from")
        return of_encoder if recipe.network.start else None
    temperature = fit_temperature(*add_one_error(scores, classes))
    rank = judge(scores, len(recipe.labels), temperature).rank
    threshold = max(LEAST, fit_threshold(rank, min(OWN_ACCEPTED, 1 - 1 / len(rank))))
    return Calibration(temperature, threshold, float((rank >= threshold).mean()), split)


def _card(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> Card:
    """Return what the model says of itself before it has been measured."""
    seen, seconds, epochs = Preprocessing(recipe.ink, recipe.glyph), progress.seconds, progress.epoch
    card = draft_card(recipe, seen, data.sources, labels=recipe.labels, seconds=seconds, epochs=epochs)
    return replace(card, other=recipe.other, alike=recipe.alike)
