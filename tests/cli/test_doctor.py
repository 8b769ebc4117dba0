"""``duktus doctor``: what is installed, and what an extra lacks."""

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
