"""``--timeout`` and ``--pages`` of every command: what a page and a file may cost."""

import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import inf

from duktus.cli.terminal import FAILED, complain
from duktus.imaging.files import budget
from duktus.types import UsageError

DEFAULTS = {"--timeout": (budget.TIMEOUT, 60.0), "--pages": (budget.PAGES, 100.0)}
"""For each option the variable that carries it to the processes that a command starts, and what holds without it."""

WATCHED = frozenset({"enrol", "teach", "explain", "search", "verify"})
"""Commands that load pages in this process, which ends where one takes too long. Others have processes to end."""


def take_limits(words: Sequence[str]) -> list[str]:
    """Take the limits out of a command line and set them; return the rest.

    Raises:
        UsageError: one of them is no number above 0.
    """
    rest, given = list[str](), dict[str, float]()
    remaining = iter(words)
    for word in remaining:
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *remaining]
        elif name in DEFAULTS:
            given[name] = _number(name, value if equals else next(remaining, ""))
        else:
            rest.append(word)
    for name, (variable, default) in DEFAULTS.items():
        os.environ[variable] = repr(given.get(name, float(os.environ.get(variable) or default)))
    return rest


@contextmanager
def watching(words: Sequence[str]) -> Iterator[None]:
    """Within, this process ends where a page takes too long for a command that loads pages in it.

    What hangs may be in C, where nothing but a thread reaches it.
    """
    if not words or words[0] not in WATCHED:
        yield
        return
    watchdog = _Watchdog(budget.timeout())
    with budget.watched(watchdog.renew):
        try:
            yield
        finally:
            watchdog.due = None


def leave(status: int) -> int:
    """Return the exit code; where a thread is still within an image, end this process with it at once."""
    for thread in threading.enumerate():
        if thread.name.startswith("duktus-"):
            thread.join(0.5)
            if thread.is_alive():
                sys.stdout.flush()
                os._exit(status)
    return status


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise UsageError(f"{name}: expected a number above 0, received {value!r}.")
    return number


class _Watchdog:
    """Ends this process ``seconds`` after it was last renewed; ``due`` is None where it is no longer to."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._name = seconds, ""
        self.due: float | None = inf
        threading.Thread(target=self._watch, daemon=True).start()

    def renew(self, name: str) -> None:
        self._name, self.due = name, time.monotonic() + self._seconds

    def _watch(self) -> None:
        while self.due is not None and time.monotonic() < self.due:
            time.sleep(min(0.5, self._seconds))
        if self.due is not None:
            expected = f"{self._name}: expected a page that is read in {self._seconds:g} s (--timeout)"
            complain(f"{expected}, received one that takes longer; allow more time, make it smaller, or leave it out")
            sys.stdout.flush()
            os._exit(FAILED)
