"""Any number of inputs answered in order, few of them in memory, by processes where these are worth starting."""

import operator
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from duktus.imaging.files import budget
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

PATIENCE = 10.0
"""Seconds after which a batch that is answered in this process is taken to another, where a page's time is limited."""

Starter: TypeAlias = "Callable[[], WorkerPool | None]"
"""Starts a worker pool; None where there can be none."""


class _Submitted(NamedTuple):
    """A batch that was given to a process, which answers it, or to a thread, which drafts it."""

    inputs: list[Any]
    answers: Future[list[Any] | None] | None
    drafts: Future[Any] | None


def pool_starter(job: Job, cores: int, carry: Callable[[Any], Any] = portable) -> "Starter | None":
    """Return what starts a process for each core; None for a single core where no page's time is limited.

    Args:
        job: what each process opens.
        cores: how many there are.
        carry: returns an input as it is sent to a process, None where it has to be answered in this one.
    """
    if cores < 2 and budget.timeout() == inf:
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
            ``settle`` in one of its own.
        cores: how many this process may use; half of them draft.
        start: starts processes, called once there is work for them; None for none.
        batch: inputs in a batch at most, ``BATCH`` if 0.
    """
    scheduler = _Scheduler(steps, cores, start, _Forecast(operator.length_hint(inputs)))
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

    def __init__(self, steps: Steps, cores: int, start: "Starter | None", forecast: _Forecast) -> None:
        self._steps, self._threads = steps, max(1, min(MOST_THREADS, cores // 2))
        self._start, self._forecast = start, forecast
        self._cores = cores
        self._pool: WorkerPool | None = None
        self._make_threads()

    def _make_threads(self) -> None:
        self._drafting = ThreadPoolExecutor(self._threads, "duktus-draft")
        self._settling = ThreadPoolExecutor(2, "duktus-settle")

    @property
    def most(self) -> int:
        """Batches that may wait: each worker has one in work and one queued."""
        return 1 + (2 * self._pool.size if self._pool and self._pool.size else self._threads)

    def submit(self, inputs: list[Any]) -> _Submitted:
        if self._start is not None and self._cores > 1 and self._forecast.is_long():
            self._pool, self._start = self._start(), None
        answers = self._pool.submit(inputs) if self._pool and self._pool.size else None
        drafts = None if answers else self._drafting.submit(self._steps.draft, inputs)
        return _Submitted(inputs, answers, drafts)

    def collect(self, submitted: _Submitted) -> list[Any]:
        start = time.perf_counter()
        answers = submitted.answers.result() if submitted.answers else None
        if answers is None:
            answers = self._answer_here(submitted)
        self._forecast.note(len(submitted.inputs), time.perf_counter() - start)
        return answers

    def _answer_here(self, submitted: _Submitted) -> list[Any]:
        """Answer a batch in this process; where that takes long, in another one as well, whose time is limited."""
        here: Future[Any] = self._settling.submit(self._settle, submitted)
        wait([here], min(PATIENCE, budget.timeout()) if budget.timeout() < inf else None)
        pool = None if here.done() else self._pool or (self._start and self._start())
        if not pool:
            return list(here.result())
        self._pool, self._start = pool, None
        there: Future[Any] = self._settling.submit(pool.answer_singly, submitted.inputs)
        wait((here, there), return_when=FIRST_COMPLETED)
        answers = None if here.done() else there.result()
        if answers is None:
            return list(here.result())
        self._end_threads(wait=False)
        self._make_threads()
        return list(answers)

    def _settle(self, submitted: _Submitted) -> list[Any]:
        if submitted.drafts is None or submitted.drafts.cancelled():  # what waited behind a batch that took too long
            return self._steps.answer(submitted.inputs)
        return self._steps.settle(submitted.drafts.result())

    def close(self) -> None:
        if self._pool:
            self._pool.close()
        self._end_threads(wait=not isinstance(sys.exception(), KeyboardInterrupt))

    def _end_threads(self, *, wait: bool) -> None:
        """End threads, one that is within an image behind it; Ctrl-C does not wait for that."""
        for threads in (self._drafting, self._settling):
            threads.shutdown(wait=wait, cancel_futures=True)


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
