"""A chunk of images to what is written in them: looked at one by one, through the network in one batch."""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import cv2

from duktus.pen.sources import Picture, Readable, load_pictures
from duktus.types import DuktusError, ImageError, Reading

Pages: TypeAlias = tuple[tuple[int, tuple[Reading, ...]], ...]
"""The pages of an image: the number of each, from 1, and its readings."""

Answers: TypeAlias = list[Pages | DuktusError]
"""What is written in each image of a chunk, in order, or the error in its place."""


class Steps(NamedTuple):
    """How pictures are read: ``draft`` looks at one for the first time, ``settle`` reads a batch of drafts."""

    draft: Callable[[Picture], Any]
    settle: Callable[[Sequence[Any]], list[tuple[Reading, ...]]]


class Drafted(NamedTuple):
    """An image that has been looked at: its first page, those that follow, or the error in their place."""

    first: Any = None
    rest: Iterator[Picture] | None = None
    error: DuktusError | None = None


def read_chunk(images: Sequence[Readable], steps: Steps) -> Answers:
    """Read what is written in a few images."""
    return settle_chunk(draft_chunk(images, steps), steps)


def draft_chunk(images: Sequence[Readable], steps: Steps) -> list[Drafted]:
    """Decode a few images and look at their first pages; the network is not asked."""
    return [_draft(image, steps) for image in images]


def settle_chunk(drafted: Sequence[Drafted], steps: Steps) -> Answers:
    """Read images that have been looked at, and whatever further pages they have."""
    read = iter(steps.settle([one.first for one in drafted if one.error is None]))
    return [one.error or _further(one, next(read), steps) for one in drafted]


def name_of(image: Readable | None) -> str:
    """Return what messages call an image."""
    return repr(os.fspath(image)) if isinstance(image, (str, os.PathLike)) else "'the image'"


def _draft(image: Readable, steps: Steps) -> Drafted:
    try:
        pictures = load_pictures(image)
        first = steps.draft(next(pictures))
        second = next(pictures, None)
    except (DuktusError, cv2.error, MemoryError) as error:
        return Drafted(error=_as_ours(error, image))
    return Drafted(first, None if second is None else chain([second], pictures))


def _further(one: Drafted, first: tuple[Reading, ...], steps: Steps) -> Pages | DuktusError:
    if one.rest is None:
        return ((1, first),)
    try:
        rest = [(number, steps.settle([steps.draft(page)])[0]) for number, page in enumerate(one.rest, 2)]
    except (DuktusError, cv2.error, MemoryError) as error:
        return _as_ours(error, None)
    return ((1, first), *rest)


def _as_ours(error: Exception, image: Readable | None) -> DuktusError:
    if isinstance(error, DuktusError):
        return error
    reason = " ".join(str(error).split()) or type(error).__name__
    return ImageError(f"{name_of(image)}: expected an image that can be processed, received one that cannot ({reason})")
