"""Many images: decoded and looked at in threads, read in batches, answered in order, never many in memory."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import cv2

from duktus.recognition.sources import Picture, Readable, load_pictures
from duktus.types import DuktusError, ImageError, Reading

Pages: TypeAlias = tuple[tuple[int, tuple[Reading, ...]], ...]
"""The pages of an image: the number of each, from 1, and its readings."""

CHUNK = 48
"""Images that a thread takes at once; what they show goes through the network in one batch."""

CHUNK_BYTES = 2**20
"""A chunk ends where its images come to this size, so that few large ones are held at once."""


class Drafted(NamedTuple):
    """An image that has been looked at: its first page, those that follow, or the error in their place."""

    first: Any = None
    rest: Iterator[Picture] | None = None
    error: DuktusError | None = None


def read_in_bulk(
    images: Iterable[Readable],
    draft: Callable[[Picture], Any],
    settle: Callable[[Sequence[Any]], list[tuple[Reading, ...]]],
    workers: int,
) -> Generator[Pages | DuktusError]:
    """Yield what is written in each image, in order, or the error in its place.

    Args:
        images: any number of them, taken as they are needed.
        draft: looks at a picture for the first time; runs in the threads.
        settle: reads what was looked at, a batch at a time; runs in the caller's thread.
        workers: threads that decode and look.
    """
    with ThreadPoolExecutor(workers, "duktus-look") as pool:
        waiting: deque[Future[list[Drafted]]] = deque()
        try:
            for some in _chunks(images):
                waiting.append(pool.submit(_draft_all, some, draft))
                if len(waiting) > workers + 1:
                    yield from _finish(waiting.popleft().result(), draft, settle)
            while waiting:
                yield from _finish(waiting.popleft().result(), draft, settle)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


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
    size = getattr(image, "nbytes", CHUNK_BYTES)
    return int(size)


def _draft_all(images: list[Readable], draft: Callable[[Picture], Any]) -> list[Drafted]:
    return [_draft(image, draft) for image in images]


def _draft(image: Readable, draft: Callable[[Picture], Any]) -> Drafted:
    try:
        pictures = load_pictures(image)
        first = draft(next(pictures))
        second = next(pictures, None)
    except (DuktusError, cv2.error, MemoryError) as error:
        return Drafted(error=_as_ours(error, image))
    return Drafted(first, None if second is None else chain([second], pictures))


def _finish(
    drafted: list[Drafted],
    draft: Callable[[Picture], Any],
    settle: Callable[[Sequence[Any]], list[tuple[Reading, ...]]],
) -> Iterator[Pages | DuktusError]:
    read = iter(settle([one.first for one in drafted if one.error is None]))
    for one in drafted:
        if one.error is not None:
            yield one.error
            continue
        pages: list[tuple[int, tuple[Reading, ...]]] = [(1, next(read))]
        try:
            pages += [(number, settle([draft(page)])[0]) for number, page in enumerate(one.rest or (), 2)]
        except (DuktusError, cv2.error, MemoryError) as error:
            yield _as_ours(error, None)
            continue
        yield tuple(pages)


def _as_ours(error: Exception, image: Readable | None) -> DuktusError:
    if isinstance(error, DuktusError):
        return error
    name = os.fspath(image) if isinstance(image, (str, os.PathLike)) else "the image"
    reason = " ".join(str(error).split()) or type(error).__name__
    return ImageError(f"{name!r}: expected an image that can be processed, received one that cannot ({reason})")
