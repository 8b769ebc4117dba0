"""Tests of figures with intervals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from duktus.reporting.intervals import auroc_interval, bootstrap, wilson


def test_wilson_gives_the_published_interval() -> None:
    """15 of 148 give 6.2 % to 16.0 %, as in Newcombe (1998), table I."""
    share = wilson(15, 148)

    assert (round(share.low, 4), round(share.high, 4)) == (0.0624, 0.1605)


@given(st.integers(1, 10**7), st.floats(0, 1))
def test_wilson_holds_the_share_and_keeps_a_width(n: int, part: float) -> None:
    """At any share, 0 and 1 too, the interval is within [0, 1], holds the share and is not a point."""
    share = wilson(round(part * n), n)

    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low < share.high


def test_a_share_of_nothing_is_not_a_number() -> None:
    """With no samples nothing is known: the interval is everything."""
    share = wilson(0, 0)

    assert math.isnan(share.value)
    assert (share.low, share.high, share.n) == (0.0, 1.0, 0)


def test_the_interval_of_a_perfect_area_keeps_a_width() -> None:
    """An area of 1 from few samples may yet be less; from many, hardly."""
    few, many = auroc_interval(1.0, 20, 20), auroc_interval(1.0, 5000, 5000)

    assert few.low < many.low < few.high == many.high == 1.0


def test_the_interval_of_an_area_covers_the_truth() -> None:
    """Of 200 samples from two normal distributions, about 95 % have an interval that holds the true area."""
    rng = np.random.default_rng(3)
    area = 0.9213503964748575  # two standard deviations apart: Phi(2 / sqrt 2)
    covered = 0
    for _ in range(200):
        ranks = np.concatenate([rng.normal(2, 1, 40), rng.normal(0, 1, 60)])
        found = auroc_interval(float(roc_auc_score(np.repeat([1, 0], [40, 60]), ranks)), 40, 60)
        covered += found.low <= area <= found.high

    assert 180 <= covered <= 200


def test_the_bootstrap_interval_of_a_mean_is_the_normal_one() -> None:
    """For the mean of many samples, theory and resampling agree."""
    values = np.random.default_rng(4).normal(5, 2, 1000)

    mean = bootstrap(lambda chosen: float(values[chosen].mean()), 1000, rng=np.random.default_rng(5))

    reach = 1.96 * values.std() / math.sqrt(1000)
    assert mean.value == pytest.approx(values.mean())
    assert (mean.low, mean.high) == pytest.approx((mean.value - reach, mean.value + reach), abs=0.03)


def test_the_bootstrap_interval_always_holds_the_figure() -> None:
    """Where resamples lie on one side, as for a count of distinct values, the interval reaches to the figure."""
    distinct = bootstrap(lambda chosen: float(len(set(chosen.tolist()))), 50, rng=np.random.default_rng(6), times=50)

    assert distinct.low < distinct.value == distinct.high == 50
