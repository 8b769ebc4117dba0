"""Ink: the same whatever the page's polarity, brightness, light and colour, and none where nothing is written."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from duktus.imaging.ink.extraction import (
    InkSettings,
    extract_ink,
    grain,
    paper_noise,
    settle_polarity,
    stretch,
)
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.polarity import find_polarity
from duktus.pen.paper import take
from duktus.pen.scenes import sample_scene
from duktus.types import Page
from tests.hands.pages import page_of
from tests.imaging.handwriting import character, on_paper

DIGITS = st.sampled_from("0123456789")
SEEDS = st.integers(0, 10_000)


@given(page=arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_ink_is_a_share(page: Page) -> None:
    """Whatever the page holds, its ink has its shape and lies in [0, 1]."""
    ink = extract_ink(page)
    assert ink.shape == page.shape
    assert ink.dtype == np.float32
    assert 0 <= ink.min() <= ink.max() <= 1


@given(page=arrays.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30), st.just(3))))
def test_colour_pages_of_any_kind(page: Page) -> None:
    """Any page in colour gives one ink for each of its pixels."""
    ink = extract_ink(page)
    assert ink.shape == page.shape[:2]
    assert 0 <= ink.min() <= ink.max() <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 3), (28, 28), (90, 200)])
@pytest.mark.parametrize("level", [0, 1, 128, 254, 255])
def test_bare_paper_has_no_ink(shape: tuple[int, int], level: int) -> None:
    """A page of one grey, of whatever size down to one pixel, is blank."""
    assert not extract_ink(np.full(shape, level, np.uint8)).any()


@given(seed=SEEDS, level=st.integers(120, 220), sigma=st.floats(0, 3))
def test_noise_of_a_camera_is_no_ink(seed: int, level: int, sigma: float) -> None:
    """Paper with a camera's noise and nothing else is blank."""
    noise = np.random.default_rng(seed).normal(level, sigma, (48, 48))
    assert not extract_ink(np.rint(noise).clip(0, 255).astype(np.uint8)).any()


@pytest.mark.parametrize("side", [28, 64])
def test_white_noise_is_little_ink(side: int) -> None:
    """Pixels drawn at random stand off no ground: less than a fifth of a page of them is ever ink, mostly far less."""
    shares = [extract_ink(np.random.default_rng(i).integers(0, 256, (side, side), np.uint8)).mean() for i in range(20)]
    assert max(shares) < 0.2
    assert np.mean(shares) < 0.1


def test_too_little_contrast_is_blank() -> None:
    """Writing fainter than ``min_contrast`` is not taken for ink, and is where the settings ask for less."""
    page = on_paper(character("3"), paper=200, dark=194)
    assert not extract_ink(page, InkSettings(min_contrast=0.05)).any()
    assert extract_ink(page, InkSettings(min_contrast=0.01)).max() == 1


@given(text=DIGITS, seed=SEEDS, paper=st.integers(120, 255), contrast=st.integers(60, 255))
def test_brightness_and_contrast(text: str, seed: int, paper: int, contrast: int) -> None:
    """Grey paper and faint ink give the ink of black on white, within a twentieth on the worst pixel in a hundred."""
    drawn = character(text, seed)
    ink = extract_ink(on_paper(drawn, paper, max(0, paper - contrast)))
    assert np.percentile(np.abs(ink - extract_ink(on_paper(drawn))), 99) < 0.05


@given(text=DIGITS, seed=SEEDS)
def test_inversion_changes_nothing(text: str, seed: int) -> None:
    """The negative of a page has its ink, to a thousandth."""
    page = on_paper(character(text, seed))
    np.testing.assert_allclose(extract_ink(255 - page), extract_ink(page), atol=1e-3)


@given(text=DIGITS, seed=SEEDS)
def test_ink_is_where_it_was_drawn(text: str, seed: int) -> None:
    """What was drawn is found again, pixel by pixel, and nothing beside it."""
    drawn = character(text, seed)
    ink = extract_ink(on_paper(drawn, paper=230, dark=40))
    assert np.abs(ink - drawn).mean() < 0.01
    assert (ink >= 0.35)[drawn > 0.5].mean() > 0.99


def test_polarity_can_be_forced() -> None:
    """With the polarity given, light ink on a dark ground is found where dark ink would win."""
    page = np.full((60, 60), 120, np.uint8)
    page[10:50, 10:14] = 0
    page[10:50, 40:44] = 255
    dark, light = extract_ink(page, polarity="dark"), extract_ink(page, polarity="light")
    assert dark[30, 12] == 1
    assert dark[30, 42] == 0
    assert light[30, 42] == 1
    assert light[30, 12] == 0


def test_faint_strokes_are_lifted() -> None:
    """A stroke with half the ink of another far from it counts as much, if ``gain_floor`` lets it."""
    drawn = np.zeros((60, 400), np.float32)
    drawn[10:50, 30:35], drawn[10:50, 360:365] = 1, 0.5
    page = on_paper(drawn, 240, 20)
    assert extract_ink(page)[30, 362] > 0.95
    assert extract_ink(page, replace(InkSettings(), gain_floor=1.0))[30, 362] < 0.6


def test_stretch_of_nothing() -> None:
    """Darkness that is nowhere above the paper's noise is blank, and the result is a new array of zeros."""
    darkness = np.random.default_rng(0).normal(0.05, 0.01, (40, 40)).clip(0, 1).astype(np.float32)
    ink = stretch(darkness, InkSettings())
    assert ink.shape == (40, 40)
    assert not ink.any()


@pytest.mark.parametrize("sigma", [0.01, 0.03])
def test_noise_is_measured(sigma: float) -> None:
    """The paper's level and noise are found on a page with ink on a tenth of it, and the grain beside a slope."""
    rng = np.random.default_rng(0)
    darkness = rng.normal(0.2, sigma, (80, 80)).astype(np.float32)
    darkness[:, ::10] = 0.9
    level, spread = paper_noise(darkness)
    assert level == pytest.approx(0.2, abs=0.005)
    assert spread == pytest.approx(sigma, rel=0.25)
    sloped = np.linspace(0, 0.5, 80, dtype=np.float32) + rng.normal(0, sigma, (80, 80)).astype(np.float32)
    assert grain(sloped) == pytest.approx(sigma, rel=0.1)


def test_noise_of_a_bold_figure() -> None:
    """Where half of the picture is ink, the lighter half alone tells the paper's noise."""
    darkness = np.zeros((40, 40), np.float32)
    darkness[:, 20:] = 0.8
    assert paper_noise(darkness) == (0.0, 0.0)
    assert grain(darkness[:2]) == 0


@pytest.mark.parametrize("seed", [3, 83, 84, 168])
def test_polarity_in_doubt(seed: int) -> None:
    """Where light and shadow hide what is ink, the polarity in which strokes are thin and clear is taken."""
    rng = np.random.default_rng(seed)
    grey = to_grey(take(character(str(seed % 10), seed), sample_scene(rng, "photo"), rng))
    assert find_polarity(grey)[0] == "light"
    polarity, certainty = settle_polarity(grey)
    assert polarity == "dark"
    assert certainty > 0.9
    assert settle_polarity(255 - grey)[0] == "light"


def test_no_polarity_is_tried_on_bare_paper() -> None:
    """A page without contrast has no polarity, and one that is clear keeps what it is."""
    assert settle_polarity(np.full((20, 20), 99, np.uint8)) == ("dark", 0.0)
    page = on_paper(character("2", 1))
    assert settle_polarity(page) == find_polarity(page)


@pytest.mark.parametrize("pages", [4, 8, 12])
def test_a_long_page_of_text_is_dark_on_light(pages: int) -> None:
    """However long a page is, what is tried is no grey haze in which either polarity is as likely."""
    grey = np.concatenate([page_of(seed)[:, :500] for seed in range(pages)])
    assert settle_polarity(grey)[0] == "dark"
