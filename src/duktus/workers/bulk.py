"""Any number of images: answered in order, few in memory, read by processes where these are worth starting."""

import operator
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from duktus.pen.sources import Readable
from duktus.types import DuktusError
from duktus.workers.batches import Answers, Drafted, Pages, Steps, draft_chunk, read_chunk, settle_chunk

if TYPE_CHECKING:
    from duktus.workers.pool import Crew

CHUNK = 48
"""Images that a thread or process takes at once; what they show goes through the network in one batch."""

CHUNK_BYTES = 2**20
"""A chunk ends where its images come to this size, so that few large ones are held at once."""

WORTHWHILE = 1.5
"""Seconds of work ahead for which processes are started: their start has to be won back."""


class _Given(NamedTuple):
    """A chunk that was given to a process, which answers, or to a thread, which leaves the network to the caller's."""

    images: list[Readable]
    answers: Future[Answers | None] | None
    drafted: Future[list[Drafted]] | None


def read_in_bulk(
    images: Iterable[Readable],
    steps: Steps,
    threads: int,
    hire: "Callable[[], Crew | None] | None" = None,
) -> Generator[Pages | DuktusError]:
    """Yield what is written in each image, in order, or the error in its place.

    Args:
        images: any number of them, taken as they are needed.
        steps: how they are read. ``draft`` runs in the threads, ``settle`` in the caller's thread.
        threads: of this process, which decode and look as long as no other process does.
        hire: starts processes that read, called once there is work for them; None for none.
    """
    desk = _Desk(steps, threads, hire, _Forecast(operator.length_hint(images)))
    waiting: deque[_Given] = deque()
    try:
        for some in _chunks(images):
            waiting.append(desk.give(some))
            while len(waiting) > desk.most:
                yield from desk.take(waiting.popleft())
        while waiting:
            yield from desk.take(waiting.popleft())
    finally:
        desk.close()


class _Forecast:
    """How much work there may yet be: by the images' number where one was told, else as much as there has been."""

    def __init__(self, images: int) -> None:
        self._images, self._done, self._seconds = images, 0, 0.0

    def note(self, images: int, seconds: float) -> None:
        self._done += images
        self._seconds += seconds

    def is_long(self) -> bool:
        ahead = self._images - self._done if self._images > self._done else self._done
        return self._done > 0 and self._seconds * ahead / self._done >= WORTHWHILE


class _Desk:
    """Gives chunks to threads, and to processes once they are there, and takes the answers."""

    def __init__(
        self, steps: Steps, threads: int, hire: "Callable[[], Crew | None] | None", forecast: _Forecast
    ) -> None:
        self._steps, self._threads = steps, threads
        self._hire, self._forecast = hire, forecast
        self._pool = ThreadPoolExecutor(threads, "duktus-look")
        self._crew: Crew | None = None

    @property
    def most(self) -> int:
        """Chunks that may wait: each worker has one before it and one behind it."""
        return 1 + (2 * self._crew.size if self._crew and self._crew.size else self._threads)

    def give(self, images: list[Readable]) -> _Given:
        if self._hire is not None and self._forecast.is_long():
            self._crew, self._hire = self._hire(), None
        answers = self._crew.submit(images) if self._crew and self._crew.size else None
        drafted = None if answers else self._pool.submit(draft_chunk, images, self._steps)
        return _Given(images, answers, drafted)

    def take(self, given: _Given) -> Answers:
        start = time.perf_counter()
        answers = given.answers.result() if given.answers else None
        if given.drafted:
            answers = settle_chunk(given.drafted.result(), self._steps)
        elif answers is None:
            answers = read_chunk(given.images, self._steps)
        self._forecast.note(len(given.images), time.perf_counter() - start)
        return answers

    def close(self) -> None:
        if self._crew:
            self._crew.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _chunks(images: Iterable[Readable]) -> Iterator[list[Readable]]:
    some: list[Readable] = []
    size = 0
    for image in images:
        some.append(image)
        size += _size(image)
        if len(some) == CHUNK or size > CHUNK_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _size(image: Readable) -> int:
    """Return how large an image is in bytes, as it lies there; a megabyte where that cannot be told."""
    if isinstance(image, (str, os.PathLike)):
        try:
            return os.stat(image).st_size
        except (OSError, ValueError):
            return 0  # reading it will say what is wrong
    if isinstance(image, (bytes, bytearray)):
        return len(image)
    pixels = getattr(image, "width", 0) * getattr(image, "height", 0)
    return int(getattr(image, "nbytes", 4 * pixels or CHUNK_BYTES))
