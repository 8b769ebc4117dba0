"""A file's resolution, where it says one that may be believed."""

import io
import os
import warnings
from typing import TYPE_CHECKING

import cv2
import numpy as np

from duktus.imaging.files.load import MAX_PIXELS, Source, is_pillow
from duktus.types import Page

if TYPE_CHECKING:
    from PIL import Image

LEAST, MOST = 100.0, 2400.0
"""Dots to the inch of scanners. Cameras and screens write 72 or 96, which says nothing of the paper."""


USUAL = 300
"""Dots to the inch at which hands are compared."""


def reduce_scan(page: Page, dots: float | None) -> tuple[Page, float | None, int]:
    """Reduce a scan of 600 dots per inch or more to 300, or as little more as a whole number of its pixels allows.

    So a page says the same however finely it was scanned, in the same time. Whole pixels are averaged, which blurs no
    edge that 300 dots would show.

    Args:
        page: any.
        dots: its dots per inch, where known.

    Returns:
        The page, its dots per inch, and how many pixels became one in either direction: 1 where nothing was done.
    """
    factor = int(dots // USUAL) if dots else 1
    if dots is None or factor < 2:
        return page, dots, 1
    size = (-(-page.shape[1] // factor), -(-page.shape[0] // factor))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8), dots / factor, factor


def find_resolution(source: Source) -> float | None:
    """Return the dots per inch of the pages that ``load_pages`` gives, as the image says it was scanned.

    A JPEG that is so large that it is decoded at a part of its size has that part of its dots.

    Args:
        source: as for ``load_pages``; an array and a stream have no resolution. Nothing is decoded.

    Returns:
        None where it says none, or none of a scanner.
    """
    from PIL import Image

    if is_pillow(source):
        dots = _believed(source.info.get("dpi"))
        return dots and dots / _reduction(source)
    if not isinstance(source, (str, os.PathLike, bytes)):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whatever is wrong with the file is said by those who decode it
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                dots = _believed(image.info.get("dpi"))
                return dots and dots / _reduction(image)
    except Exception:  # a broken file may raise nearly any class; whoever decodes it says what is wrong
        return None


def _reduction(image: "Image.Image") -> int:
    """Return by how much an image that is not decoded yet will be reduced; 1 too where it will be refused."""
    from duktus.imaging.files.decode import jpeg2000_reduction, jpeg_reduction

    if image.format == "JPEG2000":
        return jpeg2000_reduction(image)
    return jpeg_reduction(*image.size, MAX_PIXELS) or 1 if image.format == "JPEG" else 1


def _believed(dots: object) -> float | None:
    """Return a resolution that is the same in both directions and a scanner's."""
    try:
        across, down = (float(each) for each in np.asarray(dots, np.float64).ravel()[:2])
    except (TypeError, ValueError):
        return None
    return across if LEAST <= across <= MOST and abs(across - down) < 1 else None
