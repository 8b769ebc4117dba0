"""The lines of paper that lies askew are found, whatever is written on them, and no stroke is taken for one."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.ink.askew import LEAST, MOST, _likeliest, find_askew
from duktus.imaging.ink.borders import Mask
from tests.imaging.handwriting import character, tight


def written(text: str = "8", seed: int = 1, room: int = 30) -> Mask:
    """A character in the middle of an ample page, 1 where there is ink."""
    return (np.pad(character(text, seed), room) >= 0.35).view(np.uint8)


def ruled(shape: tuple[int, ...], slope: float, pitch: int, width: int = 1, *, squared: bool = False) -> Mask:
    """The lines of paper that leans by a slope."""
    lines = np.zeros(shape, np.uint8)
    rows, columns = shape
    for y in range(-rows // 4, rows + rows // 4, pitch):
        cv2.line(lines, (0, y), (columns, round(y + slope * columns)), 1, width)
    return lines | ruled(shape[::-1], -slope, pitch, width).T if squared else lines


def rid(page: Mask) -> Mask:
    """A page without the lines that are found."""
    found = find_askew(page)
    return page if found is None else page & ~found


@given(text=st.sampled_from("0123456789"), seed=st.integers(0, 500), slope=st.sampled_from([-0.06, -0.03, 0.02, 0.06]))
def test_ruled_paper(text: str, seed: int, slope: float) -> None:
    """Lines that lean by one to four degrees go from beside a character, and it keeps all but what lies along one."""
    drawn = written(text, seed)
    lines = ruled(drawn.shape, slope, 40)
    bare = rid(drawn | lines)
    assert bare[drawn > 0].mean() > 0.93
    assert bare[(lines > 0) & (cv2.dilate(drawn, np.ones((9, 9), np.uint8)) == 0)].mean() < 0.05


@pytest.mark.parametrize("slope", [-0.05, 0.0, 0.02, 0.05])
@pytest.mark.parametrize("width", [1, 2])
def test_squared_paper(slope: float, width: int) -> None:
    """Lines both ways go, where they cross each other too."""
    drawn = written()
    lines = ruled(drawn.shape, slope, 25, width, squared=True)
    bare = rid(drawn | lines)
    assert bare[drawn > 0].mean() > 0.88
    assert bare[(lines > 0) & (cv2.dilate(drawn, np.ones((9, 9), np.uint8)) == 0)].mean() < 0.1


def test_one_line_needs_to_be_whole() -> None:
    """A single line is believed where it runs from side to side, not where a third of it is missing."""
    page = written()
    cv2.line(page, (0, 12), (page.shape[1], 17), 1)
    assert not rid(page)[:20].any()
    page[:20, 30:70] = 0
    assert find_askew(page) is None


def test_a_foot_that_runs_from_rim_to_rim() -> None:
    """A 2 that fills its picture keeps a foot that runs out of its stem on both sides."""
    page = np.zeros((44, 40), np.uint8)
    cv2.polylines(page, [np.array([(0, 10), (16, 9), (18, 14), (8, 36)])], False, 1)
    cv2.line(page, (0, 37), (39, 35), 1)
    assert find_askew(page) is None


@pytest.mark.parametrize("text", list("1247"))
def test_own_bars_stay(text: str) -> None:
    """The bar of a figure that fills its picture from side to side is no ruling: 58 of 60 hands lose nothing."""
    masks = [(tight(character(text, seed)) >= 0.35).view(np.uint8) for seed in range(60)]
    assert sum(find_askew(mask) is None for mask in masks) >= 58


@given(text=st.sampled_from("0123456789"), seed=st.integers(0, 500))
def test_a_page_without_lines(text: str, seed: int) -> None:
    """Where nothing runs from side to side, nothing is found."""
    assert find_askew(written(text, seed)) is None


@pytest.mark.parametrize("shape", [(1, 1), (LEAST, LEAST), (5, 200), (600, 40)])
@pytest.mark.parametrize("level", [0, 1])
def test_odd_shapes(shape: tuple[int, int], level: int) -> None:
    """A page of a pixel or a strip, empty or full, has no lines."""
    assert find_askew(np.full(shape, level, np.uint8)) is None


@pytest.mark.parametrize(("shape", "slope"), [((1000, 800), 0.03), ((2300, 1700), 0.0177), ((1500, 1100), -0.081)])
def test_a_large_page(shape: tuple[int, int], slope: float) -> None:
    """A page on which slants are first tried at a smaller scale loses its lines as well, and keeps what is written."""
    drawn = np.zeros(shape, np.uint8)
    digit = written("8", room=0)
    drawn[300 : 300 + digit.shape[0], 400 : 400 + digit.shape[1]] = digit
    lines = ruled(shape, slope, 90, 3)
    bare = rid(drawn | lines)
    assert bare[drawn > 0].mean() > 0.88
    assert bare[(lines > 0) & (cv2.dilate(drawn, np.ones((9, 9), np.uint8)) == 0)].mean() < 0.05


def test_stripes_are_looked_at_in_bounded_number() -> None:
    """A picture of thousands of stripes is no ruled paper: the likeliest places are followed, no more."""
    stripes = np.tile(np.repeat(np.array([0, 1], np.uint8), 4)[:, None], (3000, 60))
    ways = _likeliest(stripes)
    assert len(ways) == MOST
    assert [start for start, _ in ways] == sorted(start for start, _ in ways)
