"""``duktus evaluate``: figures on the terminal, a report in a folder."""

import json
from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.teaching.teacher import Teacher
from duktus.hands.identification.reader import open_hands
from duktus.models.runtime import Session
from tests.cli.door import write_page
from tests.gallery.examples import ENCODER
from tests.glyphs.encoders import LETTERS, encoder_content, letter_page
from tests.hands.pages import page_of as hand_page

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A folder a digit, with one image each."""
    for digit in "0123456789":
        folder = tmp_path / "labelled" / digit
        folder.mkdir(parents=True)
        Image.fromarray(write_page(digit, 40)).save(folder / "1.png")
    return tmp_path / "labelled"


def test_figures_are_printed(model: Path, labelled: Path, capsys: Captured) -> None:
    """Each head figure is a line with its interval and number; notes go to standard error."""
    assert main(["evaluate", str(model), str(labelled)]) == 0
    out, err = capsys.readouterr()
    assert "n = 10)" in out.splitlines()[0]
    assert "No groups" in err


def test_report_is_written_and_named(model: Path, labelled: Path, tmp_path: Path, capsys: Captured) -> None:
    """With --report there is a page to look at and figures to compute with, and the page's path is printed last."""
    assert main(["evaluate", str(model), str(labelled), "--report", str(tmp_path / "report")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "report" / "report.html")
    assert json.loads((tmp_path / "report" / "metrics.json").read_text())["accuracy"]["n"] == 10


def test_unreadable_image_is_told_and_fails(model: Path, labelled: Path, capsys: Captured) -> None:
    """Figures that leave something out do not pass for whole ones."""
    (labelled / "0" / "2.png").write_bytes(b"no image")
    assert main(["evaluate", str(model), str(labelled)]) == 1
    out, err = capsys.readouterr()
    assert "n = 10)" in out
    assert "2.png" in err


def test_unknown_data_set_is_one_message(model: Path, tmp_path: Path, capsys: Captured) -> None:
    """A path with nothing behind it is told."""
    assert main(["evaluate", str(model), str(tmp_path / "missing")]) == 1
    assert "check the path" in capsys.readouterr().err


def test_name_of_a_data_set_is_found(
    model: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``mnist`` is looked for where ``duktus data mnist`` puts it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["evaluate", str(model), "mnist"]) == 1
    assert "duktus data mnist" in capsys.readouterr().err


@pytest.fixture
def encoder(tmp_path: Path) -> str:
    """The path of an encoder."""
    (tmp_path / "places.onnx").write_bytes(encoder_content())
    return str(tmp_path / "places.onnx")


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Two drawings of each letter, a folder a letter."""
    for letter in LETTERS:
        (tmp_path / "letters" / letter).mkdir(parents=True)
        for seed in (1, 2):
            Image.fromarray(letter_page(letter, seed)).save(tmp_path / "letters" / letter / f"{seed}.png")
    return tmp_path / "letters"


def test_gallery_is_measured_on_what_did_not_teach_it(
    encoder: str, letters: Path, tmp_path: Path, capsys: Captured
) -> None:
    """A gallery has its figures as a model has, without the images that taught it; letters it lacks are foreign."""
    gallery = str(tmp_path / "g.db")
    for letter in LETTERS[:-1]:
        drawing = str(letters / letter / "1.png")
        assert main(["teach", gallery, drawing, "--label", letter, "--encoder", encoder]) == 0
    capsys.readouterr()
    command = ["evaluate", gallery, str(letters), "--encoder", encoder, "--report", str(tmp_path / "report")]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert f"n = {len(LETTERS) - 1})" in out
    assert f"Images that taught the labels, and are in no figure: {len(LETTERS) - 1}." in err
    assert f"Images labelled {LETTERS[-1]} show none" in err
    assert "need more examples" in out
    assert "(1 example" in out
    record = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert record["model"].startswith("g.db, by places")
    assert len(record["wanted"]) == len(LETTERS) - 1


def test_gallery_of_another_encoder_or_of_nothing(
    letters: Path, encoder: str, tmp_path: Path, capsys: Captured
) -> None:
    """A gallery that cannot be read by is one message, whether other vectors fill it or none."""
    SqliteGallery.create(tmp_path / "other.db", ENCODER).close()
    assert main(["evaluate", str(tmp_path / "other.db"), str(letters), "--encoder", encoder]) == 1
    assert "expected a gallery of the encoder places" in capsys.readouterr().err
    with SqliteGallery.create(tmp_path / "none.db", Teacher(Session(encoder, threads=1)).encoder):
        pass
    assert main(["evaluate", str(tmp_path / "none.db"), str(letters), "--encoder", encoder]) == 1
    assert "received an empty one" in capsys.readouterr().err


def test_encoder_of_hands_is_measured_beside_its_controls(tmp_path: Path, capsys: Captured) -> None:
    """A folder a writer is all that is needed; lines name both controls, and the report is that of hands."""
    for writer in range(3):
        (tmp_path / "hands" / f"w{writer}").mkdir(parents=True)
        for text in (0, 1):
            Image.fromarray(hand_page(writer, text)).save(tmp_path / "hands" / f"w{writer}" / f"{text}.png")
    (tmp_path / "hands" / "w0" / "2.png").write_bytes(b"no image")
    command = ["evaluate", "hand-encoder", str(tmp_path / "hands"), "--report", str(tmp_path / "report")]
    assert main(command) == 1
    out, err = capsys.readouterr()
    assert "paper alone" in out.splitlines()[0]
    assert "tone and width alone" in out.splitlines()[0]
    assert "2.png" in err
    record = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert (record["samples"], record["writers"]) == (6, 3)


def test_gallery_of_hands_is_measured_on_other_pages(tmp_path: Path, capsys: Captured) -> None:
    """The gallery's own encoder is taken; its writers are named and others refused, beside the controls."""
    for place, texts, writers in (("known", (0,), 2), ("asked", (0, 1), 3)):
        for writer in range(writers):
            (tmp_path / place / f"w{writer}").mkdir(parents=True)
            for text in texts:
                Image.fromarray(hand_page(writer, text)).save(tmp_path / place / f"w{writer}" / f"{text}.png")
    gallery = str(tmp_path / "hands.db")
    assert main(["enrol", gallery, str(tmp_path / "known")]) == 0
    capsys.readouterr()
    assert main(["evaluate", gallery, str(tmp_path / "asked"), "--report", str(tmp_path / "report")]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].startswith("First answer right  ")
    assert "paper alone" in out.splitlines()[0]
    assert any(line.startswith("Unknown, refused") for line in out.splitlines())
    assert "Pages that are enrolled, and in no figure: 2." in err
    record = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert (record["title"], record["samples"]) == ("hands.db, by hand-encoder", 4)


def test_gallery_of_hands_and_another_encoder_are_one_message(
    encoder: str, labelled: Path, tmp_path: Path, capsys: Captured
) -> None:
    """A gallery whose encoder is not the one that was named says which it needs."""
    SqliteGallery.create(tmp_path / "hands.db", open_hands(threads=1).encoder).close()
    assert main(["evaluate", str(tmp_path / "hands.db"), str(labelled), "--encoder", encoder]) == 1
    err = capsys.readouterr().err
    assert "expected a gallery of the encoder places" in err
    assert "hand-encoder" in err


def test_one_page_a_writer_is_one_message(labelled: Path, capsys: Captured) -> None:
    """Digits, one image each, are nothing that an encoder of hands can be asked about."""
    assert main(["evaluate", "hand-encoder", str(labelled)]) == 1
    assert capsys.readouterr().err.startswith("duktus: expected")
