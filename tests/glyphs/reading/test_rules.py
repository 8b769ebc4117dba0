"""Lines under, around and between digits are no part of them: in doubt a page is read without its rules."""

import cv2
import numpy as np
import pytest

from duktus.glyphs.reading.reader import Reader, open_model
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page

SEEDS = range(12)
CELL = 90


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The digits."""
    return open_model("digits", threads=1)


def digit(seed: int, height: int = 64) -> tuple[str, Ink]:
    """A digit by a hand of the pen, and its ink."""
    rng = np.random.default_rng((seed, 5))
    hand, text = sample_hand(rng), str(seed % 10)
    return text, draw_ink(write(text, hand, rng), pen=Pen(width=0.09 * hand.size, pressing=0.0), height=height)


def placed(ink: Ink, side: int = 120) -> Ink:
    """Ink in the middle of a square."""
    square = np.zeros((side, side), np.float32)
    y, x = (side - ink.shape[0]) // 2, (side - ink.shape[1]) // 2
    square[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
    return square


def on_paper(ink: Ink, seed: int) -> Page:
    """Ink on grey paper."""
    noise = np.random.default_rng(seed).normal(0, 3, ink.shape)
    return np.clip(235 - 175 * ink + noise, 0, 255).astype(np.uint8)


def texts(reader: Reader, page: Page) -> str:
    """What is read on a page."""
    return "".join(reading.text for reading in reader.read(page))


def test_an_underlined_digit(reader: Reader) -> None:
    """A line under a digit is left out, and no part of it."""
    right = 0
    for seed in SEEDS:
        text, ink = digit(seed)
        page = placed(ink)
        cv2.line(page, (25, 104), (95, 102), 1.0, 3)
        right += texts(reader, on_paper(page, seed)) == text
    assert right >= len(SEEDS) - 3


@pytest.mark.parametrize("closed", [True, False])
def test_a_circled_digit(reader: Reader, closed: bool) -> None:
    """A ring around a digit is left out, closed or not; taken for a character, it read as a nought or as nothing."""
    right, wrong = 0, 0
    for seed in SEEDS:
        text, ink = digit(seed)
        page = placed(ink, 160)
        cv2.ellipse(page, (80, 80), (66, 60), 20 * seed, 0, 360 if closed else 325, 1.0, 4)
        found = reader.read(on_paper(page, seed))
        read = "".join(reading.text for reading in found)
        right += read == text
        wrong += read != text and all(reading.accepted for reading in found)
    assert right >= len(SEEDS) - 1
    assert not wrong


def test_an_empty_frame_is_blank(reader: Reader) -> None:
    """A cell with its border and nothing in it is blank, and no character that is refused."""
    frame = np.zeros((80, 120), np.float32)
    cv2.rectangle(frame, (8, 8), (112, 72), 1.0, 2)
    found = [reader.read(on_paper(frame, seed)) for seed in SEEDS]
    assert [[reading.reason for reading in readings] for readings in found] == [["blank"]] * len(SEEDS)


def test_a_closed_table(reader: Reader) -> None:
    """Digits in the cells of a table whose rules are one connected piece are read row by row."""
    side, right = 3 * CELL + 20, 0
    for seed in SEEDS:
        page, wanted = np.zeros((side, side), np.float32), ""
        for place in range(4):
            cv2.line(page, (10, 10 + CELL * place), (side - 10, 10 + CELL * place), 1.0, 2)
            cv2.line(page, (10 + CELL * place, 10), (10 + CELL * place, side - 10), 1.0, 2)
        for number in range(9):
            text, ink = digit(seed + number, 56)
            y, x = 27 + CELL * (number // 3), 10 + CELL * (number % 3) + (CELL - ink.shape[1]) // 2
            page[y : y + ink.shape[0], x : x + ink.shape[1]] += ink
            wanted += text
        found = texts(reader, on_paper(page.clip(0, 1), seed))
        right += len(found) == 9 and sum(map(str.__eq__, found, wanted)) >= 7
    assert right >= len(SEEDS) - 3
