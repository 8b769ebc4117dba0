"""Error rates, areas and costs are those of hand and of scikit-learn."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score, roc_curve

from duktus.reporting.error_rates import (
    best_log_ratios,
    count_levels,
    equal_error_rate,
    error_rates,
    least_log_ratio_cost,
    log_ratio_cost,
    roc_area,
)
from duktus.types import MissingExtraError

SAME, DIFFERENT = np.array([3.0, 2.0, 2.0, 1.0]), np.array([2.0, 1.0, 0.0, 0.0])


def both(same: np.ndarray, different: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The counts of two kinds of scores on their common levels."""
    level = count_levels(np.concatenate((same, different)))
    kind = np.repeat([1, 0], [len(same), len(different)])
    return level.sums(kind), level.sums(1 - kind)


def drawn(seed: int, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Rounded scores, so that many are equal."""
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(1, 1, n), 1), np.round(rng.normal(-0.5, 1, 2 * n), 1)


def test_rates_are_what_one_counts() -> None:
    """Above 0, 1, 2 and 3 stand the shares that one counts."""
    accepted, rejected = error_rates(*both(SAME, DIFFERENT))
    assert accepted.tolist() == [1, 0.5, 0.25, 0, 0]
    assert rejected.tolist() == [0, 0, 0.25, 0.75, 1]


def test_equal_errors_are_where_the_rates_cross() -> None:
    """At threshold 2 both are a quarter; where they cross between two points it is on the line."""
    assert equal_error_rate(*both(SAME, DIFFERENT)) == 0.25
    assert equal_error_rate(*both(np.array([1.0]), np.array([0.0]))) == 0
    assert equal_error_rate(*both(np.array([0.0]), np.array([1.0]))) == 1
    assert equal_error_rate(*both(np.zeros(3), np.zeros(5))) == 0.5
    # Points (1, 0), (1/2, 0), (1/2, 1/3), (0, 1/3): the upright line from (1/2, 0) to (1/2, 1/3), then to the left.
    assert equal_error_rate(*both(np.array([0.2, 1.0, 1.0]), np.array([0.0, 0.5]))) == pytest.approx(1 / 3)


@pytest.mark.parametrize("seed", range(4))
def test_area_and_equal_errors_are_scikit_learns(seed: int) -> None:
    """Ties and all."""
    same, different = drawn(seed)
    truth = np.repeat([1, 0], [len(same), len(different)])
    scores = np.concatenate((same, different))
    assert roc_area(*both(same, different)) == pytest.approx(roc_auc_score(truth, scores))
    false, true, _ = roc_curve(truth, scores, drop_intermediate=False)
    fine = np.linspace(0, 1, 200_001)
    crossing = fine[np.argmin(np.abs(fine - (1 - np.interp(fine, false, true))))]
    assert equal_error_rate(*both(same, different)) == pytest.approx(crossing, abs=1e-4)


def test_weights_count_as_repeats_do() -> None:
    """A score of weight 3 counts as three scores of weight 1."""
    repeated = both(np.repeat(SAME, 3), DIFFERENT)
    once = both(SAME, DIFFERENT)
    for figure in (roc_area, equal_error_rate, least_log_ratio_cost):
        assert figure(*repeated) == pytest.approx(figure(3 * once[0], once[1]))


def test_the_cost_is_that_of_the_paper() -> None:
    """No answer costs 1; an LR of 3 that is right costs log2(4/3), one that is wrong log2(4)."""
    one, none = np.ones(2), np.array([0.0, 0.0])
    assert log_ratio_cost(none, np.array([1.0, 0.0]), np.array([0.0, 1.0])) == pytest.approx(1)
    right = log_ratio_cost(np.log10([3, 1 / 3]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    wrong = log_ratio_cost(np.log10([1 / 3, 3]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert [right, wrong] == pytest.approx([math.log2(4 / 3), 2])
    sure = np.array([np.inf, -np.inf])
    assert log_ratio_cost(sure, np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 0
    assert log_ratio_cost(sure, one, one) == np.inf


def test_the_best_calibration_is_what_one_pools_by_hand() -> None:
    """Levels 0, 1, 2 and 3 hold 0, 1, 2, 1 of the same and 2, 1, 1, 0 of the different: only 0 and 3 are sure."""
    ratios = best_log_ratios(*both(SAME, DIFFERENT))
    assert ratios.tolist() == [-np.inf, 0, pytest.approx(math.log10(2)), np.inf]
    expected = (1 / 4 + 2 / 4 * math.log2(3 / 2)) / 2 + (1 / 4 + 1 / 4 * math.log2(3)) / 2
    assert least_log_ratio_cost(*both(SAME, DIFFERENT)) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_calibration_is_scikit_learns(seed: int) -> None:
    """Isotonic regression of the labels, its odds divided by the prior odds."""
    same, different = drawn(seed)
    scores, truth = np.concatenate((same, different)), np.repeat([1.0, 0.0], [len(same), len(different)])
    posterior = IsotonicRegression(y_min=0, y_max=1).fit(scores, truth).predict(np.unique(scores))
    with np.errstate(divide="ignore"):
        expected = np.log10(posterior / (1 - posterior) * len(different) / len(same))
    assert np.allclose(best_log_ratios(*both(same, different)), expected)


@given(st.integers(0, 10**6), st.floats(0.1, 5), st.floats(-3, 3))
def test_no_rising_scale_costs_less_than_the_best(seed: int, slope: float, offset: float) -> None:
    """Whatever line makes ratios of the scores, minCllr lies below its Cllr; and it is 1 at most."""
    same, different = drawn(seed, 20)
    scores, truth = np.concatenate((same, different)), np.repeat([1.0, 0.0], [len(same), len(different)])
    least = least_log_ratio_cost(*both(same, different))
    assert 0 <= least <= min(1 + 1e-12, log_ratio_cost(slope * scores + offset, truth, 1 - truth) + 1e-12)


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package ends in one sentence that says what to install."""
    monkeypatch.setitem(sys.modules, "sklearn.isotonic", None)
    with pytest.raises(MissingExtraError, match=r"duktus\[train\]"):
        least_log_ratio_cost(*both(SAME, DIFFERENT))


def test_one_kind_alone_tells_nothing() -> None:
    """Without pairs of two writers there is no rate, area or cost."""
    same, none = np.ones(2), np.zeros(2)
    figures = (equal_error_rate(same, none), roc_area(same, none), least_log_ratio_cost(same, none))
    assert all(math.isnan(figure) for figure in (*figures, log_ratio_cost(np.zeros(2), same, none)))
