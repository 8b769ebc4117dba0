"""From patches to lines and pages: each patch speaks by its log probabilities, and as loudly as it has ink."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.evaluation.clusters import TIMES, shares_by_writer
from duktus.evaluation.intervals import Estimate
from duktus.types import Scores


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


def accuracy_by_level(
    scores: Scores,
    truth: NDArray[np.int64],
    lines: NDArray[np.intp],
    pages: NDArray[np.intp],
    ink: NDArray[Any],
    *,
    rng: np.random.Generator,
) -> dict[str, Estimate]:
    """Return how often patches, lines and pages are given to the right writer.

    Args:
        scores: (n, classes) logits of patches.
        truth: (n,) their writers.
        lines: (n,) numbers of the lines that they come from.
        pages: (n,) numbers of the pages; the same as ``lines`` where no page is known.
        ink: (n,) their ink, above 0.
        rng: the resamples of the intervals, in which whole pages are drawn.

    Returns:
        "patches", "lines" and "pages", each with the number of its kind as n; "pages" only where some are known.
    """
    right = {"patches": (pages, scores.argmax(axis=1) == truth)}
    for level, units in (("lines", lines), ("pages", pages)):
        votes = vote(scores, units, ink)
        first = np.unique(units, return_index=True)[1]
        right[level] = pages[first], votes.scores.argmax(axis=1) == truth[first]
    if np.array_equal(np.unique(lines, return_inverse=True)[1], np.unique(pages, return_inverse=True)[1]):
        del right["pages"]
    return {level: _share(of, hits, rng) for level, (of, hits) in right.items()}


def _share(pages: NDArray[np.intp], hits: NDArray[np.bool_], rng: np.random.Generator) -> Estimate:
    places = np.unique(pages, return_inverse=True)[1]
    sums, counts = np.bincount(places, hits)[:, None], np.bincount(places)
    return shares_by_writer(sums, counts, n=len(hits), rng=rng, times=TIMES)[0]
