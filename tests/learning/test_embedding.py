"""An encoder's features become vectors in which letters scatter alike, and letters stay told apart."""

import numpy as np
import pytest

from duktus.learning.embedding import LinearEmbedding, fit_embedding
from duktus.types import DataError


def features(letters: int, drawings: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Features of letters whose own scatter is very unlike from direction to direction, and the letters."""
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(letters, 12))
    scatter = rng.normal(size=(letters * drawings, 12)) * np.geomspace(0.05, 3, 12)
    return (np.repeat(places, drawings, axis=0) + scatter + 5).astype(np.float32), np.repeat(
        np.arange(letters), drawings
    )


def vectors_of(space: LinearEmbedding, values: np.ndarray) -> np.ndarray:
    """What an encoder makes of features by the embedding: vectors of length 1."""
    made = values @ space.matrix + space.offset
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def right(vectors: np.ndarray, classes: np.ndarray) -> float:
    """The share of vectors whose nearest other one is of the same class."""
    near = vectors @ vectors.T - 2 * np.eye(len(vectors))
    return float((classes[near.argmax(axis=1)] == classes).mean())


def test_vectors_tell_letters_apart_better() -> None:
    """The nearest other drawing is of the same letter more often than among the plain features, also of new letters."""
    known, classes = features(60, 12)
    fresh, others = features(20, 12, seed=1)
    plain = (fresh - known.mean(axis=0)) / np.linalg.norm(fresh - known.mean(axis=0), axis=1, keepdims=True)
    space = fit_embedding(known, classes, 8)
    assert right(vectors_of(space, fresh), others) > right(plain, others) + 0.2


def test_vectors_have_length_1() -> None:
    """Vectors are as long as asked for, in numbers, and of length 1."""
    known, classes = features(30, 5)
    vectors = vectors_of(fit_embedding(known, classes, 6), known)
    assert vectors.shape == (150, 6)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_spread_is_that_of_the_vectors() -> None:
    """Both variances together are those of the vectors, within a tenth; each is above 0."""
    known, classes = features(80, 20)
    space = fit_embedding(known, classes, 5)
    total = np.array(space.spread.within) + np.array(space.spread.between)
    np.testing.assert_allclose(total, vectors_of(space, known).var(axis=0), rtol=0.1)
    assert min(*space.spread.within, *space.spread.between) > 0


@pytest.mark.parametrize(("part", "dimension"), [(slice(4), 3), (slice(None, None, 4), 3), (slice(None), 13)])
def test_too_few_letters(part: slice, dimension: int) -> None:
    """One letter, letters with one drawing each, and more numbers than features are refused."""
    known, classes = features(10, 4)
    with pytest.raises(DataError, match="expected several examples of several classes"):
        fit_embedding(known[part], classes[part], dimension)
