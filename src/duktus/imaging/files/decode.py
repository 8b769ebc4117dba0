"""Image files of every usual format to pages, by Pillow: depth, palette, transparency, colour and EXIF turn."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import BinaryIO, cast

import numpy as np
from PIL import Image, ImageFile

from duktus.imaging.files import budget
from duktus.imaging.files.plain import is_plain, load_plain
from duktus.imaging.files.png import MAX_SIDE
from duktus.imaging.files.samples import scale_floats, scale_integers
from duktus.imaging.files.tiff import tiff_directories
from duktus.types import ImageError, Page

_PLUGINS = {
    "PNG": ("PngImagePlugin", "PngImageFile"),
    "JPEG": ("JpegImagePlugin", "JpegImageFile"),
    "WebP": ("WebPImagePlugin", "WebPImageFile"),
    "BMP": ("BmpImagePlugin", "BmpImageFile"),
    "TIFF": ("TiffImagePlugin", "TiffImageFile"),
    "GIF": ("GifImagePlugin", "GifImageFile"),
    "PNM": ("PpmImagePlugin", "PpmImageFile"),
    "JPEG 2000": ("Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "AVIF": ("AvifImagePlugin", "AvifImageFile"),
}
"""Module and class of Pillow for each format that is read.

The classes are called directly: ``Image.open`` would import every plugin for a file that is none, would try formats
that run other programs (EPS), and would judge the size by its own limit before ours and before a JPEG is reduced.
"""

_FULL_RANGE = frozenset({"PNG", "PPM", "JPEG2000"})
"""Formats (by Pillow's names) whose 16-bit samples run over the full range by definition."""

_MOST_BYTES = 800_000_000
"""Memory that decoding one page may take; with all else that reading needs the process then stays below 1 GB."""

_BYTES_A_PIXEL = {"WEBP": 16, "AVIF": 16}
"""What a decoder holds of its own beside Pillow's image, by Pillow's names: of WebP two canvases and a copy, of AVIF
planes of up to 16 bits, an RGBA picture and a copy. All others hold a strip or rows."""

_MOST_SCANS = 100
"""A progressive JPEG has some 10; each goes over all coefficients again."""

_BAND_PIXELS = 2**22
"""A larger picture is converted in bands of about this many pixels: its memory holds it once, not five times."""

LIGHT = 192
"""Strokes on transparency whose channels all have at least this level would vanish on white: they are put on black."""

MOST_STROKES = 0.5
"""Strokes cover no more than this share of a picture; what covers more is paper, which is put on white."""

_SAMPLED = 512
"""Longest side, in pixels, of the sample of a picture by which its ground is chosen."""

_TURNS = {
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}
"""EXIF orientation (EXIF 2.3, tag 0x0112) to: transposed, then upside down, then mirrored."""


def decode_pages(file: BinaryIO, kind: str, *, name: str, max_pixels: int) -> Iterator[Page]:
    """Decode an image file: every page of a TIFF, the first picture of any other format.

    Args:
        file: the image, seekable; it stays open.
        kind: its format, a key of the table of plugins.
        name: what messages call it.
        max_pixels: the largest page that is decoded. A larger JPEG is decoded at 1/2, 1/4 or 1/8 of its size. Decoders
            that need more memory than others (WebP, AVIF) are given 50 million pixels at most, and a JPEG 2000 of
            which they would need too much is decoded at half its size.

    Yields:
        Pages, (h, w) grey or (h, w, 3) RGB, upright.

    Raises:
        ImageError: the file is broken, or larger than ``max_pixels``. Pages before a broken one are yielded.
    """
    with _as_image_error(name, kind):
        module, plugin = _PLUGINS[kind]
        image = cast(ImageFile.ImageFile, getattr(import_module(f"PIL.{module}"), plugin)(file))
    if kind == "TIFF":
        budget.begin_page(name, _count_directories(file, name))
    for index, _ in enumerate(tiff_directories(file, name) if kind == "TIFF" else (0,)):
        with _as_image_error(name, kind if not index else f"{kind}, page {index + 1}"):
            if index:
                budget.begin_page(name, index + 1)
                image.seek(index)
            page = _page(image, name, max_pixels)
        yield page


def _count_directories(file: BinaryIO, name: str) -> int:
    """How many pages of a TIFF can be found: one that has too many is refused before any is decoded."""
    count = 0
    with suppress(ImageError):  # of one that is cut off the pages before are decoded
        for count, _ in enumerate(tiff_directories(file, name), 1):  # noqa: B007  # the last one is the number of all
            pass
    return count


def page_of_image(image: Image.Image, *, name: str, max_pixels: int) -> Page:
    """Convert an image that Pillow has opened, at the frame where it stands, to a page.

    Args:
        image: any mode; an EXIF orientation that it carries is applied.
        name: what messages call it.
        max_pixels: the largest page that is decoded. A larger JPEG file not loaded yet is decoded at reduced size.

    Raises:
        ImageError: the image has no pixels, or more than ``max_pixels``.
    """
    with _as_image_error(name, image.format or "Pillow"):
        return _page(image, name, max_pixels)


def _page(image: Image.Image, name: str, max_pixels: int) -> Page:
    width, height = image.size
    if width < 1 or height < 1:
        raise ImageError(f"{name}: expected an image of 1×1 pixels at least, received {width}×{height}; write it again")
    if max(width, height) > MAX_SIDE:
        expected = f"sides of {MAX_SIDE:,} pixels at most"
        raise ImageError(f"{name}: expected {expected}, received {width}×{height}; cut the image into parts")
    most = min(max_pixels, _MOST_BYTES // _BYTES_A_PIXEL.get(image.format or "", 1))
    if max(width * height, _tile_pixels(image)) > most and not _reduce(image, most):
        received = f"{width}×{height} = {width * height:,}"
        advice = "scale the image down or cut it into parts"
        raise ImageError(f"{name}: expected at most {most:,} pixels (max_pixels), received {received}; {advice}")
    _bound_memory(image, name)
    if is_plain(image):
        image = load_plain(image)
    image.load()
    return _turn(_flatten(image), _orientation(image))


def _tile_pixels(image: Image.Image) -> int:
    """The pixels of a TIFF's tile, which may be larger than the picture and is decoded as a whole."""
    tags = getattr(image, "tag_v2", {})
    return int(tags.get(322, 0)) * int(tags.get(323, 0))


def _bound_memory(image: Image.Image, name: str) -> None:
    """Refuse or reduce what small files can make large: a JPEG's scans, and the planes of a JPEG 2000."""
    if not getattr(image, "tile", None):
        return
    if image.format == "JPEG" and _is_buffered(image) and _count_scans(image) > _MOST_SCANS:
        raise ImageError(f"{name}: expected a JPEG of {_MOST_SCANS} scans at most, received more; save it again")
    if image.format == "JPEG2000" and jpeg2000_reduction(image) > 1:
        image.reduce = 1  # type: ignore[method-assign,assignment]  # of this format it is a number: halvings


def jpeg2000_reduction(image: Image.Image) -> int:
    """Return by how much a JPEG 2000 is reduced as it is decoded: 1 or, where its planes would need too much, 2.

    OpenJPEG holds a number of 32 bits and a sample for each pixel and channel, and Pillow its 4 bytes.
    """
    return 1 if image.width * image.height * (4 + 5 * len(image.getbands())) <= _MOST_BYTES else 2


def _is_buffered(image: Image.Image) -> bool:
    """Whether libjpeg has to hold all coefficients: the first scan is progressive or has not all components."""
    layers, file = image.layers, image.fp  # type: ignore[attr-defined]  # a JpegImageFile's
    place = file.tell()
    file.seek(place - 6 - 2 * layers)  # Pillow has read the first scan's header, and stands behind it
    head = file.read(3)
    file.seek(place)
    return "progressive" in image.info or head != bytes((0, 6 + 2 * layers, layers))


def _count_scans(image: Image.Image) -> int:
    file = image.fp  # type: ignore[attr-defined]  # an ImageFile's
    place = file.tell()
    count = 1 + sum(chunk.count(b"\xff\xda") for chunk in iter(lambda: file.read(2**20), b""))
    file.seek(place)
    return int(count)


@contextmanager
def _as_image_error(name: str, what: str) -> Iterator[None]:
    """Turn whatever a decoder raises on broken data (nearly any class) into an ImageError."""
    try:
        yield
    except ImageError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"{name}: the image ({what}) cannot be decoded ({reason}); check that it was copied completely"
        raise ImageError(message) from error


def _reduce(image: Image.Image, max_pixels: int) -> bool:
    """Have a JPEG decoded at 1/2, 1/4 or 1/8 of its size, whichever first fits; False where none does.

    libjpeg scales within the discrete cosine transform, line by line. A file whose coefficients are all held in memory,
    whatever the scale, is refused.
    """
    if getattr(image, "format", None) != "JPEG" or not getattr(image, "tile", None) or _is_buffered(image):
        return False
    width, height = image.size
    scale = jpeg_reduction(width, height, max_pixels)
    if not scale:
        return False
    image.draft(None, (width // scale, height // scale))
    return image.width * image.height <= max_pixels


def jpeg_reduction(width: int, height: int, max_pixels: int) -> int:
    """Return by how much a JPEG is reduced as it is decoded: 1, 2, 4 or 8, or 0 where none suffices.

    >>> jpeg_reduction(9921, 14031, 64_000_000)
    2
    """
    return next((scale for scale in (1, 2, 4, 8) if -(-width // scale) * -(-height // scale) <= max_pixels), 0)


def _flatten(image: Image.Image) -> Page:
    """Any mode to grey or RGB samples of 8 bits, on a ground that shows the ink where transparent."""
    if image.mode.startswith("I"):
        return scale_integers(np.asarray(image), full_range=image.format in _FULL_RANGE)
    if image.mode == "F":
        return scale_floats(np.asarray(image))
    ground = _ground(image) if image.has_transparency_data else "white"
    rows = _BAND_PIXELS // image.width or 1
    if rows >= image.height:
        return _grey_or_rgb(image, ground)
    page: Page | None = None
    for top in range(0, image.height, rows):
        band = _grey_or_rgb(image.crop((0, top, image.width, min(top + rows, image.height))), ground)
        if page is None:
            page = np.empty((image.height, *band.shape[1:]), np.uint8)
        page[top : top + rows] = band
    return cast(Page, page)


def _ground(image: Image.Image) -> str:
    """Return the colour on which a transparent picture shows its ink."""
    scale = max(1, max(image.size) / _SAMPLED)
    size = (max(1, round(image.width / scale)), max(1, round(image.height / scale)))
    sample = np.asarray(_with_alpha(image.resize(size, Image.Resampling.NEAREST)))
    visible = sample[sample[..., -1] >= 128, :-1]
    light = len(visible) and np.percentile(visible.min(axis=1), 1) >= LIGHT
    return "black" if light and len(visible) <= MOST_STROKES * sample.shape[0] * sample.shape[1] else "white"


def _grey_or_rgb(image: Image.Image, ground: str) -> Page:
    if image.has_transparency_data:
        image = _over(image, ground)
    elif image.mode == "LAB":
        image = image.getchannel("L")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    return np.asarray(image)


def _over(image: Image.Image, colour: str) -> Image.Image:
    layer = _with_alpha(image)
    opaque = layer.convert(layer.mode[:-1])
    ground = Image.new(opaque.mode, opaque.size, colour)
    ground.paste(opaque, mask=layer.getchannel("A"))
    return ground


def _with_alpha(image: Image.Image) -> Image.Image:
    mode = "LA" if image.mode in ("1", "L", "LA", "La") else "RGBA"
    return image if image.mode == mode else image.convert(mode)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # broken EXIF data are no reason to refuse sound pixels
        return 1


def _turn(page: Page, orientation: int) -> Page:
    if orientation not in _TURNS:
        return page
    transposed, upside_down, mirrored = _TURNS[orientation]
    if transposed:
        page = page.swapaxes(0, 1)
    return np.ascontiguousarray(page[:: -1 if upside_down else 1, :: -1 if mirrored else 1])
