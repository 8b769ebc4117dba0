"""Which confidence is enough: on what lies above it, few lines are wrong, and that is sure."""

import numpy as np
import pytest

from duktus.lines.training.calibrating import WRONG, threshold_of


def test_what_is_accepted_is_wrong_seldom_with_confidence() -> None:
    """Two wrong ones of a thousand are few enough for sure; seven are not, and the threshold rises."""
    confidence = np.linspace(1, 0, 2000)
    few = np.ones(2000, bool)
    few[[300, 700]] = False
    few[1000:] = False
    assert threshold_of(confidence, few) == pytest.approx(confidence[1002], abs=0.002)
    many = few.copy()
    many[[800, 850, 900, 950, 990]] = False
    found = threshold_of(confidence, many)
    kept = confidence >= found
    assert confidence[949] < found < confidence[700]
    assert (~many[kept]).mean() <= WRONG / 2


def test_of_too_few_lines_the_share_itself_is_bounded() -> None:
    """Sixty lines cannot show that one in a hundred is wrong: what lies above the first error is accepted."""
    right = np.ones(60, bool)
    right[40:] = False
    assert threshold_of(np.linspace(1, 0, 60), right) == pytest.approx(np.linspace(1, 0, 60)[39])


def test_where_the_surest_is_wrong_nothing_is_accepted() -> None:
    """A threshold of 1 accepts nothing that is in any doubt."""
    assert threshold_of(np.array([0.9, 0.8]), np.array([False, True])) == 1.0
