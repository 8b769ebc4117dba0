"""Letters that lie near each other are told, and that one more example helps."""

import numpy as np

from duktus.glyphs.teaching.confusions import find_confusions
from duktus.models.card import Spread

SPREAD = Spread(middle=(0.0,) * 4, within=(0.01,) * 4, between=(1.0,) * 4, offset=0.0)
"""Drawings of a letter scatter by a tenth of what letters do."""

PLACES = np.array([[1, 0, 0, 0], [1, 0.2, 0, 0], [-1, 0, 0, 0]], np.float32)


def test_near_letters_are_told() -> None:
    """Of three letters, the two that lie two scatters apart are confused with each other, and the third with none."""
    found = find_confusions(PLACES, ["a", "b", "c"], SPREAD, np.random.default_rng(1))
    assert {(one.label, one.other) for one in found} == {("a", "b"), ("b", "a")}
    assert all(0.05 < one.share < 0.5 for one in found)


def test_one_more_example_helps() -> None:
    """Where a single example may lie far off its letter's place, a second brings fewer confusions."""
    (worst, *_) = find_confusions(PLACES, ["a", "b", "c"], SPREAD, np.random.default_rng(2))
    assert worst.after < worst.share


def test_letters_far_apart_are_not_told() -> None:
    """Nothing is told of letters that no drawing reaches from the other."""
    assert find_confusions(PLACES[1:], ["b", "c"], SPREAD, np.random.default_rng(3)) == []
