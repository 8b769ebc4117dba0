"""Work on the cores: as many requests at once as there are, the others wait, and too many are refused."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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
        if self.pending >= self._settings.waiting + self._settings.cores:
            detail = f"expected at most {self._settings.waiting} waiting requests; try again in a moment"
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": RETRY})
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self.submit(call)), self._settings.seconds)
        except TimeoutError:
            detail = f"expected an answer within {self._settings.seconds:g} s, and there was none; send less at once"
            raise ProblemError(HTTPStatus.GATEWAY_TIMEOUT, detail) from None

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
