"""Samples of any number type to 8 bits: what an array, a 16-bit scan or a floating-point TIFF holds."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import ImageError

_CEILINGS = (2**8 - 1, 2**10 - 1, 2**12 - 1, 2**14 - 1, 2**16 - 1)
"""Largest values of the bit depths that scanners and cameras deliver inside 16-bit samples."""

_BAND = 2**22
"""Samples that are converted at once, so that a large scan is not held in double precision as a whole."""

_FLOAT_SLACK = 1e-3
"""How far a float may lie outside [0, 1] and still be taken for rounding."""


def page_samples(array: NDArray[np.generic], name: str) -> NDArray[np.uint8]:
    """Bring an array that a caller made to 8 bits.

    Args:
        array: (h, w) or (h, w, channels), not empty: uint8 as it is; bool (True is white); uint16 over the smallest
            usual bit depth that holds its largest value, so that 12-bit samples keep their contrast; other integers
            within [0, 255]; floats within [0, 1].
        name: what messages call it.

    Returns:
        The same shape in uint8. A uint8 array is handed on uncopied.

    Raises:
        ImageError: a number type that is no image's, or values out of the range that the type is read by.
    """
    if array.dtype == np.uint8:
        return array.view(np.uint8)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return scale_integers(array, full_range=False)
    if np.issubdtype(array.dtype, np.integer):
        return _within(array, 255, 0.0, name).astype(np.uint8)
    if np.issubdtype(array.dtype, np.floating):
        return _scale(_within(array, 1, _FLOAT_SLACK, name).astype(np.float32), 255.0)
    expected = "an array of uint8, uint16, bool or float samples"
    raise ImageError(f"{name}: expected {expected}, received {array.dtype}; convert it by astype")


def scale_integers(samples: NDArray[np.generic], *, full_range: bool) -> NDArray[np.uint8]:
    """Scale integer samples to 8 bits.

    Args:
        samples: integers, (h, w) or (h, w, channels), not empty.
        full_range: True where the format says that 65535 is white (PNG, PNM, JPEG 2000). False where it does not say
            (TIFF, arrays): white is then the largest value of the smallest usual bit depth (8, 10, 12, 14, 16) that
            holds the samples, and samples that fit none (negative, or above 65535) are spread over their own range.

    Returns:
        The same shape in uint8, rounded.
    """
    low, high = int(samples.min()), int(samples.max())
    if low < 0 or high > _CEILINGS[-1]:
        return _in_bands(samples, lambda band: _spread(band.astype(np.float64), low, high))
    white = _CEILINGS[-1] if full_range else next(ceiling for ceiling in _CEILINGS if high <= ceiling)
    return _in_bands(samples, lambda band: _scale(band.astype(np.uint16), 255.0 / white))


def scale_floats(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale the floating-point samples of a file to 8 bits.

    Args:
        samples: floats, (h, w), not empty. Those within [0, 1], [0, 255] or [0, 65535] are read by that range, others
            are spread over their own. Samples that are not finite count as 0, or as the darkest where 0 lies outside.

    Returns:
        The same shape in uint8, rounded.
    """
    floats = samples.astype(np.float32, copy=False)
    finite = np.isfinite(floats)
    if not finite.any():
        return np.zeros(samples.shape, np.uint8)
    low, high = float(floats.min(where=finite, initial=np.inf)), float(floats.max(where=finite, initial=-np.inf))
    none = np.float32(np.clip(0.0, low, high))

    def convert(band: NDArray[np.generic]) -> NDArray[np.uint8]:
        whole = np.where(np.isfinite(band), band, none).astype(np.float32)
        if low < 0 or high > _CEILINGS[-1]:
            return _spread(whole, low, high)
        return _scale(whole, 255.0 / next(white for white in (1.0, 255.0, 65535.0) if high <= white))

    return _in_bands(floats, convert)


def _in_bands(
    samples: NDArray[np.generic], convert: Callable[[NDArray[np.generic]], NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    page = np.empty(samples.shape, np.uint8)
    rows = max(1, _BAND * len(samples) // samples.size)
    for top in range(0, len(samples), rows):
        page[top : top + rows] = convert(samples[top : top + rows])
    return page


def _scale(samples: NDArray[np.integer[Any] | np.floating[Any]], factor: float) -> NDArray[np.uint8]:
    """Multiply, round and clip in one pass, without the temporary arrays that numpy would make of a large scan."""
    return cv2.convertScaleAbs(samples, alpha=factor).reshape(samples.shape).view(np.uint8)


def _spread(samples: NDArray[np.floating[Any]], low: float, high: float) -> NDArray[np.uint8]:
    if low == high:
        return np.zeros(samples.shape, np.uint8)
    return _scale(samples - samples.dtype.type(low), 255.0 / (high - low))


def _within(array: NDArray[np.generic], white: int, slack: float, name: str) -> NDArray[np.generic]:
    """The array itself, where all its values lie in [0, white]; NaN lies nowhere."""
    low, high = array.min(), array.max()
    if not (low >= -slack and high <= white + slack):
        expected = f"{array.dtype} samples in [0, {white}]"
        raise ImageError(f"{name}: expected {expected}, received {low} to {high}; scale them first")
    return array
