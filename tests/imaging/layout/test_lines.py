"""Lines of text are found on pages, whatever lies about them, and cut out with their own ink alone."""

import numpy as np
import pytest

from duktus.imaging.layout.lines import find_lines
from duktus.types import Ink
from tests.hands.pages import LINES, hand_of, line_ink, page_ink_of

PAGE = page_ink_of(1)


def drawn(ink: Ink) -> int:
    """Pixels of strokes."""
    return int((ink >= 0.35).sum())


def test_each_line_of_a_page() -> None:
    """Four lines come from top to bottom, and together they are all that is written."""
    lines = find_lines(PAGE)
    assert len(lines) == len(LINES[0])
    tops = [line.box.y for line in lines]
    assert tops == sorted(tops)
    assert sum(drawn(line.ink) for line in lines) == pytest.approx(drawn(PAGE), rel=0.01)
    for line in lines:
        x, y, w, h = line.box
        assert line.ink.shape == (h, w)
        assert (line.ink <= PAGE[y : y + h, x : x + w]).all()


def test_a_line_and_a_word_are_cut_tightly() -> None:
    """What is no higher than a line is one, wherever on the paper it stands."""
    ink = line_ink(hand_of(1), LINES[0][0], np.random.default_rng(1))
    rows, columns = (np.flatnonzero((ink >= 0.35).any(axis=axis)) for axis in (1, 0))
    for paper in (0, 300):
        (found,) = find_lines(np.pad(ink, paper))
        assert found.box.h == rows[-1] - rows[0] + 1
        assert found.box.w == columns[-1] - columns[0] + 1
        assert found.box.y == rows[0] + paper


def test_lines_that_reach_into_each_other() -> None:
    """Where a long stroke hangs from one line into the next, either keeps its letters and about its height."""
    lines = find_lines(PAGE)
    joined = PAGE.copy()
    first, second = lines[0].box, lines[1].box
    column = first.x + first.w // 3
    joined[first.y + first.h // 2 : second.y + second.h // 2, column : column + 5] = 1
    found = find_lines(joined)
    assert len(found) == len(lines)
    assert found[1].box.h <= 1.7 * second.h


def test_two_columns_are_lines_of_their_own() -> None:
    """What stands far to the right is another line, and not part of one."""
    gap = np.zeros((PAGE.shape[0], 900), np.float32)
    assert len(find_lines(np.concatenate([PAGE, gap, PAGE], axis=1))) == 2 * len(LINES[0])


def test_a_page_that_slopes() -> None:
    """Lines that climb by two degrees stay whole."""
    sloping = np.stack([np.roll(column, -round(i * np.tan(np.radians(2)))) for i, column in enumerate(PAGE.T)], axis=1)
    assert len(find_lines(sloping)) == len(LINES[0])


def test_dirt_and_borders_are_no_lines() -> None:
    """Specks between lines and a border around the page change no line's place."""
    dirty = np.pad(PAGE, 60)
    rng = np.random.default_rng(2)
    for y, x in zip(rng.integers(0, dirty.shape[0] - 2, 60), rng.integers(0, dirty.shape[1] - 2, 60), strict=True):
        dirty[y : y + 2, x : x + 2] = 1
    dirty[5:9], dirty[-9:-5], dirty[5:-5, 5:9], dirty[5:-5, -9:-5] = 1, 1, 1, 1
    found, clean = find_lines(dirty), find_lines(np.pad(PAGE, 60))
    assert [line.box.h for line in found] == pytest.approx([line.box.h for line in clean], abs=6)


def test_nothing_written_and_nothing_but_noise() -> None:
    """Paper has no lines; noise has an answer, in bounded time, whatever it is worth."""
    assert find_lines(np.zeros((200, 300), np.float32)) == ()
    noise = np.random.default_rng(0).random((400, 500), np.float32)
    assert len(find_lines(noise)) <= 400
