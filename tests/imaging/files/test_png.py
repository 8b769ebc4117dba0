"""What OpenCV decodes is what Pillow would have given; the rest is left to Pillow."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from duktus.imaging.files.png import decode_plain_png, encode_png
from duktus.types import ImageError, Page


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes, *extra: bytes, depth: int = 8, colour: int = 0) -> bytes:
    """A PNG written by hand."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = b"".join(extra) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body


def quick(data: bytes, limit: int = 1000) -> Page | None:
    """What OpenCV's way makes of a file."""
    return decode_plain_png(data, name="it", max_pixels=limit)


@given(st.integers(1, 20), st.integers(1, 20), st.booleans(), st.integers(0, 2**32 - 1))
def test_opencv_gives_what_pillow_gives(height: int, width: int, colour: bool, seed: int) -> None:
    """Grey and colour come out bit by bit the same, red first."""
    array = np.random.default_rng(seed).integers(0, 256, (height, width, 3) if colour else (height, width), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG", dpi=(300, 300))
    page = quick(buffer.getvalue())
    assert page is not None
    np.testing.assert_array_equal(page, array)
    np.testing.assert_array_equal(page, np.asarray(Image.open(buffer)))


SOUND = png(2, 2, b"\0\x01\x02\0\x03\x04")


@pytest.mark.parametrize("extra", [chunk(b"gAMA", b"\0\1\x86\xa0"), chunk(b"sRGB", b"\0"), chunk(b"tEXt", b"Title\0x")])
def test_notes_that_change_no_pixel_are_passed_over(extra: bytes) -> None:
    """Gamma, colour space and texts leave the quick way open."""
    page = quick(png(2, 2, b"\0\x01\x02\0\x03\x04", extra))
    assert page is not None
    assert page.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "data",
    [
        png(2, 2, b"\0\x01\x02\0\x03\x04", chunk(b"tRNS", b"\0\x01")),
        png(2, 2, b"\0\x01\x02\0\x03\x04", chunk(b"eXIf", b"MM\0*")),
        png(2, 2, b"\0\x01\x02\0\x03\x04", chunk(b"iCCP", b"x\0\0")),
        png(2, 2, b"\0\x01\x02\0\x03\x04", chunk(b"tEXt", b"Raw profile type exif\0")),
        png(2, 2, b"\0\0\1\0\2\0\0\3\0\4", depth=16),
        png(2, 2, b"\0\x40\0\x40", depth=1),
        png(2, 2, b"\0" * 18, colour=6),
        SOUND[:-5],
        SOUND[:-14] + b"??" + SOUND[-12:],
        SOUND[:40],
        b"",
    ],
    ids=["transparent", "exif", "profile", "text", "16bit", "1bit", "alpha", "cut", "checksum", "head", "empty"],
)
def test_files_that_are_not_plain_are_left_to_pillow(data: bytes) -> None:
    """Whatever the two libraries might see differently is not decoded here."""
    assert quick(data) is None


def test_a_file_above_the_limit_is_left_to_pillow_to_refuse() -> None:
    """The limit holds for the quick way too."""
    assert quick(SOUND, limit=4) is not None
    assert quick(SOUND, limit=3) is None


@pytest.mark.parametrize(("width", "height"), [(0, 0), (0, 5), (5, 0)])
def test_a_png_without_pixels_is_refused(width: int, height: int) -> None:
    """A picture of no width or no height says so."""
    with pytest.raises(ImageError, match=f"received {width}×{height}"):
        quick(png(width, height, b""))


def test_pixels_that_are_broken_inside_a_whole_file_are_refused() -> None:
    """A file whose checksums are right and whose pixels are missing is broken."""
    with pytest.raises(ImageError, match="pixel data are broken"):
        quick(png(9, 9, b"\0" * 20))


def test_an_exif_turn_reaches_pillow() -> None:
    """A PNG that says how it is turned is not plain."""
    exif: Any = Image.Exif()
    exif[0x0112] = 6
    buffer, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    Image.new("L", (3, 2)).save(buffer, "PNG", exif=exif, pnginfo=notes)
    assert quick(buffer.getvalue()) is None


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3)])
def test_what_is_encoded_is_decoded(shape: tuple[int, ...]) -> None:
    """Grey and RGB come back to the bit, here and in another library."""
    page = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    np.testing.assert_array_equal(quick(encode_png(page)), page)
    with Image.open(io.BytesIO(encode_png(page))) as image:
        np.testing.assert_array_equal(np.asarray(image), page)
