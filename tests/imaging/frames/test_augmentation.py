"""Varied glyphs: reproducible, within bounds, and as far from the given ones as asked."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.frames.augmentation import AugmentSettings, Inks, augment, vary_stroke, vary_tone, warp
from tests.glyphs.training.sets import digits

STILL = AugmentSettings(rotate=0, scale=0, stretch=0, shear=0, shift=0, elastic=0, stroke=0, blur=0, noise=0, share=1.0)


def inks(count: int = 12) -> Inks:
    """Some glyphs in [0, 1]."""
    return digits(count)[0].astype(np.float32) / np.float32(255)


def rng(seed: int = 0) -> np.random.Generator:
    """A generator of its own for each call."""
    return np.random.default_rng(seed)


def mass(glyphs: Inks) -> float:
    """The mean ink of some glyphs."""
    return float(glyphs.mean())


@given(seed=st.integers(0, 1000), share=st.floats(0, 1), strength=st.floats(0, 3))
def test_varied_glyphs_are_glyphs(seed: int, share: float, strength: float) -> None:
    """However strong the variation, the shape stays, the values lie in [0, 1], and the given array is not touched."""
    given_, before = inks(), inks()
    settings = replace(AugmentSettings(), rotate=7 * strength, elastic=strength, noise=0.02 * strength, share=share)
    varied = augment(given_, settings, rng(seed))
    assert varied.shape == given_.shape
    assert varied.dtype == np.float32
    assert 0 <= varied.min() <= varied.max() <= 1
    np.testing.assert_array_equal(given_, before)


def test_same_seed_same_bytes() -> None:
    """The same generator gives the same bytes, another one other ones."""
    first, again, other = (augment(inks(), AugmentSettings(), rng(seed)) for seed in (5, 5, 6))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_no_variation_returns_the_glyphs() -> None:
    """Where every setting is 0, what comes out is what went in."""
    np.testing.assert_array_equal(augment(inks(), STILL, rng()), inks())


def test_share_of_none() -> None:
    """With a share of 0 every glyph stays as it is, whatever the settings."""
    np.testing.assert_array_equal(augment(inks(), AugmentSettings(share=0), rng()), inks())


def test_share_of_half() -> None:
    """With a share of one half about every second glyph is varied."""
    given_ = np.tile(inks(4), (50, 1, 1))
    changed = (augment(given_, AugmentSettings(share=0.5), rng()) != given_).any(axis=(1, 2))
    assert 0.4 < changed.mean() < 0.6


def test_every_glyph_varies_anew() -> None:
    """Copies of one glyph become different ones."""
    varied = augment(np.repeat(inks(1), 6, axis=0), AugmentSettings(share=1), rng())
    assert len({glyph.tobytes() for glyph in varied}) == 6


def test_an_empty_batch() -> None:
    """No glyphs give no glyphs."""
    assert augment(np.zeros((0, 28, 28), np.float32), AugmentSettings(), rng()).shape == (0, 28, 28)


def test_turn_is_about_the_middle() -> None:
    """A bar through the middle, turned, still runs through it, at angles of the spread that was asked for."""
    bar = np.zeros((200, 28, 28), np.float32)
    bar[:, 13:15, 3:25] = 1
    varied = warp(bar, replace(STILL, rotate=20.0), rng())
    assert varied[:, 13:15, 13:15].mean() > 0.9
    angles = [np.rad2deg(_angle(glyph)) for glyph in varied]
    assert np.std(angles) == pytest.approx(20, rel=0.2)


def _angle(glyph: Inks) -> float:
    """The direction of a bar, in radians, from its second moments."""
    about = cv2.moments(glyph)
    return 0.5 * float(np.arctan2(2 * about["mu11"], about["mu20"] - about["mu02"]))


def test_shift_is_in_pixels() -> None:
    """Shifts have the standard deviation that was asked for, and move no ink from one row to another by themselves."""
    dot = np.zeros((400, 28, 28), np.float32)
    dot[:, 12:16, 12:16] = 1
    moved = warp(dot, replace(STILL, shift=2.0), rng())
    places = [cv2.moments(glyph)["m10"] / cv2.moments(glyph)["m00"] for glyph in moved]
    assert np.std(places) == pytest.approx(2.0, rel=0.15)
    assert np.mean(places) == pytest.approx(13.5, abs=0.3)


def test_scale_changes_the_size() -> None:
    """Sizes spread as asked, and the bending of a coarse grid leaves the ink's mass about as it was."""
    disc = np.zeros((200, 28, 28), np.float32)
    cv2.circle(disc[0], (14, 14), 6, 1.0, -1)
    disc[:] = disc[0]
    sides = np.sqrt(warp(disc, replace(STILL, scale=0.1), rng()).sum(axis=(1, 2)) / disc[0].sum())
    assert np.std(np.log(sides)) == pytest.approx(0.1, rel=0.2)
    bent = warp(disc, replace(STILL, elastic=1.0), rng())
    assert mass(bent) == pytest.approx(mass(disc), rel=0.05)
    assert (bent != disc).any(axis=(1, 2)).all()


def test_strokes_grow_and_shrink() -> None:
    """Stroke widths vary to both sides and keep the middle of the strokes."""
    band = np.zeros((300, 28, 28), np.float32)
    band[:, 5:23, 12:16] = 1
    widths = vary_stroke(band, 1.0, rng())[:, 14].sum(axis=1)
    assert widths.min() < 3.5
    assert widths.max() > 4.8
    assert np.median(widths) == pytest.approx(4, abs=0.3)


def test_noise_lies_on_the_ink() -> None:
    """Noise changes the ink and leaves bare paper bare."""
    noisy = vary_tone(inks(), 0, 0.1, rng())
    assert not noisy[inks() == 0].any()
    assert (noisy != inks())[inks() > 0.2].mean() > 0.4


def test_blur_keeps_the_ink() -> None:
    """A blur spreads the ink and loses next to none of it."""
    blurred = vary_tone(inks(), 2.0, 0, rng())
    assert mass(blurred) == pytest.approx(mass(inks()), rel=0.05)
    assert (blurred > 0).sum() > 1.2 * (inks() > 0).sum()
