"""``duktus models``: what a model says of itself, and whether it is sound."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from duktus.cli import main
from duktus.models.card import Sample
from duktus.models.file import read_card, save_model, shipped, shipped_names

Captured = pytest.CaptureFixture[str]

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_list_shows_the_shipped_models(capsys: Captured) -> None:
    """``duktus models`` and ``duktus models list`` are one table with a row a model."""
    if not shipped_names():
        pytest.skip("no model is shipped with this checkout")
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out == listed
    assert [row.split()[0] for row in listed.splitlines()] == ["name", *shipped_names()]


def test_show_prints_the_card(model: Path, capsys: Captured) -> None:
    """The whole card comes out as text for people."""
    assert main(["models", "show", str(model)]) == 0
    assert capsys.readouterr().out == read_card(model).describe() + "\n"


def test_check_passes_a_sound_model(model: Path, capsys: Captured) -> None:
    """A model that computes here what its card says is sound."""
    assert main(["models", "check", str(model)]) == 0
    assert "arbitrary: sound" in capsys.readouterr().out


def test_check_fails_a_model_that_computes_something_else(model: Path, tmp_path: Path, capsys: Captured) -> None:
    """A card whose sample the network does not give exits 1 and says so."""
    card = read_card(model)
    wrong = replace(card, sample=Sample.of(card.sample.input.unpack(), card.sample.output.unpack() + 1))
    save_model(model, wrong, tmp_path / "wrong.onnx")
    assert main(["models", "check", str(tmp_path / "wrong.onnx")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "difference of 1" in err


def test_quantize_makes_a_copy_that_reads(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy lies here under the model's name, is measured, and ``--precision int8`` reads by it."""
    pages = [path for path in EXAMPLES.iterdir() if path.stem.split("_")[0] in set("0123456789")]
    assert pages
    folder = tmp_path / "digits"
    folder.mkdir()
    for page in pages:
        shutil.copy(page, folder)
    monkeypatch.chdir(tmp_path)
    assert main(["models", "quantize", "digits", str(folder)]) == 0
    out, _ = capsys.readouterr()
    assert out == "digits-int8.onnx\n"
    assert main(["models", "check", out.strip()]) == 0
    whole = shutil.copy(shipped("digits"), tmp_path / "digits.onnx")
    readings = []
    for precision in ("float32", "int8"):
        capsys.readouterr()
        assert main(["read", str(folder), "--model", str(whole), "--precision", precision]) == 0
        readings.append([line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]])
    assert readings[0] == readings[1]
