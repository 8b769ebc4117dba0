"""Which letters are taken for which is counted pair by pair, and the neediest letters are named first."""

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.glyphs.evaluation.confusions import MOST_EXAMPLES, Confusion, find_confusions, rank_wanted
from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores

LABELS = ("ᚠ", "ᚢ", "ᚦ", "ᚩ")
TRUTH = np.repeat([0, 1, 2, 3, -1], [10, 10, 4, 2, 3])
ANSWERS = np.array([0] * 7 + [1] * 3 + [1] * 10 + [2, 2, 1, 0] + [3, 3] + [0] * 3)


@pytest.fixture(scope="module")
def scores() -> NDArray[np.float64]:
    """Logits of these answers, the later samples of each label being the surer ones."""
    sure = 5 + np.arange(len(TRUTH)) / 10
    return np.where(np.eye(5)[ANSWERS] > 0, sure[:, None], 0.0)


@pytest.fixture(scope="module")
def evaluation(scores: NDArray[np.float64]) -> Evaluation:
    """What they come to."""
    return evaluate_scores(scores, TRUTH, LABELS, True, None)


def test_most_frequent_confusions_come_first(scores: NDArray[np.float64]) -> None:
    """Pairs are sorted by their number, then by the share of what is shown; what is no character is in none."""
    found = find_confusions(scores, TRUTH, LABELS)
    assert [(one.shown, one.answered, one.count) for one in found] == [("ᚠ", "ᚢ", 3), ("ᚦ", "ᚠ", 1), ("ᚦ", "ᚢ", 1)]
    assert [one.share for one in found] == pytest.approx([0.3, 0.25, 0.25])
    assert find_confusions(scores, TRUTH, LABELS, most=1) == found[:1]


def test_confusions_name_their_pictures(scores: NDArray[np.float64]) -> None:
    """The surest errors come first, and each label has the picture that is read right most surely."""
    first = find_confusions(scores, TRUTH, LABELS)[0]
    assert first == Confusion("ᚠ", "ᚢ", 3, 0.3, (9, 8, 7), (6, 19))
    always_wrong = find_confusions(np.eye(2)[[1] * 9], np.zeros(9, int), "ab")[0]
    assert len(always_wrong.examples) == MOST_EXAMPLES
    assert always_wrong.typical == (None, None)


def test_letters_that_are_misread_deserve_more(evaluation: Evaluation) -> None:
    """Without counts the errors decide; letters without any are not named, and each is told why."""
    wanted = rank_wanted(evaluation)
    assert [one.label for one in wanted] == ["ᚦ", "ᚠ", "ᚢ"]
    assert wanted[0].reasons == ("2 of 4 read right", "taken for ᚠ ×1")
    assert wanted[2].reasons == ("10 of 10 read right", "falsely read ×4, most for ᚠ")


def test_letters_with_few_examples_deserve_more(evaluation: Evaluation) -> None:
    """A letter that is often misread and was taught by many is less in need than one that was taught by one."""
    wanted = rank_wanted(evaluation, {"ᚠ": 1, "ᚢ": 100, "ᚦ": 25, "ᚩ": 2})
    assert [one.label for one in wanted] == ["ᚠ", "ᚦ", "ᚩ", "ᚢ"]
    assert wanted[0].reasons == ("1 example", "7 of 10 read right", "taken for ᚢ ×3", "falsely read ×1, most for ᚦ")
    assert wanted[2].reasons == ("2 examples", "2 of 2 read right")


def test_five_hundred_letters() -> None:
    """Large alphabets, most of whose letters are never shown, are ranked as well."""
    names = [f"L{i}" for i in range(500)]
    few = evaluate_scores(9 * np.eye(500)[[0, 2, 2]], np.array([0, 1, 2]), names, False, None)
    wanted = rank_wanted(few, dict.fromkeys(names, 1))
    assert len(wanted) == 500
    assert {one.label for one in wanted[:2]} == {"L1", "L2"}
    assert wanted[-1].reasons[0] == "1 example"
