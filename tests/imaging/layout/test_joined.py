"""Joined words are told from characters, borders and grids."""

import cv2
import numpy as np

from duktus.imaging.layout.joined import joined_words
from duktus.types import Ink
from tests.glyphs.handwriting import ink_of, page_of


def cursive(lines: int = 6, words: int = 4) -> Ink:
    """Lines of words, each a row of loops in one stroke, some of them high, as a cursive hand writes them."""
    ink = np.zeros((60 * lines + 60, 160 * words + 60), np.float32)
    rng = np.random.default_rng(3)
    turns = np.linspace(0, 10 * np.pi, 300)
    for line in range(lines):
        for word in range(words):
            high = np.repeat(rng.choice((1.0, 1.0, 1.9), 5), 60)
            x = 160 * word + 40 + 110 * turns / turns[-1] + 5 * np.sin(turns)
            y = 60 * line + 60 - 9 * high * (1 - np.cos(turns))
            points = np.rint(np.stack([x, y], axis=1)).astype(np.int32)
            cv2.polylines(ink, [points], isClosed=False, color=1.0, thickness=2)
    return ink


def test_words_are_found_with_their_boxes() -> None:
    """Each word is one piece, wider than high, and lies where it was written."""
    found = joined_words(cursive(6, 4))
    assert len(found) == 24
    assert {box.x // 160 for box in found} == {0, 1, 2, 3}
    assert all(box.w > 100 and box.h < 50 for box in found)


def test_a_border_is_no_word() -> None:
    """A dark border around the page, its largest piece by far, changes nothing."""
    ink = cursive()
    ink[:8] = ink[-8:] = ink[:, :8] = ink[:, -8:] = 1
    assert len(joined_words(ink)) == 24


def test_digits_are_no_words() -> None:
    """Digits apart and in touching pairs are narrower than words."""
    assert joined_words(np.asarray(1 - page_of("31 41 592", "65 358", "97 932") / 255, np.float32)) == ()
    pair = ink_of("28", 1)
    pair[pair.shape[0] // 2 :][:3] = 1
    assert joined_words(np.tile(np.pad(pair, 12), (3, 5))) == ()


def test_what_is_too_small_to_read_is_no_word() -> None:
    """Rests of a grid a pixel or two high are no text, nor is paper."""
    grid = np.zeros((200, 300), np.float32)
    grid[10::20, 5:200] = 1
    assert joined_words(grid) == ()
    assert joined_words(np.zeros((50, 50), np.float32)) == ()
