"""A network being fitted: steps are taken, other weights predict without a trace."""

import keras
import numpy as np
import pytest

from duktus.learning.fitter import Fitter
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
