"""A page's glyph is all but the same however the page was made; whatever nobody wrote on it is left out."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from duktus.imaging.frames.glyph import single_glyph, stack_glyphs
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.layout.writing import find_writing
from duktus.types import Page
from tests.imaging.handwriting import FRAME, INK, apart, apart_aligned, character, fade, glyph_of, on_paper

DIGITS = st.sampled_from("0123456789")
SEEDS = st.integers(0, 10_000)


def ruled(seed: int) -> Page:
    """A character with a line under it, right across the page."""
    ink = np.pad(character("3", seed), 16)
    ink[-8:-6] = 1
    return on_paper(ink)


@given(text=DIGITS, seed=SEEDS)
def test_inversion(text: str, seed: int) -> None:
    """The negative of a page gives its glyph, within 0.001 in the mean of all pixels."""
    page = on_paper(character(text, seed))
    assert apart(glyph_of(page), glyph_of(255 - page)) < 0.001


@given(text=DIGITS, seed=SEEDS, sides=st.tuples(*[st.integers(0, 60)] * 4))
def test_translation(text: str, seed: int, sides: tuple[int, ...]) -> None:
    """Writing anywhere on a larger page gives its glyph, within 0.01."""
    drawn = character(text, seed)
    page = on_paper(np.pad(drawn, (sides[:2], sides[2:])))
    assert apart(glyph_of(page), glyph_of(on_paper(drawn))) < 0.01


@given(text=DIGITS, seed=SEEDS, scale=st.sampled_from([0.5, 0.7, 1.5, 2.0, 3.0]))
def test_scale(text: str, seed: int, scale: float) -> None:
    """A page resized to half or three times its size gives its glyph, within 0.06, up to a pixel of shift."""
    page = on_paper(character(text, seed))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    assert apart_aligned(glyph_of(page), glyph_of(resized)) < 0.06


@given(text=DIGITS, seed=SEEDS, paper=st.integers(140, 255), contrast=st.integers(80, 255))
def test_brightness_and_contrast(text: str, seed: int, paper: int, contrast: int) -> None:
    """Greyer paper and fainter ink give the same glyph, within 0.01, up to a pixel of shift."""
    drawn = character(text, seed)
    greyed = on_paper(drawn, paper, max(0, paper - contrast))
    assert apart_aligned(glyph_of(greyed), glyph_of(on_paper(drawn))) < 0.01


@given(text=DIGITS, seed=SEEDS, loss=st.floats(0, 0.6), side=st.integers(0, 3))
def test_uneven_light(text: str, seed: int, loss: float, side: int) -> None:
    """Light that falls off by up to 0.6 towards any side gives its glyph, within 0.02, up to a pixel of shift."""
    page = on_paper(character(text, seed), 250, 40)
    assert apart_aligned(glyph_of(fade(page, loss, side)), glyph_of(page)) < 0.02


@given(text=DIGITS, seed=SEEDS)
def test_camera_noise(text: str, seed: int) -> None:
    """Noise of five grey levels on every pixel changes the glyph by less than 0.06, up to a pixel of shift."""
    page = on_paper(character(text, seed), 230, 30)
    noise = np.random.default_rng(seed).normal(0, 5, page.shape)
    noisy = np.rint(page + noise).clip(0, 255).astype(np.uint8)
    assert apart_aligned(glyph_of(noisy), glyph_of(page)) < 0.06


@given(page=arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=30)))
def test_any_page_gives_a_glyph(page: Page) -> None:
    """Whatever a page holds, its glyph has the frame's shape and lies in [0, 1]."""
    glyph = glyph_of(page)
    assert glyph.shape == (28, 28)
    assert 0 <= glyph.min() <= glyph.max() <= 1 + 1e-6


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (300, 200), (1, 400)])
def test_blank_page(shape: tuple[int, int]) -> None:
    """A blank page has no ink, no pieces and an empty glyph."""
    page = np.full(shape, 240, np.uint8)
    writing = find_writing(page, INK)
    assert not writing.ink.any()
    assert writing.pieces.numbers == ()
    assert writing.certainty == 0
    assert not glyph_of(page).any()


@pytest.mark.parametrize("reach", [0.3, 0.45, 0.6])
@pytest.mark.parametrize("soft", [8, 15])
def test_a_shadow_at_the_corner_is_looked_through(reach: float, soft: float) -> None:
    """Half the light is gone in a corner: what is written beside it is found as it is without."""
    page = on_paper(character("5", 3, margin=24), 240, 30)
    rows, columns = page.shape
    y, x = np.ogrid[:rows, :columns]
    light = 0.5 + 0.5 * np.clip((np.hypot(x - columns, y - rows) - reach * columns) / soft, 0, 1)
    assert apart_aligned(glyph_of(np.rint(page * light).astype(np.uint8)), glyph_of(page)) < 0.02


def test_writing_on_the_rim_is_no_shadow() -> None:
    """Broad strokes that the rim cuts stay, though they ink much of it."""
    page = on_paper(character("8", 2, height=90, width=0.22, margin=0), 240, 30)[10:-10]
    ink = find_writing(page, InkSettings(rulings=False)).ink
    assert (ink > 0.5)[page < 60].mean() > 0.97


def test_what_is_known_of_writing() -> None:
    """Polarity, certainty and rulings are told beside the ink."""
    writing = find_writing(255 - ruled(1), INK)
    assert writing.polarity == "light"
    assert 0 < writing.certainty <= 1
    assert writing.ruled
    assert len(writing.pieces.numbers) == 1
    assert not find_writing(on_paper(character("3", 1)), INK).ruled


def test_polarity_that_is_given_is_certain() -> None:
    """A forced polarity is not asked for and not doubted."""
    writing = find_writing(on_paper(character("3", 1)), INK, "dark")
    assert (writing.polarity, writing.certainty) == ("dark", 1.0)


def test_rulings_stay_where_they_are_wanted() -> None:
    """A line is kept by ``keep_rulings`` and by settings without rulings, and changes no glyph where it is dropped."""
    page = ruled(2)
    kept = find_writing(page, INK, keep_rulings=True)
    assert kept.ink[-7].mean() > 0.9
    np.testing.assert_array_equal(find_writing(page, InkSettings(rulings=False)).ink, kept.ink)
    clean = on_paper(np.pad(character("3", 2), 16))
    assert apart(glyph_of(page), glyph_of(clean)) < 0.01


def test_specks_are_dropped() -> None:
    """Dirt on the page is in neither the ink nor the pieces."""
    page = on_paper(np.pad(character("8", 2), 10))
    page[4, 6] = page[7, 40] = 0
    writing = find_writing(page, INK)
    assert not writing.ink[:10].any()
    assert len(writing.pieces.numbers) == 1


def test_batch_of_glyphs() -> None:
    """Glyphs are stacked into one batch with a channel; none make an empty one of the right shape."""
    glyphs = [single_glyph(on_paper(character(text)), INK, FRAME) for text in "12"]
    batch = stack_glyphs(glyphs, FRAME)
    assert batch.shape == (2, 28, 28, 1)
    np.testing.assert_array_equal(batch[1, ..., 0], glyphs[1])
    assert stack_glyphs([], FRAME).shape == (0, 28, 28, 1)
