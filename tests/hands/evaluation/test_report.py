"""The report about hands: page, JSON, lines and plots."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from duktus.hands.evaluation.figures import PAPER, TONE, HandResults, measure_hands
from duktus.hands.evaluation.plots import (
    amounts_svg,
    cmc_svg,
    det_svg,
    open_set_svg,
    retrieval_svg,
    thresholds_svg,
    tippett_svg,
)
from duktus.hands.evaluation.report import hand_summary_lines, render_hand_page, side_by_side, write_hand_report
from duktus.hands.evaluation.retrieval import score_matrix
from tests.glyphs.evaluation.test_report import Outline
from tests.hands.evaluation.scores import draw_results, draw_vectors


@pytest.fixture(scope="module")
def results() -> HandResults:
    """Eight writers of three pages by the hand, and by two controls that know less."""
    return draw_results()


@pytest.fixture(scope="module")
def page(results: HandResults) -> str:
    """The page of these results."""
    return render_hand_page(results)


def texts(svg: str) -> list[str]:
    """The texts of a plot."""
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter() if element.tag.endswith("}text")]


def test_the_page_is_well_formed_and_loads_nothing(page: str) -> None:
    """Tags close in order, seven plots stand within, and no address leads elsewhere."""
    outline = Outline(page)
    assert outline.open == []
    assert outline.tags.count("svg") == 7
    assert not {"script", "link", "iframe", "object"} & set(outline.tags)
    assert all(address.startswith("#") for address in outline.addresses)


def test_every_figure_stands_beside_its_controls(results: HandResults, page: str) -> None:
    """The table names both controls, and has their first answers beside the hand's."""
    for figures in results.all:
        assert f"{100 * figures.closed.top1.value:.2f}" in page
        assert figures.verification is not None
        assert f"{figures.verification.cost.value:.3f}" in page
    assert all(
        part in page for part in (PAPER, TONE, "encoder &lt;b&gt;", "drawn &amp; counted", "A limit.", "A note.")
    )
    assert "chosen on other data" in page


def test_a_report_is_a_page_and_its_figures(results: HandResults, page: str, tmp_path: Path) -> None:
    """Both files are written, the page with the same bytes in every run."""
    assert write_hand_report(results, tmp_path / "new").read_text(encoding="utf-8") == page
    record = json.loads((tmp_path / "new" / "metrics.json").read_text(encoding="utf-8"))
    assert record["hand"]["closed"]["top1"]["value"] == results.hand.closed.top1.value
    assert [control["name"] for control in record["controls"]] == [PAPER, TONE]


def test_without_controls_the_page_says_so(results: HandResults) -> None:
    """A figure without its controls is told to be one; what was not measured has no section."""
    bare = replace(
        results.hand,
        retrieval=None,
        verification=None,
        open_set=None,
        amounts=None,
        notes=("Verification was not measured.",),
    )
    page = render_hand_page(replace(results, hand=bare, controls=()))
    assert "No controls were measured" in page
    assert "This was not measured." in page
    assert "Verification was not measured." in page
    assert Outline(page).tags.count("svg") == 1


def test_a_control_that_was_not_measured_is_a_dash(results: HandResults) -> None:
    """Rows stay rows where a control lacks a figure."""
    control = replace(results.controls[0], open_set=None, verification=None)
    page = render_hand_page(replace(results, controls=(control,)))
    assert '<td class="number">–</td>' in page


def test_plots_name_what_they_show(results: HandResults) -> None:
    """Each line has its name, each plot a title for those who do not see it."""
    verification = results.hand.verification
    assert verification is not None
    for svg in (plot(results) for plot in (cmc_svg, retrieval_svg, open_set_svg, det_svg, amounts_svg)):
        assert {"hand", PAPER, TONE} <= set(texts(svg))
    assert {"one writer", "two writers"} <= set(texts(tippett_svg(verification)))
    assert results.hand.open_set is not None
    assert {"known, right", "known, wrong", "unknown"} <= set(texts(thresholds_svg(results.hand.open_set)))
    assert ET.fromstring(det_svg(results))[0].text == "DET curve: false rejects against false accepts"


def test_plots_can_do_with_hands_that_are_never_wrong() -> None:
    """No error at all leaves the rates at the plot's rim, without a warning."""
    vectors, writers, pages = draw_vectors(6, 3, noise=0.01)
    figures = measure_hands("hand", score_matrix(vectors), writers, pages, times=10)
    results = HandResults("encoder", "drawn", "page", 18, 6, 18, figures)
    assert render_hand_page(results).startswith("<!DOCTYPE html>")


def test_a_gallery_is_told_as_one(results: HandResults) -> None:
    """Where nobody was drawn, the page speaks of the gallery's hands, and of no pages that were left out by turns."""
    hand, opened = results.hand, results.hand.open_set
    assert opened is not None
    asked = replace(
        hand,
        closed=replace(hand.closed, draws=0),
        open_set=replace(opened, draws=0, detections=()),
        retrieval=None,
        verification=None,
        amounts=None,
    )
    page = render_hand_page(replace(results, hand=asked, controls=()))
    assert "hands in the gallery" in page
    assert "The gallery has 4 hands; 4 queried writers are not among them" in page
    assert "Leave one out" not in page
    assert Outline(page).tags.count("svg") == 2


def test_the_summary_tells_figures_and_controls(results: HandResults) -> None:
    """A line a figure, with its interval, its size and the controls' figures."""
    lines = hand_summary_lines(results)
    assert len(lines) == 18
    assert lines[0].startswith("First answer right, one enrolled")
    assert all("n = " in line and f"; {PAPER} " in line and f"; {TONE} " in line for line in lines)
    assert sum("2 lines by as many" in line for line in lines) == 1


def test_rows_are_those_that_the_hand_has(results: HandResults) -> None:
    """What was not measured of the hand has no row; what a control lacks is None in it."""
    hand = replace(results.hand, retrieval=None, amounts=None)
    control = replace(results.controls[0], open_set=None)
    rows = side_by_side(replace(results, hand=hand, controls=(control,)))
    assert len(rows) == 13
    assert not any("leave one out" in row[0].name for row in rows)
    assert next(row for row in rows if row[0].name == "Unknown, refused")[1].estimate is None
