"""Glyphs: boxed, of one size and stroke width, centred by their mass; nearly the same however a page was made."""

import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from duktus.imaging.frames.glyph import (
    GlyphFrame,
    fit_stroke,
    frame_glyph,
    ink_box,
    single_glyph,
    stack_glyphs,
    stroke_width,
)
from duktus.types import Box, Ink, Page
from tests.imaging.handwriting import FRAME, INK, apart, apart_aligned, character, fade, glyph_of, on_paper

DIGITS = st.sampled_from("0123456789")
SEEDS = st.integers(0, 10_000)
FRAMES = (FRAME, GlyphFrame(height=40, width=32, box=24), GlyphFrame(height=64, width=64, box=50, stroke_max=9.0))


def band(width: int, shape: str) -> Ink:
    """A straight or a round stroke of some pixels, its edge soft where it is round."""
    y, x = np.mgrid[:160, :160].astype(np.float32) - np.float32(79.5)
    if shape == "upright":
        return np.asarray((np.abs(x - width / 2) <= width / 2) & (np.abs(y) < 70), np.float32)
    away = np.abs(np.hypot(x, y) - 50) if shape == "round" else np.abs(0.6 * x + 0.8 * y)
    return np.asarray(np.clip(width / 2 + 0.5 - away, 0, 1) * (np.hypot(x, y) < 70), np.float32)


def mass(glyph: Ink) -> tuple[float, float]:
    """The centre of mass, (y, x) in pixels."""
    rows: NDArray[np.intp] = np.arange(glyph.shape[0])
    columns: NDArray[np.intp] = np.arange(glyph.shape[1])
    total = float(glyph.sum())
    return float(glyph.sum(1) @ rows) / total, float(glyph.sum(0) @ columns) / total


@pytest.mark.parametrize("shape", ["upright", "slanted", "round"])
@pytest.mark.parametrize("width", range(2, 10))
def test_stroke_width_is_estimated(width: int, shape: str) -> None:
    """Bands of known width are measured within 0.7 pixels, whatever way they run."""
    assert stroke_width(band(width, shape)) == pytest.approx(width, abs=0.7)


def test_stroke_width_of_a_hair_and_of_nothing() -> None:
    """A line of one pixel counts as less than two, a dot as one, and bare paper as none."""
    assert 1 <= stroke_width(band(1, "upright")) < 2
    dot = np.zeros((9, 9), np.float32)
    dot[4, 4] = 1
    assert 1 <= stroke_width(dot) < 2
    assert stroke_width(np.zeros((9, 9), np.float32)) == 0


@pytest.mark.parametrize("width", [6, 7, 8, 9])
def test_thick_strokes_are_thinned(width: int) -> None:
    """Strokes of up to twice the greatest width come to it, within 0.8 pixels of ink across."""
    ink = band(width, "upright")
    assert fit_stroke(ink, FRAME)[80].sum() == pytest.approx(FRAME.stroke_max, abs=0.8)


@pytest.mark.parametrize("width", [2, 3, 4])
def test_thin_strokes_are_thickened(width: int) -> None:
    """Strokes thinner than the least width come to it, within 0.8 pixels of ink across."""
    frame = replace(FRAME, stroke_min=5.0, stroke_max=8.0)
    assert fit_stroke(band(width, "upright"), frame)[80].sum() == pytest.approx(5.0, abs=0.8)


def test_strokes_in_range_are_left_alone() -> None:
    """Strokes that the frame allows, and bare paper, come back as they are, uncopied."""
    ink, paper = band(3, "round"), np.zeros((20, 20), np.float32)
    assert fit_stroke(ink, FRAME) is ink
    assert fit_stroke(paper, FRAME) is paper


@given(width=st.integers(5, 12))
def test_thinning_keeps_the_stroke(width: int) -> None:
    """However thick, a stroke is thinned within its own bounds and keeps full ink in its middle."""
    ink = band(width, "round")
    thin = fit_stroke(ink, FRAME)
    assert (thin <= ink + 1e-6).all()
    assert thin.max() > 0.95


@given(text=DIGITS, seed=SEEDS, frame=st.sampled_from(FRAMES))
def test_glyph_lies_in_its_frame(text: str, seed: int, frame: GlyphFrame) -> None:
    """A glyph has the frame's shape, its mass within half a pixel of the middle, its longest side the frame's box."""
    glyph = frame_glyph(character(text, seed), frame)
    assert glyph.shape == (frame.height, frame.width)
    assert glyph.dtype == np.float32
    assert 0 <= glyph.min() <= glyph.max() <= 1 + 1e-6
    y, x = mass(glyph)
    assert y == pytest.approx((frame.height - 1) / 2, abs=0.5 + 1e-3)
    assert x == pytest.approx((frame.width - 1) / 2, abs=0.5 + 1e-3)
    box = ink_box(glyph)
    assert max(box.w, box.h) == pytest.approx(frame.box, abs=2)


@given(text=DIGITS, seed=SEEDS, scale=st.sampled_from([0.5, 0.7, 1.5, 2.0, 3.0]))
def test_size_of_the_ink_does_not_matter(text: str, seed: int, scale: float) -> None:
    """A character drawn smaller or larger gives its glyph within 0.06, up to a pixel of shift."""
    drawn = character(text, seed)
    again = character(text, seed, height=round(64 * scale))
    assert apart_aligned(frame_glyph(drawn, FRAME), frame_glyph(again, FRAME)) < 0.06


@given(text=DIGITS, seed=SEEDS, sides=st.tuples(*[st.integers(0, 40)] * 4))
def test_place_of_the_ink_does_not_matter(text: str, seed: int, sides: tuple[int, ...]) -> None:
    """Bare paper on any side changes nothing of the glyph."""
    drawn = character(text, seed, margin=0)
    moved = np.pad(drawn, (sides[:2], sides[2:]))
    assert apart(frame_glyph(drawn, FRAME), frame_glyph(moved, FRAME)) < 1e-6


@given(text=DIGITS, seed=SEEDS)
def test_proportions_are_kept(text: str, seed: int) -> None:
    """A glyph is as wide for its height as what was drawn, to a pixel and a half of its box."""
    drawn = character(text, seed)
    was, now = ink_box(drawn), ink_box(frame_glyph(drawn, FRAME))
    scale = FRAME.box / max(was.w, was.h)
    assert now.w == pytest.approx(was.w * scale, abs=1.6)
    assert now.h == pytest.approx(was.h * scale, abs=1.6)


def test_thin_pen_is_not_lost_in_a_small_frame() -> None:
    """A hairline drawn 400 pixels high keeps full ink in a glyph of 20."""
    glyph = frame_glyph(character("3", 2, height=400, width=0.008), FRAME)
    assert glyph.max() > 0.9
    assert stroke_width(glyph) > 1.5


@pytest.mark.parametrize("height", [400, 1200, 3000])
def test_ink_as_large_as_a_page(height: int) -> None:
    """A hairline of any height gives the glyph of a smaller one, in a moment: ink is reduced before it is widened."""
    ink = character("3", 2, height=height, width=3 / height)
    taken = []
    for _ in range(3):
        start = time.process_time()
        glyph = frame_glyph(ink, FRAME)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.5
    assert apart_aligned(glyph, frame_glyph(character("3", 2, height=200, width=3 / 200), FRAME)) < 0.06


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (90, 1), (40, 40)])
def test_no_ink_gives_an_empty_frame(shape: tuple[int, int]) -> None:
    """Bare paper of any shape gives a glyph without ink."""
    glyph = frame_glyph(np.zeros(shape, np.float32), FRAME)
    assert glyph.shape == (28, 28)
    assert not glyph.any()
    assert ink_box(np.zeros(shape, np.float32)) == Box(0, 0, 0, 0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (90, 1), (40, 40)])
def test_nothing_but_ink(shape: tuple[int, int]) -> None:
    """Ink from rim to rim, be it a dot, a line or a block, fits into the frame."""
    glyph = frame_glyph(np.ones(shape, np.float32), FRAME)
    assert glyph.any()
    assert max(ink_box(glyph)[2:]) <= FRAME.box + 2


def test_box_holds_all_but_the_faintest_ink() -> None:
    """The box counts ink from ``SOFT`` on and is given from its upper left corner."""
    ink = np.zeros((20, 30), np.float32)
    ink[4:9, 7:19] = 0.25
    ink[15, 25] = 0.1
    assert ink_box(ink) == Box(7, 4, 12, 5)


@given(text=DIGITS, seed=SEEDS)
def test_glyph_of_an_inverted_page(text: str, seed: int) -> None:
    """The negative of a page gives its glyph, within 0.001 in the mean of all pixels."""
    page = on_paper(character(text, seed))
    assert apart(glyph_of(page), glyph_of(255 - page)) < 0.001


@given(text=DIGITS, seed=SEEDS, sides=st.tuples(*[st.integers(0, 60)] * 4))
def test_glyph_of_a_larger_page(text: str, seed: int, sides: tuple[int, ...]) -> None:
    """Writing anywhere on a larger page gives its glyph, within 0.01."""
    drawn = character(text, seed)
    page = on_paper(np.pad(drawn, (sides[:2], sides[2:])))
    assert apart(glyph_of(page), glyph_of(on_paper(drawn))) < 0.01


@given(text=DIGITS, seed=SEEDS, scale=st.sampled_from([0.5, 0.7, 1.5, 2.0, 3.0]))
def test_glyph_of_a_resized_page(text: str, seed: int, scale: float) -> None:
    """A page resized to half or three times its size gives its glyph, within 0.06, up to a pixel of shift."""
    page = on_paper(character(text, seed))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    assert apart_aligned(glyph_of(page), glyph_of(resized)) < 0.06


@given(text=DIGITS, seed=SEEDS, paper=st.integers(140, 255), contrast=st.integers(80, 255))
def test_glyph_of_a_greyer_page(text: str, seed: int, paper: int, contrast: int) -> None:
    """Greyer paper and fainter ink give the same glyph, within 0.01, up to a pixel of shift."""
    drawn = character(text, seed)
    greyed = on_paper(drawn, paper, max(0, paper - contrast))
    assert apart_aligned(glyph_of(greyed), glyph_of(on_paper(drawn))) < 0.01


@given(text=DIGITS, seed=SEEDS, loss=st.floats(0, 0.6), side=st.integers(0, 3))
def test_glyph_of_an_unevenly_lit_page(text: str, seed: int, loss: float, side: int) -> None:
    """Light that falls off by up to 0.6 towards any side gives its glyph, within 0.02, up to a pixel of shift."""
    page = on_paper(character(text, seed), 250, 40)
    assert apart_aligned(glyph_of(fade(page, loss, side)), glyph_of(page)) < 0.02


@given(text=DIGITS, seed=SEEDS)
def test_glyph_of_a_noisy_page(text: str, seed: int) -> None:
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


def test_batch_of_glyphs() -> None:
    """Glyphs are stacked into one batch with a channel; none make an empty one of the right shape."""
    glyphs = [single_glyph(on_paper(character(text)), INK, FRAME) for text in "12"]
    batch = stack_glyphs(glyphs, FRAME)
    assert batch.shape == (2, 28, 28, 1)
    np.testing.assert_array_equal(batch[1, ..., 0], glyphs[1])
    assert stack_glyphs([], FRAME).shape == (0, 28, 28, 1)
