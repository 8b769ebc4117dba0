"""What shape and place speak for: characters of one height, kept whole, and lines at the rim that nobody wrote."""

import math

import numpy as np
import pytest

from duktus.glyphs.reading.segmentation_prior import (
    CUT_PENALTY,
    JOIN_PENALTY,
    RIM_PENALTY,
    PageContext,
    arc_prior,
    find_slivers,
    page_context,
    skip_cost,
)
from duktus.imaging.layout.pieces import Pieces, find_pieces
from duktus.imaging.layout.rows import Row
from duktus.types import Box

PAGE = (100, 300)
INSIDE = PageContext(PAGE, True)


def row_of(*boxes: Box, height: int = 40) -> Row:
    """A row of single pieces."""
    return Row(tuple((i,) for i in range(len(boxes))), boxes, height)


def pieces_of(row: Row, origins: tuple[int, ...] = ()) -> Pieces:
    """The pieces of a row."""
    count = len(row.boxes)
    return Pieces(np.zeros((1, 1), np.int32), tuple(range(1, count + 1)), row.boxes, (1,) * count, origins)


@pytest.mark.parametrize(("height", "fits"), [(40, True), (31, True), (51, True), (20, False), (70, False)])
def test_height(height: int, fits: bool) -> None:
    """A character nearly as high as its row is as good as any, a much lower or higher one is not."""
    box = Box(100, 20, 25, height)
    row = row_of(box)
    assert (arc_prior(pieces_of(row), row, 0, 1, box, INSIDE) == 0) is fits


def test_cut_and_joined() -> None:
    """Parts of one piece cost a cut, separate pieces that are joined cost a little, and nothing else does."""
    boxes = Box(50, 20, 20, 40), Box(76, 20, 20, 40)
    row = row_of(*boxes)
    union = Box(50, 20, 46, 40)
    apart, parted = pieces_of(row), pieces_of(row, (0, 0))
    assert arc_prior(apart, row, 1, 2, boxes[1], INSIDE) == 0
    assert arc_prior(parted, row, 1, 2, boxes[1], INSIDE) == -CUT_PENALTY
    assert arc_prior(apart, row, 0, 2, union, INSIDE) == -JOIN_PENALTY
    assert arc_prior(parted, row, 0, 2, union, INSIDE) == 0


def test_compact_ink_is_rather_one_character() -> None:
    """A cut costs more, the narrower the piece that it parts."""
    costs = []
    for reach in (20, 12, 4):
        boxes = Box(50, 20, 20, 40), Box(70, 20, reach, 40)
        row = row_of(*boxes)
        costs.append(arc_prior(pieces_of(row, (0, 0)), row, 1, 2, boxes[1], INSIDE))
    assert costs[2] < costs[1] < costs[0] < -CUT_PENALTY


def test_line_at_the_rim() -> None:
    """An upright line at the side is doubted where the digits keep off the rim, and not where they come close."""
    line = Box(295, 30, 3, 40)
    clear_rim, close = row_of(Box(100, 30, 25, 40), line), row_of(Box(4, 30, 25, 40), line)
    assert page_context((clear_rim,), PAGE).clear_rim
    assert not page_context((close,), PAGE).clear_rim
    assert not page_context((row_of(line),), PAGE).clear_rim
    assert arc_prior(pieces_of(clear_rim), clear_rim, 1, 2, line, INSIDE) == -RIM_PENALTY
    assert arc_prior(pieces_of(close), close, 1, 2, line, page_context((close,), PAGE)) == 0


def test_what_may_be_skipped() -> None:
    """Dots, dashes and scraps at the rim may be skipped, the larger the dearer; a character may not."""
    assert skip_cost(Box(100, 50, 25, 40), 40, INSIDE) == math.inf
    assert skip_cost(Box(4, 50, 30, 40), 40, INSIDE) == math.inf
    assert 0 < skip_cost(Box(100, 50, 4, 4), 40, INSIDE) < skip_cost(Box(100, 50, 10, 10), 40, INSIDE) < math.inf
    assert skip_cost(Box(100, 50, 30, 4), 40, INSIDE) < math.inf
    assert skip_cost(Box(297, 30, 3, 40), 40, INSIDE) < skip_cost(Box(100, 50, 15, 15), 40, INSIDE)


def test_a_scrap_that_the_rim_cut_off() -> None:
    """A narrow piece that one side cuts off is a neighbour's; in a picture cut tightly it is a character."""
    scrap, digit, last = Box(0, 20, 12, 40), Box(50, 20, 25, 40), Box(275, 20, 25, 40)
    loose, tight = row_of(scrap, digit), row_of(scrap, last)
    doubted, believed = page_context((loose,), PAGE), page_context((tight,), PAGE)
    assert arc_prior(pieces_of(loose), loose, 0, 1, scrap, doubted) == -RIM_PENALTY
    assert skip_cost(scrap, 40, doubted) < math.inf
    assert arc_prior(pieces_of(tight), tight, 0, 1, scrap, believed) == 0
    assert arc_prior(pieces_of(loose), loose, 1, 2, digit, doubted) == 0


@pytest.mark.parametrize("on_left", [True, False])
@pytest.mark.parametrize(("width", "cut"), [(3, True), (8, False)])
def test_a_stroke_that_a_side_cut_along_its_length(on_left: bool, width: int, cut: bool) -> None:
    """What is thinner than the writing's strokes was cut by the side; what is as broad is a 1 of a tight picture."""
    ink = np.zeros((60, 50), np.float32)
    ink[5:55, 15:22] = ink[5:12, 15:50] = 1
    ink[15:50, :width] = 1
    page = np.ascontiguousarray(ink if on_left else ink[:, ::-1])
    slivers = find_slivers(page, find_pieces(page))
    sliver = Box(0 if on_left else 50 - width, 15, width, 35)
    assert slivers == ((sliver,) if cut else ())
    if cut:
        row = row_of(sliver, Box(15, 5, 35, 50))
        context = page_context((row,), page.shape, slivers)
        assert arc_prior(pieces_of(row), row, 0, 1, sliver, context) == -RIM_PENALTY
        assert skip_cost(sliver, 50, context) < math.inf
