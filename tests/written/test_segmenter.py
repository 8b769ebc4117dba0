"""Ink is settled by what it touches; the first look keeps strips whole and weighs both tones."""

import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink
from duktus.written.outputs import CHANNELS, Maps, read_maps
from duktus.written.page import look_at
from duktus.written.scale import find_scale
from duktus.written.segmenter import Segmenter, settle_pieces
from tests.written.pages import BASES, page_of


def test_a_letter_on_squared_paper_stays() -> None:
    """What is written stays, though it is a small share of the grid that it touches; a scrap of the grid does not."""
    inked = np.zeros((200, 200), np.uint8)
    inked[::20] = inked[:, ::20] = 1
    inked[50:75, 50:56] = 1
    likely = np.zeros(inked.shape, np.bool_)
    likely[50:75, 50:56] = likely[120:123, 118:123] = True
    written = settle_pieces(inked, likely)
    assert written[50:75, 50:56].all()
    assert written.sum() == 25 * 6


def test_a_scrap_of_a_stroke_is_a_part_of_it() -> None:
    """A few pixels of a stroke that look printed are written as the rest is; a long part is not."""
    inked = np.zeros((60, 400), np.uint8)
    inked[20:24, 10:390] = 1
    likely = inked > 0
    likely[:, 100:110] = likely[:, 300:340] = False
    written = settle_pieces(inked, likely)
    assert written[20:24, 100:110].all()
    assert not written[20:24, 300:340].any()


def maps_of(shape: tuple[int, ...], found: bool) -> Maps:
    """What a network says of a picture that is all text, or none."""
    logits = np.full((-(-shape[0] // 2), -(-shape[1] // 2), CHANNELS), -9.0 + 18.0 * found, np.float32)
    logits[..., 9] = 0
    return read_maps(logits)


def test_a_strip_is_not_reduced_to_a_line_of_itself() -> None:
    """A strip of 120 rows in which no text is seen is not looked at in less than 24 rows."""
    seen: list[int] = []

    def darken(grey: NDArray[np.uint8], factor: float) -> Ink:
        seen.append(round(grey.shape[0] * factor))
        return np.ones((max(1, seen[-1]), max(1, round(grey.shape[1] * factor))), np.float32)

    find_scale(np.full((120, 1800), 128, np.uint8), darken, lambda darkness: maps_of(darkness.shape, found=False))
    assert min(seen) >= 24


def test_lines_of_writing_are_dark_on_light(segmenter: Segmenter, writing: Ink) -> None:
    """Strips of single lines are taken for dark ink on light paper, as their pages are."""
    for base in BASES:
        strip = page_of(writing)[base - 60 : base + 40]
        assert look_at(strip, segmenter)[0] == "dark"
