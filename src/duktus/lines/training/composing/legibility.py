"""Whether a composed number says what its label says: each character's ink is there when it is found again, and apart.

A label that its picture does not show teaches a network to guess, and to be sure of nothing: a point that the paper
swallowed, digits that ran into each other, a scan of which nothing is left.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.line import DRAWN
from duktus.types import Ink

OWN = 0.6
"""Share of a character's ink that no other character covers, at least."""

FOUND = 0.42
"""Share of a digit's own pixels that has to be found again as strokes."""

FAINT = 0.2
"""Ink that is found on a sign's own pixels in the mean, at least: points are fainter than strokes on small pictures."""

FILLED = 0.75
"""Of the paper between strokes, the share that may be found as ink, at most."""


class Inked(NamedTuple):
    """A character and the pixels that it was drawn on, (h, w), 1 = ink."""

    character: str
    mask: NDArray[np.uint8]


def is_legible(found: Ink, characters: Sequence[Inked]) -> bool:
    """Return whether each character of a number can be told in its picture.

    Args:
        found: (h, w) in [0, 1], the ink that serving finds in the picture.
        characters: as they were drawn, on the same pixels.
    """
    if not characters:
        return True
    inked = (found >= DRAWN).view(np.uint8)
    count = np.sum([mask for _, mask in characters], axis=0, dtype=np.uint8)
    for character, mask in characters:
        drawn = cv2.countNonZero(mask)
        own = np.asarray((mask == 1) & (count == 1))
        kept = int(own.sum())
        if not drawn or kept < OWN * drawn:
            return False
        there = inked[own].sum() >= FOUND * kept if character.isdigit() else found[own].sum() >= FAINT * kept
        if not there:
            return False
    return _is_apart(inked, np.minimum(count, 1).astype(np.uint8))


def _is_apart(inked: NDArray[np.uint8], drawn: NDArray[np.uint8]) -> bool:
    """Return whether paper is left among strokes: a blurred number is one blot."""
    near = np.ones((3, 3), np.uint8)
    x, y, w, h = cv2.boundingRect(drawn)
    between = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, np.ones((h | 1, max(3, h // 3) | 1), np.uint8))
    between = cv2.subtract(between, cv2.dilate(drawn, near))[y : y + h, x : x + w]
    paper = cv2.countNonZero(between)
    return not paper or cv2.countNonZero(cv2.bitwise_and(between, inked[y : y + h, x : x + w])) <= FILLED * paper
