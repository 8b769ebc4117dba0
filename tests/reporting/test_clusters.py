"""Intervals over writers are as wide as few writers make them."""

import math

import numpy as np
import pytest

from duktus.reporting.clusters import bootstrap_writers, draw_writers, number_pages, shares_by_writer
from duktus.reporting.intervals import wilson
from duktus.types import DataError


def test_pages_of_one_writer_are_no_independent_samples() -> None:
    """Ten writers of 100 pages, all right or all wrong, tell as little as ten pages do."""
    rng = np.random.default_rng(0)
    (share,) = shares_by_writer(np.repeat([100, 0], [8, 2])[:, None], np.full(10, 100), n=1000, rng=rng)
    assert (share.value, share.n) == (0.8, 1000)
    naive = wilson(800, 1000)
    assert share.high - share.low > 5 * (naive.high - naive.low)


def test_independent_pages_give_the_normal_interval() -> None:
    """Where each writer has one page, drawing writers is drawing pages."""
    rng = np.random.default_rng(1)
    hits = (np.arange(1000) < 900).astype(int)
    (share,) = shares_by_writer(hits[:, None], np.ones(1000), n=1000, rng=rng, times=4000)
    reach = 1.96 * math.sqrt(0.09 / 1000)
    assert (share.low, share.high) == pytest.approx((0.9 - reach, 0.9 + reach), abs=0.003)


def test_writers_that_were_not_asked_do_not_count() -> None:
    """A writer with a single page is no zero, and with none asked nothing is known."""
    rng = np.random.default_rng(2)
    (share,) = shares_by_writer(np.array([[3], [0]]), np.array([3, 0]), n=3, rng=rng)
    assert (share.value, share.high) == (1, 1)
    (none,) = shares_by_writer(np.zeros((2, 1)), np.zeros(2), n=0, rng=rng)
    assert math.isnan(none.value)


def test_no_error_is_no_certainty() -> None:
    """A hundred pages by ten writers without an error tell as much as ten pages; a cost of 0 has no such bound."""
    rng = np.random.default_rng(3)
    (share,) = shares_by_writer(np.full((10, 1), 10), np.full(10, 10), n=100, rng=rng)
    assert share.low == pytest.approx(wilson(10, 10).low)
    none, cost = (bootstrap_writers(lambda _: 0.0, 10, n=100, rng=rng, times=5, share=share) for share in (True, False))
    assert none.high == pytest.approx(wilson(0, 10).high)
    assert cost.high == 0


def test_every_resample_draws_as_many_writers() -> None:
    """Writers come back, so some are missing in each resample."""
    draws = draw_writers(8, np.random.default_rng(3), 100)
    assert (draws.sum(axis=1) == 8).all()
    assert draws.max() > 1
    assert draws.mean(axis=0) == pytest.approx(np.ones(8), abs=0.4)


def test_resamples_that_tell_nothing_are_left_out() -> None:
    """A figure that cannot be told from some draws has its interval from the others."""
    found = bootstrap_writers(
        lambda drawn: 0.5 if drawn[0] else float("nan"), 3, n=3, rng=np.random.default_rng(4), times=50
    )
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)
    lost = bootstrap_writers(lambda _: float("nan"), 3, n=3, rng=np.random.default_rng(4), times=50)
    assert math.isnan(lost.low)


def test_a_page_counts_within_its_writer() -> None:
    """Two writers' pages of one name are two; as many pages as samples are asked for."""
    assert number_pages(["a", "b", "a"], ["1", "1", "1"]).tolist() == [0, 1, 0]
    with pytest.raises(DataError, match="each of 2 samples, received 1"):
        number_pages(["a", "b"], ["1"])
