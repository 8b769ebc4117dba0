"""Core bands become lines with heights that neither dots nor touching lines move."""

import numpy as np
from numpy.typing import NDArray

from duktus.written.lines import find_bands, measure_lines, usual_height

SHAPE = (200, 400)


def draw(lines: list[tuple[int, int, int]]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """A map of core bands and writing: for each line its middle row and the columns from and to; bands are 8 high."""
    band, written = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.uint8)
    for row, left, right in lines:
        band[row - 4 : row + 4, left:right] = 0.9
        written[row - 8 : row + 8, left:right:3] = 1
    return band, written


def test_lines_are_found_from_top_to_bottom() -> None:
    """Three lines give three, each with its baseline and a height of four fifths of its ink's rows."""
    band, written = draw([(40, 20, 380), (90, 20, 300), (140, 60, 380)])
    lines = measure_lines(find_bands(band), written, 2.0)
    assert [round(float(line.baseline[:, 1].mean()) / 2) for line in lines] == [44, 94, 144]
    assert all(abs(line.height - 2 * 13) <= 3 for line in lines)
    assert abs(usual_height(lines) - 26) <= 3


def test_words_of_a_line_are_joined_and_columns_are_not() -> None:
    """A gap of two heights is within a line; one of ten heights parts two columns."""
    band, _ = draw([(50, 20, 100), (52, 118, 200), (50, 290, 390)])
    assert sorted((each.left, each.right) for each in find_bands(band)) == [(20, 199), (290, 389)]


def test_dots_and_touching_lines_do_not_move_the_height() -> None:
    """Strokes that run from line to line, and dots all over the page, change the height by less than a tenth."""
    band, written = draw([(40, 20, 380), (70, 20, 380), (100, 20, 380)])
    alone = usual_height(measure_lines(find_bands(band), written, 1.0))
    written[40:100, 100] = 1
    written[::20, ::20] = 1
    assert abs(usual_height(measure_lines(find_bands(band), written, 1.0)) / alone - 1) < 0.1


def test_a_page_without_bands_has_no_height() -> None:
    """Nothing gives no lines and a height of 0."""
    lines = measure_lines(find_bands(np.zeros(SHAPE, np.float32)), np.zeros(SHAPE, np.uint8), 1.0)
    assert (lines, usual_height(lines)) == ([], 0.0)
