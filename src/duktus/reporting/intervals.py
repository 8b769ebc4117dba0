"""Figures that carry their 95 % interval and the number of samples behind them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054
"""Standard deviations from the mean of a normal distribution to the ends of its central 95 %."""

FloatArray: TypeAlias = NDArray[np.float64] | np.float64
"""A number or an array of them."""

_HALVINGS = 50
"""Bisection steps: an interval of length 1 ends below the resolution of a double."""


@dataclass(frozen=True)
class Estimate:
    """A measured figure, its 95 % interval, and the number of samples it comes from; NaN where there were none."""

    value: float
    low: float
    high: float
    n: int


def wilson(hits: int, n: int) -> Estimate:
    """Return the share ``hits`` / ``n`` with its score interval (Wilson 1927).

    Unlike the normal approximation it stays within [0, 1] and keeps a width at 0 and at ``n`` hits, which is where
    handwriting benchmarks are.

    >>> wilson(9975, 10000)
    Estimate(value=0.9975, low=0.9963..., high=0.9983..., n=10000)
    """
    if not n:
        return Estimate(float("nan"), 0.0, 1.0, 0)
    share = hits / n
    low, high = (float(limit) for limit in score_limits(np.float64(share), np.float64(n)))
    return Estimate(share, min(share, max(0.0, low)), max(share, min(1.0, high)), n)


def score_limits(shares: FloatArray, n: FloatArray, z: float = Z) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper limits of shares, each of ``n`` samples, ``z`` standard deviations off.

    The roots of Wilson's score equation (1927); any shape.
    """
    weight = z * z / n
    centre = (shares + weight / 2) / (1 + weight)
    reach = np.sqrt(shares * (1 - shares) * weight + weight * weight / 4) / (1 + weight)
    return centre - reach, centre + reach


def mean_share(shares: Sequence[float]) -> Estimate:
    """Return the mean of shares measured in repeated draws, with the interval of a mean by a normal distribution.

    >>> mean_share([0.5, 0.7, 0.6]).n
    3
    """
    n, mean = len(shares), float(np.mean(shares))
    reach = Z * float(np.std(shares, ddof=min(1, n - 1))) / n**0.5
    return Estimate(mean, max(0.0, mean - reach), min(1.0, mean + reach), n)


def auroc_interval(value: float, positives: int, negatives: int) -> Estimate:
    """Return an area under the ROC curve with its 95 % interval.

    The variance is that of Hanley & McNeil (1982); the interval holds every area whose own variance explains the
    observed one (a score interval, Newcombe 2006), so it keeps a width at an area of 1.
    """

    def explains(area: float) -> bool:
        first, second = area / (2 - area), 2 * area * area / (1 + area)
        variance = area * (1 - area) + (positives - 1) * (first - area**2) + (negatives - 1) * (second - area**2)
        return (value - area) ** 2 <= Z * Z * variance / (positives * negatives)

    return Estimate(value, _edge(explains, value, 0.0), _edge(explains, value, 1.0), positives + negatives)


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float], n: int, *, rng: np.random.Generator, times: int = 500
) -> Estimate:
    """Return ``statistic`` of all ``n`` samples with its percentile interval (Efron & Tibshirani 1993, ch. 13).

    The interval is widened to hold the figure itself where the resampled ones all lie on one side of it.

    Args:
        statistic: A function of (n,) sample indices, drawn with replacement.
        n: How many samples there are, at least 1.
        rng: Where the resamples come from.
        times: How many resamples to draw.
    """
    value = statistic(np.arange(n))
    drawn = [statistic(rng.integers(n, size=n)) for _ in range(times)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(value, min(value, float(low)), max(value, float(high)), n)


def _edge(inside: Callable[[float], bool], start: float, end: float) -> float:
    """The last point on the way from ``start`` to ``end`` that is still inside."""
    for _ in range(_HALVINGS):
        middle = (start + end) / 2
        start, end = (middle, end) if inside(middle) else (start, middle)
    return start
