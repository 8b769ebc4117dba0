"""Hand classifiers: both recipes are trained on both splits, and what was trained is not trained again."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.sections import closed
from benchmarks.setting import Setting
from tests.benchmarks.iam import write_iam
from tests.hands.training.test_lines import RECIPE


@pytest.fixture
def own(tmp_path: Path, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A run on a set laid out as IAM, with small recipes of either kind."""
    write_iam(tmp_path / "iam", writers=3, forms=4, lines=2)
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    for name, path in (("hands", closed.OURS), ("hands-published", closed.PUBLISHED)):
        place = tmp_path / "recipes" / path
        place.parent.mkdir(exist_ok=True)
        text = RECIPE.replace('"own"', '"iam"').replace('"writers"', f'"{name}"').replace("epochs = 2", "epochs = 1")
        place.write_text(text, encoding="utf-8")
    return replace(setting, root=tmp_path, runs=tmp_path / "runs")


def test_closed_section(own: Setting) -> None:
    """Both splits have their levels beside the published recipe's, forms by form alone; a second run trains nothing."""
    outcome = closed.run(own)
    found = {row.what.partition("split by ")[2]: row for row in outcome.rows}
    assert list(found) == [
        "form: patches",
        "form: lines",
        "form: forms",
        "form",
        "line: patches",
        "line: lines",
        "line",
    ]
    assert all(row.ours and row.peer for row in found.values())
    times = {path: path.stat().st_mtime_ns for path in own.runs.glob("*.onnx")}
    assert closed.run(own) == outcome
    assert {path: path.stat().st_mtime_ns for path in own.runs.glob("*.onnx")} == times
    assert len(times) == 4
