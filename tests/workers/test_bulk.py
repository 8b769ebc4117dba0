"""Work in bulk keeps order, takes inputs as it needs them, and starts processes only where there is much to do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat

import numpy as np
import pytest

from duktus.types import ImageError, Page
from duktus.workers import bulk
from duktus.workers.bulk import BATCH, answer_in_bulk, pool_starter
from duktus.workers.job import Job, Steps, answer_each


def grey(value: int) -> Page:
    """A page whose grey is its answer."""
    return np.full((4, 6), value, np.uint8)


def draft(pages: Sequence[Page]) -> list[int]:
    """Take each page's grey."""
    return [int(page.flat[0]) for page in pages]


def settle(values: Sequence[int]) -> list[str]:
    """Answer each value by its name."""
    return [str(value) for value in values]


GREYS = Steps(draft, settle)


def read_greys(
    images: Iterable[Page], batches: list[int] | None = None, start: Callable[[], None] | None = None
) -> list[str]:
    """Answer pages by their grey, and note how many are settled at once."""

    def noted(values: Sequence[int]) -> list[str]:
        if batches is not None:
            batches.append(len(values))
        return settle(values)

    return list(answer_in_bulk(images, Steps(draft, noted), 6, start))


def test_order_and_batches() -> None:
    """Answers come in the order of the images, which are settled many at a time."""
    batches: list[int] = []
    values = [i % 200 for i in range(3 * BATCH + 5)]
    assert read_greys((grey(value) for value in values), batches) == [str(value) for value in values]
    assert sorted(batches) == [5, BATCH, BATCH, BATCH]


@pytest.mark.parametrize(("side", "expected"), [(1100, [1] * 4), (300, [4])])
def test_large_images_are_few_at_a_time(side: int, expected: list[int]) -> None:
    """Images that come to a megabyte end a batch."""
    batches: list[int] = []
    assert read_greys([np.full((side, side), 9, np.uint8)] * 4, batches) == ["9"] * 4
    assert batches == expected


def test_an_error_of_the_input_is_raised() -> None:
    """What goes wrong where the images come from is not swallowed."""

    def broken() -> Iterator[Page]:
        yield grey(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_greys(broken())


def test_no_images() -> None:
    """Without inputs there are no answers."""
    assert read_greys(iter(())) == []


@pytest.mark.parametrize(("count", "calls"), [(BATCH, 0), (6 * BATCH, 0), (10**10, 1)])
def test_processes_are_started_once_where_much_is_ahead(
    count: int, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For few images nothing is started, for many it is tried once; where it fails, all is read all the same."""
    called: list[None] = []
    monkeypatch.setattr(bulk, "LEAST_WORK", 100.0)
    answers = answer_in_bulk(repeat(grey(7), count), GREYS, 2, lambda: called.append(None))
    found = list(islice(answers, 20 * BATCH))
    answers.close()
    assert len(called) == calls
    assert found == ["7"] * min(count, 20 * BATCH)


def test_processes_are_started_after_long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a stream whose length nobody knows, as much is thought to come as has been."""
    called: list[None] = []
    monkeypatch.setattr(bulk, "LEAST_WORK", 0.0)
    assert read_greys((grey(7) for _ in range(6 * BATCH)), start=lambda: called.append(None)) == ["7"] * 6 * BATCH
    assert len(called) == 1


def test_a_defect_is_raised() -> None:
    """A defect is not taken for an input's fault."""

    def broken(_: object) -> object:
        raise KeyError("a defect")

    answers = answer_in_bulk([grey(1)], Steps(broken, settle), 1)
    with pytest.raises(KeyError, match="a defect"):
        next(answers)


def test_inputs_that_fail_have_errors_in_their_place() -> None:
    """What a function of single inputs cannot answer is an error, and the rest goes on."""

    def positive(number: int) -> int:
        if number < 0:
            raise ImageError(f"expected a number above 0, received {number}")
        if number == 7:
            raise MemoryError
        return number

    found = list(answer_in_bulk([1, -2, 7, 3], answer_each(positive), 1))
    assert found[::3] == [1, 3]
    assert [str(each) for each in found[1:3]] == [
        "expected a number above 0, received -2",
        "'the image': expected an image that can be processed, received one that cannot (MemoryError)",
    ]


def test_one_core_needs_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one core a process is started only where it has to keep a page's time."""
    monkeypatch.setenv("DUKTUS_TIMEOUT", "60")
    assert pool_starter(Job("nowhere:nothing", ()), 1) is not None
    monkeypatch.delenv("DUKTUS_TIMEOUT")
    assert pool_starter(Job("nowhere:nothing", ()), 1) is None
    assert pool_starter(Job("nowhere:nothing", ()), 2) is not None
