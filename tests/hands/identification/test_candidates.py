"""Tests of duktus.hands.identification.candidates."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.hands.identification.candidates import Known, choose, log_odds, put_first
from duktus.models.likelihood import Likelihood, OpenSet, joint_amount

LIKELIHOOD = Likelihood(-8.0, 16.0, 0.0, 0.0, 25.0, 2000.0, 999, 9999, "none")
MANY = replace(
    LIKELIHOOD, measure="closeness", bias=0.0, slope=4.0, open_set=OpenSet(-8.0, 1.0, 0.2, -0.5, 1.5, 1000, 1000)
)
"""A calibration with one for galleries of any size; pages as like as 0.9 have a log10 ratio of 3.7."""

AXES = np.eye(4, dtype=np.float32)


def test_documents_of_a_hand_are_joined() -> None:
    """A hand is the mean of its documents by their writing, of length 1; labels are sorted."""
    known = Known.of(AXES[[0, 1, 2]], np.array([300.0, 100.0, 50.0]), ("b", "b", "a"))
    assert known.labels == ("a", "b")
    assert known.amounts.tolist() == [50, 400]
    assert known.vectors[1] == pytest.approx(np.array([3, 1, 0, 0]) / np.sqrt(10))


def test_the_likeliest_hand_is_named() -> None:
    """A document like one hand and unlike the others is that hand's."""
    found = choose(AXES[2], 500.0, Known.of(AXES[:3], np.full(3, 500.0), ("a", "b", "c")), LIKELIHOOD, top=2)
    assert found.reason == ""
    assert [(match.label, match.rank) for match in found.matches] == [("c", 1), ("a", 2)]
    assert found.matches[0].log10_lr == pytest.approx(8 / np.log(10))


def test_a_stranger_is_nobody() -> None:
    """A document unlike all hands is in none of them."""
    known = Known.of(AXES[:3], np.full(3, 500.0), ("a", "b", "c"))
    assert choose(AXES[3], 500.0, known, LIKELIHOOD, top=2).reason == "none of the known hands"


def test_twins_are_both_named() -> None:
    """Where two hands are as like, neither is chosen and both are named."""
    known = Known.of(AXES[[0, 0, 1]], np.full(3, 500.0), ("a", "b", "c"))
    assert choose(AXES[0], 500.0, known, LIKELIHOOD, top=2).reason == "unsure: a or b"


def test_among_many_more_is_asked() -> None:
    """What names a hand among few does not among many."""
    vector = np.array([0.62, np.sqrt(1 - 0.62**2)] + [0] * 1998, np.float32)
    axes = np.eye(2000, dtype=np.float32)

    def reason(count: int) -> str:
        others = np.delete(axes, 1, 0)[:count]
        return choose(
            vector, 500.0, Known.of(others, np.full(count, 500.0), [f"{i:04}" for i in range(count)]), LIKELIHOOD, 1
        ).reason

    assert reason(2) == ""
    assert reason(1000) == "none of the known hands"


def test_odds_are_what_decides() -> None:
    """A hand is named exactly where its odds against all other answers are above 0."""
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(40, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    known = Known.of(vectors[:5], np.full(5, 500.0), tuple("abcde"))
    ratios = LIKELIHOOD.log10_ratio(vectors[5:] @ known.vectors.T, joint_amount(500.0, known.amounts))
    named = [choose(vector, 500.0, known, LIKELIHOOD, top=1).reason == "" for vector in vectors[5:]]
    assert (log_odds(ratios) > 0).tolist() == named
    assert 0 < sum(named) < len(named)


def test_odds_stay_finite() -> None:
    """One hand among two, with a ratio beyond all numbers: a half against a quarter of the prior is left."""
    assert log_odds(np.array([5000.0, -5000.0])) == pytest.approx(5000 - np.log10(2))


def likened(likeness: float, count: int) -> Known:
    """Known hands of which the first is so like the first axis, and the others are not like it at all."""
    vectors = np.eye(count + 1, dtype=np.float32)[1:].copy()
    vectors[0, :2] = likeness, np.sqrt(1 - likeness**2)
    return Known.of(vectors, np.full(count, 500.0), [f"{i:04}" for i in range(count)])


@pytest.mark.parametrize("count", [2, 300])
def test_a_hand_is_named_among_few_and_many(count: int) -> None:
    """A page that is very like one hand of a gallery is that hand's, however many are enrolled."""
    asked = np.eye(count + 1, dtype=np.float32)[0]
    assert choose(asked, 500.0, likened(0.99, count), MANY, 1).reason == ""
    assert choose(asked, 500.0, likened(0.3, count), MANY, 1).reason == "none of the known hands"


def test_between_a_hand_and_none() -> None:
    """What is likelier than not, and not sure, is said with how much likelier it is."""
    reason = choose(np.eye(51, dtype=np.float32)[0], 500.0, likened(0.94, 50), MANY, 1).reason
    assert reason.startswith("probably 0000: ")
    assert reason.endswith(" times more likely than not")


def test_the_prior_shifts_the_odds() -> None:
    """A greater prior makes a hand likelier by as much, and may name it; a small one may refuse it."""
    ratios = np.array([3.0, 0.0, -1.0])
    for likelihood in (LIKELIHOOD, MANY):
        low, high = (float(log_odds(ratios, likelihood, prior)) for prior in (0.1, 0.9))
        assert high > low
    assert float(log_odds(ratios, MANY, 0.9) - log_odds(ratios, MANY, 0.5)) == pytest.approx(np.log10(9))


def test_twins_of_a_large_gallery_are_both_named() -> None:
    """However sure it is that it is one of two hands that look alike, neither is named."""
    known = Known.of(AXES[[0, 0, 1]], np.full(3, 500.0), ("a", "b", "c"))
    assert choose(AXES[0], 500.0, known, MANY, top=2).reason == "unsure: a or b"


def test_pages_are_known_by_their_hash() -> None:
    """Pages enrolled under one label give it, those of two labels or of none do not; the label is put first."""
    known = Known.of(AXES[:2], np.full(2, 500.0), ("a", "b"), {"1": "a", "2": "b", "3": "b"})
    assert [known.enrolled(each) for each in (["2", "3", "9"], ["1", "2"], ["9"], [])] == ["b", None, None, None]
    found = put_first(choose(AXES[0], 500.0, known, LIKELIHOOD, 2).matches, "b")
    assert [(match.label, match.rank) for match in found] == [("b", 1), ("a", 2)]
