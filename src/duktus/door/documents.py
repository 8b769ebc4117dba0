"""Images with their answers, and the parts of documents whose hand is looked for."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from operator import length_hint
from typing import Generic, Protocol, TypeAlias, TypeVar

from duktus.imaging.files.load import DocumentSource
from duktus.imaging.layout.regions import Regions
from duktus.types import Box, DuktusError, UsageError

Boxes: TypeAlias = Iterable[Sequence[int]]
"""Parts of a page, each as (x, y, w, h) in pixels."""

EVERYWHERE: tuple[Box, ...] = ()

PRIOR = 0.5
"""Prior probability that a document is in one of the hands of a gallery."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Seen_co = TypeVar("Seen_co", covariant=True)


class Looking(Protocol[Seen_co]):
    """What looks at a document: an encoder's ``HandReader``, or a trained ``HandClassifier``."""

    def look_at_many(self, sources: Iterable[DocumentSource], regions: Regions) -> Generator[Seen_co | DuktusError]:
        """Yield what is seen in each image file, in order, or the error in its place."""


def as_prior(prior: float) -> float:
    """Return a prior probability. Raises UsageError where it is none, or is certain."""
    if not 0 < prior < 1:
        raise UsageError(f"expected a prior probability between 0 and 1, received {prior}")
    return prior


def regions_of(used: Boxes, left_out: Boxes) -> Regions:
    """Return which parts of a page to look at."""
    return Regions(tuple(Box(*each) for each in used), tuple(Box(*each) for each in left_out))


def with_answers(
    items: Iterable[Item], answers: Callable[[Iterable[Item]], Generator[Answer | DuktusError]]
) -> Generator[tuple[Item, Answer | DuktusError]]:
    """Yield each item with its answer, an error with the item in ``error.image``; ``answers`` keeps the order."""
    taken = _Taken(items)
    with closing(answers(taken)) as found:
        for answer in found:
            item = taken.waiting.popleft()
            if isinstance(answer, DuktusError):
                answer.image = item
            yield item, answer


class _Taken(Generic[Item]):
    """Items that are taken ahead of their answers; ``waiting`` are those that have none yet."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self.waiting: deque[Item] = deque()

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self.waiting.append(item)
            yield item

    def __length_hint__(self) -> int:
        return length_hint(self._items)


def look_at(reader: Looking[Seen_co], source: DocumentSource, regions: Regions) -> Seen_co:
    """Return what is seen of a document, within the time that a page has.

    Raises:
        ImageError: it cannot be read, or takes too long; the document is in ``error.image``.
    """
    with closing(reader.look_at_many([source], regions)) as found:
        seen = next(found)
    if isinstance(seen, DuktusError):
        seen.image = source
        raise seen
    return seen
