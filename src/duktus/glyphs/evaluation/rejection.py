"""Rejection: the accuracy of accepted answers, and the share of out-of-alphabet images that is accepted."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.models.confidence import Judgement, fit_threshold
from duktus.reporting.error_rates import count_levels, roc_area
from duktus.reporting.intervals import Estimate, auroc_interval, wilson

MOST_POINTS = 100
"""Points of a curve that are kept on each of two scales: as many as a plot can show."""


@dataclass(frozen=True)
class Refusal:
    """Rejection of in-alphabet characters.

    ``accepted`` is the share that it accepts at the card's threshold, ``accuracy`` how many of those are right. The
    curve gives, for rising thresholds, the share refused and the accuracy of the rest; ``area`` is the mean error of
    the accepted over all shares (the area under the risk-coverage curve, Geifman & El-Yaniv 2017), less being better.
    """

    threshold: float
    accepted: Estimate
    accuracy: Estimate
    curve: tuple[tuple[float, float], ...]
    area: float


@dataclass(frozen=True)
class OutOfAlphabet:
    """Rejection of out-of-alphabet images.

    ``accepted`` is the share of them that passes at the card's threshold. ``accepted_at`` is the share that passes at
    ``threshold_at``, the threshold at which these very characters are accepted at the rate ``accept``. ``auroc`` is
    the probability that a character is ranked above an image that is none.
    """

    accepted: Estimate
    accept: float
    threshold_at: float
    accepted_at: Estimate
    auroc: Estimate


def measure_refusal(judged: Judgement, right: NDArray[np.bool_], threshold: float) -> Refusal:
    """Measure rejection on (n,) answers about characters, ``right`` or not."""
    accepted = judged.accepted(threshold)
    curve, area = rejection_curve(judged.rank, right)
    n, kept = len(right), int(accepted.sum())
    return Refusal(threshold, wilson(kept, n), wilson(int(right[accepted].sum()), kept), curve, area)


def rejection_curve(
    rank: NDArray[np.floating[Any]], right: NDArray[np.bool_]
) -> tuple[tuple[tuple[float, float], ...], float]:
    """Return the points (share refused, accuracy of the accepted), least refused first, and the area above them.

    Answers of equal rank are refused together, for no threshold parts them.
    """
    order = np.argsort(-rank, kind="stable")
    last = np.append(np.diff(rank[order]) != 0, True)
    kept = np.flatnonzero(last) + 1
    accuracy = right[order].cumsum()[kept - 1] / kept
    area = float(((1 - accuracy) * np.diff(kept, prepend=0)).sum() / len(rank))
    # Evenly over all shares, and again on a logarithmic scale: most of what happens, happens to the least sure few.
    even, few = np.linspace(0, len(kept) - 1, MOST_POINTS), len(kept) - np.geomspace(1, len(kept), MOST_POINTS)
    chosen = np.unique(np.concatenate([even, few]).astype(int))[::-1]
    refused = 1 - kept / len(rank)
    return tuple(zip(refused[chosen].tolist(), accuracy[chosen].tolist(), strict=True)), area


def measure_out_of_alphabet(characters: Judgement, others: Judgement, threshold: float, accept: float) -> OutOfAlphabet:
    """Measure the rejection of out-of-alphabet images, ``others``, beside ``characters``; neither may be empty."""
    threshold_at = fit_threshold(characters.rank, accept)
    n = len(others.best)
    return OutOfAlphabet(
        accepted=wilson(int(others.accepted(threshold).sum()), n),
        accept=accept,
        threshold_at=threshold_at,
        accepted_at=wilson(int(others.accepted(threshold_at).sum()), n),
        auroc=auroc_interval(_auroc(characters.rank, others.rank), len(characters.best), n),
    )


def _auroc(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    levels = count_levels(np.concatenate([positives, negatives]))
    kind = np.repeat([1, 0], [len(positives), len(negatives)])
    return roc_area(levels.sums(kind), levels.sums(1 - kind))
