"""The first look at a page: at which size its text is as high as the segmenter likes it."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.written.outputs import Maps

LONGEST = 1754
"""Pixels of the longer side of a page on a first look: A4 at 150 dots per inch."""

MOST = 3_000_000
"""Most pixels of the picture that the network sees."""

TARGET = 21.0
"""Height of text, in pixels, to which a page is brought."""

KEPT = (14.0, 30.0)
"""Text of a height between these is left as it is."""

SEEN = (9.0, 55.0)
"""Heights that the network measures well; other levels of the page are looked at where its text has others."""

TILE = 320
"""Side, in pixels, of the places that are looked at."""

LEAST = 24
"""Pixels of the shorter side below which nothing is reduced: a strip of text would look like a line of it."""

PLACES = 2
"""So many places, those with most ink, are looked at."""

LEVELS = (1.0, 0.5, 2.0, 0.25, 0.125)
"""Sizes that are tried in turn, against the size of the first look, until text is found."""

ENOUGH = 300
"""So many places of core bands, of two pixels a side, are some words: with fewer, all sizes are tried."""

BAND = 0.5
"""Probability from which a place belongs to the core of a line."""

Darken = Callable[[NDArray[np.uint8], float], NDArray[np.float32]]
Look = Callable[[NDArray[np.float32]], Maps]


@dataclass(frozen=True, eq=False)
class Scale:
    """By how much a page is reduced (below 1) or enlarged for the network.

    ``height`` is that of its text then, 0 where none was found, and ``darkness`` the page so; None if not computed yet.
    ``found`` is how much text was seen on the first look, in pixels of the page.
    """

    factor: float
    height: float
    darkness: NDArray[np.float32] | None = None
    found: float = 0.0


def find_scale(grey: NDArray[np.uint8], darken: Darken, look: Look) -> Scale:
    """Return the scale at which a page's text has about ``TARGET`` pixels.

    Args:
        grey: (h, w), the page.
        darken: from the page and a factor of its size to its darkness (h, w).
        look: the network, from darkness (h, w) to its maps.
    """
    first = min(1.0, LONGEST / max(grey.shape), (MOST / grey.size) ** 0.5)
    best = (0.0, Scale(first, 0.0))
    for level in LEVELS:
        factor = first * level
        if not _fits(grey.shape, factor):
            continue
        darkness = darken(grey, factor)
        found, height = _look_at(darkness, look)
        if found >= ENOUGH and SEEN[0] <= height <= SEEN[1]:
            return _settle(Scale(factor, height, darkness, found / factor), grey)
        if found / factor > best[0] and height:
            best = (found / factor, Scale(factor, height, darkness, found / factor))
    return _settle(best[1], grey)


def _fits(shape: tuple[int, ...], factor: float) -> bool:
    h, w = shape[0] * factor, shape[1] * factor
    return h * w <= MOST and max(h, w) >= 48 and min(h, w) >= min(LEAST, *shape) and factor <= 4


def _settle(scale: Scale, grey: NDArray[np.uint8]) -> Scale:
    if not scale.height or KEPT[0] <= scale.height <= KEPT[1]:
        return scale
    factor = min(scale.factor * TARGET / scale.height, 3.0, (MOST / grey.size) ** 0.5)
    return Scale(factor, scale.height * factor / scale.factor, None, scale.found)


def resize(grey: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """Return a page reduced by area, or enlarged."""
    if factor == 1.0:
        return grey
    size = (max(2, round(grey.shape[1] * factor)), max(2, round(grey.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8)


def _look_at(darkness: NDArray[np.float32], look: Look) -> tuple[float, float]:
    """Return how many pixels of core bands the inkiest places have, and the usual height of text in them."""
    heights, weights = [np.zeros(0, np.float32)], 0.0
    for y, x in inky_places(darkness):
        maps = look(darkness[y : y + TILE, x : x + TILE])
        ink = maps.written[::2, ::2][: maps.band.shape[0], : maps.band.shape[1]] > 0.5
        heights.append(maps.heights[(maps.band > BAND) & ink])
        weights += float(((maps.band > BAND) & ink).sum())
    joined = np.concatenate(heights)
    return (weights, float(np.median(joined))) if len(joined) >= 12 else (0.0, 0.0)


def inky_places(darkness: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return the upper left corners of the squares of ``TILE`` pixels with the most edges of ink."""
    h, w = darkness.shape
    small = cv2.resize(darkness, (max(1, w // 4), max(1, h // 4)), interpolation=cv2.INTER_AREA)
    inked = np.asarray((small > 0.25) & (small < 1.2), np.float32)
    rows, columns = max(1, -(-h // TILE)), max(1, -(-w // TILE))
    amounts = cv2.resize(inked, (columns, rows), interpolation=cv2.INTER_AREA).ravel()
    order = np.argsort(-amounts, kind="stable")[:PLACES]
    places = [divmod(int(i), columns) for i in order if amounts[i] > 0]
    return [(_start(row, rows, h), _start(column, columns, w)) for row, column in places]


def _start(index: int, count: int, length: int) -> int:
    return 0 if count == 1 else round(index * (length - TILE) / (count - 1))
