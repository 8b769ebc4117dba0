"""Pieces are laid out as they are read: in rows, from left to right, small parts with what they belong to."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.layout.pieces import Pieces
from duktus.imaging.layout.rows import find_rows, usual_height
from duktus.types import Box


def pieces_of(*boxes: Box) -> Pieces:
    """Pieces of which nothing but the boxes is asked."""
    numbers = tuple(range(1, len(boxes) + 1))
    return Pieces(np.zeros((1, 1), np.int32), numbers, boxes, tuple(box.w * box.h for box in boxes))


def order(pieces: Pieces) -> list[list[tuple[int, ...]]]:
    """The groups of each row."""
    return [[tuple(sorted(group)) for group in row.groups] for row in find_rows(pieces)]


@given(rows=st.integers(1, 4), columns=st.integers(1, 6), slope=st.floats(-0.06, 0.06), seed=st.integers(0, 99))
def test_grid(rows: int, columns: int, slope: float, seed: int) -> None:
    """A grid of digits of uneven heights is read row by row, though the rows slope and the pieces come in any order."""
    rng = np.random.default_rng(seed)
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    shuffled = [cells[i] for i in rng.permutation(len(cells))]
    boxes = [
        Box(40 * c, round(60 * r + slope * 40 * c + rng.integers(-4, 4)), 20, 30 + int(rng.integers(0, 8)))
        for r, c in shuffled
    ]
    found = order(pieces_of(*boxes))
    assert [[shuffled[group[0]] for group in row] for row in found] == [
        [(row, column) for column in range(columns)] for row in range(rows)
    ]


def test_loose_flag_of_a_five() -> None:
    """A low part over a tall one is of its group; one that stands beside is a group of its own."""
    five, flag, next_digit, dot = Box(10, 20, 20, 30), Box(14, 8, 18, 5), Box(60, 10, 15, 40), Box(48, 45, 4, 4)
    assert order(pieces_of(five, flag, next_digit, dot)) == [[(0, 1), (3,), (2,)]]


def test_rows_stay_apart() -> None:
    """Full digits under each other are two rows, however close, and never one group."""
    assert order(pieces_of(Box(0, 0, 20, 30), Box(2, 32, 20, 30))) == [[(0,)], [(1,)]]


def test_small_pieces_join_the_nearest_row() -> None:
    """A dot belongs to the row in whose height it lies, else to the one that is nearest."""
    upper, lower = Box(0, 0, 20, 40), Box(0, 100, 20, 40)
    assert order(pieces_of(upper, lower, Box(30, 35, 4, 4), Box(30, 90, 4, 4))) == [[(0,), (2,)], [(1,), (3,)]]


def test_height_is_that_of_the_characters() -> None:
    """A crowd of dots does not lower a row's height, and one tall line does not raise it."""
    digits = [Box(20 * i, 0, 12, 30) for i in range(4)]
    dots = [Box(5 * i, 40, 3, 3) for i in range(40)]
    assert usual_height((*digits, *dots, Box(200, 0, 2, 50))) == 30


def test_no_pieces() -> None:
    """Without pieces there are no rows."""
    assert find_rows(pieces_of()) == ()
