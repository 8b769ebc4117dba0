"""Pictures of one line to ink: faint strokes stay; frames, ruled lines and neighbours go."""

import cv2
import numpy as np
import pytest

from duktus.imaging.ink.line import DRAWN, drop_lines, keep_line, line_ink
from duktus.types import Ink, Page
from tests.pages.drawn import number

TEXT = "4 0 7"


def paper(tone: float, level: int = 200) -> tuple[Page, Ink]:
    """A number in the middle of a cell, so much darker than its paper, and its ink."""
    drawn = number(TEXT, 30, 3)
    ink = np.zeros((60, drawn.shape[1] + 60), np.float32)
    ink[14 : 14 + drawn.shape[0], 30 : 30 + drawn.shape[1]] = 1 - drawn.astype(np.float32) / 255
    return (level * (1 - tone * ink)).astype(np.uint8), ink


def overlap(found: Ink, ink: Ink) -> float:
    """The share of drawn pixels that both have, of those that one has."""
    one, two = found >= DRAWN, ink >= DRAWN
    return float((one & two).sum() / (one | two).sum())


@pytest.mark.parametrize("tone", [0.08, 0.3, 0.9])
def test_ink_of_any_tone_is_full(tone: float) -> None:
    """Pencil that is hardly darker than the paper comes out as black ink does."""
    page, ink = paper(tone)
    assert overlap(line_ink(page), ink) > 0.6


def test_light_ink_is_found_as_dark_ink_is() -> None:
    """Chalk on a board gives the same ink."""
    page, ink = paper(0.8)
    assert overlap(line_ink(np.invert(page), "light"), ink) > 0.6


def test_a_frame_goes_and_the_number_stays() -> None:
    """The border of a cell leaves nothing beside the number."""
    page, ink = paper(0.6)
    cv2.rectangle(page, (1, 2), (page.shape[1] - 2, 57), 60, 1)
    found = line_ink(page)
    assert overlap(found, ink) > 0.6
    assert not (found[:, :20] >= DRAWN).any()


@pytest.mark.parametrize("shape", ["two", "seven"])
def test_digits_as_high_as_their_picture_stay(shape: str) -> None:
    """A number cut out tightly reaches the rim with its digits, whose thin strokes fill little of their boxes."""
    strokes = {
        "two": [(14, 12), (30, 1), (38, 14), (12, 57), (44, 58)],
        "seven": [(10, 2), (42, 1), (20, 59)],
    }
    ink = np.zeros((60, 150), np.uint8)
    for left in (0, 45, 90):
        path = np.array(strokes[shape]) + np.array((left, 0))
        cv2.polylines(ink, [path.astype(np.int32)], False, 255, 3)
    kept = keep_line(np.asarray(ink / 255, np.float32))
    assert (kept >= DRAWN).sum() > 0.97 * (ink > 100).sum()


def test_strokes_stay_where_a_ruled_line_crosses_them() -> None:
    """A line through a stem is taken off on both sides of the stem alone."""
    ink = np.zeros((40, 120), np.float32)
    ink[5:35, 58:62] = 1
    ink[24:26] = 1
    bare = drop_lines(ink)
    assert bare[5:35, 58:62].all()
    assert not bare[24:26, :50].any()


def test_what_has_no_lines_comes_back_as_it_is() -> None:
    """Nothing is copied where nothing is taken off."""
    _, ink = paper(0.6)
    assert drop_lines(ink) is ink


def test_pieces_of_the_lines_above_and_below_go() -> None:
    """Feet of digits at a picture's upper rim are no part of its line."""
    _, ink = paper(0.6)
    ink[0:3, 40:60] = 1
    kept = keep_line(ink)
    assert not kept[0:3].any()
    assert kept[14:44].sum() == ink[14:44].sum()


@pytest.mark.parametrize("shape", [(1, 1), (2, 50), (3, 3), (3, 4000), (60, 3)])
def test_blank_paper_of_any_size_has_no_ink(shape: tuple[int, int]) -> None:
    """A picture too small for a stroke, or empty, is blank."""
    found = line_ink(np.full(shape, 230, np.uint8))
    assert found.shape == shape
    assert not found.any()
