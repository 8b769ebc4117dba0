"""Fitted weights become an encoder's content: letters in, vectors out, with the spread and calibration on its card."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.few_shot import Drawings, few_shot
from duktus.glyphs.reading.head import fit_head
from duktus.glyphs.training.letters import LetterData
from duktus.glyphs.training.pretrained import without_scores
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.checkpoint import Progress
from duktus.learning.classification import network_of
from duktus.learning.embedding import LinearEmbedding, fit_embedding
from duktus.learning.export import compare, export_onnx
from duktus.learning.packing import COMPARED, SAMPLED, draft_card
from duktus.learning.precision import mixed_precision
from duktus.learning.samples import as_batch, concatenate
from duktus.learning.task import Packed
from duktus.models.card import Calibration, Metric, Preprocessing, Sample, Spread
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


def pack_encoder(recipe: GlyphRecipe, data: LetterData, progress: Progress) -> Packed:
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
        features = without_scores(network)
        known = concatenate([data.own, data.validation])
        inner = features.predict(as_batch(known.frames), verbose=0)
        embedding = fit_embedding(inner, known.classes, recipe.network.vector)
        encoder = _with_embedding(features, embedding)
        content, glyphs = export_onnx(encoder), as_batch(data.validation.frames)
        seen = Preprocessing(recipe.ink, recipe.glyph)
        card = draft_card(recipe, seen, data.sources, seconds=progress.seconds, epochs=progress.epoch)
        session = Session(embed_card(content, card))
        compare(encoder, session, glyphs[:COMPARED])
    vectors = session.run(glyphs)
    spread, calibration = _calibrate(vectors, data.validation.classes, embedding.spread, recipe)
    card = replace(
        card,
        spread=spread,
        sample=Sample.of(glyphs[:SAMPLED], vectors[:SAMPLED]),
        calibration=calibration,
        metrics=_measure(session, data, spread, recipe),
    )
    return Packed(content, card, progress.history)


def _with_embedding(features: Any, embedding: LinearEmbedding) -> Any:
    """Return a network of features with the linear embedding behind it, its vectors of length 1."""
    import keras

    place = keras.layers.Dense(embedding.matrix.shape[1], name="place")
    vectors = keras.layers.UnitNormalization(name="vectors")(place(features.output))
    place.set_weights([embedding.matrix, embedding.offset])
    return keras.Model(features.input, vectors, name="encoder")


def _calibrate(
    vectors: NDArray[np.float32], classes: NDArray[np.int64], spread: Spread, recipe: GlyphRecipe
) -> tuple[Spread, Calibration]:
    """Fit offset, temperature and threshold: letters of an alphabet are taught, those and others of it scored."""
    scores, truth = _episodes(vectors, classes, spread, recipe)
    known = truth < TAUGHT
    offset = -float(np.quantile(scores[known, :TAUGHT].max(axis=1), (1 - ACCEPTED) / 2))
    scores[:, :TAUGHT] += offset
    temperature = fit_temperature(scores, truth)
    threshold = fit_threshold(judge(scores[known], TAUGHT, temperature).rank, ACCEPTED)
    calibration = Calibration(temperature, threshold, ACCEPTED, "validation, letters taught once")
    return replace(spread, offset=offset), calibration


def _episodes(
    vectors: NDArray[np.float32], classes: NDArray[np.int64], spread: Spread, recipe: GlyphRecipe
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


def _measure(session: Session, data: LetterData, spread: Spread, recipe: GlyphRecipe) -> tuple[Metric, ...]:
    """Return the accuracy of letters taught by few drawers and read of others, mean of the test part's alphabets."""
    vectors = session.run(as_batch(data.test.frames))
    alphabets = np.array([label.split("/", 1)[0] for label, _ in data.drawn])
    unseen = ", ".join(recipe.data.without)
    split = f"{unseen}, never seen" if unseen else "drawers never seen, of letters that were"
    found = []
    for shots in SHOTS:
        figures = []
        for alphabet in np.unique(alphabets):
            places = np.flatnonzero(alphabets == alphabet)
            labels, drawers = zip(*(data.drawn[i] for i in places), strict=True)
            if len(set(labels)) > 1 and len(set(drawers)) > shots:
                rng = np.random.default_rng((recipe.seed, 5, shots))
                drawings = Drawings(vectors[places], vectors[places], labels, drawers)
                figures.append(few_shot(drawings, spread, shots=shots, rng=rng))
        if figures:
            mean = float(np.mean([each.value for each in figures]))
            reach = float(np.sqrt(np.sum([(each.high - each.low) ** 2 for each in figures]))) / 2 / len(figures)
            n = sum(each.n for each in figures)
            found.append(
                Metric(f"accuracy from {shots}", mean, max(0.0, mean - reach), min(1.0, mean + reach), n, split)
            )
    return tuple(found)
