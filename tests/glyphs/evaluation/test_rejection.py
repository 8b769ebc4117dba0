"""Tests of what refusing buys."""

import numpy as np
import pytest

from duktus.glyphs.evaluation.rejection import measure_out_of_alphabet, measure_refusal, rejection_curve
from duktus.models.confidence import Judgement


def judgement(confidence: list[float], foreign: list[bool] | None = None) -> Judgement:
    """Answers of these confidences; which label is best does not matter here."""
    flags = np.array(foreign or [False] * len(confidence))
    return Judgement(np.zeros(len(confidence), np.intp), np.array(confidence), flags)


def test_the_curve_of_four_answers_is_what_one_can_count() -> None:
    """Refusing the least sure first: 3 of 4 right, then 3 of 3, 2 of 2, 1 of 1."""
    curve, area = rejection_curve(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, True, False]))

    assert curve == ((0.0, 0.75), (0.25, 1.0), (0.5, 1.0), (0.75, 1.0))
    assert area == pytest.approx(0.25 / 4)


def test_answers_of_equal_confidence_are_refused_together() -> None:
    """No threshold parts equals, so the curve has no point between them, in whatever order they stand."""
    rank = np.array([0.9, 0.5, 0.5, 0.5])

    first, _ = rejection_curve(rank, np.array([True, False, True, True]))
    last, _ = rejection_curve(rank, np.array([True, True, True, False]))

    assert first == last == ((0.0, 0.75), (0.75, 1.0))


def test_a_long_curve_keeps_its_ends() -> None:
    """Of 50,000 points a few hundred are kept, the first and the last among them."""
    rng = np.random.default_rng(0)
    rank = rng.random(50_000)

    curve, _ = rejection_curve(rank, rng.random(50_000) < rank)

    assert len(curve) < 300
    assert curve[0][0] == 0.0
    assert curve[-1][0] == pytest.approx(1 - 1 / 50_000)


def test_the_threshold_refuses_the_unsure_and_what_other_won() -> None:
    """Of four characters one is unsure and one taken for none; of the other two, one is right."""
    judged = judgement([0.9, 0.8, 0.3, 0.45], [False, False, False, True])

    refusal = measure_refusal(judged, np.array([True, False, True, True]), threshold=0.4)

    assert (refusal.accepted.value, refusal.accuracy.value, refusal.accuracy.n) == (0.5, 0.5, 2)


def test_accepting_nothing_leaves_the_accuracy_unknown() -> None:
    """At a threshold above every confidence there is no accuracy to give."""
    refusal = measure_refusal(judgement([0.9]), np.array([True]), threshold=0.95)

    assert (refusal.accepted.value, refusal.accuracy.n) == (0.0, 0)


def test_foreign_images_are_counted_at_both_thresholds() -> None:
    """At the card's 0.85 one of four passes; at the 0.6 that accepts these characters, two do; `other` stops one."""
    characters = judgement([0.9, 0.8, 0.7, 0.6])
    others = judgement([0.95, 0.65, 0.2, 0.99], [False, False, False, True])

    found = measure_out_of_alphabet(characters, others, threshold=0.85, accept=1.0)

    assert (found.accepted.value, found.threshold_at, found.accepted_at.value) == (0.25, 0.6, 0.5)
    assert found.auroc.value == pytest.approx(11 / 16)
