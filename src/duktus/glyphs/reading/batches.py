"""A batch of images to their readings: segmented one by one, through the network together."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from duktus.pen.sources import Picture, Readable, load_pictures
from duktus.types import DuktusError, Reading
from duktus.workers.job import FAULTS, Steps, as_error

Pages: TypeAlias = tuple[tuple[int, tuple[Reading, ...]], ...]
"""The pages of an image: the number of each, from 1, and its readings."""

Answers: TypeAlias = list[Pages | DuktusError]
"""What is written in each image of a batch, in order, or the error in its place."""

Draft: TypeAlias = Callable[[Picture], Any]
"""Makes the first hypothesis of one picture."""

Settle: TypeAlias = Callable[[Sequence[Any]], list[tuple[Reading, ...]]]
"""Reads the pictures of some drafts in one batch."""


class Drafted(NamedTuple):
    """An image that was drafted: its first page, those that follow, or the error in their place."""

    first: Any = None
    rest: Iterator[Picture] | None = None
    error: DuktusError | None = None


def image_steps(draft: Draft, settle: Settle) -> Steps:
    """Return the steps for batches of images, from those for single pictures.

    The first pages of a batch are drafted one by one and settled together; further pages follow one by one.
    """
    return Steps(
        lambda images: [_draft(image, draft) for image in images], lambda drafted: _settle(drafted, draft, settle)
    )


def _settle(drafted: Sequence[Drafted], draft: Draft, settle: Settle) -> Answers:
    read = iter(settle([one.first for one in drafted if one.error is None]))
    return [one.error or _further(one, next(read), draft, settle) for one in drafted]


def _draft(image: Readable, draft: Draft) -> Drafted:
    try:
        pictures = load_pictures(image)
        first = draft(next(pictures))
        second = next(pictures, None)
    except FAULTS as error:
        return Drafted(error=as_error(error, image))
    return Drafted(first, None if second is None else chain([second], pictures))


def _further(one: Drafted, first: tuple[Reading, ...], draft: Draft, settle: Settle) -> Pages | DuktusError:
    if one.rest is None:
        return ((1, first),)
    try:
        rest = [(number, settle([draft(page)])[0]) for number, page in enumerate(one.rest, 2)]
    except FAULTS as error:
        return as_error(error, None)
    return ((1, first), *rest)
