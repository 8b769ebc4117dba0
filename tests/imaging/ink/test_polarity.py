"""Ink is told from paper by how thin it is and by where paper has to be."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.ink.polarity import find_polarity
from tests.imaging.handwriting import character, on_paper, tight

DIGITS = st.sampled_from("0123456789")
SEEDS = st.integers(0, 10_000)


@given(text=DIGITS, seed=SEEDS, width=st.sampled_from([0.05, 0.09, 0.16]), cut=st.booleans())
def test_polarity(text: str, seed: int, width: float, cut: bool) -> None:
    """Dark ink is told from light ink, with paper around it and in a picture cut to its box."""
    drawn = character(text, seed, width=width)
    page = on_paper(tight(drawn) if cut else drawn, paper=220, dark=30)
    assert find_polarity(page)[0] == "dark"
    assert find_polarity(255 - page)[0] == "light"


@pytest.mark.parametrize("text", list("02345689"))
def test_polarity_of_fat_figures(text: str) -> None:
    """A figure drawn so bold that it fills most of its box is still the ink, and not its holes."""
    page = on_paper(tight(character(text, 2, width=0.28)))
    assert find_polarity(page)[0] == "dark"
    assert find_polarity(255 - page)[0] == "light"


@pytest.mark.parametrize("text", list("0235689"))
@pytest.mark.parametrize("seed", range(4))
def test_polarity_of_small_crops(text: str, seed: int) -> None:
    """A figure that fills a picture of 16 pixels is the ink, also where it takes most of the rim."""
    small = cv2.resize(on_paper(tight(character(text, seed, width=0.14))), (16, 16), interpolation=cv2.INTER_AREA)
    page = np.asarray(small, np.uint8)
    assert find_polarity(page)[0] == "dark"
    assert find_polarity(255 - page)[0] == "light"


def test_polarity_is_unsure_of_nothing() -> None:
    """A page without contrast has no polarity: its certainty is 0, and that of writing is above one half."""
    assert find_polarity(np.full((20, 20), 99, np.uint8)) == ("dark", 0.0)
    assert find_polarity(on_paper(character("8")))[1] > 0.5


@pytest.mark.parametrize("repeats", [17, 24, 40, 60])
@pytest.mark.parametrize("across", [False, True])
def test_polarity_of_very_long_pictures(repeats: int, across: bool) -> None:
    """A screenshot that was stitched from many pages keeps their polarity, also where some of them are empty."""
    square = on_paper(np.hstack([character("4", 1), character("7", 2)]), paper=235, dark=40)
    side = max(square.shape)
    square = np.pad(square, [(0, side - length) for length in square.shape], constant_values=235)
    empty = np.full_like(square, 235)
    page = np.concatenate([square, empty, square] * (repeats // 3 + 1), axis=int(across))
    assert find_polarity(page)[0] == "dark"
    assert find_polarity(255 - page)[0] == "light"


def test_polarity_of_a_very_long_empty_picture() -> None:
    """Nothing is as uncertain in parts as it is as a whole."""
    assert find_polarity(np.full((4000, 40), 200, np.uint8)) == ("dark", 0.0)
