"""Samples as small PNG pictures that stand inside a page."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.files.png import encode_png
from duktus.imaging.ink.grey import scale_down
from duktus.reporting.canvas import printable
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
    return scale_down(page, most / max(page.shape[:2]))


def data_address(page: NDArray[np.uint8]) -> str:
    """Return a page as an address that carries the picture itself, for an ``<img>`` that loads nothing."""
    return png_address(encode_png(page))


def png_address(content: bytes) -> str:
    """Return the bytes of a PNG file as an address that carries them."""
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def image_tag(address: str, words: str, kind: str = "") -> str:
    """Return an ``<img>`` of an address with a description, of a class of the style sheet."""
    classed = f' class="{kind}"' if kind else ""
    return f'<img{classed} src="{address}" alt="{escape(printable(words, 250))}">'


def overview(page: NDArray[np.uint8], shape: tuple[int, ...], marks: str, size: float, title: str) -> str:
    """Return a page as an ``<svg>`` that marks lie on.

    Args:
        page: (h, w) or (h, w, 3), perhaps reduced.
        shape: rows and columns in which the marks are placed.
        marks: SVG elements.
        size: of the marks' text.
        title: a description.
    """
    rows, columns = shape[:2]
    return (
        f'<svg class="overview" viewBox="0 0 {columns} {rows}" font-size="{size:g}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<image href="{data_address(page)}" width="{columns}" height="{rows}"/>{marks}</svg>'
    )


def find_picture(pictures: Pictures | None, index: int) -> Picture | None:
    """Return the picture of a sample, None where there is none."""
    try:
        return None if pictures is None else np.asarray(pictures[index])
    except (KeyError, IndexError):
        return None
