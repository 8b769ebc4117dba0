"""PDF pages are rendered in turn at 200 dots per inch."""

import io
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from duktus.imaging.files.load import load_pages
from duktus.types import ImageError, MissingExtraError

GREY = np.repeat(np.repeat(np.array([[0, 255], [255, 0]], np.uint8), 36, axis=0), 36, axis=1)


def pdf(*pages: Any) -> bytes:
    """A PDF of one inch squared, a page an array."""
    first, *others = map(Image.fromarray, pages)
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=others, resolution=72)
    return buffer.getvalue()


@pytest.fixture
def pypdfium2() -> Any:
    """The extra that reads PDF."""
    return pytest.importorskip("pypdfium2", reason="needs the extra 'pdf'")


@pytest.mark.usefixtures("pypdfium2")
def test_the_pages_of_a_pdf_come_in_turn() -> None:
    """Each page has 200 pixels to the inch, in RGB."""
    first, second = load_pages(pdf(GREY, np.dstack([GREY, GREY * 0, GREY * 0])))
    assert first.shape == second.shape == (200, 200, 3)
    assert first[50, 50].max() < 10
    assert first[50, 150].min() > 245
    assert second[50, 150, 0] > 245
    assert second[50, 150, 2] < 10


@pytest.mark.usefixtures("pypdfium2")
def test_a_page_above_the_limit_is_rendered_smaller() -> None:
    """The dots per inch go down until a page fits."""
    (page,) = load_pages(pdf(GREY), max_pixels=10_000)
    assert page.shape == (100, 100, 3)


@pytest.mark.usefixtures("pypdfium2")
@pytest.mark.parametrize("data", [b"%PDF-1.4 nothing", pdf(GREY)[:300]])
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    """Garbage and half a file are errors."""
    with pytest.raises(ImageError, match="it: the PDF cannot be read"):
        list(load_pages(data, name="it"))


def test_a_pdf_with_a_password_says_what_to_do(pypdfium2: Any) -> None:
    """PDFium's word for a password becomes advice."""
    from duktus.imaging.files.pdf import _advice

    error = pypdfium2.PdfiumError("Failed to load document (PDFium: Incorrect password error).")
    assert _advice(error) == "save a copy without a password"


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PDFium is not installed, the message says how to install it."""
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'duktus\[pdf\]'"):
        list(load_pages(pdf(GREY)))
