"""Image formats by a file's first bytes, and by the ending of its name."""

import os

from duktus.types import ImageError

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif", ".pdf"}
    | {".pbm", ".pgm", ".ppm", ".pnm", ".jp2", ".j2k", ".avif"}
)
"""Endings of the files that a scan of a folder takes for images, in lower case."""

UNREAD_SUFFIXES = frozenset({".heic", ".heif", ".hif", ".psd", ".svg", ".djvu", ".djv"})
"""Endings of image files that are known and not read: reading one says how to convert it."""

HEAD_BYTES = 1024
"""How much of a file's beginning ``image_format`` wants to see: a PDF's mark may stand anywhere in it."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"AT&TFORM", "DjVu"),
)

_CONVERT = {
    "HEIC": "convert it to JPEG or PNG (an iPhone does so under Settings, Camera, Formats, Most Compatible)",
    "SVG": "export it as PNG",
    "Photoshop": "export it as PNG or TIFF",
    "DjVu": "convert it to PDF or TIFF",
}
"""Formats that are known and not read, each with the way out."""

_READ = "PNG, JPEG, WebP, BMP, TIFF, GIF, PDF, PNM, JPEG 2000 or AVIF"


def is_supported(path: str | os.PathLike[str]) -> bool:
    """Tell by a file's name whether a scan of a folder takes it for an image; hidden files are none.

    Example:
        >>> is_supported("scans/Page.TIFF"), is_supported("notes.txt"), is_supported("._page.png")
        (True, False, False)
    """
    return not is_hidden(path) and _suffix(path) in IMAGE_SUFFIXES


def is_image(path: str | os.PathLike[str]) -> bool:
    """Tell by a file's name whether it is an image, be it one that is not read and has an error in its place.

    Example:
        >>> is_image("Page.TIFF"), is_image("IMG_1.HEIC"), is_image("notes.txt")
        (True, True, False)
    """
    return not is_hidden(path) and _suffix(path) in IMAGE_SUFFIXES | UNREAD_SUFFIXES


def is_hidden(path: str | os.PathLike[str]) -> bool:
    """Tell by a name whether a file or folder is hidden, or is what a Mac puts beside the files of a zip archive.

    Example:
        >>> is_hidden(".DS_Store"), is_hidden("scans/._page.png"), is_hidden("__MACOSX"), is_hidden("page.png")
        (True, True, True, False)
    """
    base = os.path.basename(path)
    return base.startswith(".") or base == "__MACOSX"


def _suffix(path: str | os.PathLike[str]) -> str:
    return os.path.splitext(os.path.basename(path))[1].lower()


def image_format(head: bytes, name: str) -> str:
    """Tell an image's format by its first bytes, whatever the file is called.

    Args:
        head: the first ``HEAD_BYTES`` of the file, or all of a shorter one.
        name: what messages call it.

    Returns:
        "PNG", "JPEG", "WebP", "BMP", "TIFF", "GIF", "PDF", "PNM", "JPEG 2000" or "AVIF".

    Raises:
        ImageError: the file is empty, or of a format that is not read.
    """
    if not head:
        raise ImageError(f"{name}: expected an image, received nothing (0 bytes); check that it was copied completely")
    kind = _by_start(head) or _by_brand(head) or _by_content(head)
    if kind in _CONVERT:
        raise ImageError(f"{name}: expected {_READ}, received {kind}, which is not read; {_CONVERT[kind]}")
    if not kind:
        what = f"a file that begins with {head[:16]!r}"
        raise ImageError(f"{name}: expected {_READ}, received {what}; check that it is an image")
    return kind


def _by_start(head: bytes) -> str:
    return next((kind for start, kind in _STARTS if head.startswith(start)), "")


def _by_brand(head: bytes) -> str:
    """Formats inside a container that names them a few bytes later: RIFF and ISO 14496-12 (MP4, HEIF)."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] != b"ftyp":
        return ""
    brands = head[8 : max(16, min(int.from_bytes(head[:4], "big"), 128))]
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    return "HEIC" if any(brand in brands for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")) else ""


def _by_content(head: bytes) -> str:
    if len(head) > 2 and head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in b" \t\r\n#":
        return "PNM"
    if b"%PDF-" in head:
        return "PDF"
    return "SVG" if b"<svg" in head else ""
