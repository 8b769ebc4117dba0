"""Pairs of patches that a report shows: rightly and wrongly given to one writer."""

import numpy as np
import pytest

from duktus.hands.evaluation.twins import find_twin_pairs, join_seen, keep_surest
from tests.hands.identification.test_collage import seen


def test_the_surest_patches_are_kept_in_their_order() -> None:
    """Those with the greatest probability, as they stand on the page."""
    kept = keep_surest(seen([[0.6, 0.4], [0.1, 0.9], [0.55, 0.45], [0.8, 0.2]], [0, 0, 1, 2]), 2, 2)
    assert kept.patches[:, 0, 0].tolist() == [1, 3]
    assert kept.lines.tolist() == [0, 2]
    both = join_seen([kept, kept])
    assert both.patches.shape[0] == 4
    assert len(both.scores) == len(both.lines) == 4


def test_right_and_wrong_pairs() -> None:
    """Two documents of one writer share a pair; what another wrote and is taken for theirs stands beside theirs."""
    anna = [(0, seen([[0.9, 0.1], [0.2, 0.8]])), (0, seen([[0.7, 0.3]]))]
    bert = [(1, seen([[0.1, 0.9]]))]
    found = find_twin_pairs(anna + bert, 2)
    (right,) = found.right
    assert right.writer == 0
    assert right.chance == pytest.approx(0.7)
    (wrong,) = found.wrong
    assert wrong.writer == 1
    assert wrong.chance == pytest.approx(0.8)
    assert np.array_equal(wrong.one, anna[0][1].patches[1])
    assert np.array_equal(wrong.other, bert[0][1].patches[0])


def test_without_errors_nothing_is_shown_as_one() -> None:
    """One document a writer, all of them right: there is nothing to lay side by side."""
    found = find_twin_pairs([(0, seen([[0.9, 0.1]])), (1, seen([[0.1, 0.9]]))], 2)
    assert (found.right, found.wrong) == ((), ())
