"""Tests of duktus.hands.identification.verification."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.hands.identification.hand import Hand
from duktus.hands.identification.verification import compare
from duktus.models.likelihood import Likelihood

LIKELIHOOD = Likelihood(-4.0, 12.0, 0.0, 0.0, 25.0, 2000.0, 37, 210, "none")
ANNA = Hand(np.eye(1, 4, dtype=np.float32), np.eye(1, 4, 1, dtype=np.float32)[0], 90.0, 0.0, 40.0)
"""A hand whose vector lies along the first axis, and upside down along the second."""


def towards(likeness: float, place: int = 0) -> Hand:
    """A hand that is so alike to Anna's (0) or to Anna's upside down (1), and not to itself when turned."""
    vector = np.zeros((1, 4), np.float32)
    vector[0, place], vector[0, 2] = likeness, np.sqrt(1 - likeness**2)
    return replace(ANNA, vectors=vector, upside_down=np.eye(1, 4, 3, dtype=np.float32)[0])


def test_a_verdict_says_what_it_rests_on() -> None:
    """Ratio, words, likeness, ink, and first among the limits why it can be no stronger."""
    verdict = compare(ANNA, towards(0.5), LIKELIHOOD, ("a limit",))
    assert verdict.log10_lr == pytest.approx(2 / np.log(10))
    assert verdict.statement == "weak support for one hand having written both, rather than two"
    assert verdict.score == pytest.approx(0.5)
    assert (verdict.ink, verdict.reason) == ((90.0, 90.0), "")
    assert verdict.limits == (LIKELIHOOD.reach, "a limit")
    assert "calibrated on 37 writers, each compared with themselves, and 210 pairs of writers" in verdict.limits[0]


@pytest.mark.parametrize("likeness", [-0.9, 0.99])
def test_at_the_bounds_that_is_said(likeness: float) -> None:
    """Where the likeness says more than the calibration bears, ratio and words end there, and say so."""
    verdict = compare(ANNA, towards(likeness), LIKELIHOOD, ())
    assert verdict.log10_lr in LIKELIHOOD.bounds
    assert verdict.statement.endswith("; more than that the calibration does not bear")


def test_upside_down() -> None:
    """A document that is alike when turned is taken so, in either order; one that is hardly more alike is not."""
    turned = replace(towards(0.8, 1), upside_down=np.array([0.8, 0, 0, 0.6], np.float32))
    for first, second in ((ANNA, turned), (turned, ANNA)):
        verdict = compare(first, second, LIKELIHOOD, ())
        assert verdict.score == pytest.approx(0.8)
        assert verdict.limits[-1] == "matched upside down"
    upright = replace(turned, vectors=towards(0.75).vectors)
    assert "matched upside down" not in compare(ANNA, upright, LIKELIHOOD, ()).limits


@pytest.mark.parametrize(
    ("ink", "height", "reason"), [(0.0, 0.0, "blank"), (90.0, 5.0, "too coarse"), (9.0, 40.0, "too little ink")]
)
def test_what_nothing_can_be_said_of(ink: float, height: float, reason: str) -> None:
    """A document that is blank, coarse or short gives no ratio, in either place; why is said, and what is needed."""
    bad = replace(ANNA, ink=ink, height=height)
    for pair in ((ANNA, bad), (bad, ANNA)):
        verdict = compare(*pair, LIKELIHOOD, ())
        assert (verdict.log10_lr, verdict.reason, verdict.score) == (None, reason, 0.0)
        assert verdict.statement.startswith(f"nothing can be said ({reason}): expected at least 25 text heights")


def test_what_was_seen_is_told_once() -> None:
    """Notes on either document stand among the limits, the same one once."""
    mixed = replace(ANNA, heterogeneity=0.5)
    limits = compare(mixed, mixed, LIKELIHOOD, ("a limit",)).limits
    assert [("differ as much as two hands do" in each) for each in limits] == [False, False, True]
