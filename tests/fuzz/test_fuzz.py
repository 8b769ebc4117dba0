"""Some seconds of each campaign; ``make fuzz`` runs them for as long as wanted."""

import sys
from pathlib import Path

import pytest

from tests.fuzz.__main__ import CAMPAIGNS, fuzz
from tests.fuzz.campaign import Case, Outcome, Report, find_problem, summary

SECONDS = {"pictures": 8, "strokes": 5, "models": 6, "galleries": 5, "commands": 8, "companions": 8, "bombs": 12}
"""Of each campaign: less than a minute of all."""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory by Linux's own numbers")
@pytest.mark.parametrize("name", sorted(CAMPAIGNS))
def test_nothing_breaks(name: str, tmp_path: Path) -> None:
    """Each hostile input gets an answer or an error of the project's, in time, in little memory, without orders."""
    report = fuzz(name, SECONDS[name], 0, tmp_path)
    assert report.count
    assert not report.failures, str(report)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome(end="no end"), "no end"),
        (Outcome(code=1, trace="Traceback\nValueError: x"), "a traceback: ValueError: x"),
        (Outcome(code=3), "exit code 3"),
        (Outcome(code=0, seconds=9), "9.0 s"),
        (Outcome(code=0, peak=2000), "2000 MB"),
        (Outcome(code=0, texts=("\x1b[2J", "")), "raw"),
        (Outcome(code=0, texts=("\u202ex", "")), "raw"),
        (Outcome(code=1, texts=("", "")), "0 records of 1 inputs"),
        (Outcome(code=1, texts=('{"file": "a", "error": "e"}\n', "")), ""),
    ],
)
def test_what_counts_as_broken(outcome: Outcome, said: str) -> None:
    """Every kind of failure is found by name, and a plain error record is none."""
    assert find_problem(Case(("read", "{}"), (("a", b""),), records=True), outcome).startswith(said)
    assert bool(said) == bool(find_problem(Case(("read", "{}"), (("a", b""),), records=True), outcome))


def test_all_campaigns_together_are_told_by_kind() -> None:
    """The last line counts inputs and each way to fail."""
    found = ["read {}: 7.2 s; kept as 0000", "read {}: no end; kept as 0001", "read {}: 1500 MB; kept as 0002"]
    traced = "teach {}: a traceback: ValueError: x; y; kept as 0003"
    reports = [Report("a", count=5, distinct=3, failures=found), Report("b", count=2, distinct=2, failures=[traced])]
    said = summary(reports)
    assert said.startswith("in all: 5 inputs, 7 times; not an error record 1, over 5 s 2, over 1 GB 1;")
