"""Tests of duktus.hands.identification.verbal_scale."""

import pytest

from duktus.hands.identification.verbal_scale import verbal


@pytest.mark.parametrize(
    ("log10_lr", "words"),
    [(0.2, "no support"), (0.5, "weak support"), (1, "moderate support"), (2.5, "moderately strong support"),
     (3.9, "strong support"), (4, "very strong support"), (7, "extremely strong support")],
)  # fmt: skip
def test_the_scale(log10_lr: float, words: str) -> None:
    """Each ratio has its words, and the same ratio against has the same words for two hands."""
    assert verbal(log10_lr).startswith(words)
    assert verbal(-log10_lr).startswith(words)
    if log10_lr > 0.3:
        assert verbal(log10_lr).endswith("one hand having written both, rather than two")
        assert verbal(-log10_lr).endswith("two hands having written them, rather than one")
