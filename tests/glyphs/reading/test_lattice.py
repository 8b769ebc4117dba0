"""The best way through a page's lattice: whole characters rather than parts, all ink accounted for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from duktus.glyphs.reading.lattice import REFUSAL, Arc, Lattice, arc_gains, best_path, build_lattice, single_lattice
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.imaging.layout.pieces import find_pieces
from duktus.imaging.layout.rows import Row
from duktus.types import Box
from tests.glyphs.handwriting import ink_of, page_of

FRAME = GlyphFrame()


def chain(steps: int, *, longest: int = 3, skip: float = np.inf) -> Lattice:
    """A row of boxes as wide as half a character, with all arcs up to some length."""
    boxes = tuple(Box(20 * i, 0, 20, 40) for i in range(steps))
    row = Row(tuple((i,) for i in range(steps)), boxes, 40)
    arcs = tuple(
        Arc(0, start, stop, Box(20 * start, 0, 20 * (stop - start), 40), 0.5 * (stop - start))
        for start in range(steps)
        for stop in range(start + 1, min(start + longest, steps) + 1)
    )
    return Lattice((row,), arcs, (np.zeros((28, 28), np.float32),) * len(arcs), ((skip,) * steps,))


def gains_of(lattice: Lattice, chosen: dict[tuple[int, int], float], rest: float = -2.0) -> NDArray[np.float64]:
    """What each arc gains: some by their start and stop, the rest alike."""
    return np.array([chosen.get((arc.start, arc.stop), rest) for arc in lattice.arcs])


def spans(lattice: Lattice, path: tuple[int, ...]) -> list[tuple[int, int]]:
    """Where the arcs of a path run."""
    return [(lattice.arcs[i].start, lattice.arcs[i].stop) for i in path]


def test_whole_digits_beat_their_halves() -> None:
    """Two good wholes win over four good halves: halves count by their width, and no more."""
    lattice = chain(4)
    gains = gains_of(
        lattice, {(0, 2): -0.01, (2, 4): -0.01, (0, 1): -0.05, (1, 2): -0.05, (2, 3): -0.05, (3, 4): -0.05}
    )
    path = best_path(lattice, gains)
    assert spans(lattice, path.arcs) == [(0, 2), (2, 4)]
    assert path.score == pytest.approx(-0.01)


@given(steps=st.integers(1, 7), seed=st.integers(0, 999), skip=st.sampled_from([0.05, np.inf]))
def test_best_of_all_paths(steps: int, seed: int, skip: float) -> None:
    """No path gains more than the one that is found, and what may not be skipped is read once."""
    lattice = chain(steps, skip=skip)
    gains = -np.random.default_rng(seed).exponential(1.0, len(lattice.arcs))

    def best_from(step: int) -> float:
        if step == steps:
            return 0.0
        arcs = [(float(gains[i]) * arc.weight, arc.stop) for i, arc in enumerate(lattice.arcs) if arc.start == step]
        return max(-skip + best_from(step + 1), *(gain + best_from(stop) for gain, stop in arcs))

    path = best_path(lattice, gains)
    read = spans(lattice, path.arcs)
    gained = sum(gains[i] * lattice.arcs[i].weight for i in path.arcs)
    skipped = steps - sum(stop - start for start, stop in read)
    if len(lattice.arcs) > 1:
        assert gained - (skip * skipped if skipped else 0.0) == pytest.approx(best_from(0))
    assert all(a[1] <= b[0] for a, b in pairwise(read))
    assert skipped == 0 or skip < np.inf


def test_everything_as_one_character() -> None:
    """The arc that takes all ink wins where it explains it as well as the parts do."""
    lattice = chain(2, longest=1)
    whole = Arc(-1, 0, 0, Box(0, 0, 40, 40), 1.0)
    lattice = Lattice(lattice.rows, (*lattice.arcs, whole), (*lattice.glyphs, lattice.glyphs[0]), lattice.skips, 2)
    assert best_path(lattice, np.array([-0.1, -0.1, -0.2])).arcs == (2,)
    assert best_path(lattice, np.array([-0.1, -0.1, -1.0])).arcs == (0, 1)
    assert lattice.pieces_of(2) == (0, 1)


def test_gains() -> None:
    """A sure digit gains nothing and loses nothing, a sure refusal costs what a refusal costs."""
    scores = np.array([[20, 0, 0], [0, 0, 20], [1, 1, -20]], np.float32)
    assert arc_gains(scores, 2, 1.0) == pytest.approx([0, -REFUSAL, np.log(0.5)], abs=1e-3)
    assert arc_gains(scores[:, :2], 2, 1.0)[1] == pytest.approx(np.log(0.5))


def test_lattice_of_a_number() -> None:
    """Every digit of a number that is written apart is an arc of its own, in reading order, with its box."""
    ink = np.pad(ink_of("4075", 1), 10)
    lattice = build_lattice(ink, find_pieces(ink), FRAME)
    singles = [arc for arc in lattice.arcs if arc.stop == arc.start + 1]
    assert [arc.start for arc in singles] == [0, 1, 2, 3]
    assert [arc.box.x for arc in singles] == sorted(arc.box.x for arc in singles)
    assert len(lattice.glyphs) == len(lattice.arcs)


def test_parts_are_joined() -> None:
    """A digit in two parts side by side is an arc beside its parts, with the glyph of the whole."""
    ink = np.pad(ink_of("0", 1), 10)
    middle = ink.shape[1] // 2
    whole = single_lattice(ink, find_pieces(ink), FRAME).glyphs[0]
    ink[:, middle : middle + 2] = 0
    lattice = build_lattice(ink, find_pieces(ink), FRAME)
    assert [(arc.start, arc.stop) for arc in lattice.arcs] == [(0, 1), (0, 2), (1, 2)]
    assert np.abs(lattice.glyphs[1] - whole).mean() < 0.03


def test_rows_are_apart() -> None:
    """No arc joins digits of two rows, but the one that takes all for a single character."""
    ink = np.asarray(1 - page_of("43", "97") / 255, np.float32)
    lattice = build_lattice(ink, find_pieces(ink), FRAME)
    assert len(lattice.rows) == 2
    assert [i for i, arc in enumerate(lattice.arcs) if arc.box.h > 60] == [lattice.whole]


def test_empty_page() -> None:
    """A page without ink has no arcs."""
    ink = np.zeros((20, 30), np.float32)
    lattice = build_lattice(ink, find_pieces(ink), FRAME)
    assert lattice.arcs == ()
    assert single_lattice(ink, find_pieces(ink), FRAME).glyphs == ()


@pytest.mark.parametrize(("columns", "may"), [(72, True), (100, False)])
def test_a_drawn_out_picture_may_be_one_character(columns: int, may: bool) -> None:
    """Two pieces are also tried as one character, unless together they are more than twice as wide as high."""
    ink = np.zeros((44, columns + 4), np.float32)
    ink[2:42, 2:22] = ink[2:42, columns - 18 : columns + 2] = 1
    assert (build_lattice(ink, find_pieces(ink), FRAME).whole >= 0) is may
