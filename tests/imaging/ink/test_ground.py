"""Whatever the light on a page, what is written on it is its ink."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.ink.extraction import extract_ink, flatten
from tests.imaging.handwriting import character, fade, on_paper, tight

DIGITS = st.sampled_from("0123456789")
SEEDS = st.integers(0, 10_000)


@pytest.mark.parametrize("text", list("0248"))
def test_broad_strokes_in_a_small_picture(text: str) -> None:
    """Strokes as broad as a third of a small picture are full ink to their middle."""
    bold = tight(character(text, 1, width=0.3))
    drawn = np.asarray(cv2.resize(bold, (18, 20), interpolation=cv2.INTER_AREA), np.float32)
    ink = extract_ink(on_paper(drawn, 235, 25))
    assert ink[drawn > 0.9].min() > 0.85
    assert ink[drawn < 0.1].max(initial=0) < 0.2


@given(text=DIGITS, seed=SEEDS, loss=st.floats(0, 0.6), side=st.integers(0, 3))
def test_uneven_light(text: str, seed: int, loss: float, side: int) -> None:
    """Light that falls off by up to 0.6 towards any side leaves the ink within a tenth of what it was."""
    drawn = character(text, seed)
    page = fade(on_paper(drawn, 250, 40), loss, side)
    assert np.percentile(np.abs(extract_ink(page) - extract_ink(on_paper(drawn, 250, 40))), 99) < 0.1


@given(text=DIGITS, seed=SEEDS, loss=st.floats(0, 0.5))
def test_light_of_a_lamp(text: str, seed: int, loss: float) -> None:
    """Light that falls off from the middle to all corners leaves the ink within a tenth of what it was."""
    drawn = character(text, seed, margin=24)
    y, x = np.ogrid[-1 : 1 : drawn.shape[0] * 1j, -1 : 1 : drawn.shape[1] * 1j]
    page = np.rint(on_paper(drawn, 250, 40) * (1 - loss * (x * x + y * y) / 2)).astype(np.uint8)
    assert np.percentile(np.abs(extract_ink(page) - extract_ink(on_paper(drawn, 250, 40))), 99) < 0.1


@pytest.mark.parametrize("shape", [(28, 28), (64, 40), (200, 300)])
@pytest.mark.parametrize("side", range(4))
def test_bare_paper_in_uneven_light(shape: tuple[int, int], side: int) -> None:
    """Bare paper that is lit from one side alone is blank."""
    assert not extract_ink(fade(np.full(shape, 240, np.uint8), 0.6, side)).any()


def test_shadow_across_the_page() -> None:
    """A soft shadow over half of a page is no ink."""
    shadow = 1 / (1 + np.exp(-(np.arange(200, dtype=np.float32) - 100) / 20))
    page = np.rint(np.tile(120 + 110 * shadow, (120, 1))).astype(np.uint8)
    page[40:80, 30:33] = 30
    page[40:80, 160:163] = 60
    ink = extract_ink(page)
    assert ink[60, [31, 161]].min() > 0.9
    assert ink[:, 60:140].max() < 0.2


def test_dark_ink_is_divided_by_its_light() -> None:
    """The same stroke in half the light stands as far off its ground: dark ink takes a share of the light."""
    page = np.full((40, 80), 200, np.uint8)
    page[:, 20] = 100
    dim = (page // 2).astype(np.uint8)
    np.testing.assert_allclose(flatten(page, "dark"), flatten(dim, "dark"), atol=0.01)
    assert flatten(page, "dark")[20, 20] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("text", "seed"), [("0", 1), ("3", 1), ("3", 2), ("8", 1)])
def test_blurred_strokes_that_fill_a_small_picture(text: str, seed: int) -> None:
    """Broad soft strokes that the rim of a small picture cuts are full ink to their middle, in uneven light too."""
    bold = cv2.resize(tight(character(text, seed, width=0.24)), (16, 16), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(bold, (0, 0), 1)
    drawn = np.asarray(soft / soft.max(), np.float32)
    ink = extract_ink(fade(on_paper(drawn, 220, 60), 0.1, 0))
    assert ink[drawn > 0.8].mean() > 0.8
    assert ink[drawn < 0.1].mean() < 0.2
