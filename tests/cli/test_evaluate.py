"""``duktus evaluate``: figures on the terminal, a report in a folder."""

import json
from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from tests.cli.door import write_page

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
