"""What estimators are given: files, arrays of pixels as they are, or the rows that scikit-learn's data sets have."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.files.load import load_pages
from duktus.pen.sources import Readable, load_pictures
from duktus.types import ImageError, Page

SMALL = 16
"""Pixels below which a side of an array is too short to distinguish strokes from the background: it is enlarged."""

Images: TypeAlias = Sequence[Readable] | NDArray[Any]
"""Images as ``duktus.read`` takes them, or an array: (n, h, w) or (n, h, w, 3), or (n, pixels) of square pictures."""


def pictures_of(images: Images) -> list[Page]:
    """Return the first page of each image.

    Rows of numbers are square pictures, row by row, as scikit-learn's digits are: bright is what is large. Numbers
    that are no bytes are stretched over the range that each picture has. What is under 16 pixels wide or high is
    enlarged four times.

    Raises:
        ImageError: an image cannot be read.
        TypeError: the images are a sparse matrix.
    """
    refuse_sparse(images)
    if not isinstance(images, np.ndarray) and (hasattr(images, "__array__") or _are_numbers(images)):
        images = np.asarray(images)
    if isinstance(images, np.ndarray) and images.dtype.kind in "biuf":
        return [_picture(each) for each in _as_bytes(images)]
    return [_first(each) for each in images]


def _first(image: Readable) -> Page:
    if isinstance(image, np.ndarray):
        return next(iter(load_pages(image)))
    for picture in load_pictures(image):
        return picture.page
    raise ImageError("expected an image with a page at least, received one without; export it again")


def refuse_sparse(images: Any) -> None:
    """Raise TypeError where images are a sparse matrix: a picture is none."""
    if hasattr(images, "tocsr") or hasattr(images, "toarray"):
        raise TypeError("expected images, received a sparse matrix; give its dense form: matrix.toarray()")


def _are_numbers(images: Any) -> bool:
    first = next(iter(images), None)
    return isinstance(first, (list, tuple)) and all(isinstance(each, (int, float)) for each in first)


def _as_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    if values.dtype == np.uint8 or not values.size:
        return values.astype(np.uint8)
    numbers = values.astype(np.float64)
    axes = tuple(range(1, numbers.ndim))
    low, high = numbers.min(axes, keepdims=True), numbers.max(axes, keepdims=True)
    return np.asarray(np.rint((numbers - low) * (255 / np.where(high > low, high - low, np.inf))), np.uint8)


def _picture(values: NDArray[np.uint8]) -> Page:
    """Return a picture; a row is brought to a square, with what it lacks at its end."""
    if values.ndim > 1:
        return np.ascontiguousarray(values if min(values.shape[:2]) >= SMALL else _enlarged(values))
    side = int(np.ceil(np.sqrt(len(values))))
    square = np.zeros(side * side, np.uint8)
    square[: len(values)] = values
    return _picture(square.reshape(side, side))


def _enlarged(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a small picture enlarged, with a pixel of its rim's tone around: its strokes may touch its sides."""
    rim = np.median(np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]]))
    padded = np.pad(page, ((1, 1), (1, 1), *[(0, 0)] * (page.ndim - 2)), constant_values=round(float(rim)))
    return np.asarray(cv2.resize(padded, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)


def labels_of(labels: Iterable[Any]) -> NDArray[Any]:
    """Return labels as an array."""
    return np.asarray(labels if hasattr(labels, "__array__") else list(labels))
