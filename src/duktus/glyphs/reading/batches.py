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


MOST_PIXELS = 4_000_000
"""A batch is drafted until its pages come to this many: a draft keeps 7 bytes and more for each of its pixels."""


class Drafted(NamedTuple):
    """An image that was drafted: its first page, those that follow, or the error in their place."""

    first: Any = None
    pixels: int = 0
    rest: Iterator[Picture] | None = None
    error: DuktusError | None = None


class _Batch(NamedTuple):
    """A batch of which as much is drafted as may be held at once."""

    drafted: list[Drafted]
    waiting: Sequence[Readable]


def image_steps(draft: Draft, settle: Settle) -> Steps:
    """Return the steps for batches of images, from those for single pictures.

    The first pages of a batch are drafted one by one and settled together, those of large images ``MOST_PIXELS`` at a
    time; further pages follow one by one.
    """
    return Steps(lambda images: _draft_some(images, draft), lambda batch: _settle(batch, draft, settle))


def _draft_some(images: Sequence[Readable], draft: Draft) -> _Batch:
    drafted: list[Drafted] = []
    pixels = 0
    for image in images:
        drafted.append(_draft(image, draft))
        pixels += drafted[-1].pixels
        if pixels > MOST_PIXELS:
            break
    return _Batch(drafted, images[len(drafted) :])


def _settle(batch: _Batch, draft: Draft, settle: Settle) -> Answers:
    answers: Answers = []
    while batch.drafted:
        read = iter(settle([one.first for one in batch.drafted if one.error is None]))
        answers += [one.error or _further(one, next(read), draft, settle) for one in batch.drafted]
        batch.drafted.clear()  # the caller holds them as well
        batch = _draft_some(batch.waiting, draft)
    return answers


def _draft(image: Readable, draft: Draft) -> Drafted:
    try:
        pictures = load_pictures(image)
        picture = next(pictures)
        first = draft(picture)
        second = next(pictures, None)
    except FAULTS as error:
        return Drafted(error=as_error(error, image))
    height, width = picture.page.shape[:2]
    return Drafted(first, height * width, None if second is None else chain([second], pictures))


def _further(one: Drafted, first: tuple[Reading, ...], draft: Draft, settle: Settle) -> Pages | DuktusError:
    if one.rest is None:
        return ((1, first),)
    try:
        rest = [(number, settle([draft(page)])[0]) for number, page in enumerate(one.rest, 2)]
    except FAULTS as error:
        return as_error(error, None)
    return ((1, first), *rest)
