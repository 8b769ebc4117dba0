"""A page's answer weighs the evidence of its patches."""

import numpy as np
import pytest

from duktus.hands.identification.votes import LINE, agreement, confidences, vote, weigh
from duktus.models.card import Calibration


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


def test_more_writing_says_more() -> None:
    """By a growth of 1 two lines say twice what one says, by 0 the same; a temperature divides it."""
    scores = np.log(np.array([[0.6, 0.4]], np.float32))
    one, two = np.array([LINE]), np.array([2 * LINE])
    assert weigh(scores, two, 1.0) == pytest.approx(2 * weigh(scores, one, 1.0))
    assert weigh(scores, two, 0.0) == pytest.approx(scores)
    grown = confidences(scores, two, Calibration(1.0, 0.5, None, "none", growth=1.0))
    assert grown[0] == pytest.approx([0.36 / 0.52, 0.16 / 0.52], abs=1e-5)
    assert confidences(scores, one, Calibration(2.0, 0.5, None, "none"))[0, 0] == pytest.approx(0.5505, abs=1e-4)


def test_patches_agree_or_not() -> None:
    """Where all say the same it is what each says; where each is sure of another the mean is low, however sure."""
    scores = np.log(np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]], np.float32))
    alike, torn = (vote(scores[rows], np.zeros(2, np.intp), np.ones(2)).scores for rows in ([0, 1], [0, 2]))
    assert agreement(alike)[0] == pytest.approx(0.9, abs=1e-5)
    assert agreement(torn)[0] == pytest.approx(0.3, abs=1e-5)
