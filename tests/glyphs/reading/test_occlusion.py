"""Ink that decides is found by rubbing it out: networks that look at one place give that place away."""

import numpy as np
import pytest

from duktus.glyphs.reading.occlusion import find_evidence, rub_out
from duktus.types import Glyphs, Ink, Scores


@pytest.fixture
def glyph() -> Ink:
    """A cross of two strokes over the whole frame."""
    ink = np.zeros((28, 28), np.float32)
    ink[12:15, 4:24] = ink[4:24, 12:15] = 1
    return ink


def looks_at(rows: slice, columns: slice) -> "Scorer":
    """A network whose first answer is the likelier, the more ink lies in one place."""
    return Scorer(rows, columns)


class Scorer:
    """Two logits: the ink in a window, and none; counts how often it is asked."""

    def __init__(self, rows: slice, columns: slice) -> None:
        self._window = (slice(None), rows, columns, 0)
        self.asked = 0

    def __call__(self, glyphs: Glyphs) -> Scores:
        """The logits (n, 2)."""
        self.asked += 1
        ink = glyphs[self._window].sum(axis=(1, 2))
        return np.stack([ink, np.zeros_like(ink)], axis=1)


def test_each_copy_lacks_one_patch(glyph: Ink) -> None:
    """All ink is rubbed out somewhere, what lies outside the patch stays, and patches without ink are not asked."""
    copies, patches = rub_out(glyph)
    assert copies.shape == (*patches.shape, 1)
    np.testing.assert_array_equal(copies[..., 0], np.where(patches, 0, glyph))
    assert ((glyph > 0) <= patches.any(axis=0)).all()
    assert all(glyph[patch].any() for patch in patches)


def test_ink_where_the_network_looks_decides(glyph: Ink) -> None:
    """The drops are high there, nothing where it does not look, and paper has none."""
    evidence = find_evidence(glyph, 0, looks_at(slice(4, 10), slice(12, 15)), 4.0)
    assert evidence.drops[4:10, 12:15].min() > 0
    assert evidence.drops[4:10, 12:15].max() > 10 * abs(evidence.drops[18:, 12:15]).max()
    assert not evidence.drops[glyph == 0].any()
    assert evidence.strongest >= evidence.drops.max()


def test_the_same_ink_speaks_against_the_other_answer(glyph: Ink) -> None:
    """What speaks for one of two answers speaks against the other."""
    evidence = find_evidence(glyph, 1, looks_at(slice(4, 10), slice(12, 15)), 4.0)
    assert evidence.drops[4:10, 12:15].max() < 0


def test_network_is_asked_once(glyph: Ink) -> None:
    """All copies of a glyph go through it in one batch."""
    network = looks_at(slice(0, 28), slice(0, 28))
    find_evidence(glyph, 0, network, 1.0)
    assert network.asked == 1


@pytest.mark.parametrize("shape", [(28, 28), (40, 40), (8, 20)])
def test_glyph_without_ink_has_no_evidence(shape: tuple[int, int]) -> None:
    """Where nothing can be rubbed out nothing decides, in a frame of any shape."""
    evidence = find_evidence(np.zeros(shape, np.float32), 0, looks_at(slice(0, 4), slice(0, 4)), 1.0)
    assert (evidence.drops.shape, evidence.strongest) == (shape, 0.0)
    assert not evidence.drops.any()
