"""Tests of reliability curves and the expected calibration error."""

import numpy as np
import pytest

from duktus.reporting.calibration import BINS, reliability


def drawn(n: int, excess: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences in [0.5, 0.9], and answers that are right as often as that, less `excess`."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.5, 0.9, n)
    return confidence, rng.random(n) < confidence - excess


@pytest.mark.parametrize("equal_mass", [False, True])
def test_the_error_is_the_excess_of_confidence(equal_mass: bool) -> None:
    """A model that is 20 points too sure everywhere has an error of 20 points, within its interval."""
    curve = reliability(*drawn(20_000, 0.2, 1), rng=np.random.default_rng(1), equal_mass=equal_mass, times=100)

    assert curve.error.value == pytest.approx(0.2, abs=0.015)
    assert curve.error.low < curve.error.value < curve.error.high < curve.error.low + 0.04


def test_a_calibrated_model_shows_no_more_than_the_floor() -> None:
    """What chance alone makes is given, and a model that is right as often as it says lies there."""
    curve = reliability(*drawn(2_000, 0.0, 2), rng=np.random.default_rng(2), times=100)

    assert 0 < curve.floor < 0.05
    assert curve.error.value < 2 * curve.floor


def test_two_answers_give_the_error_that_one_can_reckon() -> None:
    """Confidences of 0.6 right and 0.9 wrong: (0.4 + 0.9) / 2."""
    curve = reliability(np.array([0.6, 0.9]), np.array([True, False]), rng=np.random.default_rng(0), times=20)

    assert curve.error.value == pytest.approx(0.65)
    assert [(bin.confidence, bin.accuracy.value) for bin in curve.bins] == [(0.6, 1.0), (0.9, 0.0)]


@pytest.mark.parametrize("equal_mass", [False, True])
def test_bins_hold_every_answer_once(equal_mass: bool) -> None:
    """Bins are in order, their edges enclose their mean, and their counts add up; 1.0 is in the last one."""
    confidence = np.append(np.random.default_rng(3).random(700), [0.0, 1.0])
    curve = reliability(confidence, confidence > 0.5, rng=np.random.default_rng(3), equal_mass=equal_mass, times=20)

    assert sum(bin.accuracy.n for bin in curve.bins) == 702
    assert all(bin.low <= bin.confidence <= bin.high for bin in curve.bins)
    assert curve.bins[-1].high == 1.0


def test_bins_of_equal_mass_hold_equally_many() -> None:
    """Where every answer is all but sure, equal width has one bin and equal mass still has all."""
    confidence = 1 - np.random.default_rng(4).random(150) / 100
    rng = np.random.default_rng(4)

    width = reliability(confidence, confidence > 0, rng=rng, times=20)
    mass = reliability(confidence, confidence > 0, rng=rng, equal_mass=True, times=20)

    assert [bin.accuracy.n for bin in width.bins] == [150]
    assert [bin.accuracy.n for bin in mass.bins] == [10] * BINS


@pytest.mark.parametrize("equal_mass", [False, True])
def test_a_single_answer_is_enough(equal_mass: bool) -> None:
    """One answer gives one bin and no error of the program."""
    curve = reliability(
        np.array([0.7]), np.array([True]), rng=np.random.default_rng(0), equal_mass=equal_mass, times=20
    )

    assert [bin.accuracy.n for bin in curve.bins] == [1]
