"""Pages of image files, each within its time: by a thread of this process or, where that takes long, by a process."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import count, islice
from math import inf
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from duktus.imaging.files import budget
from duktus.imaging.files.load import Source, load_pages, reopenable
from duktus.imaging.files.resolution import find_resolution
from duktus.types import DuktusError, ImageError, Page
from duktus.workers.bulk import PATIENCE
from duktus.workers.inputs import portable
from duktus.workers.job import Job, Steps, answer_each

if TYPE_CHECKING:
    from duktus.workers.pool import WorkerPool


class Loaded(NamedTuple):
    """A page, and its file's dots per inch, where it says them."""

    page: Page
    dots: float | None


class _Request(NamedTuple):
    source: Any
    name: str
    number: int  # of the page, from 0


class PageLoader:
    """Loads the pages of files one after another; a file whose page takes too long is an error, and the rest goes on.

    Without a limit of time, pages are loaded by whoever asks for them. With one, a thread loads them; once a page takes
    ``PATIENCE``, a process loads it and all that follow, which the system ends where a page takes longer than it may.
    What is no path, bytes or array cannot be sent to it, and is waited for.
    """

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._pool: WorkerPool | None = None

    def __enter__(self) -> "PageLoader":
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the process; a thread that is still within an image is left to end with this process."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
        if self._pool is not None:
            self._pool.close()

    def pages(self, source: Source, name: str = "") -> Iterator[Loaded]:
        """Yield the pages of an image file in turn, as ``load_pages`` does.

        Raises:
            ImageError: it cannot be read, or a page takes longer than it may.
        """
        opened = reopenable(source)
        if opened is not source and not name:
            name = fspath(cast("str | PathLike[str]", source))  # what a named pipe held has no name of its own
        stream = _stream(opened, name)
        if budget.timeout() == inf:
            yield from stream
            return
        for number in count():
            found = self._next(stream, _Request(opened, name, number))
            if found is None:
                return
            yield found

    def _next(self, stream: Iterator[Loaded], request: _Request) -> Loaded | None:
        if self._pool is not None:
            answered, answer = self._from_pool(request)
            if answered:
                return answer
        here = self._load_here(stream)
        wait([here], min(PATIENCE, budget.timeout()))
        if not here.done() and _portable(request) is not None and self._start():
            answered, answer = self._from_pool(request)
            if answered:
                return answer
        return here.result()

    def _load_here(self, stream: Iterator[Loaded]) -> "Future[Loaded | None]":
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "duktus-load")
        return self._thread.submit(next, stream, None)

    def _start(self) -> bool:
        """Start the process, in the place of the thread, which is left within its image."""
        from duktus.workers.pool import start_pool

        self._pool = self._pool or start_pool(Job(f"{__name__}:open_loading", ()), 1, _portable)
        if self._pool is not None and self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = None
        return self._pool is not None

    def _from_pool(self, request: _Request) -> tuple[bool, Loaded | None]:
        """Return whether the process answered, and the page, None behind the last one."""
        assert self._pool is not None, "it was started"
        future = self._pool.submit([request])
        answers = future.result() if future else None
        if answers is None:
            return False, None
        answer: Loaded | DuktusError | None = answers[0]
        if isinstance(answer, DuktusError):
            raise answer
        return True, answer


def open_loading() -> Steps:
    """Return the steps of the process that loads pages: it keeps the file of which it was asked last."""
    kept: dict[str, Any] = {}

    def load(request: _Request) -> Loaded | None:
        if kept.get("source") != request.source or kept.get("next") != request.number:
            stream = islice(_stream(request.source, request.name), request.number, None)
            kept.update(source=request.source, stream=stream)
        kept["next"] = request.number + 1
        found: Loaded | None = next(kept["stream"], None)
        return found

    return answer_each(load)


def _stream(source: Source, name: str) -> Iterator[Loaded]:
    dots = find_resolution(source)
    for page in load_pages(source, name=name):
        yield Loaded(page, dots)


def _portable(request: _Request) -> _Request | None:
    source = portable(request.source)
    return request._replace(source=source) if isinstance(source, (str, bytes, bytearray)) else None


def load_first(loader: PageLoader, source: Source) -> Page:
    """Return the first page of an image. Raises ImageError where there is none."""
    for found in loader.pages(source):
        return found.page
    raise ImageError("expected an image with a page at least, received one without; export it again")
