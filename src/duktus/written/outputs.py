"""What the segmenter's maps are, channel by channel, and how they are read."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

CHANNELS = 10
"""Maps of half the page's size: written at each of four pixels, four kinds of what is not, core band, height."""

KINDS = 4
"""What is not written: paper, printed, ruled, other, in this order."""

TYPICAL = 24.0
"""Heights are encoded as the logarithm to base 2 of how many of these pixels they have."""


@dataclass(frozen=True, eq=False)
class Maps:
    """What the network says of a page, h and w even.

    Attributes:
        written: (h, w), the probability that a hand wrote what is there.
        kinds: (h / 2, w / 2) uint8, of what is most probable where nothing is written: an index of ``classes.NAMES``.
        band: (h / 2, w / 2), the probability of a core band.
        heights: (h / 2, w / 2), the text's height there in pixels.
    """

    written: Ink
    kinds: NDArray[np.uint8]
    band: Ink
    heights: NDArray[np.float32]


def read_maps(maps: NDArray[np.float32]) -> Maps:
    """Read the network's output for one page, (h / 2, w / 2, CHANNELS)."""
    h, w = maps.shape[:2]
    squares = sigmoid(maps[..., 0:4]).reshape(h, w, 2, 2)
    written = np.ascontiguousarray(squares.transpose(0, 2, 1, 3)).reshape(2 * h, 2 * w)
    kinds = _likeliest([maps[..., 4 + kind] for kind in range(KINDS)])
    heights = np.float32(TYPICAL) * np.exp2(np.clip(maps[..., 9], -4, 4))
    return Maps(written, kinds, sigmoid(maps[..., 8]), np.asarray(heights, np.float32))


def _likeliest(logits: list[NDArray[np.float32]]) -> NDArray[np.uint8]:
    """Return the class of each place; of the kinds that are not written, paper is 0 and print follows upon written."""
    best = np.ascontiguousarray(logits[0])
    kinds = np.zeros(best.shape, np.uint8)
    for number, values in enumerate(logits[1:], 2):
        kinds[values > best] = number
        np.maximum(best, values, out=best)
    return kinds


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities."""
    negative = np.asarray(cv2.exp(-np.ascontiguousarray(logits)), np.float32).reshape(logits.shape)
    return np.asarray(1 / (1 + negative), np.float32)
