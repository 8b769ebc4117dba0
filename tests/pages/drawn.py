"""Pages drawn by the project's own pen: lines of numbers, and a ruled table with a number a cell."""

from functools import cache
from typing import cast

import cv2
import numpy as np

from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import draw_ink
from duktus.types import Page


@cache
def number(text: str, height: int, seed: int) -> Page:
    """A number in one hand, dark on white, its digits apart."""
    rng = np.random.default_rng(seed)
    ink = draw_ink(write(text, sample_hand(rng), rng), height=height)
    return (255 * (1 - ink)).astype(np.uint8)


def put(page: Page, picture: Page, x: int, y: int) -> None:
    """Draw a picture on a page."""
    h, w = picture.shape
    np.minimum(page[y : y + h, x : x + w], picture, out=page[y : y + h, x : x + w])


def table(numbers: list[list[str]], angle: float = 0.0) -> Page:
    """A ruled table, a number a cell; empty texts leave their cells empty."""
    high, wide = 70, 170
    page = np.full((len(numbers) * high + 160, len(numbers[0]) * wide + 160), 240, np.uint8)
    for row in range(len(numbers) + 1):
        cv2.line(page, (80, 80 + row * high), (80 + len(numbers[0]) * wide, 80 + row * high), 70, 2)
    for column in range(len(numbers[0]) + 1):
        cv2.line(page, (80 + column * wide, 80), (80 + column * wide, 80 + len(numbers) * high), 70, 2)
    for row, texts in enumerate(numbers):
        for column, text in enumerate(texts):
            if text:
                put(page, number(" ".join(text), 36, 10 * row + column), 110 + column * wide, 96 + row * high)
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), angle, 1)
    return cast(Page, cv2.warpAffine(page, turn, page.shape[::-1], borderValue=(240,)))


def lines(texts: list[str], step: int = 80) -> Page:
    """A page with numbers one below the other."""
    page = np.full((len(texts) * step + 200, 1000), 245, np.uint8)
    for at, text in enumerate(texts):
        put(page, number("  ".join(text), 40, at), 120, 100 + at * step)
    return page
