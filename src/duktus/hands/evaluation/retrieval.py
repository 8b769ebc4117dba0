"""Identification and retrieval of hands, from scores and labels.

Everything here is a function of an (n, n) matrix of scores, more = more similar, the n writers, and the n pages that
the samples (pages, lines or words) come from. A writer's samples from one page are not compared, so that a sheet's
paper or light cannot help. Where a page is not known a sample is a page of its own.
Ties are broken against the figure. Intervals are over writers (``clusters.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.reporting.clusters import TIMES, number_pages, number_writers, shares_by_writer
from duktus.reporting.intervals import Estimate
from duktus.types import DataError

RANKS = 20
"""Ranks that a CMC curve shows at most."""

DRAWS = 20
"""Draws of the enrolled samples, by default."""

Matrix = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class ClosedSet:
    """Identification where the writer is known to be in the gallery, one sample enrolled for each.

    ``cmc`` holds for each rank the share of queries whose writer is among the first answers up to it (cumulative match
    characteristic, Moon & Phillips 2001); ``top1`` is its first. ``writers`` are enrolled, ``asked`` of them have
    further samples as queries; a figure's ``n`` counts the different queried samples, over ``draws`` draws of the
    enrolled ones. ``draws`` is 0 where a given gallery was queried.
    """

    top1: Estimate
    top5: Estimate
    cmc: tuple[Estimate, ...]
    writers: int
    asked: int
    draws: int


@dataclass(frozen=True)
class Retrieval:
    """Retrieval, leave one out: each sample is a query, all others are ranked.

    ``top1`` and ``top5`` are the shares of queries with a sample of their writer at the first place and among the
    first five, ``cmc`` the same for each number of first places; ``mean_average_precision`` takes all other samples of
    the writer (but those of the same page) for relevant. ``left_out`` counts the samples that were not queried because
    their writer has no other page.
    """

    top1: Estimate
    top5: Estimate
    cmc: tuple[Estimate, ...]
    mean_average_precision: Estimate
    writers: int
    left_out: int


def score_matrix(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Return the cosines of (n, d) vectors of length 1 with one another, (n, n)."""
    values = np.asarray(vectors, np.float32)
    return values @ values.T


def closed_set(
    scores: Matrix,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    times: int = TIMES,
) -> ClosedSet:
    """Identify: one sample a writer is enrolled, all samples of the writers' other pages are queries.

    A writer with a single page is enrolled and never queried.

    Args:
        scores: (n, n), more = more similar.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        rng: draws who is enrolled, and the resamples of the intervals.
        draws: how often; the figures are means over all.
        times: resamples behind an interval.

    Raises:
        DataError: the sizes do not fit, or there are no two writers, or none has two pages.
    """
    who, where = checked(scores, writers, pages)
    parts = []
    for _ in range(draws):
        enrolled = draw_enrolled(who, rng)
        queries = np.flatnonzero(where != where[enrolled[who]])
        parts.append((queries, _ranks(scores[np.ix_(queries, enrolled)], who[queries])))
    queries, ranks = (np.concatenate(column) for column in zip(*parts, strict=True))
    n, writers_known = len(np.unique(queries)), int(who.max()) + 1
    return rank_figures(ranks, who[queries], writers_known, n=n, draws=draws, rng=rng, times=times)


def rank_figures(
    ranks: NDArray[np.intp],
    who: NDArray[np.intp],
    writers: int,
    *,
    n: int,
    draws: int,
    rng: np.random.Generator,
    times: int = TIMES,
) -> ClosedSet:
    """Return identification figures from the ranks of the right writers.

    Args:
        ranks: (m,) of each query's writer, 1 the best.
        who: (m,) the queries' writers as numbers.
        writers: enrolled.
        n: different samples among the queries.
        draws: of the enrolled samples; 0 for a given gallery.
        rng: the resamples of the intervals.
        times: how many.
    """
    first = np.arange(1, min(RANKS, writers) + 1)
    asked = np.bincount(who)
    hits = np.stack([np.bincount(who, ranks <= place, len(asked)) for place in first], axis=1)
    cmc = shares_by_writer(hits, asked, n=n, rng=rng, times=times)
    return ClosedSet(cmc[0], cmc[min(4, len(cmc) - 1)], cmc, writers, int((asked > 0).sum()), draws)


def retrieve(
    scores: Matrix,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    times: int = TIMES,
) -> Retrieval:
    """Retrieve, leave one out.

    Args:
        scores: (n, n), more = more similar.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        rng: the resamples of the intervals.
        times: how many.

    Raises:
        DataError: the sizes do not fit, or there are no two writers, or none has two pages.
    """
    who, where = checked(scores, writers, pages)
    count = int(who.max()) + 1
    first = np.arange(1, min(RANKS, len(who) - 1) + 1)
    sums, asked = np.zeros((count, len(first) + 1)), np.zeros(count)
    for query in range(len(who)):
        others = where != where[query]
        right = (who == who[query])[others]
        if right.any():
            places = _places(np.asarray(scores[query])[others], right)
            precision = np.arange(1, len(places) + 1) / places
            sums[who[query]] += *(places[0] <= first), precision.mean()
            asked[who[query]] += 1
    *cmc, averaged = shares_by_writer(sums, asked, n=int(asked.sum()), rng=rng, times=times)
    top5 = cmc[min(4, len(cmc) - 1)]
    return Retrieval(cmc[0], top5, tuple(cmc), averaged, int((asked > 0).sum()), len(who) - int(asked.sum()))


def checked(
    scores: Matrix, writers: Sequence[str], pages: Sequence[str | None] | None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return writers and pages as numbers.

    Raises:
        DataError: the sizes do not fit, a score is no number, or there are no two writers, or none has two pages.
    """
    n = len(writers)
    if np.shape(scores) != (n, n) or not np.isfinite(scores).all():
        received = f"{np.shape(scores)}" if np.shape(scores) != (n, n) else "some that are no numbers"
        raise DataError(f"expected ({n}, {n}) finite scores for {n} writers, received {received}; give one a pair")
    who, where = number_writers(writers), number_pages(writers, pages)
    several = any(len(set(where[who == writer].tolist())) > 1 for writer in range(who.max(initial=-1) + 1))
    if who.max(initial=0) < 1 or not several:
        received = f"{len(set(writers))} writers of {len(set(where.tolist()))} pages"
        raise DataError(f"expected two writers, one of them with two pages at least, received {received}; add pages")
    return who, where


def draw_enrolled(who: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
    """Return (writers,) one sample of each writer, drawn evenly."""
    order = rng.permutation(len(who))
    _, first = np.unique(who[order], return_index=True)
    return np.asarray(order[first], np.intp)


def _ranks(scores: Matrix, truth: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return (m,) the right writers' ranks, 1 the best, behind others of the same score; (m, writers) are given."""
    own = scores[np.arange(len(truth)), truth]
    return np.asarray((scores >= own[:, None]).sum(axis=1), np.intp)


def _places(scores: Matrix, right: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the places, from 1 on, of the right ones in the order of the scores, behind others of the same score."""
    order = np.lexsort((right, -scores))
    return np.flatnonzero(right[order]) + 1
