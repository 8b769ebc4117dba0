"""What processes that work in bulk are given: a function to import and call, which returns the steps of the work."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import cv2

from duktus.imaging.files import budget
from duktus.types import DuktusError, ImageError
from duktus.workers.inputs import name_of

FAULTS = (DuktusError, cv2.error, MemoryError)
"""What is the fault of an input and no defect: it stands in the place of its answer."""


class Steps(NamedTuple):
    """How a batch of inputs is answered.

    ``draft`` prepares a batch and may run in any thread; ``settle`` takes what it returned, in the caller's thread, and
    returns an answer for each input, an error in the place of one that has none.
    """

    draft: Callable[[Sequence[Any]], Any]
    settle: Callable[[Any], list[Any]]

    def answer(self, inputs: Sequence[Any]) -> list[Any]:
        """Return an answer for each input."""
        return self.settle(self.draft(inputs))


class Job(NamedTuple):
    """What a process opens: ``opener``, "package.module:function", is called with ``arguments`` and returns ``Steps``.

    The arguments, the inputs and the answers are pickled. They go over a pipe between a process and the one that
    started it, which nobody else writes to.
    """

    opener: str
    arguments: tuple[Any, ...]

    def open(self) -> Steps:
        """Import the opener and call it."""
        module, _, name = self.opener.partition(":")
        steps: Steps = getattr(import_module(module), name)(*self.arguments)
        return steps


def answer_each(call: Callable[[Any], Any]) -> Steps:
    """Return the steps of a function that answers one input at a time, all of it in ``draft``."""

    def answer(one: Any) -> Any:
        budget.begin_page(name_of(one), 1)
        try:
            return call(one)
        except FAULTS as error:
            return as_error(error, one)

    return Steps(lambda inputs: [answer(one) for one in inputs], list)


def as_error(error: Exception, source: object) -> DuktusError:
    """Return the fault of an input as an error of this project."""
    if isinstance(error, DuktusError):
        return error
    reason = " ".join(str(error).split()) or type(error).__name__
    expected = f"{name_of(source)}: expected an image that can be processed"
    return ImageError(f"{expected}, received one that cannot ({reason})")
