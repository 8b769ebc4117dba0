"""Documents whose hand is looked for: which parts of their pages count, and the answers one after the other."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Protocol, TypeVar

from duktus.types import Box, DuktusError, Identification

if TYPE_CHECKING:
    from duktus.imaging.files.load import Source
    from duktus.imaging.layout.regions import Regions

Boxes = Iterable[Sequence[int]]
"""Parts of a page, each as (x, y, w, h) in pixels."""

EVERYWHERE: tuple[Box, ...] = ()

Seen = TypeVar("Seen")
Seen_co = TypeVar("Seen_co", covariant=True)


class Looking(Protocol[Seen_co]):
    """What looks at a document: an encoder's ``HandReader``, or a trained ``HandClassifier``."""

    def look_at(self, source: "Source", regions: "Regions") -> Seen_co:
        """Return what is seen in an image file. Raises ImageError where it cannot be read."""

    def look_at_many(self, sources: "Iterable[Source]", regions: "Regions") -> "Generator[Seen_co | DuktusError]":
        """Yield what is seen in each image file, in order, or the error in its place."""


def regions_of(used: Boxes, left_out: Boxes) -> "Regions":
    """Return which parts of a page to look at."""
    from duktus.imaging.layout.regions import Regions

    return Regions(tuple(Box(*each) for each in used), tuple(Box(*each) for each in left_out))


def identify_each(
    reader: Looking[Seen], images: "Iterable[Source]", regions: "Regions", answer: Callable[[Seen], Identification]
) -> Generator[Identification | DuktusError]:
    """Yield the answer about each document, or its error with the document in ``error.image``."""
    waiting: deque[Source] = deque()

    def noted() -> Iterator["Source"]:
        for image in images:
            waiting.append(image)
            yield image

    with closing(reader.look_at_many(noted(), regions)) as found:
        for seen in found:
            image = waiting.popleft()
            if isinstance(seen, DuktusError):
                seen.image = image
                yield seen
            else:
                yield answer(seen)


def look_at(reader: "Looking[Seen]", source: "Source", regions: "Regions") -> Seen:
    """Return what is seen of a document. Raises ImageError, with the document in ``error.image``."""
    try:
        return reader.look_at(source, regions)
    except DuktusError as error:
        error.image = source
        raise
