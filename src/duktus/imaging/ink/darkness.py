"""How dark each pixel of a page is against its ground, in units of the page's own ink: what the segmenter sees."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink


@dataclass(frozen=True)
class DarknessSettings:
    """How darkness is measured; lengths are pixels of a picture whose text is some 20 pixels high.

    Attributes:
        reduced: the ground is estimated on a picture so many times smaller.
        window: side of the window on that picture in which the ground is the brightest part: strokes are narrower.
        faint: what stands off its ground by less is not asked how dark ink is.
        full: percentile of what stands off that counts as full ink.
        least: full ink is at least so dark, that the noise of an empty page is not stretched.
        most: darkness ends here, in units of full ink.
    """

    reduced: int = 8
    window: int = 5
    faint: float = 0.1
    full: float = 85.0
    least: float = 0.12
    most: float = 1.5


def normalise(grey: NDArray[np.uint8], settings: DarknessSettings = DarknessSettings()) -> Ink:  # frozen
    """Return the darkness of a page, (h, w) from 0 (paper), 1 being usual ink.

    Args:
        grey: (h, w), dark ink on a lighter ground.
        settings: of the model that is to see it.
    """
    lit = np.maximum(find_light(grey, settings), np.float32(8))
    darkness = cv2.divide(cv2.subtract(lit, grey, dtype=cv2.CV_32F), lit)
    sample = darkness[::2, ::2]
    marked = sample[sample > settings.faint]
    full = max(settings.least, float(np.percentile(marked, settings.full))) if marked.size > 32 else 2 * settings.least
    scaled = cv2.multiply(darkness, 1 / full)
    return np.asarray(np.clip(scaled, 0, settings.most, out=scaled), np.float32)


def find_light(grey: NDArray[np.uint8], settings: DarknessSettings) -> NDArray[np.float32]:
    """Return the paper under the ink, (h, w) in grey levels: the bright part of each neighbourhood, smoothed."""
    h, w = grey.shape
    size = (max(1, -(-w // settings.reduced)), max(1, -(-h // settings.reduced)))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    side = (settings.window, settings.window)
    bright = cv2.dilate(cv2.medianBlur(small, 3), np.ones(side, np.uint8))
    ground = cv2.blur(cv2.erode(bright, np.ones(side, np.uint8)), side)
    return np.asarray(cv2.resize(ground, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
