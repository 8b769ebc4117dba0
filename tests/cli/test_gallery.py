"""``duktus gallery``: what is in a gallery, and its upkeep."""

from pathlib import Path

import pytest

from duktus.cli import main
from duktus.gallery.sqlite import SqliteGallery
from tests.gallery.examples import ENCODER, example

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """A gallery of two examples of one rune and one of another."""
    path = tmp_path / "runes.db"
    with SqliteGallery.create(path, ENCODER) as made:
        made.add([example(1, "ᚠ"), example(2, "ᚠ"), example(3, "ᚢ")])
    return path


def labels_of(gallery: Path) -> dict[str, int]:
    """How many examples each label has."""
    with SqliteGallery(gallery) as opened:
        return {each.label: each.examples for each in opened.labels()}


def test_list(gallery: Path, capsys: Captured) -> None:
    """Each label has a row with its number of examples, and a last line sums up."""
    assert main(["gallery", "list", str(gallery)]) == 0
    out, err = capsys.readouterr()
    assert [row.split()[:2] for row in out.splitlines()] == [["label", "examples"], ["ᚠ", "2"], ["ᚢ", "1"]]
    assert "3 examples of 2 labels" in err


def test_remove(gallery: Path, capsys: Captured) -> None:
    """A label goes with all its examples; one that is not there is complained about."""
    assert main(["gallery", "remove", str(gallery), "ᚠ"]) == 0
    assert labels_of(gallery) == {"ᚢ": 1}
    assert main(["gallery", "remove", str(gallery), "ᚠ"]) == 1
    assert "expected a label of this gallery, received 'ᚠ'" in capsys.readouterr().err


def test_rename(gallery: Path) -> None:
    """A label gets another name, and under one that exists both are merged."""
    assert main(["gallery", "rename", str(gallery), "ᚠ", "feoh"]) == 0
    assert main(["gallery", "rename", str(gallery), "ᚢ", "feoh"]) == 0
    assert labels_of(gallery) == {"feoh": 3}


def test_labels_that_begin_like_options(gallery: Path) -> None:
    """A label may begin with a hyphen."""
    assert main(["gallery", "rename", str(gallery), "ᚠ", "-x"]) == 0
    assert main(["gallery", "remove", str(gallery), "-x"]) == 0
    assert labels_of(gallery) == {"ᚢ": 1}


def test_there_and_back(gallery: Path, tmp_path: Path, capsys: Captured) -> None:
    """What is exported can be imported into a new gallery; once more it changes nothing."""
    exported, copy = tmp_path / "runes.zip", tmp_path / "copy.db"
    assert main(["gallery", "export", str(gallery), str(exported)]) == 0
    assert capsys.readouterr().out == f"{exported}\n"
    for expected in ("3 examples added", "0 examples added, 3 were there"):
        assert main(["gallery", "import", str(copy), str(exported)]) == 0
        assert expected in capsys.readouterr().err
    assert labels_of(copy) == labels_of(gallery)


def test_conflicts_are_told(gallery: Path, tmp_path: Path, capsys: Captured) -> None:
    """A picture that is there under another label stays as it is, unless the export's label is asked for."""
    exported = tmp_path / "runes.zip"
    main(["gallery", "export", str(gallery), str(exported)])
    main(["gallery", "rename", str(gallery), "ᚢ", "ur"])
    assert main(["gallery", "import", str(gallery), str(exported)]) == 1
    assert "is there as 'ur', was offered as 'ᚢ'" in capsys.readouterr().err
    assert main(["gallery", "import", str(gallery), str(exported), "--replace"]) == 0
    assert labels_of(gallery) == {"ᚠ": 2, "ᚢ": 1}


def test_what_is_no_gallery(tmp_path: Path, capsys: Captured) -> None:
    """A missing file and a text file are complained about, and no file is made."""
    (tmp_path / "text.db").write_text("no gallery")
    for name in ("none.db", "text.db"):
        assert main(["gallery", "list", str(tmp_path / name)]) == 1
        assert name in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()
