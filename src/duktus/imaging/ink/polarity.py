"""Whether the ink of a picture is darker or lighter than its ground."""

from math import ceil, log, tanh
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import reduce

Polarity = Literal["dark", "light"]
"""Whether the ink is darker or lighter than its ground."""

SMALL = 40
"""A picture with no longer side than this, in pixels, may be filled by one character."""

LONGEST = 16
"""Beyond so many times its shorter side a picture is looked at in parts: reduced as a whole, a screenshot that was
stitched from many is a column of single pixels, in which nothing is thinner than anything."""

PART, MOST_PARTS = 2, 64
"""A part is so many times as long as broad, or longer where there would be more of them than this."""


def find_polarity(grey: NDArray[np.uint8]) -> tuple[Polarity, float]:
    """Return whether the ink is dark or light, and how sure that is in [0, 1].

    Ink is the thinner of a picture's two tones (Otsu 1979), as strokes are; paper is what most of the rim and the
    corners show. In a picture large enough for slow changes of light, which are taken out first, the third moment tells
    on which side the sparse part lies. The sum of this evidence is the log-odds of light ink, its weights rounded from
    a logistic regression on simulated pictures of both kinds. Of a very long picture the evidence is the mean of that
    of its parts that show anything.
    """
    found = [each for part in parts_of(grey) if (each := _evidence(part))]
    evidence = sum(found) / max(1, len(found))
    return ("light" if evidence > 0 else "dark"), tanh(abs(evidence) / 2)


def parts_of(grey: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return a picture in parts that can be looked at reduced: a very long one in several, any other as it is."""
    if not grey.size or max(grey.shape) <= LONGEST * min(grey.shape):
        return [grey]
    axis = 0 if grey.shape[0] > grey.shape[1] else 1
    return np.array_split(grey, min(MOST_PARTS, ceil(grey.shape[axis] / (PART * grey.shape[1 - axis]))), axis)


def _evidence(grey: NDArray[np.uint8]) -> float:
    """Return the log-odds of light ink; 0 where the picture shows nothing."""
    small = reduce(grey, 64)
    values = small.astype(np.float32)
    uneven = max(grey.shape) > SMALL
    if uneven:
        values -= cv2.GaussianBlur(values, (0, 0), max(small.shape) / 6.0)
    mean, deviation = cv2.meanStdDev(values)
    values -= np.float32(mean[0, 0])
    sigma = float(deviation[0, 0])
    if sigma < 0.03:
        return 0.0
    rim = np.concatenate((values[0], values[-1], values[:, 0], values[:, -1]))
    rim.partition(rim.size // 2)
    middle = tanh(2.0 * float(rim[rim.size // 2]) / sigma)
    corner, thinner = _corner(values) / sigma, _thinner(values)
    if uneven:
        skew = float(np.einsum("ij,ij,ij->", values, values, values)) / (values.size * sigma**3)
        return 3.0 * tanh(skew) - 1.3 * middle - 1.2 * corner - 2.1 * thinner
    return -1.6 * middle - 2.9 * corner - 3.5 * thinner


def _corner(values: NDArray[np.float32]) -> float:
    """Return the mean of the two middle ones of a picture's four corners, each an eighth of it a side."""
    eighths = cv2.resize(values, (8, 8), interpolation=cv2.INTER_AREA)
    low, high = sorted(eighths[::7, ::7].ravel().tolist())[1:3]
    return (low + high) / 2


def _thinner(values: NDArray[np.float32]) -> float:
    """Return by how much the dark parts of a picture are thinner than the light ones: the log ratio of the depths.

    The depth of a part is the mean distance of its pixels to the other (Felzenszwalb & Huttenlocher 2012).
    """
    spread = cv2.normalize(values, np.empty(0), 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)
    light = np.asarray(cv2.threshold(spread, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)
    depths = []
    for part in (light, light ^ 1):
        distance = cv2.distanceTransform(part, cv2.DIST_L2, 3)
        depths.append(max(0.5, cv2.mean(distance, mask=part)[0]))
    return log(depths[0] / depths[1])
