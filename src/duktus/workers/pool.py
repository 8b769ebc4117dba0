"""Processes that read chunks of images side by side: started, asked, replaced where one dies, and ended."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock
from typing import BinaryIO, cast

import numpy as np

from duktus.imaging.files.load import is_pillow, load_pages
from duktus.pen.sources import Readable
from duktus.pen.strokes import Drawing
from duktus.types import ImageError
from duktus.workers.batches import Answers, name_of
from duktus.workers.process import READY, Task, receive, send

MOST_WORKERS = 16
"""More would wait for the one process that gives them images and takes their readings."""

_BEGIN = """
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

_OWN_PLACES = ("/dev/fd/", "/dev/std", "/proc/")
"""Where a path may mean another thing to another process, as ``/dev/stdin`` does."""


def can_hire() -> bool:
    """Tell whether this process runs in an interpreter that can be started once more: not in one that is built in."""
    name = os.path.basename(sys.executable or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


class Crew:
    """Worker processes for one run, which come to work one by one while this process goes on.

    A worker that dies is replaced. Its images are read again one by one, so that an error stands only in the place of
    one at which a worker dies again.

    Args:
        task: what each worker is told.
        count: how many are to come.

    Attributes:
        size: how many have come and are there.
    """

    def __init__(self, task: Task, count: int) -> None:
        self.size = 0
        self._task = task
        self._lock = Lock()
        self._closed = False
        self._workers: set[_Worker] = set()
        self._free: SimpleQueue[_Worker | None] = SimpleQueue()  # None: the last one is gone
        self._pool = ThreadPoolExecutor(count, "duktus-crew")
        for _ in range(count):
            self._pool.submit(self._begin)

    def submit(self, images: Sequence[Readable]) -> Future[Answers | None] | None:
        """Have images read; None, at once or in the end, where this process has to read them itself."""
        portable = [each for each in map(_portable, images) if each is not None]
        return self._pool.submit(self._read, portable) if len(portable) == len(images) else None

    def close(self) -> None:
        """End all workers, whatever they are at."""
        with self._lock:
            self._closed = True
            workers = list(self._workers)
        for worker in workers:
            worker.kill()
        self._free.put(None)
        self._pool.shutdown(wait=True, cancel_futures=True)
        for worker in workers:
            worker.bury()

    def _begin(self) -> None:
        worker = self._hire()
        if worker is not None:
            with self._lock:
                self.size += 1
            self._free.put(worker)

    def _hire(self) -> "_Worker | None":
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
            worker.instruct(self._task)
        except (EOFError, OSError):
            self._dismiss(worker)
            return None
        return worker

    def _dismiss(self, worker: "_Worker") -> str:
        """Forget a worker that is dead, or as good as dead; return what became of it."""
        with self._lock:
            self._workers.discard(worker)
        return worker.bury()

    def _read(self, images: Sequence[Readable]) -> Answers | None:
        worker = self._free.get()
        if worker is None:
            self._free.put(None)
            return None
        try:
            answers = worker.ask(images)
        except (EOFError, OSError):
            self._dismiss(worker)
            worker, answers = self._read_singly(images)
        self._release(worker)
        return answers

    def _read_singly(self, images: Sequence[Readable]) -> "tuple[_Worker | None, Answers | None]":
        """Read images at one of which a worker may have died; return also the worker that lives at the end."""
        answers: Answers = []
        worker = self._hire()
        for image in images:
            if worker is None:
                return None, None
            try:
                answer = worker.ask([image])
            except (EOFError, OSError):
                answer = [_fatal(image, self._dismiss(worker))]
                worker = self._hire()
            if answer is None:
                return worker, None
            answers += answer
        return worker, answers

    def _release(self, worker: "_Worker | None") -> None:
        """Hand a worker, or the news that there is none any more, to the thread that waits for one."""
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
            [sys.executable, "-P", *flags, "-c", _BEGIN, paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ONE_THREAD,
            stderr=None if sys.__stderr__ else subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for this process, which then ends its workers
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
        )
        self._orders, self._answers = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)

    def instruct(self, task: Task) -> None:
        """Tell the process what to do and wait until it can. Raises EOFError or OSError, as ``ask``, if it dies."""
        send(self._orders, task)
        if READY not in self._answers:
            raise EOFError

    def ask(self, images: Sequence[Readable]) -> Answers | None:
        """Return what the process reads, None where it met what nobody foresaw."""
        send(self._orders, images)
        answers: Answers | None = receive(self._answers)
        return answers

    def kill(self) -> None:
        """End the process; whoever waits for its answer has an EOFError."""
        self._process.kill()

    def bury(self) -> str:
        """Remove what is left of the process, and return how it ended."""
        self._process.kill()
        status = self._process.wait()
        for pipe in (self._orders, self._answers):
            with suppress(OSError):  # what was not read of the last message
                pipe.close()
        return f"signal {-status}" if status < 0 else f"exit code {status}"


def _portable(image: Readable) -> Readable | None:
    """Return an image so that it is the same in another process; None where it has to be read in this one."""
    if isinstance(image, (str, os.PathLike)):
        path: object = os.fspath(image)
        own = not isinstance(path, str) or path == "-" or path.startswith(_OWN_PLACES)
        return None if own else str.__str__(path)
    if isinstance(image, np.ndarray):
        return np.asarray(image) if image.dtype.kind in "buif" else None
    if is_pillow(image):
        with suppress(Exception):  # it is met again where the image is read
            return next(load_pages(image))
        return None
    # A class derived from these may be known to this process alone.
    return image if type(image) in (bytes, bytearray, Drawing) else None


def _fatal(image: Readable, fate: str) -> ImageError:
    expected = f"{name_of(image)}: expected an image that can be processed"
    return ImageError(f"{expected}, received one at which the process that read it died ({fate}); make it smaller")
