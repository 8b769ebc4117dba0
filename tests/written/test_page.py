"""The shipped segmenter on pages composed by the project's own pen, and on what nobody should have to read."""

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.pen.pages.rules import Rule, draw_rules, guide_ends
from duktus.pen.pages.typeset import Face, set_column
from duktus.types import Ink
from duktus.written.page import NO_HANDWRITING, Written, find_written
from duktus.written.segmenter import Segmenter
from tests.written.pages import SHAPE, page_of


def overlap(found: Written, writing: Ink) -> float:
    """Intersection over union of the ink that was found and the ink that was written."""
    one, other = found.ink > 0.4, writing > 0.4
    return float((one & other).sum() / (one | other).sum())


def test_writing_on_a_blank_page(segmenter: Segmenter, writing: Ink) -> None:
    """All that is written is found, in four lines of about the height that they have."""
    found = find_written(page_of(writing), segmenter)
    assert found.reason == ""
    assert overlap(found, writing) > 0.8
    assert len(found.lines) == 4
    assert 18 < found.height < 40


def test_guides_are_left_out_and_the_height_stays(segmenter: Segmenter, writing: Ink) -> None:
    """On ruled paper the same ink is found, at the same height."""
    plain = find_written(page_of(writing), segmenter)
    guides = draw_rules(SHAPE, guide_ends(SHAPE, 50, 60, (0, 1)), Rule("solid", 2.0), np.random.default_rng(0))
    found = find_written(page_of(writing, 0.7 * guides), segmenter)
    assert overlap(found, writing) > 0.65
    assert abs(found.height / plain.height - 1) < 0.15
    alone = (guides > 0.5) & (writing < 0.1)
    assert (found.ink[alone] < 0.5).mean() > 0.9


def test_print_alone_is_no_handwriting(segmenter: Segmenter, face: Face) -> None:
    """A page of print says so."""
    block = set_column(["every letter of this page is printed"] * 16, face, 28, 1.4, SHAPE[1])
    sheet = np.zeros(SHAPE, np.float32)
    h = min(SHAPE[0], block.shape[0])
    sheet[:h] = block[:h] / 255
    assert find_written(page_of(sheet), segmenter).reason == NO_HANDWRITING


def test_a_blank_page_is_no_handwriting(segmenter: Segmenter) -> None:
    """Nothing is found on nothing."""
    found = find_written(np.full(SHAPE, 240, np.uint8), segmenter)
    assert found.reason == NO_HANDWRITING
    assert not found.ink.any()


def hard_pages() -> dict[str, NDArray[np.uint8]]:
    """Pages that are not fit to be read."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (1200, 900), np.uint8)
    specks = np.full((1500, 1200), 250, np.uint8)
    specks[rng.integers(0, 1500, 50_000), rng.integers(0, 1200, 50_000)] = 20
    return {
        "noise": noise,
        "specks": specks,
        "black": np.zeros((900, 900), np.uint8),
        "long": np.full((300, 6000), 230, np.uint8),
        "tiny": np.full((3, 2), 9, np.uint8),
    }


@pytest.mark.parametrize("name", hard_pages())
def test_hard_pages_have_an_answer(name: str, segmenter: Segmenter) -> None:
    """Noise, specks, black, long and tiny pages are answered within bounds."""
    began = time.process_time()
    found = find_written(hard_pages()[name], segmenter)
    assert found.ink.shape == hard_pages()[name].shape
    assert time.process_time() - began < 10
