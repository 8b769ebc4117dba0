"""Identification and retrieval are counted as the field counts them."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from duktus.hands.evaluation.retrieval import closed_set, retrieve, score_matrix
from duktus.types import DataError
from tests.hands.evaluation.scores import draw_vectors

# Four pages, by a, a, b and b: the first is nearest to its like, the second nearest to the third.
SCORES = np.array(
    [
        [1.0, 0.9, 0.3, 0.2],
        [0.9, 1.0, 0.95, 0.1],
        [0.3, 0.95, 1.0, 0.4],
        [0.2, 0.1, 0.4, 1.0],
    ]
)
WRITERS = ["a", "a", "b", "b"]


def rng() -> np.random.Generator:
    """The same draws in each test."""
    return np.random.default_rng(5)


def test_retrieval_is_what_one_counts_by_hand() -> None:
    """Pages 1 and 4 find their like first, 2 and 3 second: top-1 of 2 in 4, mean precision (1 + 1/2 + 1/2 + 1) / 4."""
    found = retrieve(SCORES, WRITERS, rng=rng())
    assert (found.top1.value, found.top5.value, found.mean_average_precision.value) == (0.5, 1.0, 0.75)
    assert [each.value for each in found.cmc] == [0.5, 1.0, 1.0]
    assert (found.top1.n, found.writers, found.left_out) == (4, 2, 0)


def test_average_precision_is_that_of_scikit_learn() -> None:
    """On many pages the mean is that of the library's, question by question."""
    vectors, writers, _ = draw_vectors(12, 4, noise=0.8)
    scores = score_matrix(vectors)
    names = np.array(writers)
    each = []
    for i in range(len(names)):
        others = np.arange(len(names)) != i
        each.append(average_precision_score(names[others] == names[i], scores[i][others]))
    found = retrieve(scores, writers, rng=rng())
    assert found.mean_average_precision.value == pytest.approx(np.mean(each), abs=1e-6)
    assert found.mean_average_precision.low < found.mean_average_precision.value < found.mean_average_precision.high


def test_a_writer_of_one_page_is_found_but_not_asked() -> None:
    """The third writer's only page stands in everybody's way and is counted as left out."""
    scores = np.full((3, 3), 0.2)
    scores[0, 1] = scores[1, 0] = 0.5
    scores[0, 2] = scores[2, 0] = 0.9
    found = retrieve(scores, ["a", "a", "b"], rng=rng())
    assert (found.top1.value, found.left_out, found.top1.n) == (0.5, 1, 2)


def test_lines_of_the_page_that_is_asked_are_not_found() -> None:
    """Lines that are alike for their page alone give nothing."""
    writers, pages = ["a"] * 4 + ["b"] * 4, ["1", "1", "2", "2"] * 2
    same_page = np.kron(np.eye(4), np.ones((2, 2))) + np.linspace(0, 0.1, 8)
    assert retrieve(same_page, writers, pages, rng=rng()).top1.value < 1
    assert retrieve(same_page, writers, rng=rng()).top1.value == 1


def test_equal_scores_are_no_answer() -> None:
    """Where all score alike, all others come first."""
    found = retrieve(np.zeros((4, 4)), WRITERS, rng=rng())
    assert found.top1.value == 0
    assert found.mean_average_precision.value == pytest.approx(1 / 3)
    assert closed_set(np.zeros((4, 4)), WRITERS, rng=rng()).top1.value == 0


def test_the_cmc_curve_is_what_one_counts_by_hand() -> None:
    """Asked with the first and last enrolled: page 2 is right, page 3 right; with 2 and 3: 1 right, 4 right."""
    right = SCORES.copy()
    right[1, 2] = right[2, 1] = 0.35
    found = closed_set(right, WRITERS, rng=rng(), draws=50)
    assert found.top1.value == 1
    wrong = closed_set(SCORES, WRITERS, rng=rng(), draws=400)
    # Of the four ways to enrol, two (1 or 2 against 3) ask page 2 or 3 with its rival enrolled.
    ways = {(0, 2): 0.5, (0, 3): 1.0, (1, 2): 1.0, (1, 3): 0.5}
    assert wrong.top1.value == pytest.approx(np.mean(list(ways.values())), abs=0.05)
    assert [each.value for each in wrong.cmc[1:]] == [1.0]


def test_the_curve_rises_to_all_writers() -> None:
    """Of eight writers the right one is among eight answers at the latest, and never later than before."""
    vectors, writers, pages = draw_vectors(8, 3, noise=1.5)
    found = closed_set(score_matrix(vectors), writers, pages, rng=rng())
    values = [each.value for each in found.cmc]
    assert values == sorted(values)
    assert (values[-1], len(values), found.writers, found.asked) == (1.0, 8, 8, 8)
    assert found.top1.low < found.top1.value < found.top5.value == values[4]


def test_a_writer_of_one_page_is_enrolled() -> None:
    """He makes it harder for the others, and is not asked himself."""
    vectors, writers, pages = draw_vectors(5, 2, noise=0.1)
    found = closed_set(score_matrix(vectors[:-1]), writers[:-1], pages[:-1], rng=rng())
    assert (found.writers, found.asked, found.top1.n) == (5, 4, 8)


@pytest.mark.parametrize(
    ("scores", "writers", "said"),
    [
        (np.zeros((3, 2)), ["a", "a", "b"], r"expected \(3, 3\) finite scores for 3 writers, received \(3, 2\)"),
        (np.full((3, 3), np.nan), ["a", "a", "b"], "received some that are no numbers"),
        (np.zeros((2, 2)), ["a", "a"], "received 1 writers of 2 pages"),
        (np.zeros((2, 2)), ["a", "b"], "received 2 writers of 2 pages"),
        (np.zeros((0, 0)), [], "received 0 writers of 0 pages"),
    ],
)
def test_what_cannot_be_measured_is_refused(scores: np.ndarray, writers: list[str], said: str) -> None:
    """Too few writers or pages, and scores that do not fit, say what is missing."""
    with pytest.raises(DataError, match=said):
        retrieve(scores, writers, rng=rng())
