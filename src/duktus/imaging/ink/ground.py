"""The paper under the ink: its tone at every place of a picture, as the light falls on it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import reduce
from duktus.imaging.ink.polarity import SMALL

REACH = 0.3
"""Strokes are narrower than this share of a picture's longest side."""

LEANS = 8
"""Levels, of 255, by which the paper differs within a picture before it is levelled."""

UNCLEAR = 0.13
"""Share of a small picture's variance left within its two tones from which they are not taken for ink and paper."""

WIDER = (0.6, 1.2)
"""Shares of a picture's longest side up to which strokes may be broad where it is filled by one character."""

FILLED = 64
"""A picture with no longer side than this, in pixels, may be filled by one character whose light is not even."""

CLEARER = 0.92
"""A wider window is better where it leaves less than this share of the variance within the two tones."""

PARTED = 0.32
"""Share of the variance left within the two tones up to which a wider window's are ink and paper: noise leaves 0.36."""

MOST_INK = 0.7
"""Share of a picture that is ink at most: bold figures in small pictures are more than half of it."""

FITTED = 32
"""Longest side, in pixels, of the picture to which the light is fitted."""

ROUNDS = 4
"""Fits of the light, each with less weight on what lies below the one before."""

MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal variable over its median absolute deviation."""


def find_ground(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return the paper under dark strokes: a closing (Serra 1982) by a share of the picture, smoothed.

    At the rim a closing knows only the inner half of its window, and would lift the paper where the light falls off
    towards it. So the light's fall is taken out first, where there is any. In a small picture strokes may be broader
    than any window; if it has two clear tones, all its paper is taken for the lighter. If not, of several windows the
    one is taken that parts ink from paper best.
    """
    if max(picture.shape) <= SMALL:
        light, unclear = two_tones(picture)
        if unclear < UNCLEAR:
            return np.full_like(picture, round(cv2.mean(picture, mask=light)[0]))
    ground = _close(picture, share)
    return _widen(picture, ground) if max(picture.shape) <= FILLED and share >= REACH else ground


def _widen(picture: NDArray[np.uint8], ground: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the ground by a wider window, if that parts ink from paper more clearly, else the ground as it is.

    A narrow window takes the middle of a broad stroke for paper, above all where the picture's rim cuts the window.
    """
    least = two_tones(cv2.subtract(ground, picture).view(np.uint8))[1]
    for share in WIDER:
        wider = _close(picture, share)
        mask, unclear = two_tones(cv2.subtract(wider, picture).view(np.uint8))
        if unclear < min(PARTED, CLEARER * least) and cv2.countNonZero(mask) < MOST_INK * picture.size:
            ground, least = wider, unclear
    return ground


def _close(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return the closing of a picture by a share of its longest side, smoothed, with the light's fall left in."""
    rows, columns = picture.shape
    reach = max(3, round(max(rows, columns) * share)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    smooth = (reach // 2 | 1, reach // 2 | 1)
    ground = np.asarray(cv2.morphologyEx(picture, cv2.MORPH_CLOSE, kernel), np.uint8)
    inner = ground[reach // 2 : rows - reach // 2, reach // 2 : columns - reach // 2]
    if min(inner.shape) > 8 and np.ptp(inner) > LEANS:
        light = _fall_of_light(picture, ground)
        level = cv2.blur(cv2.morphologyEx(picture - light, cv2.MORPH_CLOSE, kernel), smooth) + light
        return np.asarray(np.rint(level).clip(0, 255), np.uint8)
    return np.asarray(cv2.blur(ground, smooth), np.uint8)


def two_tones(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Return the mask of the upper of a picture's two tones (Otsu 1979), and the share of the variance within both."""
    upper = np.asarray(cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)
    mean, spread = cv2.meanStdDev(picture)
    share = cv2.countNonZero(upper) / picture.size
    if spread[0, 0] == 0 or not 0 < share < 1:
        return upper, 1.0
    # What is not within the two is between them (the law of total variance): one mean serves instead of two deviations.
    apart = cv2.mean(picture, mask=upper)[0] - float(mean[0, 0])
    return upper, 1 - share / (1 - share) * (apart / float(spread[0, 0])) ** 2


def _fall_of_light(picture: NDArray[np.uint8], ground: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the light on a page as a surface of the second degree through its paper, (h, w) in its levels.

    It is fitted by least squares to a first guess of the ground, then again and again to the picture with less weight
    on what lies below, ink and shadows, by the measure of what lies above, the paper's noise (Huber 1981).
    """
    rows, columns = picture.shape
    small = reduce(picture, FITTED).astype(np.float32)
    terms = _second_degree(*small.shape)
    flat = terms.reshape(-1, 6)
    values = small.ravel()
    found = np.linalg.lstsq(flat, reduce(ground, FITTED).ravel().astype(np.float32), rcond=None)[0]
    for _ in range(ROUNDS):
        below = flat @ found - values
        above = -below[below < 0]
        scale = max(2.0, MAD_TO_SIGMA * float(np.median(above))) if above.size else 2.0
        weighted = flat * (np.minimum(1, np.float32(scale) / np.maximum(below, np.float32(1e-3))) ** 2)[:, None]
        found = np.linalg.lstsq(weighted.T @ flat, weighted.T @ values, rcond=None)[0]
    return np.asarray(_second_degree(rows, columns) @ found.astype(np.float32), np.float32)


def _second_degree(rows: int, columns: int) -> NDArray[np.float32]:
    """Return (rows, columns, 6): the terms of a surface of the second degree over a picture from -1 to 1 each way."""
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    return np.stack((np.ones_like(x), x, y, x * x, x * y, y * y), axis=-1).astype(np.float32)
