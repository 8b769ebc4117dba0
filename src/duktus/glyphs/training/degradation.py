"""Small pictures of characters as poor copies: turned, drawn small, strokes worn thin or swollen, ruled, badly lit.

A data set's images are changed at their own size, before ink is extracted from them, so that a network learns what
serving makes of such pictures. Each change is a pure function of an image of bright strokes on black, (h, w) uint8.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Page

Image = NDArray[np.uint8]


def degrade(image: Image, rng: np.random.Generator) -> Page:
    """Return a picture with one or two changes to its shape and perhaps some to its light; either polarity."""
    shapes = (turn, shrink, thin, swell)
    for i in rng.permutation(len(shapes))[: int(rng.integers(1, 3))]:
        image = shapes[int(i)](image, rng)
    if rng.random() < 0.25:
        image = rule(image, rng)
    if rng.random() < 0.4:
        image = light(image, rng)
    return np.invert(image) if rng.random() < 0.5 else image


def coarsen(image: Image, rng: np.random.Generator) -> Image:
    """Drawn with a pen up to a tenth of the picture broad, and for the most part on a grid of 16 to 40 pixels.

    Args:
        image: (h, w) uint8, bright strokes on black, finer than what is to come of it.
        rng: draws how broad, how coarse, and whether in black and white alone.
    """
    longest = max(image.shape)
    if rng.random() < 0.6:
        broad = 1 + round(float(rng.uniform(0, 0.1)) * longest)
        image = np.asarray(cv2.dilate(image, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (broad, broad))), np.uint8)
    if rng.random() < 0.3:
        return image
    scale = float(rng.uniform(16, 40)) / longest
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    bright = np.clip(small.astype(np.float32) * np.float32(255 / max(1, int(small.max()))), 0, 255)
    if rng.random() < 0.5:
        bright = 255.0 * (bright > rng.uniform(70, 150))
    return np.asarray(np.rint(bright), np.uint8)


def turn(image: Image, rng: np.random.Generator) -> Image:
    """Turned by up to 28 degrees either way, in a larger frame, so that nothing is cut off."""
    rows, columns = image.shape
    matrix = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), float(rng.uniform(-28, 28)), 1.0)
    matrix[:, 2] += 2
    return np.asarray(cv2.warpAffine(image, matrix, (columns + 4, rows + 4), flags=cv2.INTER_LINEAR), np.uint8)


def shrink(image: Image, rng: np.random.Generator) -> Image:
    """Drawn at 0.35 to 0.8 of its size in a frame as large as before, strokes averaged as a coarse scan does."""
    rows, columns = image.shape
    share = float(rng.uniform(0.35, 0.8))
    small = cv2.resize(image, (round(columns * share), round(rows * share)), interpolation=cv2.INTER_AREA)
    out = np.zeros_like(image)
    top, left = (int(rng.integers(0, free + 1)) for free in (rows - small.shape[0], columns - small.shape[1]))
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out


def thin(image: Image, rng: np.random.Generator) -> Image:
    """Strokes worn: each pixel takes the smallest of its neighbours, in part or whole; thin strokes break."""
    return _restroke(image, cv2.MORPH_ERODE, rng)


def swell(image: Image, rng: np.random.Generator) -> Image:
    """Strokes swollen: each pixel takes the largest of its neighbours, in part or whole; small loops close."""
    padded = np.pad(image, 2)
    return _restroke(padded, cv2.MORPH_DILATE, rng)


def rule(image: Image, rng: np.random.Generator) -> Image:
    """A ruled line across, one or two pixels thick, of any strength."""
    out = image.copy()
    row, thick = int(rng.integers(1, len(image) - 2)), int(rng.integers(1, 3))
    out[row : row + thick] = np.maximum(out[row : row + thick], np.uint8(rng.integers(70, 256)))
    return out


def light(image: Image, rng: np.random.Generator) -> Image:
    """A ground of its own grey, or light that falls off to as little as a third from one side to the other."""
    values = image.astype(np.float32)
    if rng.random() < 0.5:
        level = float(rng.uniform(0.1, 0.6))
        return np.asarray(np.rint(255 * level + values * (1 - level)), np.uint8)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    angle = float(rng.uniform(0, 2 * np.pi))
    along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    fall = (along - along.min()) / np.float32(max(float(np.ptp(along)), 1e-6))
    return np.asarray(np.rint(values * (1 - np.float32(rng.uniform(0.2, 0.66)) * fall)), np.uint8)


def _restroke(image: Image, operation: int, rng: np.random.Generator) -> Image:
    """Return a mixture of an image and its erosion or dilation by a cross or a square of 3 × 3."""
    shape = cv2.MORPH_CROSS if rng.random() < 0.5 else cv2.MORPH_RECT
    changed = cv2.morphologyEx(image, operation, cv2.getStructuringElement(shape, (3, 3)))
    if int(changed.max()) < 64:
        return image  # nothing is left that could be read
    part = float(rng.choice((1.0, rng.uniform(0.3, 1.0))))
    return np.asarray(cv2.addWeighted(changed, part, image, 1 - part, 0.0), np.uint8)
