"""Few-shot accuracy is counted over draws of the examples, all other drawings being asked."""

import numpy as np
import pytest

from duktus.evaluation.fewshot import few_shot
from duktus.models.card import Spread
from duktus.types import DataError

SPREAD = Spread((0.0,) * 6, (0.02,) * 6, (0.1,) * 6)


def letters(noise: float) -> tuple[np.ndarray, list[str]]:
    """Ten drawings of each of six letters about the axes of a space of six numbers."""
    rng = np.random.default_rng(3)
    vectors = np.repeat(np.eye(6), 10, axis=0) + rng.normal(0, noise, (60, 6))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), [
        c for c in "abcdef" for _ in range(10)
    ]


def test_letters_far_apart_are_all_told() -> None:
    """Where drawings hardly differ, one example each tells all, with no interval about it."""
    found = few_shot(*letters(0.01), SPREAD, shots=1, rng=np.random.default_rng(0))
    assert (found.value, found.low, found.high, found.n) == (1.0, 1.0, 1.0, 20)


def test_more_shots_tell_more() -> None:
    """Five examples tell more than one, and the interval holds the mean."""
    one, five = (few_shot(*letters(0.5), SPREAD, shots=n, rng=np.random.default_rng(0)) for n in (1, 5))
    assert one.low < one.value < one.high
    assert five.value > one.value + 0.05


def test_random_vectors_are_told_by_chance() -> None:
    """Vectors that know nothing of the labels give one in six: no example is asked about itself."""
    vectors, labels = letters(100.0)
    found = few_shot(vectors, labels, SPREAD, shots=3, rng=np.random.default_rng(0), draws=60)
    assert abs(found.value - 1 / 6) < 0.05


def test_too_few_drawings() -> None:
    """Where all drawings of a letter would be examples there is nothing to ask."""
    vectors, labels = letters(0.1)
    with pytest.raises(DataError, match="expected more than 10 drawings of each letter, received 10 of one"):
        few_shot(vectors, labels, SPREAD, shots=10, rng=np.random.default_rng(0))
