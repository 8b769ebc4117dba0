"""Image files become documents to be enrolled."""

from pathlib import Path

import cv2

from duktus.hands.identification.documents import Named, documents_of
from tests.hands.pages import page_of


def test_documents_of_files(tmp_path: Path) -> None:
    """Image files become documents, and a broken one is told."""
    cv2.imwrite(str(tmp_path / "a.png"), page_of(1))
    (tmp_path / "b.png").write_bytes(b"no image")
    failed: list[str] = []
    sources = [Named(tmp_path / name, "Anna", name) for name in ("a.png", "b.png")]
    (found,) = documents_of(sources, failed)
    assert (found.label, found.source) == ("Anna", "a.png")
    assert "b.png" in failed[0]


def test_images_of_a_document(tmp_path: Path) -> None:
    """Images of one label and document are one document, known by another hash than any of its pages."""
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), page_of(number))
    sources = [Named(tmp_path / f"{i}.png", "Anna", str(i), name) for i, name in enumerate(("will", "will", "letter"))]
    will, letter = documents_of(sources, [], together=True)
    assert (len(will.pages), len(letter.pages)) == (2, 1)
    alone, *_ = documents_of(sources, [])
    assert will.content not in (alone.content, letter.content)
