"""What a page and a file may cost: seconds and pages, kept by whoever watches over this process.

``DUKTUS_TIMEOUT`` and ``DUKTUS_PAGES`` hold them for this process and those that it starts; the command line sets them
by ``--timeout`` and ``--pages``. Without them nothing is limited: a program that calls Duktus has limits of its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

from duktus.types import ImageError

TIMEOUT, PAGES = "DUKTUS_TIMEOUT", "DUKTUS_PAGES"

_watchers: list[Callable[[str], object]] = []


def timeout() -> float:
    """Return the seconds that a page may take, infinite where there is no limit."""
    return float(os.environ.get(TIMEOUT, inf))


@contextmanager
def watched(watcher: Callable[[str], object]) -> Iterator[None]:
    """Within, a function is called with a file's name whenever a page of it is begun, in whatever thread that is."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def begin_page(name: str, number: int) -> None:
    """Note that a page is begun: its time counts from now.

    Args:
        name: of its file, for messages.
        number: of the page, from 1; or of pages, where a file says how many it has.

    Raises:
        ImageError: the file has more pages than it may.
    """
    most = float(os.environ.get(PAGES, inf))
    if number > most:
        raise ImageError(f"{name}: expected {most:.0f} pages at most (--pages), received more; allow more, or split it")
    for watcher in _watchers:
        watcher(name)
