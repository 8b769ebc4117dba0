"""Tests of calibrated probabilities, refusal, and the fitting of both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duktus.models.confidence import alike_columns, decide, fit_temperature, fit_threshold, judge, softmax
from duktus.types import Alternative, Box, DataError, ModelError, Reading

LOGITS = arrays(np.float32, (5, 4), elements=st.floats(-50, 50, width=32))


@given(LOGITS, st.floats(0.1, 10))
def test_probabilities_sum_to_one_and_keep_the_order(scores: np.ndarray, temperature: float) -> None:
    """Whatever the temperature, rows sum to 1 and the highest score stays the likeliest."""
    probabilities = softmax(scores, temperature)

    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert (np.take_along_axis(probabilities, scores.argmax(1)[:, None], 1)[:, 0] == probabilities.max(1)).all()


def test_a_higher_temperature_is_less_sure() -> None:
    """The logits are divided by the temperature, so that logits 2 apart give odds of e at temperature 2."""
    (low, high), (cold_low, _) = softmax(np.array([[0.0, 2.0]]), 2.0)[0], softmax(np.array([[0.0, 2.0]]))[0]

    assert high / low == pytest.approx(np.e)
    assert cold_low < low


def test_softmax_survives_scores_that_exp_does_not() -> None:
    """Logits in the thousands give certainty and no overflow."""
    assert softmax(np.array([[5000.0, 0.0]])).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_softmax_refuses_a_temperature_that_is_none(temperature: float) -> None:
    """A card with a temperature of 0, below 0 or NaN is named as such."""
    with pytest.raises(ModelError, match="temperature above 0"):
        softmax(np.zeros((1, 2)), temperature)


def test_a_network_that_gives_nan_is_refused() -> None:
    """A broken network is an error, never an answer with a NaN in its record."""
    with pytest.raises(ModelError, match="NaN"):
        decide(np.array([[np.nan, 1.0]]), ["0", "1"])


def test_an_answer_above_the_threshold_is_accepted() -> None:
    """The best label is the text, its probability the confidence, and the reason is empty."""
    scores = np.log(np.array([[0.9, 0.07, 0.03]]))

    (decision,) = decide(scores, ["4", "9", "1"], threshold=0.9 - 1e-9)

    assert decision.confidence == pytest.approx(0.9)
    assert (decision.text, decision.accepted, decision.reason) == ("4", True, "")
    assert [(a.text, round(a.confidence, 4)) for a in decision.alternatives] == [("9", 0.07), ("1", 0.03)]


def test_an_answer_below_the_threshold_names_the_two_best() -> None:
    """What is unsure says between which labels."""
    (decision,) = decide(np.log(np.array([[0.3, 0.1, 0.6]])), ["4", "1", "9"], threshold=0.61)

    assert (decision.text, decision.accepted, decision.reason) == ("9", False, "unsure: 9 or 4")


def test_a_glyph_that_the_other_output_wins_is_no_character() -> None:
    """The last of k + 1 outputs refuses even at threshold 0, and takes its probability from the best guess."""
    (decision,) = decide(np.log(np.array([[0.3, 0.1, 0.6]])), ["4", "9"], threshold=0.0)

    assert decision.confidence == pytest.approx(0.3)
    assert (decision.text, decision.accepted, decision.reason) == ("4", False, "not a character")


def test_a_model_of_one_label_can_still_be_unsure() -> None:
    """With no second label, the reason names the only one."""
    (decision,) = decide(np.array([[0.0, -0.1]]), ["x"], threshold=0.9)

    assert decision.reason == "unsure: x"


@pytest.mark.parametrize("shape", [(3, 3), (3, 6), (4,)])
def test_scores_of_another_network_are_refused(shape: tuple[int, ...]) -> None:
    """Scores that fit neither the labels nor the labels and `other` are an error."""
    with pytest.raises(ModelError, match="4 labels"):
        decide(np.zeros(shape), list("abcd"))


def test_a_decision_becomes_a_reading() -> None:
    """A decision and a box make a reading, field by field."""
    (decision,) = decide(np.array([[2.0, 1.0]]), ["a", "b"])

    reading = Reading(*decision, Box(1, 2, 3, 4))

    assert (reading.text, reading.accepted, reading.box.w) == ("a", True, 3)
    assert reading.alternatives == (Alternative("b", 1 - reading.confidence),)


@pytest.mark.parametrize("classes", [3, 200])
def test_many_labels_are_ranked_as_a_full_sort_ranks_them(classes: int) -> None:
    """Few labels and many give the same best label and alternatives as sorting every probability."""
    scores = np.random.default_rng(1).normal(size=(50, classes))
    order = (-scores).argsort(axis=1)[:, :4]

    decisions = decide(scores, [str(column) for column in range(classes)], least=0.0)

    answers = [[int(d.text), *(int(a.text) for a in d.alternatives)] for d in decisions]
    assert answers == order[:, : min(4, classes)].tolist()


def test_no_glyphs_give_no_decisions() -> None:
    """An empty batch is an empty list, not an error."""
    assert decide(np.zeros((0, 11)), list("0123456789")) == []


@given(LOGITS, st.floats(0, 1))
def test_arrays_and_decisions_agree(scores: np.ndarray, threshold: float) -> None:
    """What evaluation counts is what a reader answers."""
    judged = judge(scores, 3, 1.5)

    decisions = decide(scores, ["0", "1", "2"], temperature=1.5, threshold=threshold)

    assert [int(d.text) for d in decisions] == judged.best.tolist()
    assert [d.accepted for d in decisions] == judged.accepted(threshold).tolist()
    assert [d.confidence for d in decisions] == judged.confidence.tolist()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_that_made_the_truth_is_found(temperature: float) -> None:
    """Labels drawn from a softmax at some temperature give that temperature back."""
    rng = np.random.default_rng(2)
    scores = rng.normal(0, 3, (20_000, 5))
    drawn = (softmax(scores, temperature).cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)

    assert fit_temperature(scores, drawn) == pytest.approx(temperature, rel=0.05)


def test_the_temperature_stays_within_its_bounds() -> None:
    """A network that is never wrong gets the lowest temperature, one that is always wrong the highest."""
    scores = np.array([[3.0, 0.0], [0.0, 3.0]])

    assert fit_temperature(scores, np.array([0, 1])) == pytest.approx(0.05)
    assert fit_temperature(scores, np.array([1, 0])) == pytest.approx(20.0)


@pytest.mark.parametrize("truth", [[0], [0, 2], [-1, 0]])
def test_a_truth_that_is_no_output_is_refused(truth: list[int]) -> None:
    """Too few truths, or a column that the scores do not have, are errors and no silent wrap-around."""
    with pytest.raises(DataError, match="one column"):
        fit_temperature(np.zeros((2, 2)), np.array(truth))


@given(arrays(np.float64, st.integers(1, 300), elements=st.floats(0, 1)), st.floats(0.01, 1))
def test_the_threshold_accepts_the_share_and_is_the_highest_that_does(confidences: np.ndarray, accept: float) -> None:
    """At the threshold the share is accepted; just above it, less than the share."""
    threshold = fit_threshold(confidences, accept)

    needed = accept * len(confidences) - 1e-6
    assert (confidences >= threshold).sum() >= needed
    assert (confidences > threshold).sum() < needed + 2e-6


@pytest.mark.parametrize(("confidences", "accept"), [([], 0.99), ([0.5], 0.0), ([0.5], 1.5)])
def test_a_threshold_of_nothing_is_refused(confidences: list[float], accept: float) -> None:
    """No confidences, or a share outside (0, 1], are errors."""
    with pytest.raises(DataError, match="share"):
        fit_threshold(np.array(confidences), accept)


def test_labels_that_look_alike_are_one() -> None:
    """The confidence is that of the group, its likeliest label is the answer, the others are alternatives."""
    scores = np.log(np.array([[0.35, 0.3, 0.33, 0.02], [0.1, 0.05, 0.8, 0.05]]))
    columns = alike_columns(("c", "x", "C"), (("c", "C"),))
    first, second = decide(scores, ("c", "x", "C"), threshold=0.6, alike=columns)
    assert (first.text, first.accepted, [one.text for one in first.alternatives]) == ("c", True, ["C", "x"])
    assert first.confidence == pytest.approx(0.68)
    assert second.text == "C"
    assert second.confidence == pytest.approx(0.9)
    judged = judge(scores, 3, alike=columns)
    assert judged.best.tolist() == [0, 2]
    assert judged.confidence == pytest.approx([0.68, 0.9])


def test_a_group_is_weighed_against_nothing() -> None:
    """What is one of two shapes alike is no "not a character", though each alone is less likely than that."""
    scores = np.log(np.array([[0.3, 0.3, 0.4]]))
    assert decide(scores, ("o", "O"), alike=[[0, 1]])[0].accepted
    assert not decide(scores, ("o", "O"))[0].accepted
