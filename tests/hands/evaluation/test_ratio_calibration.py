"""Likelihood ratios are what the scores are worth, and no more than what calibrated them allows."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from duktus.hands.evaluation.ratio_calibration import fit_ratio_scale, ratio_bounds
from duktus.types import DataError


def normals(n: int, m: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose natural log likelihood ratio is known: 2 x, for normals of unit variance at 1 and -1."""
    rng = np.random.default_rng(seed)
    return rng.normal(1, 1, n), rng.normal(-1, 1, m)


def test_ratios_of_normal_scores_are_the_true_ones() -> None:
    """At a score of 1 the ratio is e², however many of either kind were compared."""
    scale = fit_ratio_scale(*normals(4000, 40_000))
    assert scale.log10_lr(np.array([1.0, 0.0]))[0] == pytest.approx(2 / np.log(10), abs=0.04)
    assert scale.log10_lr(np.zeros(1))[0] == pytest.approx(0, abs=0.04)
    assert (scale.same, scale.different) == (4000, 40_000)


def test_the_scale_is_scikit_learns() -> None:
    """Logistic regression with balanced classes gives the same line, but for the one comparison more."""
    same, different = normals(3000, 9000, 1)
    scores, truth = np.concatenate((same, different))[:, None], np.repeat([1, 0], [3000, 9000])
    model = LogisticRegression(C=1e9, class_weight="balanced", tol=1e-10).fit(scores, truth)
    scale = fit_ratio_scale(same, different)
    assert scale.slope * np.log(10) == pytest.approx(model.coef_[0, 0], rel=0.01)
    assert scale.offset * np.log(10) == pytest.approx(model.intercept_[0], abs=0.01)


def test_a_scale_does_not_depend_on_the_scores_unit() -> None:
    """Scores in other units give the same ratios."""
    same, different = normals(50, 200, 2)
    one, other = fit_ratio_scale(same, different), fit_ratio_scale(1e-4 * same + 70, 1e-4 * different + 70)
    assert one.log10_lr(same) == pytest.approx(other.log10_lr(1e-4 * same + 70), abs=1e-5)


def test_no_overlap_is_bounded_by_the_number_of_comparisons() -> None:
    """Ten comparisons a kind without error allow a ratio of about ten, a thousand of a thousand."""
    for n in (10, 1000):
        scale = fit_ratio_scale(np.full(n, 5.0), np.full(n, -5.0))
        low, high = scale.log10_lr(np.array([-100.0, 100.0]))
        assert (low, high) == (scale.low, scale.high)
        assert [-low, high] == pytest.approx([np.log10(n)] * 2, abs=0.02)


def test_bounds_are_where_the_cost_says() -> None:
    """One misleading comparison lowers a bound that its error supports; a useless score allows none."""
    good, bad = np.full(99, 3.0), np.full(99, -3.0)
    _, high = ratio_bounds(good, bad)
    _, lower = ratio_bounds(good, np.append(bad[1:], 3.0))
    # With k of m wrong: (1 + t (k + 1)) / 100 <= 1, so t is at most 99 / (k + 1).
    assert [high, lower] == pytest.approx([np.log10(99), np.log10(99 / 2)], abs=0.011)
    assert ratio_bounds(np.array([-2.0, -1.0]), np.array([1.0, 2.0])) == (0, 0)


def test_bounds_of_unequal_numbers() -> None:
    """Many comparisons of two writers and few of one: what speaks for one hand may be strong, against it hardly."""
    low, high = ratio_bounds(np.full(9, 5.0), np.full(9999, -5.0))
    # At a ratio t above 1 the cost is 1/10 + t/10,000 and may be 1; below it is 1/(10 t) + 1/10,000.
    assert low == pytest.approx(-np.log10(10 * (1 - 1e-4)), abs=0.011)
    assert high == pytest.approx(np.log10(9000), abs=0.011)


def test_worthless_scores_give_no_answer() -> None:
    """The same scores on either side are a ratio of 1 throughout."""
    scores = np.linspace(0, 1, 50)
    scale = fit_ratio_scale(scores, scores)
    assert scale.log10_lr(scores) == pytest.approx(np.zeros(50), abs=0.02)


@pytest.mark.parametrize(
    ("same", "different"), [([], [1.0]), ([1.0], []), ([1.0], [1.0]), ([np.nan], [1.0]), ([np.inf], [1.0])]
)
def test_scores_that_tell_nothing_are_refused(same: list[float], different: list[float]) -> None:
    """Without both kinds, or without any difference, nothing can be fitted."""
    with pytest.raises(DataError, match="expected finite scores of either kind that differ"):
        fit_ratio_scale(np.array(same), np.array(different))
