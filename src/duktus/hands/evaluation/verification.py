"""Verification, one hand or two: error rates of pairs of samples, and the calibration of their likelihood ratios.

Scores become likelihood ratios by cross-validation over writers: writers are divided into folds, and a pair is
calibrated on pairs of writers of other folds alone, so no writer has a part in the scale that he is judged by.
Intervals are over writers (``clusters.py``), of these very ratios: scales are not fitted anew in each resample.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.hands.evaluation.ratio_calibration import RatioScale, fit_ratio_scale
from duktus.hands.evaluation.retrieval import Matrix, checked
from duktus.reporting.clusters import TIMES, bootstrap_writers
from duktus.reporting.error_rates import (
    Weights,
    count_levels,
    equal_error_rate,
    error_rates,
    least_log_ratio_cost,
    log_ratio_cost,
    roc_area,
)
from duktus.reporting.intervals import Estimate
from duktus.types import DataError

FOLDS = 5
"""Folds of writers for cross-calibration, by default."""

MOST = 200_000
"""Pairs of either kind that are compared at most; of more, a random sample of this size."""

EACH = 8
"""Samples of one writer that are compared at most. His own pairs grow with their square: of the 50 writers of the
DeepWriter part of IAM, one alone would bring half of all."""

POINTS = 200
"""Points of a curve that are kept: as many as a plot can show."""

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Comparisons of two samples: (m,) their scores, and the numbers of the first and second sample's writers."""

    scores: NDArray[np.float64]
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @property
    def same(self) -> NDArray[np.bool_]:
        """(m,) whether one writer wrote both."""
        return np.asarray(self.first == self.second)

    @property
    def writers(self) -> int:
        """How many writers are compared; their numbers go from 0 on."""
        return int(max(self.first.max(), self.second.max())) + 1

    def weights(self, drawn: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how often pairs of one writer and of two count where writers count as often as drawn, (m,) each."""
        one = drawn[self.first]
        return one * self.same, one * drawn[self.second] * ~self.same


@dataclass(frozen=True)
class Verification:
    """How well same-writer pairs are separated from different-writer pairs.

    ``equal_error``, ``auroc`` and ``cost_least`` (minCllr) are about the scores, ``cost`` (Cllr, in bits) about the
    calibrated and bounded likelihood ratios; ``misleading_same`` is the share of one writer's pairs whose ratio speaks
    for two, ``misleading_different`` the reverse. ``tippett`` gives for either kind the points (log10 LR, share of
    pairs with at least that); ``det`` the points (false accept rate, false reject rate). ``low`` and ``high`` are the
    narrowest bounds of the scales used. ``folds`` is 0 where the ratios came calibrated; ``low`` and ``high`` are then
    the least and the greatest of them.
    """

    equal_error: Estimate
    auroc: Estimate
    cost: Estimate
    cost_least: Estimate
    misleading_same: Estimate
    misleading_different: Estimate
    same: int
    different: int
    writers: int
    folds: int
    low: float
    high: float
    tippett_same: Curve
    tippett_different: Curve
    det: Curve


def make_pairs(
    scores: Matrix,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    each: int = EACH,
    most: int = MOST,
) -> Pairs:
    """Return the comparisons that a matrix of scores holds, each pair of samples once, none from one writer's one page.

    Args:
        scores: (n, n), more = more similar; what stands above the diagonal counts.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        rng: draws the samples and pairs that are kept where there are more.
        each: samples of one writer at most.
        most: pairs of either kind at most.

    Raises:
        DataError: the sizes do not fit, or there are no two writers, or none has two pages.
    """
    who, where = checked(scores, writers, pages)
    taken = np.sort(np.concatenate([_at_most(np.flatnonzero(who == one), each, rng) for one in range(who.max() + 1)]))
    first, second = (taken[places] for places in np.triu_indices(len(taken), 1))
    apart = where[first] != where[second]
    same = who[first] == who[second]
    kept = [_at_most(np.flatnonzero(apart & kind), most, rng) for kind in (same, ~same)]
    chosen = np.sort(np.concatenate(kept))
    first, second = first[chosen], second[chosen]
    return Pairs(np.asarray(scores[first, second], np.float64), who[first], who[second])


def measure_pairs(
    pairs: Pairs,
    *,
    rng: np.random.Generator,
    calibrated: bool = False,
    bounds: tuple[float, float] = (-np.inf, np.inf),
    folds: int = FOLDS,
    times: int = TIMES,
) -> Verification:
    """Measure scores and the likelihood ratios that calibration makes of them.

    Args:
        pairs: the comparisons.
        rng: divides the writers into folds, and draws the resamples of the intervals.
        calibrated: the scores are log10 likelihood ratios already, of a scale fitted to other writers.
        bounds: the ratios beyond which nothing is said, where they came calibrated.
        folds: parts of the writers.
        times: resamples behind an interval.

    Raises:
        DataError: too few writers to calibrate some by others.
        MissingExtraError: scikit-learn is not installed.
    """
    ratios, scales = (
        (np.clip(pairs.scores, *bounds), ()) if calibrated else cross_calibrate(pairs, rng=rng, folds=folds)
    )
    level, count, same = count_levels(pairs.scores), pairs.writers, pairs.same
    n = len(pairs.scores)

    def of_scores(figure: Callable[[Weights, Weights], float], drawn: NDArray[np.int64]) -> float:
        same_weights, different_weights = pairs.weights(drawn)
        return figure(level.sums(same_weights), level.sums(different_weights))

    def share(misled: NDArray[np.bool_], kind: int, drawn: NDArray[np.int64]) -> float:
        weights = pairs.weights(drawn)[kind]
        return float((weights * misled).sum() / weights.sum()) if weights.any() else float("nan")

    def estimate(figure: Callable[[NDArray[np.int64]], float], of: int, *, share: bool = True) -> Estimate:
        return bootstrap_writers(figure, count, n=of, rng=rng, times=times, share=share)

    one = np.ones(count, np.int64)
    return Verification(
        equal_error=estimate(lambda drawn: of_scores(equal_error_rate, drawn), n),
        auroc=estimate(lambda drawn: of_scores(roc_area, drawn), n),
        cost=estimate(lambda drawn: log_ratio_cost(ratios, *pairs.weights(drawn)), n, share=False),
        cost_least=estimate(lambda drawn: of_scores(least_log_ratio_cost, drawn), n, share=False),
        misleading_same=estimate(lambda drawn: share(ratios < 0, 0, drawn), int(same.sum())),
        misleading_different=estimate(lambda drawn: share(ratios > 0, 1, drawn), int((~same).sum())),
        same=int(same.sum()),
        different=int((~same).sum()),
        writers=count,
        folds=0 if calibrated else folds,
        low=max((scale.low for scale in scales), default=float(ratios.min())),
        high=min((scale.high for scale in scales), default=float(ratios.max())),
        tippett_same=tippett_curve(ratios[same]),
        tippett_different=tippett_curve(ratios[~same]),
        det=_thin(np.stack(error_rates(*(level.sums(weights) for weights in pairs.weights(one))), axis=1)),
    )


def cross_calibrate(
    pairs: Pairs, *, rng: np.random.Generator, folds: int = FOLDS
) -> tuple[NDArray[np.float64], tuple[RatioScale, ...]]:
    """Return (m,) log10 likelihood ratios by scales that the writers compared had no part in, and the scales.

    Args:
        pairs: the comparisons.
        rng: divides the writers into folds.
        folds: how many, 3 at least.

    Raises:
        DataError: fewer than 3 folds, or too few writers: some fold pair leaves no pairs of either kind to fit to.
    """
    if not 3 <= folds <= pairs.writers:
        expected = f"from 3 to as many folds as writers ({pairs.writers})"
        raise DataError(f"expected {expected} to calibrate some by others, received {folds}; add more writers")
    fold = rng.permutation(pairs.writers) % folds
    low, high = np.sort(np.stack((fold[pairs.first], fold[pairs.second])), axis=0)
    ratios, scales = np.zeros(len(pairs.scores)), []
    for i in range(folds):
        for j in range(i, folds):
            judged = (low == i) & (high == j)
            if judged.any():
                others = ~np.isin(low, (i, j)) & ~np.isin(high, (i, j))
                same = pairs.same
                scales.append(fit_ratio_scale(pairs.scores[others & same], pairs.scores[others & ~same]))
                ratios[judged] = scales[-1].log10_lr(pairs.scores[judged])
    return ratios, tuple(scales)


def tippett_curve(ratios: NDArray[np.float64]) -> Curve:
    """Return the points (log10 LR, share of comparisons with at least that), rising in the first."""
    values = np.sort(ratios)
    return _thin(np.stack((values, 1 - np.arange(len(values)) / max(1, len(values))), axis=1))


def _thin(points: NDArray[np.float64]) -> Curve:
    """At most ``POINTS`` of a curve's points, evenly along it, the first and last among them."""
    step = np.abs(np.diff(points, axis=0))
    reach = np.ptp(points, axis=0)
    along = np.concatenate(([0.0], np.cumsum((step / np.where(reach > 0, reach, 1)).sum(axis=1))))
    chosen = np.unique(np.searchsorted(along, np.linspace(0, along[-1], POINTS)).clip(0, len(points) - 1))
    return tuple((float(x), float(y)) for x, y in points[chosen])


def _at_most(places: NDArray[np.intp], most: int, rng: np.random.Generator) -> NDArray[np.intp]:
    return places if len(places) <= most else rng.choice(places, most, replace=False)
