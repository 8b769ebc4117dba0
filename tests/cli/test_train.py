"""``duktus train``: the door to training; training itself is tested in its own folder."""

import sys
from pathlib import Path

import pytest

from duktus.cli import main
from duktus.glyphs.reading.reader import open_model
from duktus.models.file import check_model, read_card
from tests.glyphs.training.encoders import letter_page, write_encoder, write_letters

Captured = pytest.CaptureFixture[str]


def test_without_its_extra_it_names_it(repository: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Keras is missing, one sentence says what to install."""
    for name in [name for name in sys.modules if name.startswith(("duktus.door.recipes", "keras"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "keras", None)
    assert main(["train", str(repository / "recipes" / "digits.toml")]) == 1
    assert "duktus[train]" in capsys.readouterr().err


def test_missing_recipe_is_one_message(tmp_path: Path, capsys: Captured) -> None:
    """A recipe that is not there is answered with those there are, before anything is loaded that takes long."""
    assert main(["train", str(tmp_path / "missing.toml")]) == 1
    said = capsys.readouterr().err
    assert "expected a recipe in TOML, found no file" in said
    assert "digits, digits-quick" in said


def test_setting_that_no_recipe_has_is_one_message(repository: Path, capsys: Captured) -> None:
    """A slip in --set is answered with the key that it looks like."""
    assert main(["train", str(repository / "recipes" / "digits.toml"), "--set", "epoch=2"]) == 1
    assert "did you mean 'epochs'?" in capsys.readouterr().err


def small_training(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A folder of letters, and the words that train on it from the small encoder; this folder is the present one."""
    monkeypatch.chdir(folder)
    write_letters(folder / "letters", "AEK", 10)
    start = write_encoder(folder / "small.onnx")
    return ["train", "letters", "--set", f'start="{start}"', "--set", "epochs=2", "--set", "precision=float32"]


def test_folder_becomes_a_model(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is all that is needed: it leaves a model that reads, and a report. Interrupted, the same words go on."""
    from duktus.cli import train as module

    words = small_training(tmp_path, monkeypatch)

    def stop(line: str) -> None:
        if line.startswith("epoch   1/1"):  # what was held out is learnt by now
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "_report", stop)
        assert main(words) == 130
    assert not (tmp_path / "letters.onnx").exists()
    capsys.readouterr()
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out == "letters.onnx\n"
    assert "30 images of 3 classes" in said.err
    assert "going on after epoch 2" in said.err
    assert "epoch   1/" not in said.err
    assert (tmp_path / "letters.report" / "report.html").is_file()
    assert (tmp_path / "letters.report" / "metrics.json").is_file()
    page = (tmp_path / "letters.report" / "report.html").read_text(encoding="utf-8")
    assert "need more examples" in page
    assert "Learning curve" in page
    assert not (tmp_path / "letters.training").exists()
    assert_reads(tmp_path / "letters.onnx")


def assert_reads(path: Path) -> None:
    """The model is whole, its card says how it came about, and it reads most of what other hands wrote."""
    assert check_model(path).passed
    card = read_card(path)
    assert (card.labels, card.other, card.training.epochs) == (("A", "E", "K"), True, 3)
    reader = open_model(path, threads=1)
    read = [reader.read(letter_page(letter, 100 + i), layout="one")[0].text for letter in "AEK" for i in range(4)]
    assert sum(text == letter for text, letter in zip(read, "AAAAEEEEKKKK", strict=True)) >= 8


def test_one_image_a_label(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """From one image a label a model is made, no figure is given, and that is said; the report has the curve alone."""
    words = small_training(tmp_path, monkeypatch)
    write_letters(tmp_path / "single", "AE", 1)
    assert main([words[0], "single", *words[2:]]) == 0
    said = capsys.readouterr().err
    assert "nothing is measured" in said
    assert "test: nothing to measure on" in said
    assert read_card(tmp_path / "single.onnx").metrics == ()
    page = (tmp_path / "single.report" / "report.html").read_text(encoding="utf-8")
    assert "Learning curve" in page
    assert "Read right" not in page


def test_summary_of_a_folder(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network that a folder would be trained on has an output for each of its labels and one for none."""
    assert main([*small_training(tmp_path, monkeypatch), "--summary"]) == 0
    assert "(None, 4)" in capsys.readouterr().out


def test_folder_and_data_are_one_too_many(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """--data beside a folder is wrong usage; a folder without an image says so before anything is loaded."""
    words = small_training(tmp_path, monkeypatch)
    assert main([*words, "--data", "letters"]) == 2
    (tmp_path / "empty").mkdir()
    assert main(["train", "empty"]) == 1
    assert "found no image" in capsys.readouterr().err
