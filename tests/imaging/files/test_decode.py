"""Every format, mode and EXIF turn comes out as the same upright page."""

import io
import os
import struct
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from duktus.imaging.files import decode
from duktus.imaging.files.load import load_pages
from duktus.types import ImageError, Page

GREY = (np.add.outer(np.arange(16) * 4, np.arange(24) * 6)).astype(np.uint8)
COLOUR = np.dstack([GREY, GREY[::-1], 255 - GREY])


def encode(array: Any, kind: str, *, mode: str = "", **settings: Any) -> bytes:
    """An image file of an array."""
    buffer = io.BytesIO()
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(buffer, kind, **settings)
    return buffer.getvalue()


def only(source: Any, **settings: Any) -> Page:
    """The one page of a source."""
    (page,) = load_pages(source, **settings)
    return page


def apart(page: Page, array: Any) -> int:
    """The largest difference between a page and what it should be."""
    return int(np.abs(page.astype(int) - array).max())


TOLERANCE = {"JPEG": 4, "AVIF": 10, "GIF": 60}
"""How far formats that lose something may be from what was written; GIF has 256 colours."""


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF", "WEBP", "JPEG", "JPEG2000", "AVIF"])
@pytest.mark.parametrize("array", [GREY, COLOUR], ids=["grey", "colour"])
def test_every_format_is_read(kind: str, array: Page) -> None:
    """Each format gives back what was written, as exactly as it keeps it."""
    settings: dict[str, dict[str, Any]] = {
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 100, "subsampling": 0},
        "AVIF": {"quality": 100},
    }
    page = only(encode(array, kind, **settings.get(kind, {})))
    wanted = array if page.ndim == array.ndim else np.dstack([array] * 3)
    assert page.shape == wanted.shape
    assert apart(page, wanted) <= TOLERANCE.get(kind, 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "HSV", "I", "F", "PA"])
def test_every_mode_of_pillow_is_read(mode: str) -> None:
    """An image in any mode of Pillow looks the same."""
    array = np.where(GREY > 100, 255, 0).astype(np.uint8)
    page = only(Image.fromarray(array).convert(mode))
    assert page.dtype == np.uint8
    assert apart(page, array if page.ndim == 2 else array[..., None]) <= 1


def test_lab_gives_its_lightness() -> None:
    """A TIFF in CIELAB, which Pillow cannot convert, is read by its lightness."""
    buffer = io.BytesIO()
    Image.new("LAB", (3, 2), (90, 130, 120)).save(buffer, "TIFF")
    assert (only(buffer.getvalue()) == 90).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_pixels_are_white(kind: str, mode: str) -> None:
    """An image over nothing lies on white paper, half of it where it is half opaque."""
    array = np.zeros((1, 3, 4), np.uint8)
    array[0, :, 3] = (0, 128, 255)
    page = only(encode(array, kind, mode=mode))
    assert page.reshape(3, -1)[:, 0].tolist() == [255, 127, 0]


@pytest.mark.parametrize(("array", "mode"), [(GREY, "P"), (GREY, "L"), (COLOUR, "RGB")])
def test_a_transparent_colour_of_a_png_is_white(array: Page, mode: str) -> None:
    """A PNG may name one colour that counts as transparent."""
    colour: Any = tuple(COLOUR[0, 0].tolist()) if mode == "RGB" else 0
    assert (only(encode(array, "PNG", mode=mode, transparency=colour))[0, 0] == 255).all()


STROKES = np.zeros((40, 60, 4), np.uint8)
"""Strokes on transparency: their colour is what a test gives them."""
STROKES[10:30, 20:24, 3] = STROKES[10:14, 20:40, 3] = 255


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(
    ("colour", "ground"),
    [((255, 255, 255), 0), ((230, 240, 250), 0), ((255, 255, 0), 255), ((20, 20, 20), 255), ((150, 150, 150), 255)],
)
def test_strokes_on_transparency_lie_on_a_ground_that_shows_them(
    kind: str, colour: tuple[int, int, int], ground: int
) -> None:
    """White and all but white strokes lie on black, all others on white; hidden pixels count for nothing."""
    picture = STROKES.copy()
    picture[STROKES[..., 3] > 0, :3] = colour
    settings: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    page = only(encode(picture, kind, **settings))
    assert (page[0, 0] == ground).all()
    assert apart(page[12, 30], colour) == 0


def test_the_ground_is_the_same_all_over_a_large_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that is converted in bands has one ground, also where a band has no strokes."""
    monkeypatch.setattr(decode, "_BAND_PIXELS", 60 * 7)
    picture = STROKES.copy()
    picture[..., :3] = 255
    page = only(encode(picture, "PNG"))
    assert [(page[row, 50] == 0).all() for row in range(40)] == [True] * 40


@pytest.mark.parametrize("dark", [False, True])
def test_paper_with_transparent_corners_lies_on_white(dark: bool) -> None:
    """A light sheet that covers most of its picture is paper, with or without ink on it."""
    sheet = np.full((40, 60, 4), 250, np.uint8)
    sheet[:5, :5, 3] = sheet[-5:, -5:, 3] = 0
    if dark:
        sheet[10:30, 20:24, :3] = 0
    assert (only(encode(sheet, "PNG"))[0, 0] == 255).all()


def test_white_bits_on_a_transparent_colour_lie_on_black() -> None:
    """Where black is the transparent colour of a picture in black and white, its white is the ink."""
    bits = STROKES[..., 3]
    page = only(encode(bits, "PNG", mode="1", transparency=0))
    assert (page[0, 0], page[12, 30]) == (0, 255)


def test_16_bits_of_a_png_run_over_the_full_range() -> None:
    """In a PNG 65535 is white, however dark the picture is."""
    assert apart(only(encode(GREY.astype(np.uint16) * 257, "PNG")), GREY) == 0
    assert only(encode(np.full((2, 2), 2570, np.uint16), "PNG")).tolist() == [[10, 10], [10, 10]]


@pytest.mark.parametrize("array", [GREY.astype(np.uint16) * 16, GREY.astype(np.int32) * 16, GREY / np.float32(255)])
def test_deep_tiffs_are_scaled_to_the_depth_that_they_use(array: Any) -> None:
    """A TIFF of 12-bit samples in 16 bits, of 32-bit integers or of floats keeps its contrast."""
    assert apart(only(encode(array, "TIFF")), GREY) <= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 10))
def test_the_exif_turn_is_undone(kind: str, orientation: int) -> None:
    """A picture held any way comes out upright, and a turn that does not exist is none."""
    turned = [GREY, GREY[:, ::-1], GREY[::-1, ::-1], GREY[::-1], GREY.T, np.rot90(GREY), GREY[::-1, ::-1].T]
    stored = [*turned, np.rot90(GREY, -1), GREY][orientation - 1]
    exif = Image.Exif()
    exif[0x0112] = orientation
    settings: dict[str, Any] = {"quality": 100} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}
    page = only(encode(np.ascontiguousarray(stored), kind, exif=exif, **settings))
    assert apart(page if page.ndim == 2 else page[..., 0], GREY) <= 2
    assert page.flags.c_contiguous


def test_broken_exif_data_do_not_matter() -> None:
    """Sound pixels are read whatever their EXIF data are."""
    assert only(encode(GREY, "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0")).shape == GREY.shape


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_picture(kind: str) -> None:
    """Moving pictures are one page."""
    settings: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    page = only(encode(GREY, kind, save_all=True, append_images=[Image.fromarray(255 - GREY)], **settings))
    assert apart(page, GREY if page.ndim == 2 else GREY[..., None]) == 0


def test_the_pages_of_a_tiff_come_in_turn_and_lazily() -> None:
    """A TIFF gives all its pages, each of its own kind, the next only when asked."""
    more = [Image.fromarray(COLOUR), Image.fromarray(GREY).convert("1")]
    pages = load_pages(encode(GREY, "TIFF", save_all=True, append_images=more))
    assert [page.shape for page in pages] == [(16, 24), (16, 24, 3), (16, 24)]


def test_bands_change_no_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large picture, converted in bands, is the same as in one piece."""
    data = encode(np.dstack([COLOUR, GREY]), "PNG")
    whole = only(data)
    monkeypatch.setattr(decode, "_BAND_PIXELS", 24 * 3)
    np.testing.assert_array_equal(only(data), whole)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF", "WEBP", "JPEG", "JPEG2000", "AVIF"])
@pytest.mark.filterwarnings("ignore:Truncated File Read:UserWarning")
def test_half_a_file_is_refused(kind: str) -> None:
    """A file of any format that is cut off in the middle is an error."""
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    data = encode(noise, kind)
    with pytest.raises(ImageError, match="cannot be decoded"):
        list(load_pages(data[: len(data) // 2]))


def flat_jpeg(side: int) -> bytes:
    """A grey JPEG of any size, written block by block: each of 8×8 takes six bits, '00' and '1010'."""
    head = bytearray(encode(np.full((8, 8), 128, np.uint8), "JPEG"))
    frame, scan = head.index(b"\xff\xc0"), head.index(b"\xff\xda")
    head[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    return bytes(head[: scan + 10]) + b"\x28\xa2\x8a" * ((side // 8) ** 2 // 4) + b"\xff\xd9"


def test_a_jpeg_above_the_limit_is_decoded_smaller() -> None:
    """The first of 1/2, 1/4 and 1/8 that fits the limit is taken."""
    data = flat_jpeg(160)
    assert [only(data, max_pixels=limit).shape[0] for limit in (25600, 25599, 6399, 1599)] == [160, 80, 40, 20]
    with pytest.raises(ImageError, match="at most 399 pixels"):
        list(load_pages(data, max_pixels=399))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak of memory is read from /proc")
def test_20000_by_20000_pixels_fit_in_little_memory() -> None:
    """A JPEG of 400 million pixels is read in less memory than its pixels would take."""
    code = (
        "import re, sys; from duktus.imaging.files.load import load_pages; (page,) = load_pages('-');"
        "print(page.shape[0], re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", code]
    result = subprocess.run(command, input=flat_jpeg(20000), capture_output=True, check=True, env=environment)
    side, kilobytes = map(int, result.stdout.split())
    assert side == 5000
    assert kilobytes < 300_000


def bomb(kind: str) -> bytes:
    """A small file that claims 60,000×60,000 pixels."""
    if kind == "PPM":
        return b"P5 60000 60000 255\n"
    data = bytearray(encode(GREY, "JPEG" if kind == "progressive" else kind, progressive=True))
    layouts = {"PNG": (16, ">II"), "GIF": (6, "<HH"), "BMP": (18, "<ii"), "progressive": (0, ">HH")}
    at, layout = layouts[kind]
    struct.pack_into(layout, data, at or data.index(b"\xff\xc2") + 5, 60000, 60000)
    return bytes(data)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "PPM", "progressive"])
def test_a_decompression_bomb_is_refused_by_its_header(kind: str) -> None:
    """A file that would unpack to more than the limit is not unpacked."""
    with pytest.raises(ImageError, match=r"at most 64,000,000 pixels.* 60000×60000 = 3,600,000,000"):
        list(load_pages(bomb(kind)))
