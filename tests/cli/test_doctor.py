"""``duktus doctor``: what is installed, and what an extra lacks."""

from pathlib import Path

import pytest

from duktus.cli import main
from duktus.door import installation


def test_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    """The base is complete, and the shipped models are named."""
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "onnxruntime" in told
    assert "model digits" in told


def test_what_is_missing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An extra that lacks a package says how to install it; without the base the exit code is 1."""
    monkeypatch.setattr(installation, "requires", lambda _: ["numpy>=2.0", "missing-one >=3 ; extra == 'fast'"])
    assert main(["doctor"]) == 0
    assert "without missing-one; pip install 'duktus[fast]'" in capsys.readouterr().out
    monkeypatch.setattr(installation, "requires", lambda _: ["missing-one>=2.0"])
    assert main(["doctor"]) == 1
    assert "incomplete" in capsys.readouterr().err


def test_completion_is_installed_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The script for a shell is written below the user's home, names the commands, and nothing else is changed."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["--install-completion", "--shell", "fish"]) == 0
    assert str(tmp_path) in capsys.readouterr().out.replace("\n", "")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 1
    assert "identify" in written[0].read_text(encoding="utf-8")
