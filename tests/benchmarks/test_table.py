"""The report opens with its claim and the machine, and its tables have every figure with its interval."""

import pytest

from benchmarks.results import Outcome, Record, Row, Scale, Target, exactly
from benchmarks.table import figure, render, target_text
from duktus.reporting.intervals import Estimate

ROW = Row(
    "digits read",
    "share",
    Estimate(0.9975, 0.9963, 0.9983, 10_000),
    Estimate(0.99, 0.98, 0.995, 10_000),
    target=Target(0.9975),
    headline=True,
    claim="It reads {ours} beside {peer}, {ratio} fewer errors.",
)


def report(*rows: Row) -> str:
    """The report of one section."""
    command = "python -m benchmarks.run --only accuracy"
    record = Record("MNIST", Outcome(rows, ("A note.",)), command, "2026-01-31", 12.0, {"processor": "one"})
    return render({"accuracy": record})


def test_report_opens_with_claim_and_machine() -> None:
    """The first paragraph says what was met and claims it in figures, the second names the machine."""
    paragraphs = report(ROW).split("\n\n")
    claim = "**1 of 1 targets are met.** It reads 99.75 % beside 99.00 %, 4× fewer errors."
    assert paragraphs[1] == claim
    assert paragraphs[2] == "processor: one  \nmeasured: 2026-01-31"


def test_row_has_figure_interval_target_and_command() -> None:
    """One line holds all that is needed to judge a figure and to get it again."""
    line = "| digits read | 99.00 % | 99.75 % | 99.63 to 99.83 | 4× | ≥ 99.75 % | yes | 10,000 | `--only accuracy` |"
    assert report(ROW).count(line) == 2


def test_missed_target_is_set_off() -> None:
    """Nobody overlooks a target that was not met."""
    assert "| **no** |" in report(Row("slow", "seconds", exactly(9), target=Target(3, at_least=False), headline=True))


def test_missing_figure_is_a_dash() -> None:
    """What could not be measured is shown as such, and not as zero."""
    assert "| lost | – | – | – |" in report(Row("lost", "share", None))


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (0.0042, "error", "0.42 %"),
        (0.123456, "seconds", "0.123 s"),
        (1234.5, "MB", "1,234 MB"),
        (3.456, "MB", "3.46 MB"),
        (0.0001, "points", "0.010 points"),
    ],
)
def test_figures_have_their_units(value: float, scale: Scale, text: str) -> None:
    """Each scale is shown as people say it."""
    assert figure(exactly(value), scale) == text


def test_targets_have_theirs() -> None:
    """Bounds are shown with the sign and the unit of what they bound."""
    assert target_text(Row("x", "points", None, target=Target(0.0005, at_least=False))) == "≤ 0.05 points"
    assert target_text(Row("x", "seconds", None, target=Target(12, of="ratio"))) == "≥ 12×"


def test_measured_ratio_shows_its_interval() -> None:
    """A ratio from pairs of runs has their spread beside it."""
    row = Row("x", "seconds", exactly(1), exactly(3), ratio=Estimate(3.0, 2.5, 3.5, 7))
    assert "3× (2.5 to 3.5)" in report(row)
