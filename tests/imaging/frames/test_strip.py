"""Lines become strips at one scale, alike for training and serving, and patches are cut where the ink is."""

import numpy as np
import pytest

from duktus.imaging.frames.strip import PatchFrame, Strip, cut_patches, lay_patches, patch_ink, strip_of, strips_of
from duktus.imaging.ink.extraction import InkSettings, extract_ink
from duktus.imaging.layout.regions import Regions
from duktus.types import Box, Page
from tests.datasets.hand_sets import line

FRAME = PatchFrame(height=60, side=60, size=30)
RAW = PatchFrame(height=60, side=60, size=30, raw=True)
TEXT = "2b4r2b4r"


def rng() -> np.random.Generator:
    """The same places in each test."""
    return np.random.default_rng(13)


def tight(page: Page) -> Page:
    """A line without the paper above and below it."""
    rows = np.flatnonzero((page < 128).any(axis=1))
    return page[rows[0] : rows[-1] + 1]


def whole(page: Page, frame: PatchFrame) -> Strip:
    """The strip of an image that one line fills."""
    (found,) = strips_of(page, frame, InkSettings())
    return found.strip


def test_a_strip_is_ink_at_the_networks_scale() -> None:
    """A line of any height comes out as high as a patch, ink bright on paper of 0."""
    page = tight(line(TEXT, 3, 1, height=100))
    strip = whole(page, FRAME)
    assert strip.shape[0] == 30
    assert strip.shape[1] == pytest.approx(page.shape[1] * 30 / page.shape[0], abs=1)
    assert np.median(strip) == 0
    assert strip.max() > 200


def test_as_it_was_scanned() -> None:
    """A height of 0 keeps the hand's size: twice as large a line makes twice as large a strip."""
    frame = PatchFrame(height=0, side=60, size=30)
    page = tight(line(TEXT, 3, 1, height=100))
    large = np.kron(page, np.ones((2, 2), np.uint8))
    assert whole(large, frame).shape[0] / whole(page, frame).shape[0] == pytest.approx(2, abs=0.05)


def test_a_raw_strip_is_the_page() -> None:
    """Grey as it was, white paper around it where it is narrower than a patch."""
    strip = strip_of(np.full((60, 20), 120, np.uint8), RAW)
    assert strip.shape == (30, 30)
    assert strip[15, 15] == 120
    assert strip[15, 0] == strip[15, 29] == 255


def test_an_image_that_a_line_fills_is_taken_as_it_is() -> None:
    """Paper that is a little wider above than below stays, as it is part of what the set's makers cut."""
    page = np.pad(tight(line(TEXT, 3, 1, height=100)), ((9, 3), (4, 4)), constant_values=255)
    ink = np.rint(255 * extract_ink(page)).astype(np.uint8)
    assert (whole(page, FRAME) == strip_of(ink, FRAME)).all()
    assert (whole(page, RAW) == strip_of(page, RAW)).all()


def test_a_line_of_a_page_is_cut_as_sets_of_lines_cut_theirs() -> None:
    """Of a sheet with one line high up, and of one with three, each line is the strip of its own tight image."""
    one = tight(line(TEXT, 3, 1, height=100))
    (alone,) = strips_of(np.pad(one, ((40, 500), (60, 60)), constant_values=255), FRAME, InkSettings())
    assert alone.strip.shape[0] == 30
    assert alone.line.box.h == pytest.approx(len(one), abs=2)
    rows = [
        np.pad(tight(line(TEXT, 3, seed, height=100)), ((25, 25), (50, 50)), constant_values=255) for seed in (1, 2)
    ]
    wide = min(row.shape[1] for row in rows)
    found = strips_of(np.concatenate([row[:, :wide] for row in rows] * 2), FRAME, InkSettings())
    assert [each.strip.shape[0] for each in found] == [30] * 4
    assert [each.line.box.y for each in found] == sorted(each.line.box.y for each in found)


def test_rulings_of_a_page_are_taken_off() -> None:
    """Ruled paper gives the lines of text alone."""
    row = np.pad(tight(line(TEXT, 3, 1, height=100)), ((30, 30), (60, 60)), constant_values=255)
    ruled = row.copy()
    ruled[-12:-10] = 90
    plain, found = (strips_of(np.concatenate([each] * 3), FRAME, InkSettings()) for each in (row, ruled))
    assert [each.line.box.h for each in found] == pytest.approx([each.line.box.h for each in plain], abs=3)


def test_regions_of_a_page() -> None:
    """What is left out is paper, raw or not."""
    row = np.pad(tight(line(TEXT, 3, 1, height=100)), ((30, 30), (60, 60)), constant_values=255)
    page = np.concatenate([row] * 3)
    lower = Regions(left_out=(Box(0, 0, page.shape[1], 2 * len(row)),))
    for frame in (FRAME, RAW):
        (found,) = strips_of(page, frame, InkSettings(), lower)
        assert found.line.box.y > 2 * len(row)


def test_a_blank_page_has_no_strip() -> None:
    """Paper has no lines."""
    assert strips_of(np.full((300, 200, 3), 240, np.uint8), FRAME, InkSettings()) == ()


def test_patches_come_from_where_the_ink_is() -> None:
    """Of a strip with ink at one end alone, no patch shows less than half of the mean."""
    strip = np.zeros((30, 300), np.uint8)
    strip[10:20, :60] = 255
    patches = cut_patches(strip, 50, FRAME, rng())
    anywhere = cut_patches(strip, 50, PatchFrame(size=30, ink=0.0), rng())
    assert patches.shape == (50, 30, 30)
    assert patches.mean(axis=(1, 2)).min() > 0
    assert (anywhere.mean(axis=(1, 2)) == 0).mean() > 0.5
    assert (cut_patches(strip, 50, FRAME, rng()) == patches).all()


def test_where_patches_of_a_seed_lie() -> None:
    """What was cut for a seed is cut for it for ever: models are told by what they were trained on."""
    strip = np.tile(np.arange(200, dtype=np.uint8), (30, 1))
    assert cut_patches(strip, 6, FRAME, rng())[:, 0, 0].tolist() == [156, 152, 146, 151, 45, 145]


def test_tall_strips_give_patches_of_all_their_height() -> None:
    """Where a patch is smaller than the line, it is cut above and below as well, at random and on the grid."""
    strip = np.tile(np.arange(1, 91, dtype=np.uint8)[:, None], (1, 90))
    frame = PatchFrame(size=30, ink=0.0)
    for patches in (cut_patches(strip, 80, frame, rng()), lay_patches(strip, frame)):
        assert patches[:, 0, 0].min() < 15
        assert patches[:, 0, 0].max() > 45


def test_a_grid_covers_the_ink() -> None:
    """Each patch overlaps the next by half; where there is paper there is none."""
    strip = np.zeros((30, 300), np.uint8)
    strip[10:20, :90] = 255
    strip[10:20, 0] = 99
    patches = lay_patches(strip, FRAME)
    assert len(patches) == 6
    assert (patches[0, 15, 0], patches[1, 15, 0]) == (99, 255)


def test_a_dot_between_the_places_of_a_grid_is_found() -> None:
    """Where no place on the grid has enough ink the best place is taken."""
    strip = np.zeros((30, 31), np.uint8)
    strip[:, 30] = 255
    assert lay_patches(strip, PatchFrame(size=30, ink=1.0)).mean() > 0


def test_no_ink_gives_no_patch() -> None:
    """A blank line, black on white or raw, has nothing to look at."""
    for frame, paper in ((FRAME, 0), (RAW, 255)):
        strip = strip_of(np.full((60, 200), paper, np.uint8), frame)
        assert len(cut_patches(strip, 5, frame, rng())) == len(lay_patches(strip, frame)) == 0


def test_how_much_of_a_patch_is_ink() -> None:
    """Bright is ink, raw dark is; paper alone has next to nothing, but something."""
    patches = np.stack([np.full((30, 30), value, np.uint8) for value in (0, 255)])
    assert patch_ink(patches, FRAME).tolist() == pytest.approx([1e-6, 1])
    assert patch_ink(patches, RAW).tolist() == pytest.approx([1, 1e-6])
