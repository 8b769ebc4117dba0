"""Cuts part touching characters where they touch, and lose no ink."""

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from duktus.imaging.layout.cuts import Cut, find_cuts, split_pieces
from duktus.imaging.layout.pieces import Pieces, find_pieces
from duktus.types import Ink
from tests.imaging.handwriting import character, tight

PAIRS = st.text("0123456789", min_size=2, max_size=2)


def touching(pair: str, seed: int) -> tuple[Ink, float]:
    """Two characters that a thin stroke joins at half their height, and the column where they meet."""
    first, second = (tight(character(text, seed, height=50)) for text in pair)
    ink = np.zeros((60, first.shape[1] + second.shape[1] + 16), np.float32)
    ink[2 : 2 + first.shape[0], 2 : 2 + first.shape[1]] = first
    right = first.shape[1] + 8
    ink[2 : 2 + second.shape[0], right : right + second.shape[1]] = second
    ink[26:28, first.shape[1] // 2 : right + second.shape[1] // 2] = 1
    return ink, (2 + first.shape[1] + right) / 2


def columns_of(cut: Cut, ink: Ink) -> tuple[float, float]:
    """Where a cut enters and leaves the ink."""
    return float(cut.at(0)), float(cut.at(len(ink) - 1))


@given(pair=PAIRS, seed=st.integers(0, 300))
def test_a_cut_lies_where_two_digits_touch(pair: str, seed: int) -> None:
    """One of the cuts runs through the gap between the digits, and crosses little more than the stroke there."""
    ink, gap = touching(pair, seed)
    near = [cut for cut in find_cuts(ink, 50) if abs(cut.x - gap) <= 6]
    assert near
    assert min(cut.ink for cut in near) <= 8


@given(pair=PAIRS, seed=st.integers(0, 300))
def test_no_ink_is_lost(pair: str, seed: int) -> None:
    """The parts of a piece together are the piece, each in its box, and each knows its origin."""
    ink, _ = touching(pair, seed)
    before = find_pieces(ink)
    after = split_pieces(ink, before, tuple(range(len(before.numbers))), 50)
    assert np.array_equal(after.labels > 0, before.labels > 0)
    assert sum(after.areas) == sum(before.areas)
    for number, box, area in zip(after.numbers, after.boxes, after.areas, strict=True):
        x, y, w, h = cv2.boundingRect((after.labels == number).view(np.uint8))
        assert ((x, y, w, h), int((after.labels == number).sum())) == (box, area)


@given(pair=PAIRS, seed=st.integers(0, 300))
def test_cuts_do_not_cross(pair: str, seed: int) -> None:
    """Cuts come from left to right and stay in that order from top to bottom."""
    ink, _ = touching(pair, seed)
    ends = [columns_of(cut, ink) for cut in find_cuts(ink, 50)]
    assert ends == sorted(ends)
    assert [foot for _, foot in ends] == sorted(foot for _, foot in ends)


def test_leaning_digits() -> None:
    """Two strokes that lean into each other's columns are parted by a cut that leans with them."""
    ink = np.zeros((60, 90), np.float32)
    for foot in (10, 24):
        cv2.line(ink, (foot, 57), (foot + 30, 2), (1.0,), 4)
    cv2.line(ink, (10, 57), (24, 57), (1.0,), 3)
    best = min(find_cuts(ink, 60), key=lambda cut: cut.ink)
    assert best.slant >= 0.4
    assert best.ink < 6


def test_size_does_not_matter() -> None:
    """At four times the size the cuts are four times as far."""
    ink, _ = touching("38", 5)
    large = np.asarray(cv2.resize(ink, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR), np.float32)
    small_cuts, large_cuts = find_cuts(ink, 50), find_cuts(large, 200)
    middle = min(small_cuts, key=lambda cut: cut.ink)
    assert min(abs(cut.x / 4 - middle.x) for cut in large_cuts) < 2


def test_parts_know_each_other() -> None:
    """Parts of one piece are told from pieces that were always apart."""
    ink, _ = touching("44", 1)
    ink = np.concatenate([ink, ink], axis=1)
    pieces = find_pieces(ink)
    assert not pieces.parted((0,), (1,))
    parts = split_pieces(ink, pieces, (0,), 50)
    assert parts.origins[0] == 0
    assert parts.parted((0,), (1,))
    assert not parts.parted((0,), (len(parts.numbers) - 1,))


def test_nothing_to_cut() -> None:
    """No pieces stay none, and a piece without a cut keeps its number."""
    empty = find_pieces(np.zeros((5, 5), np.float32))
    assert split_pieces(np.zeros((5, 5), np.float32), empty, (), 10) == empty
    bar = np.zeros((30, 10), np.float32)
    bar[2:28, 4:7] = 1
    pieces: Pieces = find_pieces(bar)
    assert split_pieces(bar, pieces, (0,), 26).numbers == pieces.numbers
