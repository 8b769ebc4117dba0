"""Image files become documents to be enrolled."""

from pathlib import Path

import cv2

from duktus.hands.identification.documents import documents_of
from tests.hands.pages import page_of


def test_documents_of_files(tmp_path: Path) -> None:
    """Image files become documents, and a broken one is told."""
    cv2.imwrite(str(tmp_path / "a.png"), page_of(1))
    (tmp_path / "b.png").write_bytes(b"no image")
    failed: list[str] = []
    sources = [(tmp_path / name, "Anna", name) for name in ("a.png", "b.png")]
    (found,) = documents_of(sources, failed)
    assert (found.label, found.source) == ("Anna", "a.png")
    assert "b.png" in failed[0]
