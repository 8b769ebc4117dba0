"""``duktus teach`` and ``duktus read --gallery``: letters are taught and read from the command line."""

import json
from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from tests.recognition.encoders import LETTERS, encoder_content, letter_page

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
    assert "16 examples taught, 0 were known" in capsys.readouterr().err
    Image.fromarray(letter_page("K", 30)).save(tmp_path / "asked.png")
    asked = ["read", str(tmp_path / "asked.png"), "--gallery", gallery, "--model", encoder, "--layout", "one"]
    assert main([*asked, "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "K"


def test_one_drawing_with_its_label(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A single drawing is taught under any label, and a second time is known."""
    command = ["teach", str(tmp_path / "g.db"), str(folder / "A" / "1.png"), "--encoder", encoder, "--label"]
    assert main([*command, "-ᚠ/"]) == 0
    assert main([*command, "-ᚠ/"]) == 0
    assert "0 examples taught, 1 were known" in capsys.readouterr().err
    assert main([*command, "other"]) == 1
    assert "is known as '-ᚠ/', was given as 'other'" in capsys.readouterr().err
    assert main([*command, "other", "--replace"]) == 0


def test_what_cannot_be_read_is_told(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A broken file is complained about, and the rest is taught."""
    (folder / "A" / "3.png").write_bytes(b"no picture")
    assert main(["teach", str(tmp_path / "g.db"), str(folder), "--encoder", encoder]) == 1
    err = capsys.readouterr().err
    assert "3.png" in err
    assert "16 examples taught" in err


def test_wrong_usage(encoder: str, folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """An image without a label, and a folder with one, are wrong usage; no gallery is made by either."""
    for words in ([str(folder / "A" / "1.png")], [str(folder), "--label", "A"]):
        assert main(["teach", str(tmp_path / "g.db"), *words, "--encoder", encoder]) == 2
        assert "--label" in capsys.readouterr().err


def test_no_encoder(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    """A model that is none is named, and no gallery is made."""
    assert main(["teach", str(tmp_path / "g.db"), str(folder), "--encoder", "nothing.onnx"]) == 1
    assert "nothing.onnx" in capsys.readouterr().err
    assert not (tmp_path / "g.db").exists()
