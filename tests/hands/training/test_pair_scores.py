"""Comparisons of documents are counted by writers, and their likeness becomes a likelihood ratio that holds."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.hands.training.pair_scores import Comparisons, compare_documents, cost, even_weights, fit_likelihood
from duktus.models.likelihood import UNSEEN, Likelihood


def drawn(n: int = 4000, shift: float = 2.0) -> Comparisons:
    """Closenesses from two normal distributions of deviation 1, whose log ratio is shift * closeness - shift² / 2."""
    rng = np.random.default_rng(0)
    same = np.arange(n) % 5 == 0
    likeness = with_closeness(rng.normal(shift * same, 1.0))
    return Comparisons(likeness, np.full(n, 100.0), same, np.ones(n), np.full(n, "set"), same[:40], 50, 1225)


def with_closeness(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosines whose closeness is what is wanted, up to 3.9."""
    return np.asarray(1 + UNSEEN - np.exp(-np.minimum(values, 3.9)))


def test_ratios_are_those_of_the_distributions() -> None:
    """The fitted ratio is close to the true one, however many pairs of either kind there were."""
    fitted = Likelihood(*fit_likelihood(drawn()), 1.0, 2000.0, 50, 1225, "drawn", "closeness")
    values = np.linspace(-1, 3, 9)
    truth = (2 * values - 2) / np.log(10)
    assert fitted.log10_ratio(with_closeness(values), 100.0) == pytest.approx(truth, abs=0.25)


def test_a_longer_text_says_more() -> None:
    """Where likenesses scatter less with more writing, the fitted slope grows with it."""
    rng = np.random.default_rng(1)
    same, amounts = np.arange(8000) % 2 == 0, np.exp(rng.uniform(3, 7, 8000))
    likeness = with_closeness(rng.normal(np.where(same, 0.5, 0.0), 3 / np.sqrt(amounts)))
    mixed = Comparisons(likeness, amounts, same, np.ones(8000), np.full(8000, "set"), same, 90, 4005)
    assert fit_likelihood(mixed)[3] > 0


def test_equal_error_rate() -> None:
    """Two normal distributions 2 apart are mistaken in 16 % of cases."""
    rate = drawn(20000).equal_error_rate()
    assert rate.value == pytest.approx(0.159, abs=0.01)
    assert rate.low < rate.value < rate.high
    assert rate.n == 50


def test_who_is_compared() -> None:
    """A row's documents are compared, and other writers' of its set; each writer and each pair counts once."""
    writers = np.array(["a/1", "a/1", "a/2", "b/1"])
    vectors = np.eye(4, 5, dtype=np.float32)
    found = compare_documents((vectors, vectors), (np.full(4, 50.0), np.full(4, 50.0)), writers)
    assert (int(found.same.sum()), int((~found.same).sum())) == (4, 4)
    assert found.weights[found.same].sum() == pytest.approx(3)
    assert found.weights[~found.same].sum() == pytest.approx(2 / 2)
    assert (found.people, found.couples) == (3, 1)
    assert found.hits.all()


def test_joined_parts() -> None:
    """Folds are joined: pairs behind one another, writers added up."""
    whole = Comparisons.join([drawn(100), drawn(50)])
    assert len(whole.likeness) == 150
    assert (whole.people, whole.couples) == (100, 2450)


def test_sets_count_alike() -> None:
    """However many pairs a set has, it weighs as much as another, and so does either kind of pair in it."""
    small, large = drawn(100), drawn(1000)
    small = replace(small, sets=np.full(100, "small"))
    weights, same = even_weights(Comparisons.join([small, large])), np.concatenate([small.same, large.same])
    assert [weights[:100][same[:100]].sum(), weights[:100][~same[:100]].sum()] == pytest.approx([0.5, 0.5])
    assert weights[100:].sum() == pytest.approx(1)


def test_what_ratios_cost() -> None:
    """Ratios of 1 cost a bit, true and great ones nothing, wrong ones more than a bit."""
    same = np.array([True, True, False, False])
    assert cost(np.zeros(4), same, np.ones(4)) == pytest.approx(1)
    assert cost(np.array([9.0, 9, -9, -9]), same, np.ones(4)) < 1e-6
    assert cost(np.array([-3.0, -3, 3, 3]), same, np.ones(4)) > 5
