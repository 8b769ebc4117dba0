"""What is written on a page is found with its pieces; whatever nobody wrote on it is left out."""

import numpy as np
import pytest

from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.layout.writing import find_writing
from duktus.types import Page
from tests.imaging.handwriting import INK, apart, character, glyph_of, on_paper


def ruled(seed: int) -> Page:
    """A character with a line under it, right across the page."""
    ink = np.pad(character("3", seed), 16)
    ink[-8:-6] = 1
    return on_paper(ink)


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (300, 200), (1, 400)])
def test_blank_page(shape: tuple[int, int]) -> None:
    """A blank page has no ink, no pieces and an empty glyph."""
    page = np.full(shape, 240, np.uint8)
    writing = find_writing(page, INK)
    assert not writing.ink.any()
    assert writing.pieces.numbers == ()
    assert writing.certainty == 0
    assert not glyph_of(page).any()


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
    assert writing.unfiltered[4, 6] > 0.5
    assert len(writing.pieces.numbers) == 1
