"""Every image a person may have to pages: a path, bytes, standard input, a file object, a Pillow image, an array."""

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeGuard, Union, cast

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.files import budget
from duktus.imaging.files.formats import HEAD_BYTES, IMAGE_SUFFIXES, image_format, is_supported
from duktus.imaging.files.png import MAX_SIDE, decode_plain_png
from duktus.imaging.files.samples import page_samples
from duktus.types import DuktusError, ImageError, Page

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["IMAGE_SUFFIXES", "MAX_PIXELS", "Source", "is_pillow", "is_supported", "load_pages"]

MAX_PIXELS = 64_000_000
"""Largest page that is decoded: A4 at 800 dots per inch, 256 MB as float32 ink."""

MAX_STREAM_BYTES = 2**28
"""Most bytes that are taken from a source that is read at once (standard input, a pipe, a file object): 256 MiB."""

SMALL_FILE_BYTES = 2**24
"""A file up to this size is read at once, a larger one in parts as its decoder asks: 16 MiB."""

_AT_ONCE = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened: without waiting for a writer, which a named pipe would do for ever. The system's own calls read
a small file quicker than a file object does."""

Source: TypeAlias = Union[str, os.PathLike[str], bytes, BinaryIO, "Image.Image", NDArray[Any]]
"""What an image can come from."""

DocumentSource: TypeAlias = Source | tuple[Source, ...]
"""An image file of a document, or several that are one document."""


def load_pages(source: Source, *, name: str = "", max_pixels: int = MAX_PIXELS) -> Iterator[Page]:
    """Load the pages of an image in turn, each when it is requested.

    Args:
        source: a path ("-" is standard input), the bytes of a file, a binary file object, a Pillow image (the frame
            where it stands), or an array: uint8, uint16, bool, or float in [0, 1]; (h, w), (h, w, 1), (h, w, 3) RGB
            or (h, w, 4) RGBA.
        name: what messages call the image; where it is empty, the path.
        max_pixels: largest page, in pixels. A larger JPEG is decoded at 1/2, 1/4 or 1/8 of its size and a larger PDF
            page at fewer dots per inch; any other is refused.

    Yields:
        Pages, (h, w) grey or (h, w, 3) RGB, 8 bit, upright by EXIF, over white where transparent, white strokes over
        black. One for an image, several for a TIFF or PDF with several pages; GIF, WebP and PNG animations give their
        first picture. A page may share its memory with the source and may be read-only.

    Raises:
        ImageError: the source cannot be read, is no image of a known format, is broken, or is too large. In a file of
            several pages those before the broken one are yielded first.
        MissingExtraError: a PDF without the extra ``pdf``.

    Example:
        >>> [page.shape for page in load_pages(np.zeros((2, 3), bool))]
        [(2, 3)]
    """
    name = _printable(name or (os.fspath(source) if isinstance(source, (str, os.PathLike)) else ""))
    with decoding(name or "image"):
        yield from _pages(source, name, max_pixels)


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises on broken data, which may be nearly any class, into an ImageError."""
    try:
        yield
    except DuktusError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"{name}: the image cannot be decoded ({reason}); check that it was copied completely"
        raise ImageError(message) from error


def _pages(source: Source, name: str, max_pixels: int) -> Iterator[Page]:
    budget.begin_page(name, 1)
    if isinstance(source, (str, os.PathLike)):
        yield from _pages_of_path(os.fspath(source), name, max_pixels)
    elif isinstance(source, (bytes, bytearray, memoryview)):
        yield from _pages_of_bytes(bytes(source), name or "bytes", max_pixels)
    elif isinstance(source, np.ndarray):
        yield _page_of_array(source, name or "array", max_pixels)
    elif is_pillow(source):
        yield _page_of_pillow(source, name or "Pillow image", max_pixels)
    elif hasattr(source, "read"):
        name = name or name_of_stream(source)
        yield from _pages_of_bytes(_read_stream(source, name), name, max_pixels)
    else:
        expected = "a path, bytes, a binary file object, a Pillow image or an array"
        raise ImageError(f"expected {expected}, received {type(source).__name__}")


def _pages_of_path(path: str, name: str, max_pixels: int) -> Iterator[Page]:
    if path == "-":
        name = "standard input" if name == path else name
        yield from _pages_of_bytes(_read_standard_input(name), name, max_pixels)
        return
    contents = _open_contents(path, name)
    if isinstance(contents, bytes):
        yield from _pages_of_bytes(contents, name, max_pixels)
        return
    with contents:
        yield from _pages_of_file(contents, name, max_pixels)


def _pages_of_bytes(data: bytes, name: str, max_pixels: int) -> Iterator[Page]:
    if data.startswith(b"\x89PNG"):
        page = decode_plain_png(data, name=name, max_pixels=max_pixels)
        if page is not None:
            yield page
            return
    yield from _pages_of_file(io.BytesIO(data), name, max_pixels)


def _pages_of_file(file: BinaryIO, name: str, max_pixels: int) -> Iterator[Page]:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = image_format(head, name)
    if kind == "PDF":
        from duktus.imaging.files.pdf import pdf_pages

        yield from pdf_pages(file, name=name, max_pixels=max_pixels)
    else:
        from duktus.imaging.files.decode import decode_pages  # with Pillow: 11 ms that most PNG files never need

        yield from decode_pages(file, kind, name=name, max_pixels=max_pixels)


def _page_of_pillow(image: "Image.Image", name: str, max_pixels: int) -> Page:
    from duktus.imaging.files.decode import page_of_image

    return page_of_image(image, name=name, max_pixels=max_pixels)


def _page_of_array(array: NDArray[Any], name: str, max_pixels: int) -> Page:
    if isinstance(array, np.ma.MaskedArray):
        raise ImageError(f"{name}: expected an array without a mask, received a masked one; fill it by array.filled(…)")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 and not (array.ndim == 3 and array.shape[2] in (3, 4)):
        many = "; 'read_many' takes several images" if array.ndim in (3, 4) else ""
        expected = "the array of one image, (h, w), (h, w, 3) or (h, w, 4)"
        raise ImageError(f"{name}: expected {expected}, received {array.shape}{many}")
    height, width = array.shape[:2]
    if not height or not width:
        raise ImageError(f"{name}: expected an array of 1×1 pixels at least, received {width}×{height}")
    if height * width > max_pixels or max(height, width) > MAX_SIDE:
        expected = f"at most {max_pixels:,} pixels (max_pixels) and {MAX_SIDE:,} a side"
        raise ImageError(f"{name}: expected {expected}, received {width}×{height}; cut it into parts")
    page = page_samples(array, name)
    if page.ndim == 3 and page.shape[2] == 4:
        from PIL import Image

        return _page_of_pillow(Image.fromarray(np.ascontiguousarray(page)), name, max_pixels)
    return page


def name_of_stream(source: object) -> str:
    """Return what messages call a file object: the name that it was opened or sent under, where it has one.

    >>> name_of_stream(io.BytesIO())
    'file object'
    """
    name = getattr(source, "name", None)
    return _printable(name) if isinstance(name, str) and name else "file object"


def is_pillow(source: object) -> "TypeGuard[Image.Image]":
    """Tell a Pillow image without importing Pillow: whoever holds one has it imported."""
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(source, module.Image)


def _printable(name: str) -> str:
    """A file's name as UTF-8 can print it: bytes that are none stand escaped."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()


def _open_contents(path: str, name: str) -> bytes | BinaryIO:
    """A file's bytes; where it is large, the open file instead."""
    try:
        descriptor = os.open(path, _AT_ONCE)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return _read_special(descriptor, status.st_mode, name)
            if status.st_size <= SMALL_FILE_BYTES:
                return _read_file(descriptor, status.st_size)
        finally:
            os.close(descriptor)
        return open(path, "rb")
    except IsADirectoryError as error:
        raise ImageError(f"{name}: expected an image file, received a folder; give the files in it") from error
    except OSError as error:
        raise ImageError(f"{name}: the file cannot be opened ({error.strerror}); {_advice(error)}") from error
    except ValueError as error:
        raise ImageError(f"{name!r}: expected the path of an image file ({error})") from error


def reopenable(source: Source) -> Source:
    """Return a source that may be opened more than once: of a named pipe, whose content comes once, that content.

    Raises:
        ImageError: the pipe cannot be read.
    """
    path = os.fspath(source) if isinstance(source, (str, os.PathLike)) else ""
    try:
        is_pipe = bool(path) and stat.S_ISFIFO(os.stat(path).st_mode)
    except (OSError, ValueError):  # opening it says what is wrong
        return source
    return cast(bytes, _open_contents(path, _printable(path))) if is_pipe else source


def _read_file(descriptor: int, size: int) -> bytes:
    """All of a regular file, in one call where it has the size that it had."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while data := os.read(descriptor, 2**20):
        parts.append(data)
    return b"".join(parts)


def _read_special(descriptor: int, mode: int, name: str) -> bytes:
    """All that a named pipe holds; no other thing that is no regular file is read."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISFIFO(mode):
        raise ImageError(f"{name}: expected an image file, received a device; give a file or '-'")
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        return _read_stream(file, name)


def _advice(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "check the path"
    return "check your right to read it" if isinstance(error, PermissionError) else "check the disk and the path"


def _read_standard_input(name: str) -> bytes:
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise ImageError(f"{name}: expected an image, received none; send one in by '<' or '|'")
    return _read_stream(sys.stdin.buffer, name)


def _read_stream(file: Any, name: str) -> bytes:
    """All that a stream still holds, up to the limit."""
    chunks, size = [], 0
    try:
        while chunk := file.read(MAX_STREAM_BYTES + 1 - size):
            if not isinstance(chunk, bytes):
                raise ImageError(f"{name}: expected a binary stream, received text; open it with mode 'rb'")
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_STREAM_BYTES:
                limit = f"at most {MAX_STREAM_BYTES >> 20} MiB"
                raise ImageError(f"{name}: expected {limit} from a stream, received more; give the path of a file")
    except (OSError, ValueError) as error:
        raise ImageError(f"{name}: the stream cannot be read ({error}); open it again") from error
    return b"".join(chunks)
