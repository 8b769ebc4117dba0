"""Pairs are measured without any writer calibrating himself."""

import numpy as np
import pytest

from duktus.hands.evaluation.retrieval import score_matrix
from duktus.hands.evaluation.verification import Pairs, cross_calibrate, make_pairs, measure_pairs, tippett_curve
from duktus.types import DataError
from tests.hands.evaluation.scores import draw_vectors


def rng() -> np.random.Generator:
    """The same draws in each test."""
    return np.random.default_rng(7)


def pairs_of(writers: int, pages: int, noise: float) -> Pairs:
    """The pairs of drawn vectors."""
    vectors, names, places = draw_vectors(writers, pages, noise=noise)
    return make_pairs(score_matrix(vectors), names, places, rng=rng())


def test_each_pair_comes_once_and_none_from_one_page() -> None:
    """Two writers of two pages with two lines: 2 x 4 pairs of one writer from two pages, 16 of two writers."""
    vectors, writers, pages = draw_vectors(2, 2, 2, noise=0.5)
    scores = score_matrix(vectors)
    pairs = make_pairs(scores, writers, pages, rng=rng())
    assert (int(pairs.same.sum()), int((~pairs.same).sum()), pairs.writers) == (8, 16, 2)
    assert pairs.scores[0] == scores[0, 2]
    one_each = make_pairs(scores, writers, pages, rng=rng(), each=2)
    assert int((~one_each.same).sum()) == 4
    few = make_pairs(scores, writers, pages, rng=rng(), most=5)
    assert (int(few.same.sum()), int((~few.same).sum())) == (5, 5)


def test_a_pair_counts_as_often_as_its_writers_are_drawn() -> None:
    """A writer drawn twice brings his own pairs twice, and those with one drawn three times six times."""
    pairs = Pairs(np.zeros(3), np.array([0, 0, 1]), np.array([0, 1, 1]))
    same, different = pairs.weights(np.array([2, 3]))
    assert same.tolist() == [2, 0, 3]
    assert different.tolist() == [0, 6, 0]


def test_figures_of_clear_hands() -> None:
    """Hardly any noise: no errors, a small cost that the bounds leave, no misleading ratio."""
    found = measure_pairs(pairs_of(20, 3, 0.05), rng=rng(), times=30)
    assert (found.equal_error.value, found.auroc.value, found.cost_least.value) == (0, 1, 0)
    assert 0 < found.cost.value < 0.1
    assert (found.misleading_same.value, found.misleading_different.value) == (0, 0)
    assert (found.same, found.different, found.writers) == (60, 20 * 57 * 3 // 2, 20)
    assert -2.5 < found.low < -1
    assert 1 < found.high < 3.5


def test_figures_of_hands_that_overlap() -> None:
    """The cost lies above its least and below 1, intervals hold the figures, and resamples move them."""
    found = measure_pairs(pairs_of(30, 3, 0.7), rng=rng(), times=60)
    assert 0 < found.cost_least.value < found.cost.value < 1
    for figure in (found.equal_error, found.auroc, found.cost, found.cost_least, found.misleading_same):
        assert figure.low < figure.value < figure.high
    assert found.cost.value - found.cost_least.value < 0.1


def test_scores_that_know_nothing_cost_as_much_as_no_answer() -> None:
    """Cross-validated ratios of chance scores stay near 1."""
    scores = np.random.default_rng(8).normal(size=(60, 60))
    pairs = make_pairs(scores, [f"w{i // 3}" for i in range(60)], rng=rng())
    found = measure_pairs(pairs, rng=rng(), times=20)
    assert found.cost.value == pytest.approx(1, abs=0.05)
    assert found.equal_error.value == pytest.approx(0.5, abs=0.12)


def test_ratios_that_come_calibrated_are_taken_as_they_are() -> None:
    """The cost is that of the scores themselves: of ratios ten times too strong it is more."""
    pairs = pairs_of(20, 3, 0.7)
    ratios, _ = cross_calibrate(pairs, rng=rng())
    fair, strong = (
        measure_pairs(Pairs(times * ratios, pairs.first, pairs.second), rng=rng(), calibrated=True, times=10)
        for times in (1, 10)
    )
    assert fair.cost.value == measure_pairs(pairs, rng=rng(), times=10).cost.value
    assert fair.cost.value < strong.cost.value
    assert (fair.folds, fair.low, fair.high) == (0, ratios.min(), ratios.max())


def test_no_writer_calibrates_himself() -> None:
    """Changing all scores of one writer changes the ratios of others' pairs, and no scale that judges his."""
    pairs = pairs_of(12, 3, 0.6)
    ratios, scales = cross_calibrate(pairs, rng=rng())
    his = (pairs.first == 0) | (pairs.second == 0)
    other = Pairs(np.where(his, pairs.scores - 5, pairs.scores), pairs.first, pairs.second)
    _, changed = cross_calibrate(other, rng=rng())
    kept = [one for one, two in zip(scales, changed, strict=True) if one == two]
    fold = rng().permutation(12) % 5
    assert len(scales) == 15
    assert len(kept) == 5  # the scales of his fold with each of the five
    assert all(np.isfinite(ratios))
    mates = int((fold == fold[0]).sum())
    judged_by_kept = np.isin(pairs.first, np.flatnonzero(fold == fold[0])) | np.isin(
        pairs.second, np.flatnonzero(fold == fold[0])
    )
    assert mates >= 2
    assert (his <= judged_by_kept).all()


@pytest.mark.parametrize(("writers", "folds"), [(2, 5), (4, 5), (6, 2)])
def test_too_few_writers_to_calibrate_by_others(writers: int, folds: int) -> None:
    """Pairs of two folds need a third to be calibrated on."""
    with pytest.raises(DataError, match="expected from 3 to as many folds as writers"):
        cross_calibrate(pairs_of(writers, 3, 0.5), rng=rng(), folds=folds)


def test_the_tippett_curve_falls_from_all_to_few() -> None:
    """At each ratio stands the share of comparisons with at least that."""
    assert tippett_curve(np.array([2.0, -1.0, 0.5, 0.5])) == ((-1, 1), (0.5, 0.75), (0.5, 0.5), (2, 0.25))
    many = tippett_curve(np.random.default_rng(9).normal(size=5000))
    assert len(many) <= 200
    assert many[0][1] == 1
    assert many[-1][1] == pytest.approx(1 / 5000)
