"""Reads handwriting in images, and tells whose hand wrote it.

>>> import duktus
>>> reader = duktus.open_model("digits")  # doctest: +SKIP
>>> [reading.text for reading in reader.read("envelope.png")]  # doctest: +SKIP
['8', '0', '3']
"""

import os

# ONNX Runtime's telemetry starts with its import, and keeps a device's id and a database in the user's cache folder:
# said before anything imports it, for this process and for those that it starts.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

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
