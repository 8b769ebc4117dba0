"""A file's resolution, where it says one that may be believed."""

import io
import os
import warnings

import numpy as np

from duktus.imaging.load import Source, is_pillow

LEAST, MOST = 100.0, 2400.0
"""Dots to the inch of scanners. Cameras and screens write 72 or 96, which says nothing of the paper."""


def find_resolution(source: Source) -> float | None:
    """Return the dots to the inch that an image says it was scanned at; None where it says none, or none of a scanner.

    Args:
        source: as for ``load_pages``; an array and a stream have no resolution. Nothing is decoded.
    """
    from PIL import Image

    if is_pillow(source):
        return _believed(source.info.get("dpi"))
    if not isinstance(source, (str, os.PathLike, bytes)):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whatever is wrong with the file is said by those who decode it
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                return _believed(image.info.get("dpi"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _believed(dots: object) -> float | None:
    """Return a resolution that is the same in both directions and a scanner's."""
    try:
        across, down = (float(each) for each in np.asarray(dots, np.float64).ravel()[:2])
    except (TypeError, ValueError):
        return None
    return across if LEAST <= across <= MOST and abs(across - down) < 1 else None
