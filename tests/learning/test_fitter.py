"""A network being fitted: steps are taken, other weights predict without a trace."""

import keras
import numpy as np
import pytest

from duktus.learning.fitter import MOST_LOST, Fitter
from duktus.learning.networks import build_network


@pytest.fixture
def fitter() -> Fitter:
    """A small network before its first step."""
    keras.utils.set_random_seed(1)
    model = build_network(("flatten",), (4, 4), 3)
    model.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return Fitter(model, [np.array(weight) for weight in model.get_weights()], 0.9)


def test_step(fitter: Fitter) -> None:
    """A step changes the weights and draws the average a part of the way after them."""
    before = fitter.model.get_weights()[0]
    glyphs = np.random.default_rng(0).random((5, 4, 4, 1), np.float32)
    logs = fitter.learn(glyphs, np.eye(3)[[0, 1, 2, 0, 1]])
    after = fitter.model.get_weights()[0]
    assert set(logs) == {"loss", "accuracy"}
    assert fitter.step == 1
    keep = 2 / 11
    np.testing.assert_allclose(fitter.averaged[0], keep * before + (1 - keep) * after, atol=1e-6)


def test_predictions_of_other_weights(fitter: Fitter) -> None:
    """Predicting by other weights leaves the present ones as they are."""
    before = fitter.model.get_weights()
    scores = fitter.predict([np.zeros_like(weight) for weight in before], np.ones((2, 4, 4, 1), np.float32))
    assert scores.shape == (2, 3)
    assert np.abs(scores).max() == 0
    np.testing.assert_array_equal(fitter.model.get_weights()[0], before[0])


def test_a_step_to_no_number_is_taken_back(fitter: Fitter) -> None:
    """Weights, moments and average are as before, and the next step learns; too many such steps end in no number."""
    glyphs, truth = np.random.default_rng(0).random((5, 4, 4, 1), np.float32), np.eye(3)[[0, 1, 2, 0, 1]]
    before, averaged = fitter.model.get_weights(), [array.copy() for array in fitter.averaged]
    assert fitter.learn(np.full_like(glyphs, np.nan), truth) == {}
    assert fitter.lost == 1
    for now, then in zip((*fitter.model.get_weights(), *fitter.averaged), (*before, *averaged), strict=True):
        np.testing.assert_array_equal(now, then)
    assert np.isfinite(fitter.learn(glyphs, truth)["loss"])
    lost = [fitter.learn(np.full_like(glyphs, np.nan), truth) for _ in range(MOST_LOST)]
    assert lost[:-1] == [{}] * (MOST_LOST - 1)
    assert np.isnan(lost[-1]["loss"])
