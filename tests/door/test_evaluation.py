"""Models and galleries measured through the door."""

import json
from pathlib import Path

import pytest

import duktus
from duktus.types import DataError


def test_metrics_are_those_of_the_report(home: Path, tmp_path: Path) -> None:
    """What is at hand in Python is what the report's file holds."""
    found = duktus.evaluate("runes.db", "more-drawings")
    page = found.report(tmp_path / "report")
    assert page.is_file()
    written = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(found.metrics)) == written
    assert str(found).startswith(f"runes.db, by glyph-encoder on {home / 'more-drawings'}".split(" on ")[0])
    assert "Read right" in found._repr_html_()


def test_labels_that_the_model_does_not_have_are_named(home: Path) -> None:
    """Letters for a model of digits: which it has, which the images have, and what to do."""
    assert home.exists()
    with pytest.raises(DataError, match=r"labelled 0, 1, 2, .* as digits knows, received A, B, C; name a model"):
        duktus.evaluate("digits", "more-drawings")


def test_hands_are_measured(home: Path) -> None:
    """An encoder of hands too few pages are given for says so in words."""
    with pytest.raises(DataError, match="expected"):
        duktus.evaluate(duktus.open_model("hand-encoder"), home / "letters")
