"""Composed numbers show what their labels say."""

import cv2
import numpy as np
import pytest

from duktus.imaging.ink.line import DRAWN
from duktus.lines.training.composing.forms import BY_NEIGHBOURS, Habitual, sample_habits
from duktus.lines.training.composing.legibility import Inked, is_legible
from duktus.lines.training.composing.numbers import Scribes, compose_number
from duktus.lines.training.composing.scribes import sample_penned, sign_glyph
from duktus.pen.pages.quick import Track
from duktus.types import Ink

SHAPE = (40, 90)


def drawn(*characters: tuple[str, list[tuple[int, int]]]) -> tuple[Ink, list[Inked]]:
    """Characters of strokes, and all their ink."""
    inked = []
    for character, path in characters:
        mask = np.zeros(SHAPE, np.uint8)
        cv2.polylines(mask, [np.array(path, np.int32)], False, 1, 3)
        inked.append(Inked(character, mask))
    return np.max([each.mask for each in inked], axis=0).astype(np.float32), inked


ONE, SEVEN, POINT = [(12, 6), (12, 32)], [(50, 6), (68, 6), (54, 32)], [(30, 31), (31, 31)]


def test_a_number_that_is_all_there_is_legible() -> None:
    """Its ink is found where it was drawn, perhaps a little fainter."""
    ink, characters = drawn(("1", ONE), (".", POINT), ("7", SEVEN))
    assert is_legible(ink, characters)
    assert is_legible(ink * np.float32(1.2 * DRAWN), characters)
    assert is_legible(np.zeros(SHAPE, np.float32), [])


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_number_of_which_a_character_is_gone_is_not(gone: int) -> None:
    """The paper swallowed a point, or a digit."""
    ink, characters = drawn(("1", ONE), (".", POINT), ("7", SEVEN))
    ink[characters[gone].mask == 1] = 0
    assert not is_legible(ink, characters)


def test_a_point_under_a_digit_is_not_seen() -> None:
    """What another stroke covers cannot be told."""
    assert not is_legible(*drawn(("1", ONE), (".", [(12, 30), (12, 31)])))


def test_a_blot_is_not_read() -> None:
    """Ink all over shows each character's ink, and none of them."""
    _, characters = drawn(("1", ONE), ("7", SEVEN))
    blot = np.zeros(SHAPE, np.float32)
    blot[4:36, 8:72] = 1
    assert not is_legible(blot, characters)


def test_composed_numbers_have_as_many_characters_as_ink() -> None:
    """Of hands of the pen: none is blank that has a text, and chance is an argument."""
    scribes = Scribes([], [])
    made = [compose_number(scribes, np.random.default_rng(seed)) for seed in range(40)]
    assert all((ink >= DRAWN).any() for ink, text in made if text)
    again = compose_number(Scribes([], []), np.random.default_rng(0))
    assert again[1] == made[0][1]
    assert np.array_equal(again[0], made[0][0])


def forms_of(digit: str) -> list[list[Track]]:
    """The strokes of a digit by many writers, each with its habit."""
    rng, forms = np.random.default_rng(0), list[list[Track]]()
    for _ in range(round(30 / BY_NEIGHBOURS)):
        scribe = sample_habits(sample_penned(rng), rng)
        if isinstance(scribe, Habitual) and digit in scribe.skeletons:
            glyph = scribe.form(digit, rng)
            assert glyph is not None
            forms.append(list(glyph.strokes))
    return forms


def test_some_sevens_are_crosses() -> None:
    """Their top is hardly broader than a stem's, where others have a stroke along it; all have a bar."""
    crosses = 0
    for stem, *bars in forms_of("7"):
        top = stem[stem[:, 1] < -0.8, 0]
        crosses += bool(np.ptp(top) < 0.22 and bars)
        assert -1.4 < stem[:, 1].min() < -0.7
    assert 15 <= crosses <= 50


def test_some_twos_have_a_closed_head() -> None:
    """A loop of paper is left in the upper half, larger than a curl."""
    closed = 0
    for strokes in forms_of("2"):
        mask = np.zeros((140, 160), np.uint8)
        paths = [np.rint(stroke * 100 + (30, 120)).astype(np.int32) for stroke in strokes]
        cv2.polylines(mask, paths, False, 1, 4)
        _, _, holes, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
        closed += bool((holes[2:, cv2.CC_STAT_AREA] > 300).any())
    assert 10 <= closed <= 60


def test_points_are_dots_dashes_and_ticks() -> None:
    """A point's ink stays small whatever its form."""
    rng = np.random.default_rng(0)
    glyphs = [sign_glyph(".", rng) for _ in range(200)]
    assert all(glyph.width < 0.2 for glyph in glyphs)
    assert {len(glyph.strokes[0]) for glyph in glyphs} == {1, 5}
