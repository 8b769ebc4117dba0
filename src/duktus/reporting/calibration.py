"""Confidence calibration: reliability diagrams and the expected calibration error.

A confidence of 0.9 is calibrated if nine of ten such answers are right. Answers are put into bins by their confidence;
the expected calibration error is the gap between confidence and accuracy in each bin, averaged by the number of
answers in it (Naeini et al. 2015; Guo et al. 2017). Bins are of equal width, as in most of the literature, or of equal
mass, which are not mostly empty where most answers are confident (Nguyen & O'Connor 2015).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.reporting.intervals import Estimate, bootstrap, wilson

BINS = 15

Confidences = NDArray[np.floating[Any]]
Rights = NDArray[np.bool_]


@dataclass(frozen=True)
class Bin:
    """Answers of similar confidence: the bin's edges, their mean confidence, and how many of them were right."""

    low: float
    high: float
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True)
class Reliability:
    """A reliability diagram and the expected calibration error.

    ``error`` is the expected calibration error. It is biased upwards, the more so the fewer the samples: ``floor`` is
    its mean for answers with these very confidences, were they perfectly calibrated.
    """

    bins: tuple[Bin, ...]
    error: Estimate
    floor: float


def reliability(
    confidence: Confidences, right: Rights, *, rng: np.random.Generator, equal_mass: bool = False, times: int = 500
) -> Reliability:
    """Return the reliability curve of (n,) answers over 15 bins, empty ones left out.

    Args:
        confidence: (n,) in [0, 1], n at least 1.
        right: (n,) whether the answer was.
        rng: Where the resamples of the interval come from.
        equal_mass: Bins with equally many answers, in place of bins of equal width.
        times: How many resamples the interval and the floor are taken from.
    """
    bin_of, edges = _equal_mass(confidence) if equal_mass else _equal_width(confidence)
    gap = right - confidence
    error = bootstrap(lambda chosen: _error(bin_of[chosen], gap[chosen]), len(gap), rng=rng, times=times)
    draws = [_error(bin_of, (rng.random(len(gap)) < confidence) - confidence) for _ in range(times // 5 + 1)]
    filled = [bin for bin in range(BINS) if (bin_of == bin).any()]
    bins = tuple(_bin(edges[i], edges[i + 1], confidence[bin_of == i], right[bin_of == i]) for i in filled)
    return Reliability(bins, error, float(np.mean(draws)))


def _equal_width(confidence: Confidences) -> tuple[NDArray[np.intp], list[float]]:
    bin_of = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
    return bin_of, np.linspace(0, 1, BINS + 1).tolist()


def _equal_mass(confidence: Confidences) -> tuple[NDArray[np.intp], list[float]]:
    order = np.argsort(confidence, kind="stable")
    bin_of = np.empty(len(order), np.intp)
    bin_of[order] = np.arange(len(order)) * BINS // len(order)
    firsts = [int(np.ceil(bin * len(order) / BINS)) for bin in range(BINS)]
    edges = [float(confidence[order[min(first, len(order) - 1)]]) for first in firsts]
    return bin_of, [*edges, float(confidence.max())]


def _error(bin_of: NDArray[np.intp], gap: NDArray[np.floating[Any]]) -> float:
    return float(np.abs(np.bincount(bin_of, gap, minlength=BINS)).sum() / len(gap))


def _bin(low: float, high: float, confidence: Confidences, right: Rights) -> Bin:
    return Bin(low, high, float(confidence.mean()), wilson(int(right.sum()), len(right)))
