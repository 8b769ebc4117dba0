"""The pages of a PDF as pictures, by PDFium (extra ``pdf``)."""

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np

from duktus.imaging.files import budget
from duktus.imaging.files.png import MAX_SIDE
from duktus.types import ImageError, MissingExtraError, Page

DPI = 200
"""Dots to the inch: a letter of 4 mm is then 31 pixels high, as in a usual scan."""

DPI_VARIABLE = "DUKTUS_DPI"
"""Holds other dots per inch, for this process and those that it starts; ``rendered_at`` sets it."""

_PDFIUM = threading.Lock()
"""PDFium keeps state of its own and must not be entered by two threads at once."""


@contextmanager
def rendered_at(dpi: int | None) -> Iterator[None]:
    """Within, this process and those that it starts render PDF at so many dots per inch; None changes nothing."""
    before = os.environ.get(DPI_VARIABLE)
    if dpi is not None:
        os.environ[DPI_VARIABLE] = str(dpi)
    try:
        yield
    finally:
        if dpi is not None:
            os.environ.pop(DPI_VARIABLE)
            os.environ |= {} if before is None else {DPI_VARIABLE: before}


def pdf_pages(file: BinaryIO, *, name: str, max_pixels: int) -> Iterator[Page]:
    """Render the pages of a PDF in turn, when they are requested.

    Args:
        file: the PDF, seekable.
        name: what messages call it.
        max_pixels: a page that would be larger at these dots is rendered at as many dots as fit.

    Yields:
        Pages (h, w, 3) in RGB on white.

    Raises:
        MissingExtraError: pypdfium2 is not installed.
        ImageError: the file cannot be read, needs a password, or has no page.
    """
    try:
        import pypdfium2
    except ImportError as error:
        message = f"{name}: reading a PDF needs pypdfium2; install it by: pip install 'duktus[pdf]'"
        raise MissingExtraError(message) from error
    document = None
    try:
        with _PDFIUM:
            document = pypdfium2.PdfDocument(file)
            count = len(document)
        if not count:
            raise ImageError(f"{name}: expected a PDF with a page at least, received one without; export it again")
        budget.begin_page(name, count)
        for index in range(count):
            budget.begin_page(name, index + 1)
            yield _render(document, index, max_pixels)
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise ImageError(f"{name}: the PDF cannot be read ({error}); {_advice(error)}") from error
    finally:
        if document is not None:
            with _PDFIUM:
                document.close()


def _render(document: Any, index: int, max_pixels: int) -> Page:
    with _PDFIUM:
        page = document[index]
        width, height = page.get_size()
        # A page as thin as a hair is still a pixel wide: its length is bounded by itself.
        longest = min(MAX_SIDE, max_pixels) / max(width, height, 1.0)
        scale = min(_dots() / 72, math.sqrt(max_pixels / max(width * height, 1.0)), longest)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        pixels: Page = np.array(bitmap.to_numpy()[:, :, :3])
        bitmap.close()
        page.close()
    return pixels


def _dots() -> float:
    """Return the dots per inch of pages; what is no number of a scanner's counts as none."""
    try:
        dots = float(os.environ.get(DPI_VARIABLE, DPI))
    except ValueError:
        return DPI
    return min(max(dots, 30.0), 1200.0)


def _advice(error: Exception) -> str:
    if "password" in str(error).lower():
        return "save a copy without a password"
    return "check that it was copied completely, or print it to a new PDF"
