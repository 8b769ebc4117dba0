"""The order in which lines are read."""

import numpy as np
import pytest

from duktus.pages.order import order_lines

Line = list[tuple[int, int]]


def column(left: int, right: int, top: int, lines: int, step: int = 20, slope: float = 0.0) -> list[Line]:
    """The baselines of a column of text."""
    rows = range(top, top + lines * step, step)
    return [[(left, row), (right, round(row + slope * (right - left)))] for row in rows]


@pytest.mark.parametrize("slope", [0.0, 0.03, -0.03])
def test_two_columns_are_read_one_after_the_other(slope: float) -> None:
    """Each from top to bottom, also where the page leans; whatever order the lines come in."""
    lines = column(0, 100, 50, 6, slope=slope) + column(120, 220, 50, 6, slope=slope)
    shuffled = np.random.default_rng(1).permutation(12)
    found = order_lines([lines[i] for i in shuffled])
    assert [int(shuffled[i]) for i in found.lines] == list(range(12))
    assert found.blocks == (0,) * 6 + (1,) * 6


def test_a_heading_parts_what_is_above_from_what_is_below() -> None:
    """A line over both columns is read between them."""
    upper = column(0, 100, 50, 4) + column(120, 220, 50, 4)
    lower = column(0, 100, 200, 4) + column(120, 220, 200, 4)
    heading = [[(20, 160), (200, 160)]]
    found = order_lines(upper + heading + lower)
    assert list(found.lines) == list(range(17))
    assert found.blocks[8] not in (found.blocks[7], found.blocks[9])


def test_a_margin_is_a_block_of_its_own() -> None:
    """Notes beside a text do not stand between its lines."""
    margin, text = column(0, 60, 100, 4, 15), column(80, 400, 20, 12, 22)
    found = order_lines(margin + text)
    assert list(found.lines) == list(range(16))
    assert set(found.blocks) == {0, 1}


def test_a_date_and_a_signature_are_no_columns() -> None:
    """A letter is read from top to bottom, and what stands in one row from left to right."""
    place, date = [(0, 20), (90, 20)], [(250, 22), (380, 23)]
    text, signature = column(0, 400, 60, 8), [(260, 240), (390, 238)]
    found = order_lines([date, place, *text, signature])
    assert list(found.lines) == [1, 0, *range(2, 11)]
    assert set(found.blocks) == {0}


def test_nothing_and_one_line() -> None:
    """No lines have no order; one has one."""
    assert order_lines([]).lines == ()
    assert order_lines([[(0, 0), (5, 0)]]).lines == (0,)


def test_a_page_of_scraps_is_ordered_in_time() -> None:
    """Noise of a thousand lines is put in some order, each once."""
    rng = np.random.default_rng(2)
    left, row, width = rng.uniform(0, 2000, 1000), rng.uniform(0, 3000, 1000), rng.uniform(5, 400, 1000)
    lines = [[(x, y), (x + w, y)] for x, y, w in zip(left, row, width, strict=True)]
    assert sorted(order_lines(lines).lines) == list(range(1000))
