"""Tests of the figures of an evaluation."""

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores
from duktus.models.card import Calibration
from duktus.types import DataError


def test_accuracy_is_the_share_of_best_labels_that_are_right(
    evaluation: Evaluation, scores: NDArray[Any], truth: NDArray[Any]
) -> None:
    """Only characters count, by their best label, whatever `other` says."""
    right = scores[:400, :4].argmax(axis=1) == truth[:400]

    assert evaluation.accuracy.value == pytest.approx(right.mean())
    assert evaluation.accuracy.n == 400
    assert evaluation.confusion.trace() == right.sum()


def test_label_figures_are_those_of_scikit_learn(
    evaluation: Evaluation, scores: NDArray[Any], truth: NDArray[Any]
) -> None:
    """Precision, recall, F1 and support agree with the reference."""
    expected = precision_recall_fscore_support(truth[:400], scores[:400, :4].argmax(axis=1))

    found = [(f.precision.value, f.recall.value, f.f1, f.recall.n) for f in evaluation.classes]

    assert np.allclose(np.transpose(expected).astype(float), found)


def test_decisions_count_every_sample_once(evaluation: Evaluation) -> None:
    """Rows are what is shown, the last one no character; the last column is refused."""
    decisions = evaluation.decisions

    assert decisions.shape == (5, 5)
    assert decisions.sum(axis=1).tolist() == [100, 100, 100, 100, 50]
    assert decisions[:4, 4].sum() == round(400 * (1 - evaluation.refusal.accepted.value))


def test_foreign_figures_are_about_the_foreign(evaluation: Evaluation) -> None:
    """What is no character is counted by itself, at the card's rate of acceptance."""
    assert evaluation.out_of_alphabet is not None
    assert (evaluation.out_of_alphabet.accepted.n, evaluation.out_of_alphabet.accept) == (50, 0.95)
    assert evaluation.out_of_alphabet.accepted.value == len(evaluation.intruders) / 50


def test_mistakes_are_the_surest_first(evaluation: Evaluation, truth: NDArray[Any]) -> None:
    """Each mistake is wrong, none is missing, and confidence falls; intruders are accepted and no character."""
    confidences = [mistake.confidence for mistake in evaluation.mistakes]

    assert len(confidences) == min(60, 400 - evaluation.confusion.trace())
    assert confidences == sorted(confidences, reverse=True)
    assert all(m.truth == evaluation.labels[truth[m.index]] != m.answer for m in evaluation.mistakes)
    assert all(m.truth is None and m.accepted and truth[m.index] == -1 for m in evaluation.intruders)


def test_the_temperature_changes_the_confidence_and_not_the_answers(
    evaluation: Evaluation, scores: NDArray[Any], truth: NDArray[Any]
) -> None:
    """At a higher temperature the same answers are given with less confidence."""
    cooler = evaluate_scores(scores, truth, evaluation.labels, True, Calibration(3.0, 0.6, 0.95, "validation"))

    assert (cooler.confusion == evaluation.confusion).all()
    assert cooler.refusal.accepted.value < evaluation.refusal.accepted.value


def test_a_card_without_calibration_accepts_every_character(scores: NDArray[Any], truth: NDArray[Any]) -> None:
    """With neither threshold nor `other` nor foreign images there is nothing to refuse."""
    found = evaluate_scores(scores[:400, :4], truth[:400], list("abcd"), False, None)

    assert (found.refusal.accepted.value, found.out_of_alphabet) == (1.0, None)
    assert found.decisions[:, 4].sum() == 0


def test_a_label_that_is_neither_shown_nor_answered_has_no_figures() -> None:
    """Its figures are NaN here and null in JSON, and nothing fails."""
    found = evaluate_scores(np.array([[9.0, 0, 0], [0, 9, 0]]), np.array([0, 1]), list("abc"), False, None)

    assert found.to_json()["classes"][2]["recall"] == {"value": None, "low": 0.0, "high": 1.0, "n": 0}


def test_json_holds_the_figures(evaluation: Evaluation) -> None:
    """Written and read back, figures and matrices are the same; no cell is lost."""
    record = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))

    assert record["accuracy"]["value"] == evaluation.accuracy.value
    assert record["reliability"]["error"]["n"] == 400
    assert sum(count for _, _, count in record["confusion"]) == 400
    assert sum(count for shown, _, count in record["decisions"] if shown is None) == 50


def test_metrics_for_a_card_have_interval_n_and_split(evaluation: Evaluation) -> None:
    """The head figures become a card's metrics."""
    metrics = {metric.name: metric for metric in evaluation.to_metrics("test")}

    assert metrics["accuracy"].low < metrics["accuracy"].value < metrics["accuracy"].high
    assert {metric.split for metric in metrics.values()} == {"test"}
    assert metrics["foreign images accepted"].n == 50


def test_the_same_scores_give_the_same_figures(
    evaluation: Evaluation, scores: NDArray[Any], truth: NDArray[Any]
) -> None:
    """Resampling is seeded, so a second run says the same to the last digit."""
    again = evaluate_scores(scores, truth, evaluation.labels, True, evaluation.calibration)

    assert again.to_json() == evaluation.to_json()


@pytest.mark.parametrize(
    ("truth", "message"),
    [([0], "one truth a row"), ([0, 3], "from -1 to 2"), ([0, -2], "from -1 to 2"), ([-1, -1], "none among 2")],
)
def test_truths_that_do_not_fit_are_refused(truth: list[int], message: str) -> None:
    """Too few truths, an unknown label, and no character at all are named as such."""
    with pytest.raises(DataError, match=message):
        evaluate_scores(np.zeros((2, 3)), np.array(truth), list("abc"), False, None)


def test_scores_that_lack_the_other_output_are_refused() -> None:
    """A network said to have `other` must bring its column."""
    with pytest.raises(DataError, match=r"\(n, 4\) scores"):
        evaluate_scores(np.zeros((2, 3)), np.array([0, 1]), list("abc"), True, None)
