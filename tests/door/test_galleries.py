"""Galleries through the door: taught, kept up, and read by as they are at the moment."""

from pathlib import Path

import numpy as np
import pytest

import duktus
from duktus.types import DuktusError, GalleryError, ImageError, UsageError
from tests.glyphs.encoders import letter_page
from tests.hands.pages import page_of


def test_what_is_taught_is_read_at_once(tmp_path: Path) -> None:
    """Arrays are taught like files; the next reading of an opened gallery knows the new letter."""
    gallery = duktus.open_gallery(tmp_path / "g.db")
    gallery.teach([letter_page("A", 1), letter_page("A", 2)], label="A")
    assert gallery.read(letter_page("A", 3), layout="one")[0].text == "A"
    gallery.teach(letter_page("K", 1), label="K")
    assert gallery.read(letter_page("K", 3), layout="one")[0].text == "K"


def test_a_single_image_raises_and_several_are_reported(tmp_path: Path) -> None:
    """A blank drawing alone is an error, among others it is told."""
    gallery, blank = duktus.open_gallery(tmp_path / "g.db"), np.full((40, 40), 255, np.uint8)
    with pytest.raises(ImageError, match="without ink"):
        gallery.teach(blank, label="A")
    taught = gallery.teach([blank, letter_page("A", 1)], label="A")
    assert (taught.added, len(taught.failed)) == (1, 1)
    with pytest.raises(ImageError, match="label"):
        gallery.teach(letter_page("A", 2))


def test_conflicts_name_the_drawing(home: Path, tmp_path: Path) -> None:
    """What is there under another label stays, and is told by its source; ``replace`` takes the new one."""
    gallery = duktus.open_gallery(tmp_path / "g.db")
    drawing = home / "drawings" / "A" / "1.png"
    gallery.teach(drawing, label="A")
    (said,) = gallery.teach(drawing, label="B").conflicts
    assert said == f"{drawing}: is there as 'A', was given as 'B'"
    replaced = gallery.teach(drawing, label="B", replace=True)
    assert "'A' has no examples left and is no longer known" in replaced.notes
    assert [each.label for each in gallery.labels()] == ["B"]


def test_upkeep(tmp_path: Path) -> None:
    """Labels are renamed, merged, removed, exported and imported; two that are one label are refused."""
    gallery = duktus.open_gallery(tmp_path / "g.db")
    for letter in "AEK":
        gallery.teach(letter_page(letter, 1), label=letter)
    assert gallery.rename("A", "a") == gallery.merge("E", "a") == gallery.remove("K") == 1
    assert [(each.label, each.examples) for each in gallery.labels()] == [("a", 2)]
    with pytest.raises(UsageError, match="twice"):
        gallery.merge("a", "a")
    assert gallery.export(tmp_path / "g.zip") == 2
    copy = duktus.open_gallery(tmp_path / "copy.db")
    assert (copy.import_examples(tmp_path / "g.zip").added, copy.encoder) == (2, gallery.encoder)


def test_gallery_that_is_not_there_is_an_error_to_read_by(tmp_path: Path) -> None:
    """Opening makes no file; whoever reads by it learns that it is missing."""
    gallery = duktus.open_gallery(tmp_path / "none.db")
    assert "teach or enrol makes the file" in gallery._repr_html_()
    with pytest.raises(GalleryError, match=r"none\.db"):
        gallery.read(letter_page("A", 1))
    assert not (tmp_path / "none.db").exists()


def test_a_classifier_beside_a_gallery_is_told_in_plain_words(home: Path) -> None:
    """Whoever names a model that makes no vectors learns what to leave out."""
    with pytest.raises(DuktusError, match=r"expected an encoder of letters .* received a glyph-classifier; leave"):
        duktus.read(home / "letter.png", gallery="runes.db", model="digits")


def test_an_opened_gallery_has_its_encoder(home: Path) -> None:
    """An encoder beside an opened gallery would be ignored, and is refused."""
    with pytest.raises(UsageError, match="give it to open_gallery"):
        duktus.read(home / "letter.png", gallery=duktus.open_gallery("runes.db"), model="glyph-encoder")


def test_hands_of_many_documents(home: Path) -> None:
    """Arrays, files and what cannot be read are answered in order."""
    gallery = duktus.open_gallery(home / "hands.db")
    found, error = gallery.identify_many([page_of(2, text=1), home / "missing.png"])
    assert not isinstance(found, DuktusError)
    assert found.matches[0].label == "Bert"
    assert isinstance(error, ImageError)
    assert error.image == home / "missing.png"


def test_hands_are_identified_by_one_of_two(home: Path) -> None:
    """A gallery or a model has to be named, and not both."""
    with pytest.raises(UsageError, match="received neither"):
        duktus.identify(home / "letter.png")
    with pytest.raises(UsageError, match="received both"):
        duktus.identify(home / "letter.png", gallery="hands.db", model="digits")


def test_verify_says_which_document_cannot_be_read(home: Path) -> None:
    """The error of two documents knows which it is about."""
    with pytest.raises(ImageError) as raised:
        duktus.verify(home / "letter.png", home / "missing.png")
    assert raised.value.image == home / "missing.png"


def test_galleries_show_their_drawings(home: Path) -> None:
    """In a notebook a gallery shows a drawing of each label."""
    shown = duktus.open_gallery(home / "runes.db")._repr_html_()
    assert shown.count("<img ") == 3
    assert duktus.open_gallery(home / "runes.db").drawings("AX").keys() == {"A"}
