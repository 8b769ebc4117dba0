"""``duktus teach`` and ``duktus read --gallery``: letters are taught and read from the command line."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from duktus.gallery.sqlite import SqliteGallery
from duktus.types import GalleryError
from tests.cli.door import PATIENCE, command, environment
from tests.gallery.examples import ENCODER
from tests.glyphs.encoders import LETTERS, encoder_content, letter_page

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def encoder(tmp_path: Path) -> str:
    """The path of an encoder."""
    (tmp_path / "places.onnx").write_bytes(encoder_content())
    return str(tmp_path / "places.onnx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two drawings of each letter, a folder a letter."""
    for letter in LETTERS:
        (tmp_path / "letters" / letter).mkdir(parents=True)
        for seed in (1, 2):
            Image.fromarray(letter_page(letter, seed)).save(tmp_path / "letters" / letter / f"{seed}.png")
    return tmp_path / "letters"


def test_taught_and_read(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A folder is taught, and another drawing of one of its letters is read."""
    gallery = str(tmp_path / "g.db")
    assert main(["teach", gallery, str(folder), "--encoder", encoder]) == 0
    assert "16 examples taught, 0 already known" in capsys.readouterr().err
    Image.fromarray(letter_page("K", 30)).save(tmp_path / "asked.png")
    asked = ["read", str(tmp_path / "asked.png"), "--gallery", gallery, "--model", encoder, "--layout", "one"]
    assert main([*asked, "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "K"


def test_one_drawing_with_its_label(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A single drawing is taught under any label, and a second time is known."""
    command = ["teach", str(tmp_path / "g.db"), str(folder / "A" / "1.png"), "--encoder", encoder, "--label"]
    assert main([*command, "-ᚠ/"]) == 0
    assert main([*command, "-ᚠ/"]) == 0
    assert "0 examples taught, 1 already known" in capsys.readouterr().err
    assert main([*command, "other"]) == 1
    assert "is there as '-ᚠ/', was given as 'other'" in capsys.readouterr().err
    assert main([*command, "other", "--replace"]) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_an_empty_pipe_is_named(encoder: str, tmp_path: Path, capsys: Captured) -> None:
    """A named pipe that nobody writes to is told by its path."""
    os.mkfifo(tmp_path / "pipe.png")
    words = ["teach", str(tmp_path / "g.db"), str(tmp_path / "pipe.png"), "--encoder", encoder, "--label", "A"]
    assert main(words) == 1
    assert f"{tmp_path / 'pipe.png'}: expected an image, received nothing" in capsys.readouterr().err


def test_what_cannot_be_read_is_told(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A broken file is complained about, and the rest is taught."""
    (folder / "A" / "3.png").write_bytes(b"no picture")
    assert main(["teach", str(tmp_path / "g.db"), str(folder), "--encoder", encoder]) == 1
    err = capsys.readouterr().err
    assert "3.png" in err
    assert "16 examples taught" in err


def test_wrong_usage(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """An image without a label, and a folder with one, are wrong usage; no gallery is made by either."""
    for words in ([str(folder), str(folder / "A" / "1.png")], [str(folder), "--label", "A"]):
        assert main(["teach", str(tmp_path / "g.db"), *words, "--encoder", encoder]) == 2
        assert "--label" in capsys.readouterr().err
    assert not (tmp_path / "g.db").exists()


def table_of(folder: Path, *rows: str) -> str:
    """A table of labelled images beside a folder of them; its path."""
    (folder.parent / "table.csv").write_text("\n".join(["file,label", *rows]), encoding="utf-8")
    return str(folder.parent / "table.csv")


def labels_of(gallery: Path) -> list[str]:
    """The labels of a gallery."""
    with SqliteGallery(gallery) as opened:
        return [each.label for each in opened.labels()]


def test_table_that_names_missing_files(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """Each is told, and the rest is taught."""
    table = table_of(folder, "letters/A/1.png,A", "none.png,A", "letters/E/1.png,E", "gone.png,E")
    assert main(["teach", str(tmp_path / "g.db"), table, "--encoder", encoder]) == 1
    err = capsys.readouterr().err
    assert all(part in err for part in ("none.png", "gone.png", "2 examples taught"))


def test_labels_of_any_kind(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """200 letters and a slash are labels like any; one that is too long is told, and the rest is taught."""
    labels = ["x" * 200, "a/b", "x" * 1001, "=1+1"]
    table = table_of(folder, *(f"letters/{c}/1.png,{label}" for c, label in zip(LETTERS, labels, strict=False)))
    assert main(["teach", str(tmp_path / "g.db"), table, "--encoder", encoder]) == 1
    assert "1,001" in capsys.readouterr().err
    assert labels_of(tmp_path / "g.db") == ["=1+1", "a/b", "x" * 200]


def test_labels_that_look_alike_are_said(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """Labels that differ by case or form stay apart, and one hears of it; composed letters are the same label."""
    labels = ["fi", "ﬁ", "a", "A", "é", "e\u0301"]
    table = table_of(folder, *(f"letters/{c}/1.png,{label}" for c, label in zip(LETTERS, labels, strict=False)))
    assert main(["teach", str(tmp_path / "g.db"), table, "--encoder", encoder]) == 0
    err = capsys.readouterr().err
    assert "'fi' and 'ﬁ' (U+FB01)" in err
    assert "'A' and 'a'" in err
    assert labels_of(tmp_path / "g.db") == ["A", "a", "fi", "é", "ﬁ"]


def test_mixed_layouts_leave_the_other_places(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A folder that nobody can understand is told, and what was named beside it is taught."""
    mixed = tmp_path / "mixed"
    shutil.copytree(folder, mixed)
    shutil.copy(folder / "A" / "1.png", mixed / "B_1.png")
    assert main(["teach", str(tmp_path / "g.db"), str(mixed), str(folder), "--encoder", encoder]) == 1
    err = capsys.readouterr().err
    assert "expected one layout, received two" in err
    assert "16 examples taught" in err


def test_doubts_come_back_corrected(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """What a reading doubted is corrected in its table and taught; rows without a label are counted."""
    gallery, table = str(tmp_path / "g.db"), tmp_path / "out.csv"
    assert main(["teach", gallery, str(folder / "A" / "1.png"), "--label", "A", "--encoder", encoder]) == 0
    asked = ["read", str(folder), "--gallery", gallery, "--model", encoder, "--layout", "one"]
    assert main([*asked, "--review", str(table)]) == 0
    text = table.read_text(encoding="utf-8-sig").splitlines()
    rows = [line.split(",") for line in text[1:]]
    for row in rows[1:]:
        row[4] = Path(row[5]).parent.name
    table.write_text("\n".join([text[0], *map(",".join, rows)]), encoding="utf-8")
    capsys.readouterr()
    for taught in (len(rows) - 1, 0):
        assert main(["teach", gallery, str(table), "--encoder", encoder]) == 0
        err = capsys.readouterr().err
        assert f"{taught} examples taught" in err
        assert "as their label is empty: 1" in err
    assert labels_of(tmp_path / "g.db") == sorted(LETTERS)


def test_no_encoder(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A model that is none is named, and no gallery is made."""
    assert main(["teach", str(tmp_path / "g.db"), str(folder), "--encoder", "nothing.onnx"]) == 1
    assert "nothing.onnx" in capsys.readouterr().err
    assert not (tmp_path / "g.db").exists()


def cut(path: Path) -> None:
    """Leave half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def make_newer(path: Path) -> None:
    """Give a gallery the format of some later version."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def fill_by_another_encoder(path: Path) -> None:
    """Put a gallery of other vectors in a gallery's place."""
    path.unlink()
    SqliteGallery.create(path, ENCODER).close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "truncated"),
        (make_newer, "pip install --upgrade duktus"),
        (fill_by_another_encoder, "expected a gallery of the encoder places"),
        (lambda path: path.write_text("no gallery"), "expected a gallery, received another file"),
    ],
)
def test_gallery_that_cannot_be_used_is_one_message(
    encoder: str, folder: Path, tmp_path: Path, capsys: Captured, spoil: Callable[[Path], object], said: str
) -> None:
    """Neither teaching nor reading touches a gallery that is broken, newer, another encoder's, or none."""
    gallery, drawing = tmp_path / "g.db", str(folder / "A" / "1.png")
    assert main(["teach", str(gallery), drawing, "--label", "A", "--encoder", encoder]) == 0
    spoil(gallery)
    before = gallery.read_bytes()
    capsys.readouterr()
    teach = ["teach", str(gallery), drawing, "--label", "E", "--encoder", encoder]
    for words in (teach, ["read", drawing, "--gallery", str(gallery), "--model", encoder]):
        assert main(words) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err
        assert err.count("\n") == 1
    assert gallery.read_bytes() == before


def test_two_processes_teach_one_gallery(encoder: str, folder: Path, tmp_path: Path) -> None:
    """Two that begin a gallery together, each with its own letters, both succeed, and it has them all."""
    calls = [
        subprocess.Popen(command("teach", tmp_path / "g.db", place, "--encoder", encoder), env=environment())
        for place in _halves(folder)
    ]
    assert [call.wait(PATIENCE) for call in calls] == [0, 0]
    assert labels_of(tmp_path / "g.db") == sorted(LETTERS)


def _halves(folder: Path) -> list[Path]:
    """The folder with the first letters, and one with the others."""
    other = folder.parent / "others"
    other.mkdir()
    for letter in LETTERS[4:]:
        (folder / letter).rename(other / letter)
    return [folder, other]


def test_kill_while_teaching(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """What was taught before a kill is there, the gallery can be read by, and teaching again does the rest."""
    letters = [(letter, seed) for letter in LETTERS for seed in range(3, 16)]
    for letter, seed in letters:
        Image.fromarray(letter_page(letter, seed)).save(folder / letter / f"{seed}.png")
    gallery = tmp_path / "g.db"
    call = subprocess.Popen(command("teach", gallery, folder, "--encoder", encoder), env=environment())
    while call.poll() is None and not taught(gallery):
        time.sleep(0.02)
    call.kill()
    call.wait(PATIENCE)
    before = taught(gallery)
    assert before > 0
    assert main(["read", str(folder / "A" / "1.png"), "--gallery", str(gallery), "--model", encoder]) == 0
    assert main(["teach", str(gallery), str(folder), "--encoder", encoder]) == 0
    total = len(letters) + 2 * len(LETTERS)
    assert f"{total - before} examples taught, {before} already known" in capsys.readouterr().err


def taught(gallery: Path) -> int:
    """How many examples a gallery has; none where there is no gallery yet."""
    try:
        with SqliteGallery(gallery) as opened:
            return len(opened.contents())
    except GalleryError:
        return 0
