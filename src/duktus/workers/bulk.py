"""Any number of inputs answered in order, few of them in memory, by processes where these are worth starting."""

import operator
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from duktus.workers.inputs import portable, size_of
from duktus.workers.job import Job, Steps

if TYPE_CHECKING:
    from duktus.workers.pool import WorkerPool

BATCH = 48
"""Inputs that a thread or process takes at once; the glyphs of a batch go through the network together."""

BATCH_BYTES = 2**20
"""A batch ends where its inputs come to this size, so that few large ones are held at once."""

MOST_THREADS = 4
"""Threads that draft; more of them wait for Python's lock on small images."""

LEAST_WORK = 1.5
"""Seconds of work ahead for which processes are started: their start has to be won back."""

Starter: TypeAlias = "Callable[[], WorkerPool | None]"
"""Starts a worker pool; None where there can be none."""


class _Submitted(NamedTuple):
    """A batch that was given to a process, which answers it, or to a thread, which drafts it."""

    inputs: list[Any]
    answers: Future[list[Any] | None] | None
    drafts: Future[Any] | None


def pool_starter(job: Job, cores: int, carry: Callable[[Any], Any] = portable) -> "Starter | None":
    """Return what starts a process for each core; None for a single core.

    Args:
        job: what each process opens.
        cores: how many there are.
        carry: returns an input as it is sent to a process, None where it has to be answered in this one.
    """
    if cores < 2:
        return None

    def start() -> "WorkerPool | None":
        from duktus.workers.pool import start_pool

        return start_pool(job, cores, carry)

    return start


def answer_in_bulk(
    inputs: Iterable[Any], steps: Steps, cores: int, start: "Starter | None" = None, *, batch: int = 0
) -> Generator[Any]:
    """Yield the answer to each input, in order.

    Args:
        inputs: any number of them, taken as they are needed.
        steps: how they are answered. ``draft`` runs in threads of this process as long as no other process answers,
            ``settle`` in the caller's thread.
        cores: how many this process may use; half of them draft.
        start: starts processes, called once there is work for them; None for none.
        batch: inputs in a batch at most, ``BATCH`` if 0.
    """
    threads = max(1, min(MOST_THREADS, cores // 2))
    scheduler = _Scheduler(steps, threads, start, _Forecast(operator.length_hint(inputs)))
    waiting: deque[_Submitted] = deque()
    try:
        for some in _batches(inputs, batch or BATCH):
            waiting.append(scheduler.submit(some))
            while len(waiting) > scheduler.most:
                yield from scheduler.collect(waiting.popleft())
        while waiting:
            yield from scheduler.collect(waiting.popleft())
    finally:
        scheduler.close()


class _Forecast:
    """How much work may be ahead: by the number of inputs where it is known, else as much as there has been."""

    def __init__(self, inputs: int) -> None:
        self._inputs, self._done, self._seconds = inputs, 0, 0.0

    def note(self, inputs: int, seconds: float) -> None:
        self._done += inputs
        self._seconds += seconds

    def is_long(self) -> bool:
        ahead = self._inputs - self._done if self._inputs > self._done else self._done
        return self._done > 0 and self._seconds * ahead / self._done >= LEAST_WORK


class _Scheduler:
    """Gives batches to threads, and to processes once there are any, and collects the answers."""

    def __init__(self, steps: Steps, threads: int, start: "Starter | None", forecast: _Forecast) -> None:
        self._steps, self._threads = steps, threads
        self._start, self._forecast = start, forecast
        self._drafting = ThreadPoolExecutor(threads, "duktus-draft")
        self._pool: WorkerPool | None = None

    @property
    def most(self) -> int:
        """Batches that may wait: each worker has one in work and one queued."""
        return 1 + (2 * self._pool.size if self._pool and self._pool.size else self._threads)

    def submit(self, inputs: list[Any]) -> _Submitted:
        if self._start is not None and self._forecast.is_long():
            self._pool, self._start = self._start(), None
        answers = self._pool.submit(inputs) if self._pool and self._pool.size else None
        drafts = None if answers else self._drafting.submit(self._steps.draft, inputs)
        return _Submitted(inputs, answers, drafts)

    def collect(self, submitted: _Submitted) -> list[Any]:
        start = time.perf_counter()
        answers = submitted.answers.result() if submitted.answers else None
        if submitted.drafts:
            answers = self._steps.settle(submitted.drafts.result())
        elif answers is None:
            answers = self._steps.answer(submitted.inputs)
        self._forecast.note(len(submitted.inputs), time.perf_counter() - start)
        return answers

    def close(self) -> None:
        if self._pool:
            self._pool.close()
        self._drafting.shutdown(wait=True, cancel_futures=True)


def _batches(inputs: Iterable[Any], most: int) -> Iterator[list[Any]]:
    some: list[Any] = []
    size = 0
    for each in inputs:
        some.append(each)
        size += size_of(each)
        if len(some) == most or size > BATCH_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some
