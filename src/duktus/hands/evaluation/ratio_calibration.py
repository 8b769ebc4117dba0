"""From a similarity score of two hands to a likelihood ratio: calibrated, and bounded by the number of comparisons.

A log10 likelihood ratio of 2 says: what was found is a hundred times as probable if one hand wrote both as if two did.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError, MissingExtraError

STEPS = 50
"""Newton steps at most; a dozen are enough where a dozen comparisons are given."""

GRID = 0.01
"""Steps of log10 likelihood ratio in which the bounds are looked for."""

Values = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class RatioScale:
    """A score's log10 likelihood ratio: ``slope`` · score + ``offset``, no less than ``low`` and no more than ``high``.

    ``same`` and ``different`` count the comparisons of one writer's samples and of two writers' that it was fitted to.
    """

    slope: float
    offset: float
    low: float
    high: float
    same: int
    different: int

    def log10_lr(self, scores: Values) -> NDArray[np.float64]:
        """Return the log10 likelihood ratios of scores of any shape."""
        ratios = np.asarray(scores, np.float64) * self.slope + self.offset
        return np.asarray(np.clip(ratios, self.low, self.high))


def fit_ratio_scale(same: Values, different: Values) -> RatioScale:
    """Fit the scale on which scores are likelihood ratios.

    Logistic regression at even prior odds, whatever the numbers of comparisons (Brümmer & du Preez 2006), so that its
    log odds are log likelihood ratios. Each kind counts as if one comparison more had come out the other way (Platt
    1999; Morrison & Poh 2018), which keeps the slope finite where no score overlaps. Bounds are those of
    ``ratio_bounds``.

    Args:
        same: (n,) scores of two samples of one writer.
        different: (m,) scores of samples of two writers.

    Raises:
        DataError: either is empty or holds what is no number, or all scores are the same.
        MissingExtraError: scikit-learn is not installed.
    """
    same, different = (np.asarray(scores, np.float64).ravel() for scores in (same, different))
    scores = np.concatenate((same, different))
    if not len(same) or not len(different) or not np.isfinite(scores).all() or not np.ptp(scores):
        received = f"{len(same)} of one writer and {len(different)} of two"
        raise DataError(f"expected finite scores of either kind that differ, received {received}; add more pages")
    middle, unit = float(scores.mean()), float(scores.std())
    slope, offset = _fit_logistic((same - middle) / unit, (different - middle) / unit)
    slope, offset = (value / float(np.log(10)) for value in (slope / unit, offset - slope * middle / unit))
    low, high = ratio_bounds(same * slope + offset, different * slope + offset)
    return RatioScale(slope, offset, low, high, len(same), len(different))


def ratio_bounds(same: Values, different: Values) -> tuple[float, float]:
    """Return between which log10 likelihood ratios an answer rests on what was seen.

    These are the empirical lower and upper bounds (ELUB) of Vergeer, van Es, de Jongh, Alberink and Stoel (2016): one
    comparison more of either kind is taken to mislead, and a ratio is believed as long as deciding by it costs no more
    than deciding without any. With n comparisons of either kind and no error the bounds are about 1/n and n.

    Args:
        same: (n,) log10 likelihood ratios of samples of one writer.
        different: (m,) those of two writers.

    Returns:
        The lowest, at most 0, and the highest, at least 0.
    """
    n, m = len(same), len(different)
    most = np.log10(max(n, m) + 1) + GRID
    steps = np.arange(GRID / 2, most, GRID)
    limits = np.concatenate((-steps[::-1], steps))
    missed = (np.searchsorted(np.sort(same), limits, side="left") + 1) / (n + 1)
    passed = (m - np.searchsorted(np.sort(different), limits, side="left") + 1) / (m + 1)
    one = 1 / (1 + 10.0**limits)  # the prior probability of one writer at which this ratio is even
    worth = one * missed + (1 - one) * passed <= np.minimum(one, 1 - one)
    below, above = worth[: len(steps)][::-1], worth[len(steps) :]
    low, high = (float(steps[: _run(side)].max(initial=0.0)) for side in (below, above))
    return -low, high


def _run(worth: NDArray[np.bool_]) -> int:
    """How many are true before the first that is not."""
    return int(np.argmin(worth)) if not worth.all() else len(worth)


def _fit_logistic(same: NDArray[np.float64], different: NDArray[np.float64]) -> tuple[float, float]:
    """Return slope and offset (natural log odds) of the two kinds, each of which weighs one half."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtraError("Evaluation needs scikit-learn: pip install 'duktus[train]'") from error
    n, m = len(same), len(different)
    scores = np.concatenate((same, different))
    likely = np.concatenate((np.full(n, (n + 1) / (n + 2)), np.full(m, 1 / (m + 2))))
    weight = np.concatenate((np.full(n, 0.5 / n), np.full(m, 0.5 / m)))
    # Each comparison stands under both labels, as often as its target is likely.
    both, labels = np.concatenate((scores, scores))[:, None], np.repeat([1, 0], n + m)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12, max_iter=STEPS)
    model.fit(both, labels, np.concatenate((weight * likely, weight * (1 - likely))))
    return float(model.coef_[0, 0]), float(model.intercept_[0])
