"""A small evaluation and its card, from scores drawn with numpy."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores
from duktus.models.card import Calibration, Card
from tests.reporting.cards import report_card

LABELS = ("0", "<b>", "$x^", "ᚠ")
CALIBRATION = Calibration(temperature=1.0, threshold=0.6, accept=0.95, split="validation")


@pytest.fixture(scope="session")
def scores() -> NDArray[Any]:
    """(450, 5) logits of 400 characters, 100 a label in turn, and of 50 images that are none; `other` is last."""
    rng = np.random.default_rng(7)
    scores = rng.normal(size=(450, 5))
    scores[np.arange(400), np.arange(400) % 4] += rng.gamma(4, 1, 400)
    scores[400:, 4] += rng.gamma(3, 1, 50)
    return scores


@pytest.fixture(scope="session")
def truth() -> NDArray[Any]:
    """(450,) the labels of `scores`; -1 for what is no character."""
    return np.append(np.arange(400) % 4, np.full(50, -1))


@pytest.fixture(scope="session")
def evaluation(scores: NDArray[Any], truth: NDArray[Any]) -> Evaluation:
    """The evaluation of `scores`."""
    return evaluate_scores(scores, truth, LABELS, True, CALIBRATION)


@pytest.fixture(scope="session")
def card() -> Card:
    """A card of four labels with texts that HTML must not take for its own."""
    return report_card()
