"""``duktus gallery``: what is in a gallery, and its upkeep."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from duktus.gallery.sqlite import SqliteGallery
from tests.cli.door import command, environment
from tests.gallery.examples import ENCODER, example
from tests.hands.pages import page_of

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


def test_rename(gallery: Path, capsys: Captured) -> None:
    """A label gets a new name; one that exists is refused with what to do instead, and nothing is merged."""
    assert main(["gallery", "rename", str(gallery), "ᚠ", "feoh"]) == 0
    before = gallery.read_bytes()
    assert main(["gallery", "rename", str(gallery), "ᚢ", "feoh"]) == 1
    assert "expected a new name for 'ᚢ', received 'feoh'" in (told := capsys.readouterr().err)
    assert "duktus gallery merge" in told
    assert gallery.read_bytes() == before
    assert labels_of(gallery) == {"feoh": 2, "ᚢ": 1}


def test_merge(gallery: Path, capsys: Captured) -> None:
    """Two labels become the second; one that is not there, on either side, and one with itself are complained about."""
    assert main(["gallery", "merge", str(gallery), "ᚠ", "ᚢ"]) == 0
    assert "2 examples of 'ᚠ' now under 'ᚢ'" in capsys.readouterr().err
    assert labels_of(gallery) == {"ᚢ": 3}
    for arguments, code, said in (
        (("ᚠ", "ᚢ"), 1, "expected a label of this gallery, received 'ᚠ'"),
        (("ᚢ", "ᚠ"), 1, "to merge 'ᚢ' into, received 'ᚠ'"),
        (("ᚢ", "ᚢ"), 2, "expected two labels to merge, received 'ᚢ' twice"),
    ):
        assert main(["gallery", "merge", str(gallery), *arguments]) == code
        assert said in capsys.readouterr().err
    assert labels_of(gallery) == {"ᚢ": 3}


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
    for expected in ("3 examples added", "0 examples added, 3 already known"):
        assert main(["gallery", "import", str(copy), str(exported)]) == 0
        assert expected in capsys.readouterr().err
    assert labels_of(copy) == labels_of(gallery)


def test_conflicts_are_told(gallery: Path, tmp_path: Path, capsys: Captured) -> None:
    """A picture that is there under another label stays as it is, unless the export's label is asked for."""
    exported = tmp_path / "runes.zip"
    main(["gallery", "export", str(gallery), str(exported)])
    main(["gallery", "rename", str(gallery), "ᚢ", "ur"])
    assert main(["gallery", "import", str(gallery), str(exported)]) == 1
    assert "is there as 'ur', was given as 'ᚢ'" in capsys.readouterr().err
    assert main(["gallery", "import", str(gallery), str(exported), "--replace"]) == 0
    assert labels_of(gallery) == {"ᚠ": 2, "ᚢ": 1}


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a gallery of three writers' pages, and a page by each to ask about."""
    folder = tmp_path_factory.mktemp("hands")
    for seed in (1, 2, 3):
        (folder / "known" / f"writer {seed}").mkdir(parents=True)
        Image.fromarray(page_of(seed)).save(folder / "known" / f"writer {seed}" / "a.png")
        Image.fromarray(page_of(seed, text=1)).save(folder / f"{seed}.png")
    assert main(["enrol", str(folder / "hands.db"), str(folder / "known")]) == 0
    return folder


@pytest.fixture
def hands(enrolled: Path, tmp_path: Path) -> Path:
    """A gallery of three hands that a test may change."""
    return Path(shutil.copy(enrolled / "hands.db", tmp_path / "hands.db"))


def matches_of(hands: Path, page: Path, capsys: Captured) -> list[dict[str, object]]:
    """The known hands that a page is held against, the likest first."""
    capsys.readouterr()
    assert main(["identify", str(page), "--gallery", str(hands), "--format", "jsonl"]) == 0
    matches: list[dict[str, object]] = json.loads(capsys.readouterr().out)["matches"]
    return matches


def test_hands_renamed_merged_and_removed(enrolled: Path, hands: Path, capsys: Captured) -> None:
    """A page is found under its hand's new name, under the name that it was merged into, and no more once removed."""
    gallery, page = ["gallery"], enrolled / "2.png"
    assert main([*gallery, "rename", str(hands), "writer 2", "Bert"]) == 0
    assert matches_of(hands, page, capsys)[0]["label"] == "Bert"
    assert main([*gallery, "merge", str(hands), "Bert", "writer 3"]) == 0
    assert [match["label"] for match in matches_of(hands, page, capsys)] == ["writer 3", "writer 1"]
    assert labels_of(hands) == {"writer 1": 1, "writer 3": 2}
    assert main([*gallery, "remove", str(hands), "writer 3"]) == 0
    assert [match["label"] for match in matches_of(hands, page, capsys)] == ["writer 1"]


def test_hands_there_and_back(enrolled: Path, hands: Path, tmp_path: Path, capsys: Captured) -> None:
    """An exported gallery of hands, imported elsewhere, gives the same answers to the last figure."""
    exported, copy = str(tmp_path / "hands.zip"), tmp_path / "copy.db"
    assert main(["gallery", "export", str(hands), exported]) == 0
    assert main(["gallery", "import", str(copy), exported]) == 0
    assert matches_of(copy, enrolled / "1.png", capsys) == matches_of(hands, enrolled / "1.png", capsys)
    assert main(["gallery", "merge", str(hands), "writer 1", "writer 2"]) == 0
    assert main(["gallery", "import", str(hands), exported, "--replace"]) == 0
    assert labels_of(hands) == labels_of(copy) == {"writer 1": 1, "writer 2": 1, "writer 3": 1}


def test_hands_enrolled_twice(enrolled: Path, hands: Path) -> None:
    """The same pages once more leave the very bytes of the file."""
    before = hands.read_bytes()
    assert main(["enrol", str(hands), str(enrolled / "known")]) == 0
    assert hands.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no SIGKILL")
def test_killed_while_enrolling(enrolled: Path, tmp_path: Path) -> None:
    """A process killed in the midst of enrolling leaves a whole gallery, and called again it brings in the rest."""
    gallery, known = tmp_path / "g.db", enrolled / "known"
    with subprocess.Popen(command("enrol", gallery, known), env=environment(), stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not gallery.exists():
            time.sleep(0.005)
        process.kill()
    with closing(sqlite3.connect(gallery)) as rolled_back:  # it may have died before a word was committed
        pages = rolled_back.execute("PRAGMA page_count").fetchone()[0]
    if pages:
        assert set(labels_of(gallery)) <= {"writer 1", "writer 2", "writer 3"}
    assert main(["enrol", str(gallery), str(known)]) == 0
    assert labels_of(gallery) == {"writer 1": 1, "writer 2": 1, "writer 3": 1}


def test_what_is_no_gallery(tmp_path: Path, capsys: Captured) -> None:
    """A missing file and a text file are complained about, and no file is made."""
    (tmp_path / "text.db").write_text("no gallery")
    for name in ("none.db", "text.db"):
        assert main(["gallery", "list", str(tmp_path / name)]) == 1
        assert name in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()
