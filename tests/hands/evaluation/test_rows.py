"""Figures as rows: the hand's beside its controls'."""

from dataclasses import replace

import pytest

from duktus.hands.evaluation.figures import PAPER, TONE, HandResults
from duktus.hands.evaluation.rows import hand_summary_lines, side_by_side
from tests.hands.evaluation.scores import draw_results


@pytest.fixture(scope="module")
def results() -> HandResults:
    """Figures of eight writers."""
    return draw_results()


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
    assert not any("leave one out" in row[0][0] for row in rows)
    assert next(row for row in rows if row[0][0] == "Unknown, refused")[1][1] is None
