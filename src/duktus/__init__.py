"""Reads handwriting in images, and tells whose hand wrote it.

>>> import duktus
>>> reader = duktus.open_model("digits")  # doctest: +SKIP
>>> [reading.text for reading in reader.read("envelope.png")]  # doctest: +SKIP
['8', '0', '3']
"""

from duktus.glyphs.reading.reader import Reader, open_model
from duktus.types import (
    Alternative,
    Box,
    DataError,
    DuktusError,
    ImageError,
    MissingExtraError,
    ModelError,
    Reading,
    StrokeError,
)

__version__ = "0.1.0"

__all__ = [
    "Alternative",
    "Box",
    "DataError",
    "DuktusError",
    "ImageError",
    "MissingExtraError",
    "ModelError",
    "Reader",
    "Reading",
    "StrokeError",
    "__version__",
    "open_model",
]
