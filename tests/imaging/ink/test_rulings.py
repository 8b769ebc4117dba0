"""Rulings, borders and specks go; what the hand wrote stays."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.ink.extraction import extract_ink
from duktus.imaging.ink.rulings import DRAWN, drop_rulings, drop_specks
from duktus.types import Ink
from tests.imaging.handwriting import character, on_paper, tight


def sheet(text: str = "5", seed: int = 3, room: int = 24) -> Ink:
    """A character in the middle of an ample sheet."""
    return np.pad(character(text, seed), room)


def with_line(ink: Ink, start: tuple[int, int], end: tuple[int, int], width: int = 2) -> Ink:
    """Ink with a straight line between two points (x, y), as a ruler draws it."""
    canvas = np.zeros(ink.shape, np.uint8)
    cv2.line(canvas, start, end, 255, width, cv2.LINE_AA)
    return np.asarray(np.maximum(ink, canvas * np.float32(1 / 255)), np.float32)


def left(ink: Ink, of: Ink) -> float:
    """The share of some drawn pixels that ink still has."""
    return float((ink >= DRAWN)[of > 0.5].mean())


@given(text=st.sampled_from("0235689"), seed=st.integers(0, 500), width=st.integers(1, 3), below=st.booleans())
def test_line_beside_the_writing(text: str, seed: int, width: int, below: bool) -> None:
    """A line across the whole page, above or below the writing, is taken off without a trace."""
    drawn = sheet(text, seed)
    rows, columns = drawn.shape
    y = rows - 12 if below else 12
    bare = drop_rulings(with_line(drawn, (0, y), (columns, y), width))
    np.testing.assert_allclose(bare, drawn, atol=1e-6)


@given(seed=st.integers(0, 500), x=st.integers(4, 14))
def test_upright_line(seed: int, x: int) -> None:
    """A line from the page's top to its bottom is taken off like one across it."""
    drawn = sheet("3", seed)
    bare = drop_rulings(with_line(drawn, (x, 0), (x, drawn.shape[0])))
    np.testing.assert_allclose(bare, drawn, atol=1e-6)


@pytest.mark.parametrize("lean", [-3, -1, 1, 3])
def test_slanted_line(lean: int) -> None:
    """A line that leans by one or two degrees, as on a page held askew, is followed and taken off."""
    drawn = sheet()
    rows, columns = drawn.shape
    ruled = with_line(drawn, (0, rows - 14 - lean), (columns, rows - 14 + lean))
    bare = drop_rulings(ruled)
    assert (bare[rows - 20 :] >= DRAWN).sum() <= 0.05 * (ruled[rows - 20 :] >= DRAWN).sum()
    assert left(bare, drawn) == 1


@pytest.mark.parametrize("lean", [0, 1])
def test_crossing_stroke_survives(lean: int) -> None:
    """A line through the middle of a letter, within a degree of level, goes, and the strokes across it are not cut."""
    drawn = sheet("8", 1)
    rows, columns = drawn.shape
    bare = drop_rulings(with_line(drawn, (0, rows // 2 - lean), (columns, rows // 2 + lean)))
    beside = np.ones(columns, bool)
    beside[20:-20] = False
    assert not (bare[:, beside] >= DRAWN).any()
    assert left(bare, drawn) > 0.9
    assert cv2.connectedComponents((bare >= DRAWN).astype(np.uint8))[0] <= 3


@pytest.mark.parametrize(
    "sides", ["left", "right", "top", "bottom", "left top", "right bottom", "left right top bottom"]
)
def test_borders_of_a_cell(sides: str) -> None:
    """What a cut leaves of its cell's borders, at any edges of the picture, is taken off."""
    drawn = sheet("6", 5, room=6)
    rows, columns = drawn.shape
    lines = {
        "left": ((2, 0), (2, rows)),
        "right": ((columns - 3, 0), (columns - 3, rows)),
        "top": ((0, 2), (columns, 2)),
        "bottom": ((0, rows - 3), (columns, rows - 3)),
    }
    framed = drawn
    for side in sides.split():
        framed = with_line(framed, *lines[side])
    np.testing.assert_allclose(drop_rulings(framed), drawn, atol=1e-6)


@pytest.mark.parametrize("text", list("74"))
def test_own_bars_stay(text: str) -> None:
    """The bar of a 7 or a 4 that fills its picture from side to side is no ruling: 57 of 60 hands lose nothing."""
    kept = 0
    for seed in range(60):
        ink = extract_ink(on_paper(tight(character(text, seed))))
        kept += bool(drop_rulings(ink).sum() > 0.98 * ink.sum())
    assert kept >= 57


@pytest.mark.parametrize("text", list("2357"))
def test_own_bars_stay_in_small_crops(text: str) -> None:
    """The foot of a 2 or the bar of a 7 along the rim of 16 pixels is no border: 27 of 30 hands lose nothing."""
    kept = 0
    for seed in range(30):
        page = cv2.resize(on_paper(tight(character(text, seed))), (16, 16), interpolation=cv2.INTER_AREA)
        ink = extract_ink(np.asarray(page))
        kept += bool(drop_rulings(ink).sum() > 0.98 * ink.sum())
    assert kept >= 27


@given(text=st.sampled_from("0123456789"), seed=st.integers(0, 500))
def test_writing_alone_is_left_alone(text: str, seed: int) -> None:
    """A page with nothing but writing in its middle comes back as it is, uncopied."""
    drawn = sheet(text, seed)
    assert drop_rulings(drawn) is drawn


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (2, 2), (5, 80)])
@pytest.mark.parametrize("level", [0.0, 1.0])
def test_odd_shapes(shape: tuple[int, int], level: float) -> None:
    """Pages of a pixel or of one row, empty or full, come through in their shape."""
    ink = np.full(shape, level, np.float32)
    assert drop_rulings(ink).shape == shape
    assert drop_specks(ink, 0.1).shape == shape


def test_fat_band_is_writing() -> None:
    """A band thicker than any ruling is left, though it spans the page."""
    ink = np.zeros((60, 80), np.float32)
    ink[20:40] = 1
    assert left(drop_rulings(ink), ink) == 1


@given(seed=st.integers(0, 500), count=st.integers(1, 20))
def test_specks_go(seed: int, count: int) -> None:
    """Single pixels of dirt beside the writing go with their soft edges, and the writing keeps its own."""
    drawn = sheet("2", seed)
    rng = np.random.default_rng(seed)
    dirty = drawn.copy()
    for y, x in zip(rng.integers(2, 14, count), rng.integers(2, drawn.shape[1] - 2, count), strict=True):
        dirty[y, x] = 1
        dirty[y, x + 1] = max(dirty[y, x + 1], 0.2)
    np.testing.assert_allclose(drop_specks(dirty, 0.1), drawn, atol=1e-6)


def test_speck_is_a_share_of_the_largest_piece() -> None:
    """A dot with a tenth of a letter's area stays below that share and goes above it; a lone piece always stays."""
    ink = np.zeros((40, 40), np.float32)
    ink[5:25, 5:10] = 1
    ink[30:32, 30:35] = 1
    assert drop_specks(ink, 0.09) is ink
    assert not drop_specks(ink, 0.11)[28:].any()
    assert drop_specks(ink[:28], 0.9).sum() == 100


def test_speck_against_a_stroke_takes_none_of_it() -> None:
    """A speck two pixels from a stroke goes without the stroke's edge."""
    ink = np.zeros((30, 30), np.float32)
    ink[5:25, 10:14] = 1
    ink[5:25, 14] = 0.3
    ink[12, 16] = 1
    clean = drop_specks(ink, 0.1)
    assert clean[12, 16] == 0
    np.testing.assert_array_equal(clean[:, :15], ink[:, :15])
