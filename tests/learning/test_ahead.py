"""Batches are made by processes of their own, in order."""

import os
from pathlib import Path

import numpy as np
import pytest

from duktus.learning.ahead import Ahead
from duktus.types import DataError
from duktus.workers.job import Job, Steps, answer_each


def open_maker(offset: int) -> Steps:
    """What a process opens: the square of a number, moved, and the process that made it."""

    def make(number: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], int]:
        if number < 0:
            raise DataError(f"received {number}")
        return np.full((2, 3), number * number + offset), os.getpid()

    return answer_each(make)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> "Ahead[tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], int]]":
    """Two processes, which find this module where this one does."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return Ahead(Job("test_ahead:open_maker", (7,)), cores=2)


def test_batches_come_in_order_from_other_processes(
    ahead: "Ahead[tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], int]]",
) -> None:
    """However long each takes; the processes serve a second round as well."""
    for _ in range(2):
        made = list(ahead.make(range(20)))
        assert [int(array[0, 0]) for array, _ in made] == [number * number + 7 for number in range(20)]
        assert os.getpid() not in {process for _, process in made}
    assert list(ahead.make(())) == []


def test_what_cannot_be_made_is_named(
    ahead: "Ahead[tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], int]]",
) -> None:
    """The error of the process is raised where its batch would have been."""
    batches = ahead.make((1, -3, 2))
    next(batches)
    with pytest.raises(DataError, match=r"expected a batch to be made, received an error \(received -3\)"):
        next(batches)


def test_where_no_process_can_be_started_batches_are_made_here(
    ahead: "Ahead[tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], int]]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an interpreter that is built into another program."""
    monkeypatch.setattr("duktus.workers.pool.can_start", lambda: False)
    assert {process for _, process in ahead.make(range(3))} == {os.getpid()}
