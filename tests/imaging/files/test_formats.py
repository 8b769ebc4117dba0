"""Formats are told by their first bytes, and files by their names."""

import pytest

from duktus.imaging.files.formats import image_format, is_hidden, is_image, is_supported
from duktus.types import ImageError


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe1", "JPEG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (b"II+\0\x08\0\0\0", "TIFF"),
        (b"P4\n1 1\n\0", "PNM"),
        (b"\r\n%PDF-1.7", "PDF"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    ],
)
def test_a_format_is_told_by_its_first_bytes(head: bytes, kind: str) -> None:
    """The bytes say what a file is, whatever it is called."""
    assert image_format(head, "it") == kind


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"<svg xmlns=", "SVG"),
        (b"8BPS\0\1", "Photoshop"),
        (b"AT&TFORM\0", "DjVu"),
        (b"PK\3\4", "begins with b'PK"),
        (b"RIFF\0\0\0\0WAVE", "begins with"),
        (b"\0\0\0\x18ftypisom", "begins with"),
    ],
)
def test_a_format_that_is_not_read_says_what_it_is(head: bytes, said: str) -> None:
    """Known formats that are not read name the way out, others what stands in them."""
    with pytest.raises(ImageError, match=f"^it: expected PNG, .*{said}.*; "):
        image_format(head, "it")


@pytest.mark.parametrize("path", ["a.png", "B.JPG", "folder.x/c.TifF", "d.pdf", "ᚠ_1.webp"])
def test_images_are_known_by_their_endings(path: str) -> None:
    """The case of an ending does not matter."""
    assert is_supported(path)


@pytest.mark.parametrize("path", ["a.txt", "png", ".png", "._a.png", "a.png/b", "a.svg", "folder.png/.DS_Store"])
def test_other_files_are_no_images(path: str) -> None:
    """Files without such an ending, and hidden ones, are passed over."""
    assert not is_supported(path)


@pytest.mark.parametrize("path", ["a.HEIC", "b.heif", "c.psd", "d.svg", "e.djvu", "f.png"])
def test_images_that_are_not_read_are_images(path: str) -> None:
    """A walk takes them along, so that each has its error and the advice how to convert it."""
    assert is_image(path)


@pytest.mark.parametrize("path", ["__MACOSX", "a/__MACOSX", ".DS_Store", "._a.png", "a/.git"])
def test_what_systems_leave_behind_is_hidden(path: str) -> None:
    """A Mac's archive folder and dot files are looked at by nobody."""
    assert is_hidden(path)
    assert not is_image(path)
