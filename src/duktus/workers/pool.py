"""A pool of worker processes that answer batches of inputs: started, called, replaced where one dies, and ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock
from typing import Any, BinaryIO, cast

from duktus.imaging.files import budget
from duktus.types import ImageError
from duktus.workers.inputs import name_of, portable
from duktus.workers.job import Job
from duktus.workers.process import READY, receive, send

MOST_WORKERS = 16
"""More would wait for the one process that gives them inputs and takes their answers."""

TOO_LONG = "too long"
"""How a worker ended whose page took longer than it may."""

_BOOTSTRAP = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
try:
    from duktus.workers.process import main
except Exception:
    sys.exit(1)
main()
"""
"""What a worker's interpreter runs: it finds modules where this process finds them, and knows nothing of its script."""

_FLAGS = {"isolated": "-I", "ignore_environment": "-E", "no_user_site": "-s", "no_site": "-S", "utf8_mode": "-Xutf8"}
"""Those of ``sys.flags`` that say where modules are found and how the names of files are spelt."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Else NumPy's linear algebra starts a thread for each core in each worker, which doubles the cost of its start."""


def can_start() -> bool:
    """Return whether this process runs in an interpreter that can be started once more: not in one that is built in."""
    name = os.path.basename(sys.executable or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


def start_pool(job: Job, cores: int, carry: Callable[[Any], Any] = portable) -> "WorkerPool | None":
    """Start a process for each core, at most ``MOST_WORKERS``; None where none can be started."""
    return WorkerPool(job, min(cores, MOST_WORKERS), carry) if can_start() else None


class WorkerPool:
    """Worker processes for one run, which start one by one while this process goes on.

    A worker that dies is replaced. Its inputs are sent again one by one, so that an error stands only in the place of
    one at which a worker dies again.

    Args:
        job: what each worker opens.
        count: how many are started.
        carry: returns an input as it is sent to a worker, None where it has to be answered in this process.

    Attributes:
        size: how many are ready.
    """

    def __init__(self, job: Job, count: int, carry: Callable[[Any], Any] = portable) -> None:
        self.size = 0
        self._job, self._carry = job, carry
        self._lock = Lock()
        self._closed = False
        self._workers: set[_Worker] = set()
        self._free: SimpleQueue[_Worker | None] = SimpleQueue()  # None: the last one is gone
        self._callers = ThreadPoolExecutor(count, "duktus-pool")
        for _ in range(count):
            self._callers.submit(self._add_worker)

    def submit(self, inputs: Sequence[Any]) -> Future[list[Any] | None] | None:
        """Have inputs answered; None, at once or as the result, where this process has to answer them itself."""
        carried = [each for each in map(self._carry, inputs) if each is not None]
        return self._callers.submit(self._answer, carried) if len(carried) == len(inputs) else None

    def answer_singly(self, inputs: Sequence[Any]) -> list[Any] | None:
        """Have inputs answered one by one, each at whose own page a worker ends; None as ``submit``."""
        carried = [each for each in map(self._carry, inputs) if each is not None]
        if len(carried) < len(inputs):
            return None
        worker, answers = self._answer_singly(carried)
        if worker is not None:
            self._discard(worker)
        return answers

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        with self._lock:
            self._closed = True
            workers = list(self._workers)
        for worker in workers:
            worker.kill()
        self._free.put(None)
        self._callers.shutdown(wait=True, cancel_futures=True)
        for worker in workers:
            worker.reap()

    def _add_worker(self) -> None:
        worker = self._start_worker()
        if worker is not None:
            with self._lock:
                self.size += 1
            self._free.put(worker)

    def _start_worker(self) -> "_Worker | None":
        """Start a worker and wait until it is ready; None where none can be started, or no more are wanted."""
        try:
            with self._lock:
                if self._closed:
                    return None
                worker = _Worker()
                self._workers.add(worker)
        except OSError:
            return None
        try:
            worker.open(self._job)
        except (EOFError, OSError):
            self._discard(worker)
            return None
        return worker

    def _discard(self, worker: "_Worker") -> str:
        """Remove a worker that died or cannot be reached; return how it ended."""
        with self._lock:
            self._workers.discard(worker)
        return worker.reap()

    def _answer(self, inputs: Sequence[Any]) -> list[Any] | None:
        worker = self._free.get()
        if worker is None:
            self._free.put(None)
            return None
        try:
            answers = worker.call(inputs)
        except (EOFError, OSError):
            fate = self._discard(worker)
            if fate == TOO_LONG and len(inputs) == 1:  # it would take as long again
                worker, answers = self._start_worker(), [_fatal(inputs[0], fate)]
            else:
                worker, answers = self._answer_singly(inputs)
        self._release(worker)
        return answers

    def _answer_singly(self, inputs: Sequence[Any]) -> "tuple[_Worker | None, list[Any] | None]":
        """Answer inputs at one of which a worker may have died; return also the worker that lives at the end."""
        answers: list[Any] = []
        worker = self._start_worker()
        for one in inputs:
            if worker is None:
                return None, None
            try:
                answer = worker.call([one])
            except (EOFError, OSError):
                answer = [_fatal(one, self._discard(worker))]
                worker = self._start_worker()
            if answer is None:
                return worker, None
            answers += answer
        return worker, answers

    def _release(self, worker: "_Worker | None") -> None:
        """Give a worker, or None where the last one is gone, to a thread that waits for one."""
        if worker is None:
            with self._lock:
                self.size -= 1
                if self.size:
                    return
        self._free.put(worker)


class _Worker:
    """One process, which one thread at a time talks to."""

    def __init__(self) -> None:
        flags = [flag for name, flag in _FLAGS.items() if getattr(sys.flags, name)]
        paths = json.dumps(sys.path, default=str)
        self._process = subprocess.Popen(
            [sys.executable, "-P", *flags, "-c", _BOOTSTRAP, paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ONE_THREAD,
            stderr=None if sys.__stderr__ else subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for this process, which then ends its workers
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
        )
        self._requests, self._answers = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)

    def open(self, job: Job) -> None:
        """Send the job and wait until it is open. Raises EOFError or OSError, as ``call``, if the process dies."""
        send(self._requests, job)
        if READY not in self._answers:
            raise EOFError

    def call(self, inputs: Sequence[Any]) -> list[Any] | None:
        """Return the answers of the process, None where it met a defect."""
        send(self._requests, inputs)
        answers: list[Any] | None = receive(self._answers)
        return answers

    def kill(self) -> None:
        """End the process; whoever waits for its answer has an EOFError."""
        self._process.kill()

    def reap(self) -> str:
        """Remove what is left of the process, and return how it ended."""
        self._process.kill()
        status = self._process.wait()
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what was not read of the last message
                pipe.close()
        if -status == getattr(signal, "SIGALRM", None):
            return TOO_LONG
        return f"signal {-status}" if status < 0 else f"exit code {status}"


def _fatal(source: object, fate: str) -> ImageError:
    if fate == TOO_LONG:
        expected = f"{name_of(source)}: expected a page that is read in {budget.timeout():g} s (--timeout)"
        return ImageError(f"{expected}, received one that takes longer; allow more time, or make it smaller")
    expected = f"{name_of(source)}: expected an image that can be processed"
    return ImageError(f"{expected}, received one at which the process that read it died ({fate}); make it smaller")
