"""Pages with lines of writing by a hand of the pen."""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

LINES = ("every letter is read", "quick hands write", "seven boxes jump", "Anna has a dog")
SHAPE = (700, 800)
BASES = (160, 260, 360, 460)


def page_of(*layers: Ink) -> NDArray[np.uint8]:
    """A white page with layers of ink, softened as a scan is."""
    dark = np.max(layers, axis=0)
    return np.asarray(cv2.GaussianBlur(245 - 215 * dark, (0, 0), 0.7).astype(np.uint8))
