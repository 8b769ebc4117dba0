"""Rows know their ratio and whether they keep their target, and survive their file."""

from pathlib import Path

import pytest

from benchmarks.results import Outcome, Record, Row, Target, exactly, load_records, save_records, share
from duktus.reporting.intervals import Estimate
from duktus.types import DataError


def test_fewer_errors_are_the_ratio_of_shares() -> None:
    """99 % beside 97 % is a third of the errors."""
    assert Row("x", "share", exactly(0.99), exactly(0.97)).advantage == pytest.approx(3)


def test_no_error_is_infinitely_fewer() -> None:
    """Without any error the ratio has no bound, and of two without any neither is ahead."""
    assert Row("x", "share", exactly(1.0), exactly(0.97)).advantage == float("inf")
    assert Row("x", "share", exactly(1.0), exactly(1.0)).advantage == 1


def test_ratio_is_above_one_where_ours_is_better() -> None:
    """Less time and more images a second both count for us."""
    assert Row("x", "seconds", exactly(2), exactly(8)).advantage == 4
    assert Row("x", "images/s", exactly(8), exactly(2)).advantage == 4


def test_measured_ratio_goes_before_the_computed_one() -> None:
    """Pairs of runs give a ratio of their own."""
    assert Row("x", "seconds", exactly(2), exactly(8), ratio=exactly(5)).advantage == 5


@pytest.mark.parametrize(("target", "met"), [(Target(0.9), True), (Target(0.9, at_least=False), False), (None, None)])
def test_target_of_the_figure(target: Target | None, met: bool | None) -> None:
    """A figure is held against its bound from the right side, and without one nothing is claimed."""
    assert Row("x", "share", exactly(0.95), target=target).met is met


def test_target_of_the_ratio() -> None:
    """A bound on the ratio looks at the ratio; without a figure it is missed."""
    assert Row("x", "seconds", exactly(2), exactly(8), target=Target(3, of="ratio")).met
    assert Row("x", "seconds", None, exactly(8), target=Target(3, of="ratio")).met is False


def test_nothing_has_no_share() -> None:
    """A share of no pictures is no figure."""
    assert share(0, 0) is None


def test_records_survive_their_file(tmp_path: Path) -> None:
    """What is written is read back the same."""
    row = Row("x", "share", Estimate(0.9, 0.8, 0.95, 100), None, target=Target(0.5), note="–")
    record = Record("Title", Outcome((row,), ("note",), {"k": [1]}), "command", "2026-01-31", 1.5, {"cpu": "some"})
    save_records(tmp_path / "results.json", {"one": record})
    assert load_records(tmp_path / "results.json") == {"one": record}


def test_foreign_results_are_refused(tmp_path: Path) -> None:
    """A file of another format says what to do about it."""
    (tmp_path / "results.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(DataError, match="delete it"):
        load_records(tmp_path / "results.json")
