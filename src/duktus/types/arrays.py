"""Arrays with named shapes."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Page: TypeAlias = NDArray[np.uint8]
"""A page of an image, (h, w) grey or (h, w, 3) RGB, 8 bit, upright, on white where it was transparent."""

Ink: TypeAlias = NDArray[np.float32]
"""(h, w) in [0, 1]: 1 is full ink, 0 is paper, whatever the image's polarity, light and colour."""

Glyphs: TypeAlias = NDArray[np.float32]
"""(n, H, W, 1): inks of single characters, centred in the frame that a model's card names."""

Scores: TypeAlias = NDArray[np.float32]
"""(n, classes): a classifier's logits, before any scaling."""

Vectors: TypeAlias = NDArray[np.float32]
"""(n, d): an encoder's outputs of length 1, one a row."""
