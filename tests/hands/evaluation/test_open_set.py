"""Known hands are to be accepted and unknown ones refused."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from duktus.hands.evaluation.open_set import Answers, Decision, judge, open_set
from duktus.hands.evaluation.retrieval import Matrix, score_matrix
from tests.hands.evaluation.scores import draw_vectors


def rng() -> np.random.Generator:
    """The same draws in each test."""
    return np.random.default_rng(6)


def test_hands_far_apart_are_told_from_strangers() -> None:
    """With hardly any noise all known are found, and no unknown passes at a threshold between."""
    vectors, writers, pages = draw_vectors(10, 3, noise=0.02)
    found = open_set(score_matrix(vectors), writers, pages, rng=rng(), decision=Decision(threshold=0.95), times=50)
    assert found.auroc.value == 1
    assert [each.rate.value for each in found.detections] == [1, 1, 1]
    assert found.at is not None
    assert (found.at.found.value, found.at.misnamed.value, found.at.false_alarms.value) == (1, 0, 0)
    assert (found.known, found.unknown) == (5, 5)


def test_vectors_that_know_nothing_are_at_chance() -> None:
    """The area is a half, and what is found is about the share that passes, by the number of writers."""
    vectors, _, _ = draw_vectors(400, 1, noise=0)
    writers = [f"w{i // 4}" for i in range(400)]
    found = open_set(score_matrix(vectors), writers, rng=rng(), decision=Decision(threshold=-2.0), times=50)
    assert found.auroc.value == pytest.approx(0.5, abs=0.05)
    assert found.detections[-1].rate.value < 0.05
    assert found.at is not None
    assert found.at.found.value + found.at.misnamed.value == pytest.approx(1)
    assert found.at.false_alarms.value == 1


def test_the_threshold_lets_so_many_strangers_pass() -> None:
    """The figures are those of scikit-learn and of a count, for one draw that is made again."""
    vectors, writers, pages = draw_vectors(12, 4, noise=0.7)
    scores = score_matrix(vectors)
    found = open_set(scores, writers, pages, rng=rng(), draws=1, times=20)
    source, names = rng(), np.array(writers)
    known = {sorted(set(writers))[i] for i in source.permutation(12)[:6].tolist()}
    order = source.permutation(len(names))
    enrolled = {names[i]: i for i in order[::-1].tolist()}
    gallery = [enrolled[name] for name in sorted(known)]
    asked = [i for i in range(len(names)) if names[i] not in known or i != enrolled[names[i]]]
    best = np.array([scores[i, gallery].max() for i in asked])
    right = np.array([names[gallery[int(scores[i, gallery].argmax())]] == names[i] for i in asked])
    is_known = np.array([names[i] in known for i in asked])
    assert found.auroc.value == pytest.approx(roc_auc_score(is_known, best))
    for each in found.detections:
        assert (best[~is_known] > each.threshold).mean() <= each.false_alarms
        assert each.rate.value == pytest.approx((right & (best > each.threshold))[is_known].mean())


def test_figures_have_intervals_and_sizes() -> None:
    """Samples are counted once, however often they were drawn."""
    vectors, writers, pages = draw_vectors(8, 3, noise=0.8)
    found = open_set(score_matrix(vectors), writers, pages, rng=rng(), draws=10, times=50)
    assert found.auroc.low < found.auroc.value < found.auroc.high
    assert found.detections[0].rate.n <= 24
    assert found.at is None


def test_a_curve_goes_through_the_thresholds() -> None:
    """As the threshold rises fewer are found and fewer strangers pass, within their intervals."""
    vectors, writers, pages = draw_vectors(10, 3, noise=0.7)
    found = open_set(score_matrix(vectors), writers, pages, rng=rng(), draws=5, times=50)
    for rates in ([each.found for each in found.curve], [each.false_alarms for each in found.curve]):
        values = [each.value for each in rates]
        assert values == sorted(values, reverse=True)
        assert all(each.low <= each.value <= each.high for each in rates)
    assert found.curve[0].false_alarms.value == 1
    assert found.curve[-1].found.value < 0.1


def test_how_sure_an_answer_is_decides() -> None:
    """Where the lead over the second is what counts, hands with a twin are refused that their score would accept."""
    scores = np.array([[1, 0.9, 0.9, 0.2], [0.9, 1, 0.2, 0.2], [0.9, 0.2, 1, 0.9], [0.2, 0.2, 0.9, 1]])

    def lead(scores: Matrix) -> Matrix:
        best = np.sort(scores, axis=1)
        return best[:, -1] - best[:, -2] if best.shape[1] > 1 else best[:, -1]

    writers = ["a", "a", "b", "b", "c", "c", "d", "d"]
    twice = np.kron(scores, np.ones((2, 2)))
    plain = open_set(twice, writers, rng=rng(), decision=Decision(threshold=0.5), times=5)
    wary = open_set(twice, writers, rng=rng(), decision=Decision(lead, threshold=0.5), times=5)
    assert plain.at is not None
    assert wary.at is not None
    assert plain.at.found.value == 1
    assert 0 < wary.at.found.value < 1
    assert wary.at.false_alarms.value < plain.at.false_alarms.value


def test_as_many_strangers_pass_as_are_allowed() -> None:
    """The threshold is taken from the answers, and no more than the share passes; the others are refused."""
    vectors, writers, pages = draw_vectors(12, 3, noise=1.0)
    for share in (0.0, 0.2, 1.0):
        found = open_set(score_matrix(vectors), writers, pages, rng=rng(), decision=Decision(allowing=share), times=20)
        assert found.at is not None
        assert share - 0.05 < found.at.false_alarms.value <= share
        assert found.at.refused.value == pytest.approx(1 - found.at.false_alarms.value)
        assert found.at.refused.low <= found.at.refused.value <= found.at.refused.high


def test_known_hands_alone_tell_nothing_of_strangers() -> None:
    """Where nobody unknown was asked, that side is not a number, and the known are still counted."""
    known = np.ones(4, bool)
    answers = Answers.of((np.array([0.1, 0.9, 0.8, 0.7]), known, known, np.array([0, 0, 1, 1]), np.arange(4)))
    found = judge(answers, (2, 0), 0, rng=rng(), decision=Decision(threshold=0.5), times=20)
    assert found.at is not None
    assert found.at.found.value == 0.75
    assert np.isnan([found.auroc.value, found.at.false_alarms.value]).all()
    assert found.detections == ()
