"""``--timeout`` and ``--pages`` of every command: what a page and a file may cost."""

import os
import sys
import threading
from collections.abc import Sequence
from math import inf

from duktus.imaging.files import budget
from duktus.types import UsageError

DEFAULTS = {"--timeout": (budget.TIMEOUT, 60.0), "--pages": (budget.PAGES, 100.0)}
"""For each option the variable that carries it to the processes that a command starts, and what holds without it."""


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
