"""Explanations through the door: pages and pictures that load nothing."""

import io
from pathlib import Path

import pytest
from PIL import Image

import duktus
from duktus.types import UsageError
from tests.hands.pages import page_of


def test_letters_and_hands_are_explained(home: Path) -> None:
    """A page of letters, a page of hands, and one of two documents given as arrays."""
    letters = duktus.explain("more-drawings/A/7.png", gallery="runes.db", layout="one")
    assert b"taught examples" in letters.content
    hands = duktus.explain(page_of(1, text=1), gallery=home / "hands.db")
    assert b"The known hands" in hands.content
    both = duktus.explain(page_of(1, text=1), against=page_of(2))
    assert b"Other document" in both.content
    for each in (letters, hands, both):
        assert "<iframe srcdoc=" in each._repr_html_()
        assert b'src="http' not in each.content


def test_stages_are_a_picture(home: Path, tmp_path: Path) -> None:
    """``stages`` gives a PNG file, which is saved and shown."""
    found = duktus.explain(home / "examples" / "58_ruled.jpg", stages=True)
    assert found.is_picture
    assert "data:image/png" in found._repr_html_()
    with Image.open(found.save(tmp_path / "s.png")) as saved:
        assert saved.format == "PNG"
    assert io.BytesIO(found.content).read(4) == b"\x89PNG"


def test_arguments_that_make_no_sense(home: Path) -> None:
    """Regions without hands, stages of hands: wrong usage."""
    for words in ({"regions": [(0, 0, 9, 9)]}, {"gallery": "hands.db", "stages": True}):
        with pytest.raises(UsageError):
            duktus.explain(home / "letter.png", **words)
