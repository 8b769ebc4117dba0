"""Bulk reading keeps order, takes images as it needs them, and calls for processes only where there is work."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat

import numpy as np
import pytest

from duktus.pen.sources import Readable
from duktus.types import Reading
from duktus.workers import bulk
from duktus.workers.batches import Steps
from duktus.workers.bulk import CHUNK, read_in_bulk
from tests.workers.test_batches import GREYS, draft, grey, settle, texts


def read_greys(
    images: Iterable[Readable], batches: list[int] | None = None, hire: Callable[[], None] | None = None
) -> list[str]:
    """Read pages by their grey, and note how many are settled at once."""

    def noted(values: Sequence[int]) -> list[tuple[Reading, ...]]:
        if batches is not None:
            batches.append(len(values))
        return settle(values)

    return texts(list(read_in_bulk(images, Steps(draft, noted), 3, hire)))


def test_order_and_batches() -> None:
    """Answers come in the order of the images, which go through the network many at a time."""
    batches: list[int] = []
    values = [i % 200 for i in range(3 * CHUNK + 5)]
    assert read_greys((grey(value) for value in values), batches) == [str(value) for value in values]
    assert sorted(batches) == [5, CHUNK, CHUNK, CHUNK]


@pytest.mark.parametrize(("side", "expected"), [(1100, [1] * 4), (300, [4])])
def test_large_images_are_few_at_a_time(side: int, expected: list[int]) -> None:
    """Images that come to a megabyte end a batch."""
    batches: list[int] = []
    assert read_greys([np.full((side, side), 9, np.uint8)] * 4, batches) == ["9"] * 4
    assert batches == expected


def test_an_error_of_the_input_is_raised() -> None:
    """What goes wrong where the images come from is not swallowed."""

    def broken() -> Iterator[Readable]:
        yield grey(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_greys(broken())


def test_no_images() -> None:
    """Of no images there are no answers."""
    assert read_greys(iter(())) == []


@pytest.mark.parametrize(("count", "calls"), [(CHUNK, 0), (6 * CHUNK, 0), (10**10, 1)])
def test_processes_are_called_for_once_where_much_is_ahead(
    count: int, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For few images nothing is started, for many it is tried once; where it fails, all is read all the same."""
    called: list[None] = []
    monkeypatch.setattr(bulk, "WORTHWHILE", 100.0)
    answers = read_in_bulk(repeat(grey(7), count), GREYS, 1, lambda: called.append(None))
    found = list(islice(answers, 20 * CHUNK))
    answers.close()
    assert len(called) == calls
    assert texts(found) == ["7"] * min(count, 20 * CHUNK)


def test_processes_are_called_for_after_long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a stream whose length nobody knows, as much is thought to come as has been."""
    called: list[None] = []
    monkeypatch.setattr(bulk, "WORTHWHILE", 0.0)
    assert read_greys((grey(7) for _ in range(6 * CHUNK)), hire=lambda: called.append(None)) == ["7"] * 6 * CHUNK
    assert len(called) == 1


def test_an_unforeseen_exception_is_raised() -> None:
    """What nobody expected is not taken for an image's fault."""

    def broken(_: object) -> int:
        raise KeyError("a defect")

    answers = read_in_bulk([grey(1)], Steps(broken, settle), 1)
    with pytest.raises(KeyError, match="a defect"):
        next(answers)
