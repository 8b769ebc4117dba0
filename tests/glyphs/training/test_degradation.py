"""Poor copies of small pictures: each change does what it says, and something to read is left."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.glyphs.training.degradation import Image, coarsen, degrade, light, rule, shrink, swell, thin, turn
from tests.glyphs.training.sets import digits
from tests.imaging.handwriting import glyph_of

SEEDS = st.integers(0, 2**32 - 1)


def image(number: int = 0) -> Image:
    """A digit of the small set, 28 by 28."""
    return np.asarray(digits(6)[0][number], np.uint8)


def changed(change: Callable[[Image, np.random.Generator], Image], seed: int, number: int = 0) -> Image:
    """A digit changed by a generator of its own."""
    return change(image(number), np.random.default_rng(seed))


@pytest.mark.parametrize("change", [degrade, turn, shrink, thin, swell, rule, light, coarsen])
def test_same_seed_same_bytes(change: Callable[[Image, np.random.Generator], Image]) -> None:
    """A seed gives the same picture again, seeds give several, and the image that was given stays as it is."""
    before = image()
    change(before, np.random.default_rng(1))
    np.testing.assert_array_equal(before, image())
    assert changed(change, 1).tobytes() == changed(change, 1).tobytes()
    assert len({changed(change, seed).tobytes() for seed in range(8)}) > 1


@given(seed=SEEDS, number=st.integers(0, 5))
def test_something_to_read_is_left(seed: int, number: int) -> None:
    """However worn, a picture is a grey page of about the same size on which ink is found."""
    page = changed(degrade, seed, number)
    assert page.dtype == np.uint8
    assert page.ndim == 2
    assert 28 <= min(page.shape) <= max(page.shape) <= 40
    assert glyph_of(page).any()


@given(seed=SEEDS)
def test_shrunk_within_the_frame(seed: int) -> None:
    """A character drawn smaller keeps its frame and lies wholly in it, with a share of its ink."""
    small = changed(shrink, seed)
    assert small.shape == (28, 28)
    assert 0.08 < small.sum() / image().sum() < 0.7


@given(seed=SEEDS)
def test_turned_without_a_loss(seed: int) -> None:
    """Turning cuts nothing off."""
    assert float(changed(turn, seed).sum()) == pytest.approx(float(image().sum()), rel=0.05)


@given(seed=SEEDS)
def test_strokes_thin_and_swell(seed: int) -> None:
    """Worn strokes lie within the former ones, swollen ones around them."""
    assert (changed(thin, seed) <= image()).all()
    assert (changed(swell, seed)[2:-2, 2:-2] >= image()).all()


def test_strokes_never_vanish() -> None:
    """A hairline that degradeing would wipe out stays as it is."""
    hair = np.zeros((28, 28), np.uint8)
    hair[5:20, 14] = 255
    for seed in range(5):
        np.testing.assert_array_equal(thin(hair, np.random.default_rng(seed)), hair)


@given(seed=SEEDS)
def test_ruled(seed: int) -> None:
    """A line of one or two rows runs from side to side, and nothing else is changed."""
    ruled = changed(rule, seed)
    rows = np.flatnonzero((ruled != image()).any(axis=1))
    assert 1 <= len(rows) <= 2
    assert (ruled[rows] >= 70).all()


@given(seed=SEEDS)
def test_lit(seed: int) -> None:
    """The brightest strokes stay brighter than all of the ground."""
    lit = changed(light, seed)
    assert lit.shape == (28, 28)
    assert lit[image() == 255].max() > lit[image() == 0].max()


@given(seed=SEEDS, number=st.integers(0, 5))
def test_coarse_drawings_have_ink(seed: int, number: int) -> None:
    """A drawing with a broad pen or on a coarse grid keeps its proportions, and ink is found on it."""
    page = coarsen(np.kron(image(number), np.ones((4, 4), np.uint8)), np.random.default_rng(seed))
    assert 16 <= page.shape[0] == page.shape[1] <= 112
    assert glyph_of(np.invert(page)).any()


def test_coarse_grids_and_broad_pens() -> None:
    """Over many seeds grids of all sizes, pictures in black and white alone, and broader strokes come about."""
    large = np.kron(image(), np.ones((4, 4), np.uint8))
    pages = [coarsen(large, np.random.default_rng(seed)) for seed in range(40)]
    assert max(page.shape[0] for page in pages) == 112
    assert min(page.shape[0] for page in pages) < 22
    assert sum(len(np.unique(page)) == 2 for page in pages) > 5
    assert max(page[page.shape[0] // 2].mean() for page in pages) > 1.3 * large[56].mean()
