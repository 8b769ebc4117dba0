"""Tests of what every report has: figures with intervals, lines for the terminal, the frame of the page."""

from duktus.reporting.intervals import Estimate, wilson
from duktus.reporting.report import Figure, figure_lines, head_figures, render_report

SHARE = Figure("Accuracy", wilson(9975, 10000), "A <note>.")
COST = Figure("Cllr", Estimate(0.25, 0.125, float("nan"), 12), bits=True)
MISSING = Figure("Accuracy", None)


def test_a_head_figure_has_interval_and_n() -> None:
    """The figure is never alone, its note is escaped, and a cost is in bits."""
    text = head_figures([SHARE, COST, MISSING])

    told = ("99.75 %", "99.63 – 99.83 %", "n = 10,000", "A &lt;note&gt;.", "0.250", "0.125 – –")
    assert all(part in text for part in told)
    assert text.count("<dt>") == 2


def test_lines_are_aligned_and_have_the_others_behind() -> None:
    """A figure, its interval and n, the same figure of the others, and a last line under the same column."""
    lines = figure_lines([(SHARE, MISSING), (COST, COST)], ["paper"], last=("Worst", "4 → 9"))

    assert lines[0] == "Accuracy   99.75 %  (99.63 – 99.83 %, n = 10,000); paper –"
    assert lines[1] == "Cllr         0.250  (0.125 – –, n = 12); paper 0.250"
    assert lines[2] == "Worst     4 → 9"
    assert figure_lines([]) == []


def test_what_has_no_samples_is_not_measured() -> None:
    """A figure without an estimate or without samples is a dash, not 0 %."""
    empty = Figure("Accuracy", Estimate(float("nan"), 0.0, 1.0, 0))

    assert (empty.measured, MISSING.measured, SHARE.measured) == (False, False, True)
    assert empty.value == MISSING.value == "–"
    assert MISSING.interval == ""


def test_a_report_states_its_limits_and_notes() -> None:
    """Titles are escaped, limits and notes are listed, and a report without limits says so."""
    page = render_report(("kind", "<name>", "evaluation"), "10 pages", ["<b>body</b>"], limits=["L"], notes=["N"])

    assert all(part in page for part in ("&lt;name&gt;", "<b>body</b>", "<li>L</li>", "<li>N</li>", "metrics.json"))
    assert "No limits are stated." in render_report(("kind", "name", "evaluation"), "", [], limits=(), notes=())
