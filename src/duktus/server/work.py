"""Work on the cores: as many requests at once as there are, the others wait, and too many are refused."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus
from typing import TypeVar

from duktus.server.problems import ProblemError
from duktus.server.settings import ServerSettings

T = TypeVar("T")

RETRY = "1"
"""Seconds after which a refused request may come again."""


class Workbench:
    """Runs what takes time on threads, one a core.

    Args:
        settings: how many, how long, and how many may wait.

    Attributes:
        pending: requests that wait or are worked on.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._threads = ThreadPoolExecutor(settings.cores, "duktus")
        self._settings, self._lock = settings, threading.Lock()
        self.pending = 0

    async def run(self, call: Callable[[], T]) -> T:
        """Return what a call returns.

        Raises:
            ProblemError: too many wait, or it takes too long.
        """
        self._admit()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self.submit(call)), self._settings.seconds)
        except TimeoutError:
            raise self._late() from None

    async def stream(self, call: Callable[[], Generator[T]]) -> AsyncGenerator[T]:
        """Yield what a call yields, each when it comes.

        The core is not held by a client that takes its answer slowly, nor for one that has gone: what was asked for
        then ends with the part that is being worked on.

        Raises:
            ProblemError: too many wait, or all of it takes too long.
        """
        self._admit()
        loop, came, left = asyncio.get_running_loop(), asyncio.Queue[T | None](), threading.Event()
        until = loop.time() + self._settings.seconds

        def work() -> None:
            with closing(call()) as found:
                for one in found:
                    if left.is_set():
                        return
                    loop.call_soon_threadsafe(came.put_nowait, one)

        done = asyncio.wrap_future(self.submit(work))
        done.add_done_callback(lambda _: came.put_nowait(None))
        try:
            while (one := await asyncio.wait_for(came.get(), until - loop.time())) is not None:
                yield one
            done.result()
        except TimeoutError:
            raise self._late() from None
        finally:
            left.set()
            done.cancel()

    def _admit(self) -> None:
        """Raise ProblemError where too many wait."""
        if self.pending >= self._settings.waiting + self._settings.cores:
            detail = f"expected at most {self._settings.waiting} waiting requests; try again in a moment"
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": RETRY})

    def _late(self) -> ProblemError:
        detail = f"expected an answer within {self._settings.seconds:g} s, and there was none; send less at once"
        return ProblemError(HTTPStatus.GATEWAY_TIMEOUT, detail)

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Begin a call as soon as a core is free."""
        with self._lock:
            self.pending += 1
        future = self._threads.submit(call)
        future.add_done_callback(self._done)
        return future

    def close(self) -> None:
        """Finish what is running, and begin nothing more."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _done(self, _: object) -> None:
        with self._lock:
            self.pending -= 1
