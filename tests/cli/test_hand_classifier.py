"""A classifier of hands from the command line: ``identify --model``, ``evaluate``, ``models``, and wrong usage."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from duktus.types import Page
from tests.hands.models import LABELS, WRITERS, classifier_content
from tests.hands.pages import page_of

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a classifier of four hands."""
    path = tmp_path_factory.mktemp("model") / "ways.onnx"
    path.write_bytes(classifier_content())
    return str(path)


def save(page: Page, path: Path) -> str:
    """Save a page as an image file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(page).save(path)
    return str(path)


def test_identify_jsonl(model: str, tmp_path: Path, capsys: Captured) -> None:
    """The records are those of a gallery; a blank page is an answer, and what cannot be read has its error."""
    pages = [save(page_of(1, text=1), tmp_path / "1.png"), save(np.full((200, 200), 250, np.uint8), tmp_path / "b.png")]
    (tmp_path / "broken.png").write_bytes(b"no image")
    asked = ["identify", *pages, str(tmp_path / "broken.png"), "--model", model, "--top", "2", "--format", "jsonl"]
    assert main(asked) == 1
    found, blank, broken = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(found) == ["file", "matches", "accepted", "reason", "ink", "notes"]
    assert [list(match) for match in found["matches"]] == [["label", "score", "log10_lr", "rank"]] * 2
    assert (found["matches"][0]["label"], found["accepted"]) == ("writer 1", True)
    assert (blank["matches"], blank["reason"]) == ([], "blank")
    assert list(broken) == ["file", "error"]


def test_identify_table_csv_and_regions(model: str, tmp_path: Path, capsys: Captured) -> None:
    """People get a table that says that the set is closed, spreadsheets the same as CSV; regions are kept to."""
    page = page_of(5, text=1)
    asked = ["identify", save(page, tmp_path / "5.png"), "--model", model]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "writer 5" in told.splitlines()[1]
    assert "closed set" in told
    assert main([*asked, "--format", "csv", "--regions", f"0,0,{page.shape[1]},{page.shape[0] // 2}"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ((), "received neither"),
        (("--gallery", "a.db", "--model", "b.onnx"), "received both"),
        (("--model", "b.onnx", "--encoder", "c.onnx"), "expected --encoder beside --gallery alone"),
    ],
)
def test_a_gallery_or_a_model(named: tuple[str, ...], expected: str, capsys: Captured) -> None:
    """One of both is needed, and only one; anything else is wrong usage."""
    assert main(["identify", "page.png", *named]) == 2
    assert expected in capsys.readouterr().err


def test_models_for_something_else(model: str, tmp_path: Path, capsys: Captured) -> None:
    """``read`` says whom to ask instead, ``identify`` that an encoder is no classifier; galleries want encoders."""
    page = save(page_of(1), tmp_path / "1.png")
    assert main(["read", page, "--model", model]) == 1
    assert "expected a glyph-classifier, received a hand-classifier" in (told := capsys.readouterr().err)
    assert "duktus identify IMAGE --model FILE" in told
    assert main(["identify", page, "--model", "hand-encoder"]) == 1
    assert "expected a hand-classifier, received a hand-encoder" in capsys.readouterr().err
    assert main(["enrol", str(tmp_path / "h.db"), page, "--writer", "Anna", "--encoder", model]) == 1
    assert "expected a hand-encoder" in capsys.readouterr().err


def test_evaluate(model: str, tmp_path: Path, capsys: Captured) -> None:
    """A folder a writer is measured: a line a figure, the notes, and a report."""
    for seed, label in zip(WRITERS, LABELS, strict=True):
        save(page_of(seed, text=1), tmp_path / "pages" / label / "1.png")
    assert main(["evaluate", model, str(tmp_path / "pages"), "--report", str(tmp_path / "report")]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].startswith("Patches right")
    assert out.splitlines()[-1] == str(tmp_path / "report" / "report.html")
    assert "Closed set" in err
    assert json.loads((tmp_path / "report" / "metrics.json").read_text())["right"]["pages"]["n"] == 4


def test_explain_shows_whom_patches_go_to(
    model: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page, one beside another document, and what makes no sense together."""
    monkeypatch.chdir(tmp_path)
    one, other = (save(page_of(seed, text=1), tmp_path / f"{seed}.png") for seed in (1, 5))
    assert main(["explain", one, "--model", model]) == 0
    assert capsys.readouterr().out.strip() == "1.explained.html"
    alone = (tmp_path / "1.explained.html").read_text(encoding="utf-8")
    assert "In the hand of <bdi>writer 1</bdi>" in alone
    assert "SHA-256" in alone
    assert main(["explain", one, "--model", model, "--against", other, "--out", "both.html"]) == 0
    assert "5.png, at the right" in (tmp_path / "both.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["explain", one, "--model", model, "--stages"]) == 2
    assert "leave it out for hands" in capsys.readouterr().err
    assert main(["explain", one, "--model", model, "--gallery", "hands.db"]) == 2
    assert "received both" in capsys.readouterr().err


def test_show_and_check(model: str, capsys: Captured) -> None:
    """The card tells how patches are cut and votes weighed, and the file computes what the card says."""
    assert main(["models", "show", model]) == 0
    told = capsys.readouterr().out
    assert "height 96, side 96, size 48" in told
    assert "growth 0.5" in told
    assert main(["models", "check", model]) == 0
