"""Patches are cut where the ink is, at one scale."""

import numpy as np
import pytest

from duktus.imaging.ink import InkSettings
from duktus.training.patches import PatchSettings, cut_patches, patch_faults, strip_of
from tests.datasets.hand_sets import line

SETTINGS = PatchSettings(height=60, side=60, size=30)


def rng() -> np.random.Generator:
    """The same places in each test."""
    return np.random.default_rng(13)


def test_a_strip_is_ink_at_the_networks_scale() -> None:
    """A line of any height comes out as high as a patch, ink bright on paper of 0."""
    page = line("2b4r2b4r", 3, 1, height=100)
    strip = strip_of(page, SETTINGS, InkSettings())
    assert strip.shape[0] == 30
    assert strip.shape[1] == pytest.approx(page.shape[1] * 30 / page.shape[0], abs=1)
    assert np.median(strip) == 0
    assert strip.max() > 200


def test_as_it_was_scanned() -> None:
    """A height of 0 keeps the hand's size: twice as large a line makes twice as large a strip."""
    settings = PatchSettings(height=0, side=60, size=30)
    small, large = (strip_of(line("2b4r", 3, 1, height=h), settings, InkSettings()) for h in (90, 192))
    assert large.shape[0] / small.shape[0] == pytest.approx(2, abs=0.05)


def test_a_raw_strip_is_the_page() -> None:
    """Grey as it was, white paper around it where it is narrower than a patch."""
    page = np.full((60, 20), 120, np.uint8)
    strip = strip_of(page, SETTINGS, InkSettings(), raw=True)
    assert strip.shape == (30, 30)
    assert strip[15, 15] == 120
    assert strip[15, 0] == strip[15, 29] == 255


def test_patches_come_from_where_the_ink_is() -> None:
    """Of a strip with ink at one end alone, no patch shows less than half of the mean."""
    strip = np.zeros((30, 300), np.uint8)
    strip[10:20, :60] = 255
    patches = cut_patches(strip, 50, SETTINGS, rng())
    anywhere = cut_patches(strip, 50, PatchSettings(size=30, ink=0.0), rng())
    assert patches.shape == (50, 30, 30)
    assert patches.mean(axis=(1, 2)).min() > 0
    assert (anywhere.mean(axis=(1, 2)) == 0).mean() > 0.5
    assert (cut_patches(strip, 50, SETTINGS, rng()) == patches).all()


def test_tall_strips_give_patches_of_all_their_height() -> None:
    """Where a patch is smaller than the line, it is cut above and below as well."""
    strip = np.tile(np.arange(1, 91, dtype=np.uint8)[:, None], (1, 90))
    tops = cut_patches(strip, 80, PatchSettings(size=30, ink=0.0), rng())[:, 0, 0]
    assert tops.min() < 15
    assert tops.max() > 45


def test_no_ink_gives_no_patch() -> None:
    """A blank line, black on white or raw, has nothing to look at."""
    blank = np.full((60, 200), 255, np.uint8)
    assert len(cut_patches(strip_of(blank, SETTINGS, InkSettings()), 5, SETTINGS, rng())) == 0
    assert len(cut_patches(strip_of(blank, SETTINGS, InkSettings(), raw=True), 5, SETTINGS, rng(), raw=True)) == 0


@pytest.mark.parametrize(
    "settings",
    [PatchSettings(size=4), PatchSettings(count=0), PatchSettings(ink=1.5), PatchSettings(split="form")],
)
def test_settings_out_of_range_are_told(settings: PatchSettings) -> None:
    """One fault each, and none in the settings as they stand."""
    assert sum(wrong for wrong, _ in patch_faults(settings)) == 1
    assert not any(wrong for wrong, _ in patch_faults(PatchSettings()))
