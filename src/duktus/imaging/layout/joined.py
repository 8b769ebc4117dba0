"""Joined writing: connected pieces that are wider than any character, as the words of a cursive hand are."""

import cv2
import numpy as np

from duktus.imaging.layout.text_height import EDGE, LARGEST, text_height, weighted_median
from duktus.types import Box, Ink

WORD_WIDTH = 2.5
"""A connected piece wider than this, in text heights, is a joined word: touching digits are seldom three in a row."""

LEAST_HEIGHT = 0.5
"""A lower piece, in text heights, is a dash or the rest of a ruling."""

LEAST_TEXT = 6.0
"""Pixels of the text's height below which no words are distinguished from the grain of the paper or a grid."""


def joined_words(ink: Ink) -> tuple[Box, ...]:
    """Return the boxes of the joined words of a page (h, w), from ink whose specks were kept.

    Beside a page's dark border, which is its largest piece, its words are specks.
    """
    count, _, stats, _ = cv2.connectedComponentsWithStats((ink >= EDGE).view(np.uint8), connectivity=8)
    if count < 2:
        return ()
    boxes = [Box(*map(int, each[:4])) for each in stats[1:]]
    # Where lines touch, a line's height is that of several, and a piece's is still that of a word.
    usual = weighted_median(stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_AREA].max(axis=1))
    height = min(text_height(ink), usual)
    if height < LEAST_TEXT:
        return ()
    high = range(round(LEAST_HEIGHT * height), round(LARGEST * height) + 1)
    return tuple(box for box in boxes if box.w > WORD_WIDTH * height and box.h in high)
