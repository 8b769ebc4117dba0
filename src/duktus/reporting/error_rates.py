"""Two kinds of scores on one scale: error rates, areas and the best possible calibration, from weighted counts.

Scores are reduced to their distinct levels once; a resample then only sums its weights on them. ``same`` is what
should score high (one writer), ``different`` what should score low.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.types import MissingExtraError

Weights = NDArray[Any]
"""(levels,) summed weights of the comparisons at each level, in rising order of the levels; none below 0."""


@dataclass(frozen=True, eq=False)
class Levels:
    """Distinct values of scores in rising order, and at which of them each score stands."""

    values: NDArray[np.float64]
    of: NDArray[np.intp]

    def sums(self, weights: NDArray[Any]) -> Weights:
        """Return (levels,) sums of (n,) weights."""
        return np.bincount(self.of, weights, minlength=len(self.values))


def count_levels(scores: NDArray[Any]) -> Levels:
    """Return the levels of (n,) scores."""
    values, of = np.unique(np.asarray(scores, np.float64), return_inverse=True)
    return Levels(values, of)


def error_rates(same: Weights, different: Weights) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return false accept and false reject rates, (levels + 1,) each, as the threshold rises.

    Scores at a threshold are accepted: the first point accepts all, the last none. NaN where a kind has no weight.
    """
    with np.errstate(invalid="ignore"):
        rejected = np.concatenate(([0.0], np.cumsum(same))) / same.sum()
        accepted = 1 - np.concatenate(([0.0], np.cumsum(different))) / different.sum()
    return accepted, rejected


def equal_error_rate(same: Weights, different: Weights) -> float:
    """Return the rate at which false accepts and false rejects are as many, on the straight lines between the points.

    This is the crossing on the ROC curve as it is drawn; scores at one level are accepted or rejected together, or a
    share of them by lot.
    """
    accepted, rejected = error_rates(same, different)
    gap = rejected - accepted
    if not np.isfinite(gap).all():
        return float("nan")
    after = int(np.argmax(gap >= 0))
    step = gap[after] - gap[after - 1]
    share = -gap[after - 1] / step
    return float(rejected[after - 1] + share * (rejected[after] - rejected[after - 1]))


def roc_area(same: Weights, different: Weights) -> float:
    """Return the probability that a ``same`` scores above a ``different``, ties counting half (Mann & Whitney 1947)."""
    total = float(same.sum() * different.sum())
    if not total:
        return float("nan")
    below = np.cumsum(different) - different
    return float((same * (below + different / 2)).sum() / total)


def log_ratio_cost(log10_lr: NDArray[Any], same: Weights, different: Weights) -> float:
    """Return Cllr, the log-likelihood-ratio cost in bits (Brümmer & du Preez 2006).

    0 is perfect; 1 is what always answering a likelihood ratio of 1 costs; more is worse than no answer.

    Args:
        log10_lr: (n,) log10 likelihood ratios; infinite ones are allowed.
        same: (n,) weights of those that are of one writer.
        different: (n,) weights of those that are not.
    """
    if not same.sum() or not different.sum():
        return float("nan")
    natural = np.asarray(log10_lr, np.float64) * np.log(10)
    # What has no weight costs nothing, however wrong it would be.
    costs = [
        float((weight[weight > 0] * np.logaddexp(0, against[weight > 0])).sum() / weight.sum())
        for weight, against in ((same, -natural), (different, natural))
    ]
    return sum(costs) / (2 * float(np.log(2)))


def best_log_ratios(same: Weights, different: Weights) -> NDArray[np.float64]:
    """Return (levels,) the log10 likelihood ratios of the best rising calibration of these very scores.

    They come from the pooling of adjacent violators (isotonic regression; Zadrozny & Elkan 2002; Brümmer & du Preez
    2006), and are infinite where only one kind stands. NaN where a level has no weight.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        from sklearn.isotonic import isotonic_regression
    except ImportError as error:
        raise MissingExtraError("Evaluation needs scikit-learn: pip install 'duktus[train]'") from error
    weight = same / same.sum() + different / different.sum()  # even odds, so that a posterior's odds are the ratio
    filled = weight > 0
    share = same[filled] / same.sum() / weight[filled]
    posterior = np.clip(isotonic_regression(share, sample_weight=weight[filled]), 0, 1)
    ratios = np.full(len(weight), np.nan)
    with np.errstate(divide="ignore"):
        ratios[filled] = np.log10(posterior) - np.log10(1 - posterior)
    return ratios


def least_log_ratio_cost(same: Weights, different: Weights) -> float:
    """Return minCllr: Cllr after the best rising calibration, what the scores' order alone is worth.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    if not same.sum() or not different.sum():
        return float("nan")
    return log_ratio_cost(best_log_ratios(same, different), same, different)
