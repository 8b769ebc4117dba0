"""How often patches, lines and pages are given to the right writer."""

import numpy as np
import pytest

from duktus.hands.evaluation.level_accuracy import accuracy_by_level, is_among


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


def test_among_the_first_answers() -> None:
    """The second best is among two and not among one; what no score sets apart is not the first."""
    scores = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 0.0]])
    assert is_among(scores, np.array([1, 0]), 1).tolist() == [False, False]
    assert is_among(scores, np.array([1, 0]), 2).tolist() == [True, True]
    levels = accuracy_by_level(
        scores, np.array([1, 2]), np.arange(2), np.arange(2), np.ones(2), rng=np.random.default_rng(0), first=2
    )
    assert levels["lines"].value == 0.5
