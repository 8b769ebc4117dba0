"""Tests of scribbles."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.pen.scribbles import KINDS, scribble


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_draws_within_its_size(kind: Callable[[np.random.Generator], list[NDArray[np.float64]]]) -> None:
    """Each kind gives finite strokes of about unit size around the origin."""
    rng = np.random.default_rng(0)
    for _ in range(30):
        points = np.concatenate(kind(rng))
        assert np.isfinite(points).all()
        assert np.abs(points).max() < 2.5


def test_scribbles_are_millimetres_large_and_timed() -> None:
    """A scribble is a drawing like any other: float32 points, growing time, pressure in [0, 1]."""
    rng = np.random.default_rng(1)
    for _ in range(100):
        points = np.concatenate(scribble(rng).strokes)
        assert points.dtype == np.float32
        assert np.abs(points[:, :2]).max() < 25
        assert (np.diff(points[:, 2]) >= 0).all()
        assert 0 < points[:, 3].min() <= points[:, 3].max() <= 1


def test_the_same_seed_scribbles_the_same() -> None:
    """A scribble comes from the generator alone."""
    first, second = (np.concatenate(scribble(np.random.default_rng(2)).strokes) for _ in range(2))
    assert np.array_equal(first, second)


def test_scribbles_hold_more_ink_than_a_digit_or_lie_apart() -> None:
    """Nothing is one short plain stroke, which might be read as a 1: a scribble turns, or has several strokes."""
    rng = np.random.default_rng(3)
    for _ in range(300):
        strokes = scribble(rng).strokes
        steps = np.diff(strokes[0][:, :2], axis=0)
        turning = np.abs(np.angle(np.exp(1j * np.diff(np.arctan2(steps[:, 1], steps[:, 0]))))).sum()
        assert len(strokes) > 1 or turning > np.pi
