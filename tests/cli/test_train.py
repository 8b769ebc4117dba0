"""``duktus train``: the door to training; training itself is tested in its own folder."""

import sys
from pathlib import Path

import pytest

from duktus.cli import main

Captured = pytest.CaptureFixture[str]


def test_without_its_extra_it_names_it(repository: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Keras is missing, one sentence says what to install."""
    for name in [name for name in sys.modules if name.startswith(("duktus.training", "keras"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "keras", None)
    assert main(["train", str(repository / "recipes" / "digits.toml")]) == 1
    assert "duktus[train]" in capsys.readouterr().err


def test_missing_recipe_is_one_message(tmp_path: Path, capsys: Captured) -> None:
    """A recipe that is not there is told before anything is loaded that takes long."""
    assert main(["train", str(tmp_path / "missing.toml")]) == 1
    assert "missing.toml" in capsys.readouterr().err


def test_setting_that_no_recipe_has_is_one_message(repository: Path, capsys: Captured) -> None:
    """A slip in --set is told with the keys there are."""
    assert main(["train", str(repository / "recipes" / "digits.toml"), "--set", "epoch=2"]) == 1
    assert "epoch" in capsys.readouterr().err
