"""A page of which each pixel is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Composite:
    """A page with its truth.

    Attributes:
        page: (h, w), grey.
        classes: (h, w), of each pixel: one of ``duktus.written.classes``.
        band: (h, w), 1 within the core bands of written lines.
        heights: (h, w), the text's height in pixels there, 0 elsewhere.
        lines: (n, 4, 2): the corners of the core bands: upper left, upper right, lower right, lower left.
        height: of the text, in pixels: the median of its lines by their width; 0 where nothing is written.
    """

    page: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    band: NDArray[np.uint8]
    heights: NDArray[np.float32]
    lines: NDArray[np.float32]
    height: float
