"""Models through the door: opened once, shown by their card."""

import shutil
from pathlib import Path

import pytest

import duktus
from duktus.door.sessions import open_session
from duktus.types import ModelError


def test_a_model_is_opened_once(tmp_path: Path) -> None:
    """Calls in a loop do not load the network anew; a file that changed is opened again."""
    path = tmp_path / "m.onnx"
    shutil.copy(duktus.open_model("digits").path, path)
    first = open_session(path)
    assert open_session(path) is first
    path.write_bytes(duktus.open_model("runes").path.read_bytes())
    assert open_session(path) is not first


def test_a_model_for_another_task_is_refused() -> None:
    """An encoder reads nothing, a reader of digits identifies nobody."""
    with pytest.raises(ModelError, match="glyph-classifier"):
        duktus.open_model("hand-encoder").read("x.png")
    with pytest.raises(ModelError, match="hand-classifier"):
        duktus.open_model("digits").identify("x.png")
    with pytest.raises(ModelError, match="received a page-segmenter; name another model"):
        duktus.open_model("writing").read("x.png")


def test_a_model_shows_its_card() -> None:
    """In a notebook a model shows its name and task, and its card on a click."""
    shown = duktus.open_model("digits")._repr_html_()
    assert "<details>" in shown
    assert "glyph-classifier" in shown


def test_no_such_model() -> None:
    """A name that is none is refused when it is opened."""
    with pytest.raises(ModelError, match="no model is named"):
        duktus.open_model("digit")


def test_a_gallery_is_no_model(home: Path) -> None:
    """A gallery's file where a model is expected is called what it is."""
    with pytest.raises(ModelError, match="received a gallery"):
        duktus.open_model(home / "runes.db")
