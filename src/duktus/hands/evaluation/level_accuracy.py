"""How often patches, and what they say together of lines and pages, name the right writer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.votes import vote
from duktus.reporting.clusters import TIMES, shares_by_writer
from duktus.reporting.intervals import Estimate
from duktus.types import Scores


def accuracy_by_level(
    scores: Scores,
    truth: NDArray[np.int64],
    lines: NDArray[np.intp],
    pages: NDArray[np.intp],
    ink: NDArray[Any],
    *,
    rng: np.random.Generator,
    first: int = 1,
) -> dict[str, Estimate]:
    """Return how often patches, lines and pages are given to the right writer.

    Args:
        scores: (n, classes) logits of patches.
        truth: (n,) their writers.
        lines: (n,) numbers of the lines that they come from.
        pages: (n,) numbers of the pages; the same as ``lines`` where no page is known.
        ink: (n,) their ink, above 0.
        rng: the resamples of the intervals, in which whole pages are drawn.
        first: among how many first answers the writer is to be.

    Returns:
        "patches", "lines" and "pages", each with the number of its kind as n; "pages" only where some are known.
    """
    right = {"patches": (pages, is_among(scores, truth, first))}
    for level, units in (("lines", lines), ("pages", pages)):
        votes = vote(scores, units, ink)
        starts = np.unique(units, return_index=True)[1]
        right[level] = pages[starts], is_among(votes.scores, truth[starts], first)
    if np.array_equal(np.unique(lines, return_inverse=True)[1], np.unique(pages, return_inverse=True)[1]):
        del right["pages"]
    return {level: share_of_pages(of, hits, rng) for level, (of, hits) in right.items()}


def is_among(scores: NDArray[Any], truth: NDArray[np.integer[Any]], first: int) -> NDArray[np.bool_]:
    """Return for each row (n, classes) whether its truth is among its ``first`` best; ties count against it."""
    own = np.take_along_axis(scores, truth[:, None], axis=1)
    return np.asarray((scores >= own).sum(axis=1) <= first)


def share_of_pages(pages: NDArray[np.intp], hits: NDArray[np.bool_], rng: np.random.Generator) -> Estimate:
    """Return the share of hits (n,), its interval over the pages (n,) that they come from."""
    places = np.unique(pages, return_inverse=True)[1]
    sums, counts = np.bincount(places, hits)[:, None], np.bincount(places)
    return shares_by_writer(sums, counts, n=len(hits), rng=rng, times=TIMES)[0]
