"""Tests of duktus.hands.identification.notes."""

import numpy as np
import pytest

from duktus.hands.identification.notes import (
    MOST_CUTS,
    TOO_COARSE,
    amount_in_words,
    find_heterogeneity,
    hand_notes,
    trust,
    unfit,
)
from tests.hands.pages import reader

SESSION = reader()._session
SHAPE = (4, 576)


def pieces(*hands: int, each: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Counts of so many pieces by each of some made-up hands in turn, and how much writing each piece is."""
    kinds = [np.random.default_rng(hand).gamma(0.3, 1.0, SHAPE) for hand in hands]
    rng = np.random.default_rng(9)
    counts = [rng.poisson(60 * kind) for kind in kinds for _ in range(each)]
    return np.array(counts, np.float32), np.full(len(counts), 60.0)


def test_two_hands_are_a_rift() -> None:
    """Pieces by one hand above those by another differ more than either's among themselves; those of one do not."""
    two, one = (find_heterogeneity(*pieces(*hands), SESSION, 100) for hands in ((1, 2), (1, 1)))
    assert two > 0.14 > one
    assert find_heterogeneity(*pieces(2, 1), SESSION, 100) == pytest.approx(two, abs=0.05)


def test_alternating_pieces_are_no_rift() -> None:
    """A page that varies all over is not cut anywhere: its parts are no less alike than either is in itself."""
    assert find_heterogeneity(*pieces(1, 2, 1, 2, 1, 2, 1, 2, each=1), SESSION, 100) < 0.14


def test_too_little_to_compare() -> None:
    """Where a side would have fewer than two pieces, or too little writing, nothing is said."""
    counts, amounts = pieces(1, 2)
    assert find_heterogeneity(counts[2:5], amounts[2:5], SESSION, 100) == 0
    assert find_heterogeneity(counts, amounts, SESSION, 241) == 0
    assert find_heterogeneity(counts[:0], amounts[:0], SESSION, 100) == 0


def test_a_long_document_is_cut_at_some_places() -> None:
    """Of many pieces not every place is tried, and the heterogeneity is still found."""
    counts, amounts = pieces(1, 2, each=MOST_CUTS)
    assert find_heterogeneity(counts, amounts, SESSION, 100) > 0.14


@pytest.mark.parametrize(
    ("heterogeneity", "height", "told"),
    [(0.1, 40, []), (0.2, 40, ["differ"]), (0.2, 9, ["differ", "9 pixels"]), (0, 5, [])],
)
def test_notes(heterogeneity: float, height: float, told: list[str]) -> None:
    """Heterogeneity is noted, and coarse text that is still usable; what is too coarse is an answer and no note."""
    found = list(hand_notes(heterogeneity, height))
    assert len(found) == len(told)
    assert all(part in note for part, note in zip(told, found, strict=True))


def test_unfit() -> None:
    """What is not written says less than what is too coarse, and that less than what is too little."""
    assert [unfit(*each, 25.0) for each in ((0.0, 0.0), (9.0, 5.0), (9.0, 40.0), (25.0, 8.0))] == [
        "blank",
        "too coarse",
        "too little ink",
        "",
    ]


def test_coarseness_is_no_evidence() -> None:
    """The coarser the text, the nearer to 0 is a ratio, and it speaks less against one hand than for it."""
    ratios = np.array([-2.0, 2.0])
    assert trust(ratios, 24.0).tolist() == [-2.0, 2.0]
    assert trust(ratios, TOO_COARSE).tolist() == [0.0, 0.0]
    against, spoken_for = trust(ratios, 11.0)
    assert -0.6 < against < 0
    assert 1.0 < spoken_for < 2.0


def test_amounts_in_words() -> None:
    """An amount of writing is said in words, and noted where more would say more."""
    assert [amount_in_words(ink) for ink in (10, 100, 480, 1000, 4000)] == [
        "a word or two",
        "less than a line",
        "some lines",
        "part of a page",
        "a page",
    ]
