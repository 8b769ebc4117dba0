"""Anything that holds handwriting to pictures: images of every format, and drawings of a pen's strokes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np

from duktus.imaging.files import budget
from duktus.imaging.files.load import Source, load_pages, name_of_stream
from duktus.imaging.ink.grey import scale_down
from duktus.pen.strokes import MAX_BYTES, Drawing, is_stroke_file, read_strokes
from duktus.pen.tools import PENS, draw_ink, fit_pen, longest_extent
from duktus.types import Box, Page, StrokeError

Readable: TypeAlias = Source | Drawing
"""What a reader reads: an image in any guise, a stroke file (InkML or JSON), its bytes, or a drawing."""

MOST_PIXELS = 4_000_000
"""A larger page is reduced to this before it is read: A4 at 250 dots per inch, a digit of 3 mm at 30 pixels."""

STROKE_PIXELS = 64
"""A drawing's longest stroke is drawn this long: a digit's height, or somewhat less."""

DRAWING_SIDE = 4096
"""No drawing is drawn larger than this."""

HEAD = 4
"""Bytes of a file by which strokes are distinguished from images: a mark of UTF-8 and the first sign."""

WHITE = np.float32(255)


@dataclass(frozen=True)
class Picture:
    """A page as it is looked at, and how its places lie on what the user gave.

    Attributes:
        page: (h, w) or (h, w, 3), perhaps reduced.
        bounds: the whole page in the user's units: pixels, or for a drawing the units of its points.
        scale: the user's units for each pixel of ``page``.
        origin: where the upper left corner of ``page`` lies, in the user's units.
        drawn: the page was drawn from strokes: it is black on white, and all its ink was written.
    """

    page: Page
    bounds: Box
    scale: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    drawn: bool = False

    def outward(self, box: Box) -> Box:
        """Return a box of ``page`` in the user's units, no smaller than what it holds."""
        if self.scale == 1.0 and self.origin == (0.0, 0.0):
            return box
        left, top = self.origin[0] + box.x * self.scale, self.origin[1] + box.y * self.scale
        right, bottom = left + box.w * self.scale, top + box.h * self.scale
        x, y = int(np.floor(left + 1e-6)), int(np.floor(top + 1e-6))
        return Box(x, y, int(np.ceil(right - 1e-6)) - x, int(np.ceil(bottom - 1e-6)) - y)


def load_pictures(source: Readable) -> Iterator[Picture]:
    """Load the pages of an image lazily; a drawing is one page.

    Raises:
        ImageError: the source cannot be read as an image; pages before a broken one are yielded.
        StrokeError: the source is a stroke file without a drawing.
        MissingExtraError: a PDF without the extra ``pdf``.
    """
    budget.begin_page("", 1)  # strokes too have a page's time
    drawing = find_drawing(source)
    if drawing is not None:
        yield draw_picture(drawing)
        return
    for page in load_pages(source):  # type: ignore[arg-type]  # drawings are gone: ``find_drawing`` took them
        yield take_page(page)


def take_page(page: Page) -> Picture:
    """Return a page as a picture, reduced by area where it has more than ``MOST_PIXELS``."""
    rows, columns = page.shape[:2]
    scale = max(1.0, (rows * columns / MOST_PIXELS) ** 0.5)
    return Picture(scale_down(page, 1.0, scale), Box(0, 0, columns, rows), scale)


def draw_picture(drawing: Drawing) -> Picture:
    """Return a drawing as black on white, its strokes as wide as suits writing of their size."""
    pen = fit_pen(drawing, PENS["ballpoint"])
    left, top, right, bottom = drawing.bounds()
    bounds = Box(int(left), int(top), int(np.ceil(right) - int(left)), int(np.ceil(bottom) - int(top)))
    longest = longest_extent(drawing)
    extent = max(right - left, bottom - top)
    finest = DRAWING_SIDE / (extent + 4 * pen.width) if extent else STROKE_PIXELS / (4 * pen.width)
    scale = min(STROKE_PIXELS / longest if longest else finest, finest)
    ink = draw_ink(drawing, pen=pen, scale=scale)
    page = cv2.convertScaleAbs(np.float32(1) - ink, alpha=255.0).view(np.uint8)
    # The drawing lies in the middle of its ink, whatever margin the pen was given.
    middle = ((left + right) / 2, (top + bottom) / 2)
    origin = (middle[0] - ink.shape[1] / scale / 2, middle[1] - ink.shape[0] / scale / 2)
    return Picture(page, bounds, 1 / scale, origin, drawn=True)


def find_drawing(source: Readable) -> Drawing | None:
    """Return the drawing that a source is or holds, None where it is an image.

    Raises:
        StrokeError: it is a stroke file without a drawing, or cannot be opened.
    """
    if isinstance(source, Drawing):
        return source
    if isinstance(source, (str, os.PathLike)):
        return _read_drawing(os.fspath(source)) if is_stroke_file(source) else None
    if isinstance(source, (bytes, bytearray)):
        return read_strokes(bytes(source)) if _holds_strokes(source) else None
    if hasattr(source, "read") and hasattr(source, "seekable") and source.seekable():
        return _stream_drawing(source)
    return None


def _holds_strokes(head: bytes | bytearray) -> bool:
    """Tell by a file's first bytes whether it holds strokes."""
    return head[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"[", b"{")


def _stream_drawing(source: Any) -> Drawing | None:
    """Return the drawing that an opened file holds from where it stands; else leave it there."""
    start = source.tell()
    head = source.read(HEAD)
    if not isinstance(head, bytes) or not _holds_strokes(head):
        source.seek(start)
        return None
    try:
        return read_strokes(head + source.read(MAX_BYTES + 1))
    except StrokeError as error:
        raise StrokeError(f"{name_of_stream(source)}: {error}") from error


def _read_drawing(path: str) -> Drawing:
    """Read a stroke file, its name in every message."""
    name = path.encode("utf-8", "backslashreplace").decode()
    try:
        return read_strokes(path)
    except OSError as error:
        raise StrokeError(f"{name}: the file cannot be opened ({error.strerror}); check the path") from error
    except StrokeError as error:
        raise StrokeError(f"{name}: {error}") from error
