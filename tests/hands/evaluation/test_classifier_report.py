"""The report about a classifier of hands: page, JSON and lines."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.hands.evaluation.classifier import ClassifierResults, Mixed
from duktus.hands.evaluation.classifier_report import (
    classifier_summary_lines,
    render_classifier_page,
    write_classifier_report,
)
from duktus.models.card import Card
from duktus.reporting.intervals import Estimate
from tests.glyphs.evaluation.test_report import Outline

SHARE = Estimate(0.875, 0.75, 0.96875, 32)


@pytest.fixture
def results() -> ClassifierResults:
    """Two writers, one of whom is taken for the other once."""
    return ClassifierResults(
        title="hands <b>",
        source="drawn & counted",
        writers=2,
        known=2,
        right={"patches": SHARE, "lines": SHARE, "pages": SHARE},
        among={"patches": SHARE, "lines": SHARE, "pages": SHARE},
        accepted=SHARE,
        sure=Estimate(float("nan"), 0.0, 1.0, 0),
        strangers=SHARE,
        mixed=(Mixed("Anna & Co", "Bert", 1, 4),),
        confusion=np.array([[3, 1], [0, 4]]),
        labels=("Anna & Co", "Bert"),
        notes=("A note.",),
        limits=("A limit.",),
    )


def test_the_page_is_well_formed_and_loads_nothing(results: ClassifierResults, card: Card) -> None:
    """Tags close in order, the matrix stands within, names are escaped, and notes, limits and the card are told."""
    page = render_classifier_page(results, card)
    outline = Outline(page)
    assert outline.open == []
    assert outline.tags.count("svg") == 1
    assert not {"script", "link", "iframe", "object"} & set(outline.tags)
    for part in ("hands &lt;b&gt;", "drawn &amp; counted", "A note.", "A limit.", "25.00 %", "Unknown refused"):
        assert part in page


def test_without_errors_or_strangers(results: ClassifierResults, card: Card) -> None:
    """What did not happen is said to be so, and what was not asked has no figure."""
    page = render_classifier_page(replace(results, mixed=(), strangers=None, limits=()), card)
    assert "No line was attributed to another writer." in page
    assert "Unknown refused" not in page
    assert "No limits are stated." in page


def test_lines_for_the_terminal(results: ClassifierResults) -> None:
    """Each figure with its interval and number, and who is mixed up with whom."""
    lines = classifier_summary_lines(results)
    assert lines[0] == "Patches right             87.50 %  (75.00 – 96.88 %, n = 32)"
    assert lines[-1].endswith("Anna & Co → Bert ×1 of 4")
    assert classifier_summary_lines(replace(results, mixed=()))[-1].endswith("none")


def test_a_report_is_a_page_and_its_figures(results: ClassifierResults, card: Card, tmp_path: Path) -> None:
    """Both files are written; what is no number is null."""
    page = write_classifier_report(results, card, tmp_path / "new")
    assert page.read_text(encoding="utf-8") == render_classifier_page(results, card)
    record = json.loads((tmp_path / "new" / "metrics.json").read_text(encoding="utf-8"))
    assert record["right"]["lines"]["value"] == 0.875
    assert record["mixed"] == [{"writer": "Anna & Co", "answered": "Bert", "count": 1, "of": 4}]
    assert record["sure"]["value"] is None
