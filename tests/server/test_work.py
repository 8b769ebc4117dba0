"""Work on the cores: what is asked for in parts comes in parts, and ends when nobody takes it any more."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import aclosing

import pytest

from duktus.server.problems import ProblemError
from duktus.server.settings import ServerSettings
from duktus.server.work import Workbench

PATIENCE = 10


def test_a_part_comes_before_the_next_is_made() -> None:
    """The first part is there while the second waits for what happens after it was taken."""
    taken = threading.Event()

    def parts() -> Generator[int]:
        yield 1
        assert taken.wait(PATIENCE)
        yield 2

    async def ask() -> list[int]:
        found = []
        async for part in Workbench(ServerSettings(cores=1)).stream(parts):
            found.append(part)
            taken.set()
        return found

    assert asyncio.run(ask()) == [1, 2]


def test_who_leaves_frees_the_core() -> None:
    """After the part that is being made no other is, and what was opened for it is closed."""
    closed, going = threading.Event(), threading.Event()

    def parts() -> Generator[int]:
        try:
            yield 1
            assert going.wait(PATIENCE)
            yield 2
            pytest.fail("went on")
        finally:
            closed.set()

    async def ask() -> None:
        bench = Workbench(ServerSettings(cores=1))
        async with aclosing(bench.stream(parts)) as found:
            assert await anext(found) == 1
        going.set()
        assert await asyncio.to_thread(closed.wait, PATIENCE)
        bench.close()
        assert bench.pending == 0

    asyncio.run(ask())


def test_what_takes_too_long_ends() -> None:
    """All parts together have the time of one answer."""
    free = threading.Event()

    def parts() -> Generator[int]:
        yield 1
        assert free.wait(PATIENCE)

    async def ask() -> int:
        found = Workbench(ServerSettings(cores=1, seconds=0.3)).stream(parts)
        assert await anext(found) == 1
        with pytest.raises(ProblemError) as told:
            await anext(found)
        free.set()
        return told.value.status

    assert asyncio.run(ask()) == 504


def test_errors_come_after_what_was_made() -> None:
    """What goes wrong in a part is raised where it would have come."""

    def parts() -> Generator[int]:
        yield 1
        raise KeyError("two")

    async def ask() -> int:
        found = Workbench(ServerSettings(cores=1)).stream(parts)
        first = await anext(found)
        with pytest.raises(KeyError, match="two"):
            await anext(found)
        return first

    assert asyncio.run(ask()) == 1
