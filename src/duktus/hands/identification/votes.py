"""From patches to lines and pages: each patch speaks by its log probabilities, and as loudly as it has ink.

Training, evaluation and serving all call the functions of this module, so a report measures what is answered.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.models.card import Calibration
from duktus.models.confidence import Probabilities, softmax
from duktus.types import Scores

LINE = 150.0
"""How much a line of text is, in text heights of contour: what amounts are counted in where votes are weighed."""

LEAST = 25.0
"""With less writing than this nothing is said: a word is some 30."""


@dataclass(frozen=True, eq=False)
class Votes:
    """What the patches of each unit (a line, a page) say together.

    Attributes:
        scores: (units, classes) means of the patches' log probabilities, weighted by ink.
        ink: (units,) how much ink spoke, in patches of full ink.
        of: (units,) the unit's number as it was given, rising.
    """

    scores: Scores
    ink: NDArray[np.float64]
    of: NDArray[np.intp]


def vote(scores: Scores, units: NDArray[np.intp], ink: NDArray[Any]) -> Votes:
    """Let the patches of each unit vote.

    A mean and no product: patches that overlap are no independent witnesses.

    Args:
        scores: (n, classes) logits of patches.
        units: (n,) the unit that each comes from.
        ink: (n,) its ink, above 0.
    """
    values = np.asarray(scores, np.float64)
    values = values - np.logaddexp.reduce(values, axis=1, keepdims=True)
    of, places = np.unique(units, return_inverse=True)
    weight = np.asarray(np.bincount(places, ink), np.float64)
    sums = np.zeros((len(of), values.shape[1]))
    np.add.at(sums, places, values * np.asarray(ink, np.float64)[:, None])
    return Votes((sums / weight[:, None]).astype(np.float32), weight, of)


def weigh(scores: Scores, amounts: NDArray[Any], growth: float) -> NDArray[np.float64]:
    """Return votes that say the more, the more was written.

    The mean over a page is no larger than that over a word, but it is surer. Were a page's lines independent, its
    evidence would be theirs added up, a ``growth`` of 1; in a mean alone it is 0.

    Args:
        scores: (n, classes) of votes.
        amounts: (n,) of writing behind each, in text heights of contour.
        growth: power of the amount with which a vote's evidence grows.
    """
    grown = np.asarray((np.maximum(amounts, 1.0) / LINE) ** growth, np.float64)
    return np.asarray(scores, np.float64) * grown[:, None]


def agreement(scores: Scores) -> Probabilities:
    """Return (n,) how much patches agree on the best of (n, classes) votes: the geometric mean of what they give it.

    It does not grow with the amount of writing, as a probability does. Each patch of a stranger's hand is like
    somebody's, but hardly all of them like the same one's: so it tells known hands from others where there is much to
    read and every probability is near 1.
    """
    return np.asarray(np.exp(np.asarray(scores, np.float64).max(axis=1)))


def confidences(scores: Scores, amounts: NDArray[Any], calibration: Calibration) -> Probabilities:
    """Return (n, classes) calibrated probabilities of votes, for writers that all are among the classes."""
    return softmax(weigh(scores, amounts, calibration.growth), calibration.temperature)


def first_writers(scores: Scores, known: int) -> tuple[NDArray[np.intp], Probabilities]:
    """Return the writer that each patch is given to, (n,), and its probability among all outputs, (n,).

    Args:
        scores: (n, classes) logits of patches.
        known: how many of the classes are writers; what stands behind them is none of them.
    """
    chances = softmax(scores, 1.0)
    first = np.asarray(chances[:, :known].argmax(axis=1), np.intp)
    return first, chances[np.arange(len(first)), first]
