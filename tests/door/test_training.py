"""Training through the door, in short: a folder becomes a model that reads."""

from pathlib import Path

import pytest

import duktus
from duktus.types import UsageError
from tests.glyphs.training.encoders import write_encoder, write_letters


def test_a_folder_becomes_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings may be given as a mapping, lines of progress come to ``report``, and the model is opened."""
    monkeypatch.chdir(tmp_path)
    write_letters(tmp_path / "letters", "AE", 6)
    start = write_encoder(tmp_path / "small.onnx")
    settings, lines = {"start": str(start), "epochs": 1, "precision": "float32"}, list[str]()
    assert "multiply-adds" in duktus.summarize("letters", settings=settings)
    model = duktus.train("letters", out="l.onnx", settings=settings, report=lines.append)
    assert (model.labels, model.check().passed) == (("A", "E"), True)
    assert any(line.startswith("epoch ") for line in lines)


def test_data_beside_images_make_no_sense(tmp_path: Path) -> None:
    """``data`` is for recipes."""
    with pytest.raises(UsageError, match="recipe"):
        duktus.train(tmp_path, data=tmp_path)
