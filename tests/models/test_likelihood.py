"""Tests of duktus.models.likelihood."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.models.likelihood import Likelihood, OpenSet, joint_amount
from duktus.types import ModelError

LIKELIHOOD = Likelihood(-4.0, 2.0, -0.5, 1.5, 25.0, 2000.0, 99, 999, "none")
LIKENESS = np.linspace(-1, 1, 21)


@given(amount=st.floats(0, 1e6))
def test_grows_with_the_likeness(amount: float) -> None:
    """The more alike two documents are, the more speaks for one hand, however much is written."""
    assert (np.diff(LIKELIHOOD.log10_ratio(LIKENESS, amount)) >= 0).all()


def test_more_writing_says_more() -> None:
    """A high likeness speaks louder with more writing, and a low one louder against."""
    little, much = LIKELIHOOD.log10_ratio(np.array([0.0, 0.95]), 30), LIKELIHOOD.log10_ratio(np.array([0.0, 0.95]), 900)
    assert much[0] < little[0]
    assert much[1] > little[1]


def test_a_slope_is_never_downward() -> None:
    """Where the fitted slope would turn with the amount, likeness says nothing rather than the contrary."""
    turned = replace(LIKELIHOOD, amount_slope=-1.0)
    assert np.ptp(turned.log10_ratio(LIKENESS, 1e6)) == 0


def test_longer_than_what_was_compared() -> None:
    """More writing than was ever compared says no more than the most that was."""
    assert LIKELIHOOD.log10_ratio(LIKENESS, 1e6) == pytest.approx(LIKELIHOOD.log10_ratio(LIKENESS, 2000))


def test_bounds() -> None:
    """Ratios end where the comparisons do."""
    assert LIKELIHOOD.bounds == pytest.approx((-2, 3))
    assert LIKELIHOOD.bounded(np.array([-9.0, 0.5, 9.0])).tolist() == pytest.approx([-2, 0.5, 3])


def test_reach_says_why() -> None:
    """The sentence on the bounds names them, the writers, and the pairs of writers."""
    assert "below -2.0 or above +3.0" in LIKELIHOOD.reach
    assert "99 writers, each compared with themselves, and 999 pairs of writers" in LIKELIHOOD.reach


def test_needs_comparisons() -> None:
    """Ratios that nothing stands behind are refused."""
    with pytest.raises(ModelError, match="field likelihood"):
        replace(LIKELIHOOD, different=0)
    with pytest.raises(ModelError, match="most_amount"):
        replace(LIKELIHOOD, most_amount=0.0)


@given(first=st.floats(1, 1e5), second=st.floats(1, 1e5))
def test_joint_amount(first: float, second: float) -> None:
    """Two amounts count no less than the smaller and no more than twice it, in either order."""
    joint = float(joint_amount(first, second))
    assert min(first, second) * 0.999 <= joint <= 2.001 * min(first, second)
    assert joint == pytest.approx(float(joint_amount(second, first)))


def test_closeness_has_no_greatest_value_but_that_of_a_page_with_itself() -> None:
    """Measured by closeness, a ratio goes on growing where likenesses near 1, and more writing lifts its ceiling."""
    close = replace(LIKELIHOOD, measure="closeness", bias=0.0, slope=4.0)
    assert (np.diff(close.log10_ratio(np.array([0.9, 0.99, 0.999, 1.0]), 900)) > 0.05).all()
    little, much = (float(close.bounded(np.array([9.0]), amount)[0]) for amount in (30.0, 2000.0))
    assert 0 < little < much == close.bounds[1]


@pytest.mark.parametrize("ratios", [[3.0], [3.0, 1.0], [3.0] + [0.0] * 299])
def test_the_best_of_many(ratios: list[float]) -> None:
    """The odds that it is any of k hands depend on the best, its lead, and how many there are."""
    odds = OpenSet(-2.0, 1.0, 0.1, -0.5, 1.5, 100, 100).log_odds(np.array(ratios))
    lead = ratios[0] if len(ratios) == 1 else min(ratios[0] - ratios[1], ratios[0])
    assert float(odds) == pytest.approx(-2 / np.log(10) + 3 + 0.1 * lead - 0.5 * np.log10(len(ratios)))
