"""Intervals for figures about hands: writers are drawn anew, never single pages.

Pages of one writer are alike, so they are no independent samples: an interval from pages alone is too narrow. Here
whole writers are drawn with replacement (the cluster bootstrap; Davison & Hinkley 1997, section 3.8). A comparison of
two pages has two writers and counts as often as both were drawn, the product of their numbers (Owen 2007); one of a
writer's own pages counts as often as the writer was. What stays fixed is the gallery: who was enrolled is not drawn.

Where no writer has an error, no resample has one, and resampling alone would call the figure certain. A share of 0 or 1
therefore has at least the interval of so many writers, each of them one sample (Wilson 1927).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.reporting.intervals import Estimate, wilson
from duktus.types import DataError

TIMES = 500
"""Resamples behind an interval."""

Draws = NDArray[np.int64]
"""(times, writers): how often each writer is drawn in each resample."""


def number_writers(writers: Sequence[str]) -> NDArray[np.intp]:
    """Return each sample's writer as a number from 0 on, in the order of their names.

    >>> number_writers(["b", "a", "b"]).tolist()
    [1, 0, 1]
    """
    return np.unique(np.array(writers, object), return_inverse=True)[1]


def number_pages(writers: Sequence[str], pages: Sequence[str | None] | None) -> NDArray[np.intp]:
    """Return each sample's page as a number; a sample whose page is not known is a page of its own.

    A page counts within its writer: two writers may both have a page 1, or have written on one sheet.

    Raises:
        DataError: there are not as many pages as writers.

    >>> number_pages(["a", "a", "a", "b"], ["p", None, "p", "p"]).tolist()
    [0, 1, 0, 3]
    """
    if pages is None:
        return np.arange(len(writers))
    if len(pages) != len(writers):
        expected = f"a page (or None) for each of {len(writers)} samples"
        raise DataError(f"expected {expected}, received {len(pages)}; give one each")
    first: dict[tuple[str, str], int] = {}
    pairs = enumerate(zip(writers, pages, strict=True))
    return np.array([i if page is None else first.setdefault((who, page), i) for i, (who, page) in pairs], np.intp)


def draw_writers(writers: int, rng: np.random.Generator, times: int = TIMES) -> Draws:
    """Return (times, writers) how often each writer is drawn, ``writers`` draws with replacement in each resample."""
    return np.asarray(rng.multinomial(writers, np.full(writers, 1.0 / writers), size=times), np.int64)


def shares_by_writer(
    sums: NDArray[Any], counts: NDArray[Any], *, n: int, rng: np.random.Generator, times: int = TIMES
) -> tuple[Estimate, ...]:
    """Return shares of counts with intervals over writers.

    Args:
        sums: (writers, k) of what is right, for k figures.
        counts: (writers,) of the queries; a writer with 0 has none.
        n: samples that the figures come from.
        rng: where the resamples come from.
        times: how many.

    Returns:
        k estimates: all sums by all counts; NaN without queries.
    """
    sums, counts = np.asarray(sums, np.float64), np.asarray(counts, np.float64)
    asked = counts > 0
    sums, counts = sums[asked], counts[asked]
    if not len(counts):
        return tuple(Estimate(float("nan"), 0.0, 1.0, 0) for _ in range(sums.shape[1]))
    draws = draw_writers(len(counts), rng, times)
    drawn = (draws @ sums) / (draws @ counts)[:, None]
    values = sums.sum(axis=0) / counts.sum()
    return tuple(_around(float(values[k]), drawn[:, k], n, len(counts)) for k in range(len(values)))


def bootstrap_writers(
    statistic: Callable[[NDArray[np.int64]], float],
    writers: int,
    *,
    n: int,
    rng: np.random.Generator,
    times: int = TIMES,
    share: bool = True,
) -> Estimate:
    """Return any figure with its percentile interval over writers.

    Args:
        statistic: of (writers,) how often each writer counts; NaN where it is undefined for them.
        writers: how many there are.
        n: samples that the figure comes from.
        rng: where the resamples come from.
        times: how many.
        share: whether the figure lies between 0 and 1 and is sure there only with many writers; a cost in bits is not.
    """
    value = statistic(np.ones(writers, np.int64))
    drawn = np.array([statistic(each) for each in draw_writers(writers, rng, times)])
    return _around(value, drawn, n, writers if share else 0)


def _around(value: float, drawn: NDArray[Any], n: int, writers: int) -> Estimate:
    """A figure with the middle 95 % of its resamples, widened to hold the figure itself, and at 0 and 1 by Wilson's."""
    known = drawn[np.isfinite(drawn)]
    if not len(known) or not np.isfinite(value):
        return Estimate(value, float("nan"), float("nan"), n)
    low, high = np.percentile(known, [2.5, 97.5])
    if value in (0.0, 1.0) and writers:
        alone = wilson(int(value) * writers, writers)
        low, high = min(low, alone.low), max(high, alone.high)
    return Estimate(value, min(value, float(low)), max(value, float(high)), n)
