"""Whether a hand is any of many is learnt from galleries of held-out writers, and holds among few and among many."""

import numpy as np

from duktus.hands.identification.candidates import log_odds, named_from
from duktus.hands.training.open_set import HeldOut, fit_open_set
from duktus.models.likelihood import Likelihood, joint_amount

LIKELIHOOD = Likelihood(-3.0, 4.0, 0.0, 0.0, 25.0, 2000.0, 999, 9999, "none", "closeness")


def held_out(writers: int, seed: int = 0, noise: float = 0.25) -> HeldOut:
    """Two documents each of three kinds of writers, about a place of their own."""
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(writers, 16))
    vectors = [places + noise * rng.normal(size=(writers, 16)) for _ in range(2)]
    first, second = (np.asarray(each / np.linalg.norm(each, axis=1, keepdims=True), np.float32) for each in vectors)
    amounts = np.full(writers, 300.0)
    return HeldOut((first, second), (amounts, amounts), np.array([f"set/{i}" for i in range(writers)]))


def test_known_hands_are_named_among_few_and_many() -> None:
    """In galleries of 10 and of 150 hands nine in ten known hands are named, and one in fifty strangers at most."""
    found = fit_open_set([held_out(400)], LIKELIHOOD, np.random.default_rng(1))
    assert found is not None
    assert found.size <= 0
    likelihood = Likelihood(-3.0, 4.0, 0.0, 0.0, 25.0, 2000.0, 999, 9999, "none", "closeness", found)
    asked = held_out(400, seed=5)
    for size in (10, 150):
        likeness = asked.vectors[1] @ asked.vectors[0][:size].T
        ratios = likelihood.log10_ratio(likeness, joint_amount(300.0, 300.0))
        named = log_odds(ratios, likelihood) > named_from(likelihood)
        assert (named & (likeness.argmax(axis=1) == np.arange(400)))[:size].mean() > 0.9
        assert named[size:].mean() < 0.02


def test_too_few_writers() -> None:
    """One writer gives no gallery with strangers."""
    assert fit_open_set([held_out(1)], LIKELIHOOD, np.random.default_rng(1)) is None
