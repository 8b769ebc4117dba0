"""``duktus models``: what a model says of itself, and whether it is sound."""

from dataclasses import replace
from pathlib import Path

import pytest

from duktus.cli import main
from duktus.models.card import Sample
from duktus.models.file import read_card, save_model, shipped_names

Captured = pytest.CaptureFixture[str]


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
