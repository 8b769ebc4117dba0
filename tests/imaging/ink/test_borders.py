"""The borders of a cell are found, whole or broken, and no stroke of a character is taken for one."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.ink.borders import find_borders
from duktus.imaging.ink.rulings import drop_rulings
from duktus.types import Ink
from tests.imaging.handwriting import character, tight


def cell(text: str = "5", seed: int = 0, margin: int = 30) -> Ink:
    """A character in the middle of a wide cell."""
    return np.pad(tight(character(text, seed)), ((margin, margin), (2 * margin, 2 * margin)))


@given(text=st.sampled_from("0123456789"), seed=st.integers(0, 500), inset=st.integers(0, 6), width=st.integers(1, 3))
def test_border_all_around(text: str, seed: int, inset: int, width: int) -> None:
    """A border around a character is erased, and the character is left as it was."""
    clean = cell(text, seed)
    ink = clean.copy()
    rows, columns = ink.shape
    for line in (np.s_[inset : inset + width], np.s_[rows - inset - width : rows - inset]):
        ink[line] = 1
        ink.T[
            np.s_[inset : inset + width] if line.start == inset else np.s_[columns - inset - width : columns - inset]
        ] = 1
    np.testing.assert_array_equal(drop_rulings(ink), clean)


def test_one_side_broken_and_faint() -> None:
    """The right border alone, broken in two places and faint, is found."""
    ink = cell()
    rows, columns = ink.shape
    ink[:, columns - 5 : columns - 3] = 0.3
    ink[20:24] = ink[60:65] = 0
    found = find_borders(ink)
    assert found[:, columns - 5 : columns - 3].sum() > 1.5 * (rows - 15)
    assert not found[:, : columns - 6].any()


def test_leaning_border() -> None:
    """A border that leans by one degree is found from end to end."""
    ink = cell()
    rows, columns = ink.shape
    cv2.line(ink, (columns - 9, 0), (columns - 7, rows - 1), (1.0,), 2)
    assert find_borders(ink)[:, columns - 12 :].any(axis=1).mean() > 0.95


def test_writing_that_touches_a_border_stays() -> None:
    """A tail that runs into the lower border keeps its ink above it."""
    ink = cell("9", 3, 12)
    rows = ink.shape[0]
    tail = ink[: rows - 4].copy()
    ink[rows - 16 : rows, 60:64] = 1
    tail[rows - 16 :, 60:64] = 1
    ink[rows - 4 : rows - 2] = 1
    left = drop_rulings(ink)
    assert np.abs(left[: rows - 6] - tail[: rows - 6]).max() < 0.01
    assert left[rows - 4 : rows - 2, :40].max() == 0


@given(text=st.sampled_from("0123456789"), seed=st.integers(0, 2000), width=st.floats(0.06, 0.15))
def test_no_stroke_of_a_character_cut_close(text: str, seed: int, width: float) -> None:
    """A picture cut around its character to the pixel has no borders."""
    ink = tight(character(text, seed, width=width))
    assert find_borders(ink).mean() < 0.02


@pytest.mark.parametrize("shape", [(1, 1), (1, 60), (60, 1), (3, 3), (34, 60)])
def test_no_ink_and_all_ink(shape: tuple[int, int]) -> None:
    """Blank and full pictures of any shape have no borders."""
    for ink in (np.zeros(shape, np.float32), np.ones(shape, np.float32)):
        assert not find_borders(ink).any()
