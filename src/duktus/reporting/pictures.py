"""Samples as small PNG pictures that stand inside a page."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.files.png import encode_png
from duktus.types import DataError

Picture: TypeAlias = NDArray[Any]
"""Ink, (h, w) or (h, w, 1) float in [0, 1] with 1 = ink; or a page, (h, w) or (h, w, 3) uint8."""

Pictures: TypeAlias = Picture | Sequence[Picture] | Mapping[int, Picture]
"""A picture a sample, by the sample's index: one array of all, a list, or only those that are wanted."""

MOST_PIXELS = 160
"""The longest side of a picture in a page: twice what it is shown at, for dense screens."""


def to_page(picture: Picture, most: int = MOST_PIXELS) -> NDArray[np.uint8]:
    """Return a picture as 8 bit, dark ink on white paper, its longest side at most ``most`` pixels.

    Raises:
        DataError: It has no pixels, or is neither ink nor page.
    """
    if picture.size == 0 or not (picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (1, 3))):
        raise DataError(f"Expected a picture of shape (h, w), (h, w, 1) or (h, w, 3), got {picture.shape}.")
    page = picture[:, :, 0] if picture.shape[2:] == (1,) else picture
    if page.dtype != np.uint8:
        page = np.rint(255 * (1 - np.clip(np.nan_to_num(page), 0, 1))).astype(np.uint8)
    height, width = page.shape[:2]
    scale = most / max(height, width)
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        page = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)
    return page


def data_address(page: NDArray[np.uint8]) -> str:
    """Return a page as an address that carries the picture itself, for an ``<img>`` that loads nothing."""
    return "data:image/png;base64," + base64.b64encode(encode_png(page)).decode("ascii")


def find_picture(pictures: Pictures | None, index: int) -> Picture | None:
    """Return the picture of a sample, None where there is none."""
    try:
        return None if pictures is None else np.asarray(pictures[index])
    except (KeyError, IndexError):
        return None
