"""Examples as an encoder would hand them over, for the tests of this folder and of the stores' contract."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Encoder, Example

ENCODER = Encoder("glyph-encoder", "5f8a" * 16, 8)
START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def content(number: int) -> str:
    """The hash of the image with this number."""
    return hashlib.sha256(b"%d" % number).hexdigest()


def thumbnail(number: int) -> bytes:
    """A PNG file of a few pixels."""
    return cv2.imencode(".png", np.full((3, 2), number % 256, np.uint8))[1].tobytes()


def example(number: int, label: str = "ᚠ", vectors: Sequence[Sequence[float]] | NDArray[Any] = ()) -> Example:
    """An example that differs from those of other numbers; its vector is random unless one or more are given."""
    made = np.random.default_rng(number).standard_normal((1, ENCODER.dimension))
    given = np.array(vectors, np.float32) if len(vectors) else made.astype(np.float32)
    created = START + timedelta(seconds=number)
    return Example(content(number), label, given, (thumbnail(number),), f"scan/{number}.png", created)


def axis(*places: int) -> NDArray[np.float32]:
    """(n, d): a vector along each of these axes."""
    return np.eye(ENCODER.dimension, dtype=np.float32)[list(places)]


def fields(one: Example) -> dict[str, object]:
    """All of an example in a form that can be compared."""
    return vars(replace(one)) | {"vectors": one.vectors.tobytes()}
