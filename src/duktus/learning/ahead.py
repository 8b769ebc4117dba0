"""Batches that take long to make, made by processes of their own while the network learns from those before."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar
from weakref import finalize

from duktus.models.cores import available_cores
from duktus.types import DataError
from duktus.workers.job import Job, Steps
from duktus.workers.pool import WorkerPool, start_pool

M = TypeVar("M")

WAITING = 2
"""So many batches a process are made before they are wanted."""


class Ahead(Generic[M]):
    """Makes batches in the order in which they are requested, by one process per core.

    The processes start when the first batch is requested and end with this object.

    Args:
        job: opens what makes one batch from one input, as ``workers.job`` describes.
        cores: how many processes; None for those that this process may use.
    """

    def __init__(self, job: Job, cores: int | None = None) -> None:
        self._job, self._cores = job, cores or available_cores()
        self._pool: WorkerPool | None = None
        self._steps: Steps | None = None

    def make(self, inputs: Iterable[Any]) -> Iterator[M]:
        """Yield what is made of each input.

        Raises:
            DataError: one cannot be made.
        """
        if self._pool is None and self._steps is None:
            self._start()
        waiting: deque[tuple[Any, Future[list[Any] | None] | None]] = deque()
        for one in inputs:
            waiting.append((one, self._pool.submit([one]) if self._pool else None))
            if len(waiting) >= WAITING * self._cores or self._pool is None:
                yield self._take(*waiting.popleft())
        while waiting:
            yield self._take(*waiting.popleft())

    def _start(self) -> None:
        self._pool = start_pool(self._job, self._cores, lambda one: one)
        if self._pool is not None:
            finalize(self, self._pool.close)

    def _take(self, one: Any, made: "Future[list[Any] | None] | None") -> M:
        answers = made.result() if made is not None else None
        if answers is None:  # no process could be started, or it met a defect, which is raised here
            self._steps = self._steps or self._job.open()
            answers = self._steps.answer([one])
        if isinstance(answers[0], Exception):
            raise DataError(f"expected a batch to be made, received an error ({answers[0]})") from answers[0]
        batch: M = answers[0]
        return batch
