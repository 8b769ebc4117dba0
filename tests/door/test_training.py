"""Training through the door, in short: a folder becomes a model that reads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import duktus
from duktus.types import UsageError
from tests.glyphs.training.encoders import write_encoder, write_letters
from tests.imaging.handwriting import character, on_paper


def write_lines(folder: Path, texts: Sequence[str]) -> list[Path]:
    """Write a picture of each number."""
    folder.mkdir()
    paths = []
    for number, text in enumerate(texts):
        pages = [on_paper(character(digit, number)) for digit in text]
        high = min(page.shape[0] for page in pages)
        paths.append(folder / f"{number}.png")
        Image.fromarray(np.hstack([page[:high] for page in pages])).save(paths[-1])
    return paths


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


def test_a_model_to_start_from(tmp_path: Path) -> None:
    """An encoder starts labelled images; a transcriber starts corrected lines, and ``evaluate`` measures it on such."""
    write_letters(tmp_path / "letters", "AE", 6)
    start, short = write_encoder(tmp_path / "small.onnx"), {"epochs": 1, "precision": "float32"}
    read = duktus.train(
        tmp_path / "letters", out=tmp_path / "l.onnx", start=start, settings=short, report=lambda _: None
    )
    assert read.labels == ("A", "E")
    pages = write_lines(tmp_path / "cells", ["12", "345", "67", "890", "12", "34"])
    table = tmp_path / "review.csv"
    rows = [
        f"cells/{each.name},1,{text}" for each, text in zip(pages, ("12", "345", "67", "890", "", "34"), strict=True)
    ]
    table.write_text("\n".join(("file,text,label", *rows)), encoding="utf-8")
    settings = {"epochs": 1, "steps": 1, "batch": 4, "held": 0}
    better = duktus.train(table, out=tmp_path / "b.onnx", start="numbers", settings=settings, report=lambda _: None)
    assert (better.task, better.name, better.check().passed) == ("line-transcriber", "review", True)
    found = duktus.evaluate(better, table)
    assert found.lines[0].startswith("Character error rate")
    assert found.metrics["exact"]["n"] == 5
    assert found.report(tmp_path / "report").name == "report.html"


def test_what_nothing_starts_from(tmp_path: Path) -> None:
    """A classifier is none to start from, and a recipe says itself what it starts from."""
    with pytest.raises(
        UsageError, match="a transcriber or an encoder of letters to start from, received a glyph-class"
    ):
        duktus.train(tmp_path, start="digits")
    with pytest.raises(UsageError, match="your own images"):
        duktus.train("digits", start="numbers")
