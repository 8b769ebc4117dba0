"""How many pages a file may have, and whoever watches over the time of each."""

import io

import pytest
from PIL import Image

from duktus.imaging.files import budget
from duktus.imaging.files.load import load_pages
from duktus.types import ImageError


def pages(count: int, kind: str = "TIFF") -> bytes:
    """A file of several pages."""
    page, buffer = Image.new("L", (20, 10), 255), io.BytesIO()
    page.save(buffer, kind, save_all=True, append_images=[page] * (count - 1))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_a_file_of_too_many_pages_is_refused_at_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of three pages where two are allowed gives none of them; without a limit all are given."""
    if kind == "PDF":
        pytest.importorskip("pypdfium2", reason="needs the extra 'pdf'")
    assert len(list(load_pages(pages(3, kind)))) == 3
    monkeypatch.setenv(budget.PAGES, "2")
    assert len(list(load_pages(pages(2, kind)))) == 2
    with pytest.raises(ImageError, match=r"2 pages at most \(--pages\)"):
        next(load_pages(pages(3, kind)))


def test_each_page_is_announced() -> None:
    """Whoever watches over time is called at the beginning of each page, until it no longer wants to be."""
    seen: list[str] = []
    with budget.watched(seen.append):
        assert len(list(load_pages(pages(3), name="it"))) == 3
    list(load_pages(pages(1), name="another"))
    assert set(seen) == {"it"}
    assert len(seen) >= 3
