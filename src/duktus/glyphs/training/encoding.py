"""Fitted weights become an encoder's content: letters in, vectors out, with the spread and calibration on its card."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.few_shot import Drawings, few_shot
from duktus.glyphs.reading.head import fit_head
from duktus.glyphs.training.dataset import TrainingData, as_glyphs
from duktus.glyphs.training.embedding_space import Space, fit_space
from duktus.glyphs.training.packing import SAMPLED, network_of, versions
from duktus.glyphs.training.samples import Samples
from duktus.learning.checkpoint import Progress
from duktus.learning.export import compare, export_onnx
from duktus.learning.precision import mixed_precision
from duktus.learning.recipe import Recipe
from duktus.models.card import Calibration, Card, Metric, Preprocessing, Sample, Spread, Training
from duktus.models.confidence import fit_temperature, fit_threshold, judge
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import DataError

ACCEPTED = 0.98
"""Share of taught letters that the card's threshold accepts."""

EPISODES, TAUGHT = 200, 8
"""Draws by which an encoder is calibrated: so many letters are taught by one drawing each, and as many are not."""

SHOTS = (1, 5)
"""Examples of each letter, on the card's figures."""


def pack_encoder(recipe: Recipe, data: TrainingData, progress: Progress) -> tuple[bytes, Card]:
    """Export the best weights as an encoder, compare, calibrate on the validation part, measure on the test part.

    Args:
        recipe: of the encoder, its letters as its labels.
        data: what it was trained on; the test part's classes count letters of their own.
        progress: the training at its end.

    Raises:
        DataError: there are too few letters, or drawings of them, to fit, calibrate or measure.
    """
    with mixed_precision("float32"):
        network = network_of(recipe)
        network.set_weights(progress.best)
        features = _without_scores(network)
        known = _joined(data.own, data.validation)
        space = fit_space(features.predict(as_glyphs(known.frames), verbose=0), known.classes, recipe.network.vector)
        encoder = _with_space(features, space)
        content, glyphs = export_onnx(encoder), as_glyphs(data.validation.frames)
        card = _card(recipe, data, progress, space.spread)
        session = Session(embed_card(content, card))
        compare(encoder, session, glyphs[:256])
    vectors = session.run(glyphs)
    spread, calibration = _calibrate(vectors, data.validation.classes, space.spread, recipe)
    return content, replace(
        card,
        spread=spread,
        sample=Sample.of(glyphs[:SAMPLED], vectors[:SAMPLED]),
        calibration=calibration,
        metrics=_measure(session, data, spread, recipe),
    )


def _without_scores(network: Any) -> Any:
    """Return a classifier's network up to what goes into its last layer."""
    import keras

    return keras.Model(network.input, network.get_layer("scores").input, name="features")


def _with_space(features: Any, space: Space) -> Any:
    """Return a network of features with the map into the space behind it, its vectors of length 1."""
    import keras

    place = keras.layers.Dense(space.matrix.shape[1], name="place")
    vectors = keras.layers.UnitNormalization(name="vectors")(place(features.output))
    place.set_weights([space.matrix, space.offset])
    return keras.Model(features.input, vectors, name="encoder")


def _joined(*parts: Samples) -> Samples:
    return Samples(np.concatenate([part.frames for part in parts]), np.concatenate([part.classes for part in parts]))


def _calibrate(
    vectors: NDArray[np.float32], classes: NDArray[np.int64], spread: Spread, recipe: Recipe
) -> tuple[Spread, Calibration]:
    """Fit offset, temperature and threshold: letters of an alphabet are taught, those and others of it are asked."""
    scores, truth = _episodes(vectors, classes, spread, recipe)
    known = truth < TAUGHT
    offset = -float(np.quantile(scores[known, :TAUGHT].max(axis=1), (1 - ACCEPTED) / 2))
    scores[:, :TAUGHT] += offset
    temperature = fit_temperature(scores, truth)
    threshold = fit_threshold(judge(scores[known], TAUGHT, temperature).rank, ACCEPTED)
    told = Calibration(temperature, threshold, ACCEPTED, "validation, letters taught once")
    return replace(spread, offset=offset), told


def _episodes(
    vectors: NDArray[np.float32], classes: NDArray[np.int64], spread: Spread, recipe: Recipe
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return scores of letters taught by one drawing each, and of as many of the same alphabet that were not taught."""
    alphabets: dict[str, list[list[int]]] = {}
    for letter in np.unique(classes):
        drawings = np.flatnonzero(classes == letter).tolist()
        if len(drawings) > 1:
            alphabets.setdefault(recipe.labels[letter].split("/", 1)[0], []).append(drawings)
    large = [letters for letters in alphabets.values() if len(letters) >= 2 * TAUGHT]
    if not large:
        raise DataError(f"expected an alphabet with {2 * TAUGHT} letters held out, found none; raise data.validation")
    rng = np.random.default_rng((recipe.seed, 4))
    scores = []
    for _ in range(EPISODES):
        letters = large[int(rng.integers(len(large)))]
        chosen = [rng.permutation(letters[i])[:2] for i in rng.permutation(len(letters))[: 2 * TAUGHT]]
        head = fit_head(vectors[[pair[0] for pair in chosen[:TAUGHT]]], [f"{i}" for i in range(TAUGHT)], spread)
        scores.append(head.scores(vectors[[pair[1] for pair in chosen]]))
    return np.concatenate(scores), np.tile([*range(TAUGHT), *([TAUGHT] * TAUGHT)], EPISODES)


def _measure(session: Session, data: TrainingData, spread: Spread, recipe: Recipe) -> tuple[Metric, ...]:
    """Return the accuracy of letters taught by few drawers and asked of others, mean of the test part's alphabets."""
    vectors = session.run(as_glyphs(data.test.frames))
    alphabets = np.array([label.split("/", 1)[0] for label, _ in data.asked])
    unseen = ", ".join(recipe.data.without)
    split = f"{unseen}, never seen" if unseen else "drawers never seen, of letters that were"
    found = []
    for shots in SHOTS:
        told = []
        for alphabet in np.unique(alphabets):
            places = np.flatnonzero(alphabets == alphabet)
            labels, drawers = zip(*(data.asked[i] for i in places), strict=True)
            if len(set(labels)) > 1 and len(set(drawers)) > shots:
                rng = np.random.default_rng((recipe.seed, 5, shots))
                drawings = Drawings(vectors[places], vectors[places], labels, drawers)
                told.append(few_shot(drawings, spread, shots=shots, rng=rng))
        if told:
            mean = float(np.mean([each.value for each in told]))
            reach = float(np.sqrt(np.sum([(each.high - each.low) ** 2 for each in told]))) / 2 / len(told)
            n = sum(each.n for each in told)
            found.append(
                Metric(f"accuracy from {shots}", mean, max(0.0, mean - reach), min(1.0, mean + reach), n, split)
            )
    return tuple(found)


def _card(recipe: Recipe, data: TrainingData, progress: Progress, spread: Spread) -> Card:
    """Return what the encoder says of itself before it has been measured."""
    nothing = np.zeros((0, 1), np.float32)
    return Card(
        name=recipe.name,
        task="glyph-encoder",
        labels=(),
        other=False,
        preprocessing=Preprocessing(recipe.ink, recipe.glyph),
        calibration=None,
        training=Training(recipe.text, recipe.seed, versions(), progress.seconds, progress.epoch),
        data=data.sources,
        metrics=(),
        limits=recipe.limits,
        sample=Sample.of(nothing, nothing),
        created=date.today().isoformat(),
        attribution=recipe.attribution,
        spread=spread,
    )
