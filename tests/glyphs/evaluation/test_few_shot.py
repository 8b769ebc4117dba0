"""Few-shot accuracy is counted over draws of the examples, all other drawings being queries."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.glyphs.evaluation.few_shot import Drawings, draw_examples, few_shot
from duktus.models.card import Spread
from duktus.types import DataError

SPREAD = Spread((0.0,) * 6, (0.02,) * 6, (0.1,) * 6)


def letters(noise: float) -> Drawings:
    """Six letters by ten drawers, about the axes of a space of six numbers."""
    rng = np.random.default_rng(3)
    vectors = np.repeat(np.eye(6), 10, axis=0) + rng.normal(0, noise, (60, 6))
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return Drawings(unit, unit, [c for c in "abcdef" for _ in range(10)], [f"{i}" for i in range(10)] * 6)


def test_letters_far_apart_are_all_told() -> None:
    """Where drawings hardly differ, one example each tells all, with no interval about it."""
    found = few_shot(letters(0.01), SPREAD, shots=1, rng=np.random.default_rng(0))
    assert (found.value, found.low, found.high, found.n) == (1.0, 1.0, 1.0, 20)


def test_more_shots_tell_more() -> None:
    """Five examples tell more than one, and the interval holds the mean."""
    one, five = (few_shot(letters(0.5), SPREAD, shots=n, rng=np.random.default_rng(0)) for n in (1, 5))
    assert one.low < one.value < one.high
    assert five.value > one.value + 0.05


def test_random_vectors_are_told_by_chance() -> None:
    """Vectors that know nothing of the labels give one in six: no example is queries about itself."""
    found = few_shot(letters(100.0), SPREAD, shots=3, rng=np.random.default_rng(0), draws=60)
    assert abs(found.value - 1 / 6) < 0.05


def test_nobody_is_asked_who_taught() -> None:
    """Two drawers teach twelve examples, the other eight are queries for all their letters."""
    drawings = letters(0.1)
    draw = draw_examples(drawings, SPREAD, 2, np.random.default_rng(0))
    assert draw.head.labels == tuple("abcdef")
    assert len(draw.queries) == 48
    assert len({drawings.drawers[i] for i in draw.queries}) == 8


def test_one_example_is_taught_by_its_copies() -> None:
    """Where copies show another letter, one example misleads, and five examples do not use them."""
    drawings = letters(0.01)
    misled = replace(drawings, stretched=np.roll(drawings.own, 1, axis=1))
    one, five = (few_shot(misled, SPREAD, shots=n, rng=np.random.default_rng(0)).value for n in (1, 5))
    assert (one, five) == (0.0, 1.0)


def test_too_few_drawings() -> None:
    """Where all drawings of a letter would be examples there is nothing to ask."""
    with pytest.raises(DataError, match="expected more than 10 drawings of each letter, received 10 of one"):
        few_shot(letters(0.1), SPREAD, shots=10, rng=np.random.default_rng(0))


def test_one_drawer_for_all() -> None:
    """Where one person drew everything, nobody is left to ask."""
    alone = replace(letters(0.1), drawers=["anna"] * 60)
    with pytest.raises(DataError, match="expected drawers beside the 1 who teach a letter"):
        few_shot(alone, SPREAD, shots=1, rng=np.random.default_rng(0))
