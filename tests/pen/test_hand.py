"""Tests of writing hands."""

import string
from dataclasses import replace

import numpy as np
import pytest

from duktus.pen.hand import Hand, sample_hand, write
from duktus.pen.letters import forms, skeletons
from duktus.pen.strokes import Drawing
from duktus.types import StrokeError


@pytest.fixture
def hand() -> Hand:
    """One writer."""
    return sample_hand(np.random.default_rng(7))


def points(drawing: Drawing) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """All points of a drawing."""
    return np.concatenate(drawing.strokes)


def test_the_same_seed_writes_the_same(hand: Hand) -> None:
    """Hand and writing come from the generator alone."""
    twin = sample_hand(np.random.default_rng(7))
    first, second = write("2024", hand, np.random.default_rng(1)), write("2024", twin, np.random.default_rng(1))
    assert np.array_equal(points(first), points(second))


def test_no_two_instances_are_alike_but_they_are_kin(hand: Hand) -> None:
    """A writer's second 8 differs from the first, and less than another writer's does."""
    rng = np.random.default_rng(3)
    hand = replace(hand, constancy=1.0)
    others = [replace(sample_hand(rng), favourites=hand.favourites, constancy=1.0) for _ in range(20)]
    first, second = points(write("8", hand, rng)), points(write("8", hand, rng))
    own = np.abs(first - second)[:, :2].max()
    foreign = np.median([np.abs(first - points(write("8", other, rng)))[:, :2].max() for other in others])
    assert 0.01 < own < foreign


@pytest.mark.parametrize("character", sorted(skeletons()))
def test_every_character_is_written(character: str, hand: Hand) -> None:
    """Each known character becomes finite float32 strokes of a plausible size."""
    drawing = write(character, hand, np.random.default_rng(2))
    assert all(stroke.dtype == np.float32 and stroke.shape[1] == 4 for stroke in drawing.strokes)
    assert np.isfinite(points(drawing)).all()
    assert np.ptp(points(drawing)[:, :2], axis=0).max() < 4 * hand.size
    assert len(drawing.strokes) in {len(form.strokes) for form in forms(character)}


def test_digits_are_as_high_as_the_hand_says() -> None:
    """Over many hands a digit stands on the baseline, as high as the writer's size within a quarter."""
    rng = np.random.default_rng(4)
    for _ in range(60):
        hand = sample_hand(rng)
        digit = points(write("8", hand, rng))[:, 1]
        assert 0.75 < np.ptp(digit) / hand.size < 1.3
        assert abs(digit.max()) < 0.25 * hand.size


def test_text_runs_to_the_right_with_gaps_for_spaces(hand: Hand) -> None:
    """Characters follow one another, and a space moves the next one on."""
    tight, wide = (write(text, hand, np.random.default_rng(5)) for text in ("11", "1   1"))
    assert wide.bounds()[2] > tight.bounds()[2] + 0.8 * hand.size
    assert tight.bounds()[0] == pytest.approx(0, abs=0.2 * hand.size)


def test_time_runs_and_corners_take_longer(hand: Hand) -> None:
    """Time starts at 0 and only grows; the pen is slower in a bend than on a straight (two-thirds power law)."""
    hand = replace(hand, touch=replace(hand.touch, tremor=0.0), favourites={**hand.favourites, "2": 0}, constancy=1.0)
    stroke = write("2", hand, np.random.default_rng(6)).strokes[0]
    steps = np.diff(stroke, axis=0)
    speed = np.hypot(steps[:, 0], steps[:, 1]) / steps[:, 2]
    assert stroke[0, 2] == 0
    assert (steps[:, 2] > 0).all()
    assert speed.max() > 1.5 * speed.min()
    assert 0.1 < stroke[-1, 2] < 5


def test_pressure_fades_at_the_ends(hand: Hand) -> None:
    """A hand that lands and lifts softly presses less there, always within [0, 1]."""
    hand = replace(hand, touch=replace(hand.touch, fade=0.9, spread=0.02, pressure=0.6))
    pressure = write("1", hand, np.random.default_rng(8)).strokes[0][:, 3]
    assert pressure[[0, -1]].max() < 0.5 * pressure.max()
    assert 0 < pressure.min() < pressure.max() <= 1


def test_a_favourite_is_kept(hand: Hand) -> None:
    """A constant writer always uses the favourite form, here the 7 with a bar of two strokes."""
    crossed = next(index for index, form in enumerate(forms("7")) if form.name == "cross")
    hand = replace(hand, constancy=1.0, favourites={**hand.favourites, "7": crossed})
    rng = np.random.default_rng(9)
    assert all(len(write("7", hand, rng).strokes) == 2 for _ in range(20))


def test_usual_forms_are_chosen_more_often() -> None:
    """Over many writers the forms of a digit come up as their weights say."""
    rng = np.random.default_rng(10)
    chosen = np.bincount([sample_hand(rng).favourites["0"] for _ in range(1500)], minlength=len(forms("0")))
    weights = np.array([form.weight for form in forms("0")])
    assert np.allclose(chosen / 1500, weights / weights.sum(), atol=0.05)


def test_an_unknown_character_raises_and_nothing_is_an_empty_drawing(hand: Hand) -> None:
    """A character without skeleton is refused by name; an empty text has no strokes."""
    with pytest.raises(StrokeError, match="'ᚠ'"):
        write("1ᚠ", hand, np.random.default_rng(0))
    assert write(" ", hand, np.random.default_rng(0)).strokes == ()


def test_hands_differ() -> None:
    """Writers cover small and large, upright and slanted, steady and hurried hands."""
    rng = np.random.default_rng(11)
    hands = [sample_hand(rng) for _ in range(200)]
    for habit, least in (("size", 3.0), ("slant", 0.5), ("aspect", 0.5), ("rounding", 0.4), ("spacing", 25.0)):
        assert np.ptp([getattr(hand, habit) for hand in hands]) > least
    assert set(hands[0].favourites) >= set(string.digits)
