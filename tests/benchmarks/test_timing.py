"""Runs take turns, medians have their interval, and a process is weighed without its parent."""

import sys

import pytest

from benchmarks.timing import in_turns, median, own_process, paired_ratio, run_command
from duktus.types import DuktusError


def test_median_of_seven_is_bounded_by_all() -> None:
    """Seven runs cover their median with 98 %, and the middle five no longer would."""
    estimate = median([7, 1, 2, 3, 4, 5, 6])
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (4, 1, 7, 7)


def test_median_of_many_leaves_the_outer_ones_out() -> None:
    """Of fifteen runs the interval goes from the fourth to the twelfth (Conover 1999, table A3)."""
    estimate = median(list(range(1, 16)))
    assert (estimate.low, estimate.high) == (4, 12)


def test_median_of_an_even_number_lies_between() -> None:
    """The two in the middle are averaged."""
    assert median([1, 2, 3, 10]).value == 2.5


def test_ratio_is_taken_pair_by_pair() -> None:
    """A slow moment that met both sides of a pair leaves its ratio alone."""
    assert paired_ratio([2, 20, 2], [1, 10, 1]).low == 2


def test_each_round_begins_with_another() -> None:
    """Every runner runs once a round and each is first in turn."""
    order: list[str] = []

    def run(name: str) -> float:
        order.append(name)
        return float(len(order))

    figures = in_turns({"a": lambda: run("a"), "b": lambda: run("b")}, 2)
    assert order == ["a", "b", "b", "a"]
    assert figures == {"a": [1, 4], "b": [2, 3]}


def test_command_is_timed_and_weighed() -> None:
    """A process that sleeps and holds memory shows both, however much this one holds."""
    held = bytearray(300_000_000)
    usage = run_command(["-c", "import time; x = bytearray(50_000_000); time.sleep(0.2); print('ö')"])
    assert usage.output == "ö\n"
    assert usage.seconds >= 0.2
    assert 50 < usage.megabytes < 200
    assert held is not None


def test_failed_command_says_why() -> None:
    """What a process complained of is in the error."""
    with pytest.raises(DuktusError, match="out of order"):
        run_command(["-c", "import sys; sys.exit('out of order')"])


def test_engine_has_a_process_of_its_own() -> None:
    """An isolated engine imports what it likes without this process noticing."""
    with own_process(isolated=True) as executor:
        assert executor.submit(eval, "__import__('this') is not None").result()
    assert "this" not in sys.modules
