"""A page's answer weighs the evidence of its patches."""

import numpy as np
import pytest

from duktus.evaluation.votes import accuracy_by_level, vote


def test_a_vote_is_the_mean_of_log_probabilities() -> None:
    """Two patches of a line: the means of what each gives, by hand."""
    sure, unsure = np.log([0.9, 0.1]), np.log([0.4, 0.6])
    found = vote(np.stack([sure + 5, unsure]).astype(np.float32), np.array([7, 7]), np.array([1.0, 1.0]))
    assert found.scores[0] == pytest.approx((sure + unsure) / 2, abs=1e-5)
    assert (found.of.tolist(), found.ink.tolist()) == ([7], [2.0])


def test_a_patch_speaks_as_loudly_as_it_has_ink() -> None:
    """The same two patches: whose ink is more, his answer is."""
    scores = np.log(np.array([[0.9, 0.1], [0.1, 0.9]], np.float32))
    for ink, answer in (([3.0, 1.0], 0), ([1.0, 3.0], 1)):
        assert vote(scores, np.zeros(2, np.intp), np.array(ink)).scores.argmax() == answer


def test_units_come_in_their_order() -> None:
    """Patches of several pages, mixed, each counted to its own."""
    scores = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0], [0.0, 2.0]], np.float32)
    found = vote(scores, np.array([5, 2, 5, 2]), np.ones(4))
    assert found.of.tolist() == [2, 5]
    assert found.scores.argmax(axis=1).tolist() == [1, 0]


def test_levels_are_what_one_counts() -> None:
    """Two of three patches of a line are right: so the line is; one page of two is right."""
    right, wrong = [2.0, 0.0], [0.0, 1.0]
    scores = np.array([right, right, wrong, wrong, wrong, wrong], np.float32)
    lines, pages = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 1])
    truth = np.zeros(6, np.int64)
    found = accuracy_by_level(scores, truth, lines, pages, np.ones(6), rng=np.random.default_rng(0))
    assert {level: each.value for level, each in found.items()} == {
        "patches": pytest.approx(1 / 3),
        "lines": pytest.approx(1 / 3),
        "pages": 0.5,
    }
    assert [each.n for each in found.values()] == [6, 3, 2]


def test_without_pages_there_is_no_such_figure() -> None:
    """Where each line is a page of its own, two levels are told."""
    scores = np.zeros((4, 2), np.float32)
    lines = np.array([0, 0, 1, 1])
    found = accuracy_by_level(scores, np.zeros(4, np.int64), lines, lines, np.ones(4), rng=np.random.default_rng(0))
    assert list(found) == ["patches", "lines"]
