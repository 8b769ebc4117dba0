"""Documents whose hand is looked for: which parts of their pages count, and the answers one after the other."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Protocol, TypeVar

from duktus.types import Box, DuktusError, Identification, UsageError

if TYPE_CHECKING:
    from duktus.imaging.files.load import DocumentSource
    from duktus.imaging.layout.regions import Regions

Boxes = Iterable[Sequence[int]]
"""Parts of a page, each as (x, y, w, h) in pixels."""

EVERYWHERE: tuple[Box, ...] = ()

PRIOR = 0.5
"""Prior probability that a document is in one of the hands of a gallery."""

Seen = TypeVar("Seen")
Seen_co = TypeVar("Seen_co", covariant=True)


class Looking(Protocol[Seen_co]):
    """What looks at a document: an encoder's ``HandReader``, or a trained ``HandClassifier``."""

    def look_at(self, source: "DocumentSource", regions: "Regions") -> Seen_co:
        """Return what is seen in an image file. Raises ImageError where it cannot be read."""

    def look_at_many(
        self, sources: "Iterable[DocumentSource]", regions: "Regions"
    ) -> "Generator[Seen_co | DuktusError]":
        """Yield what is seen in each image file, in order, or the error in its place."""


def as_prior(prior: float) -> float:
    """Return a prior probability. Raises UsageError where it is none, or is certain."""
    if not 0 < prior < 1:
        raise UsageError(f"expected a prior probability between 0 and 1, received {prior}")
    return prior


def regions_of(used: Boxes, left_out: Boxes) -> "Regions":
    """Return which parts of a page to look at."""
    from duktus.imaging.layout.regions import Regions

    return Regions(tuple(Box(*each) for each in used), tuple(Box(*each) for each in left_out))


def identify_each(
    reader: Looking[Seen],
    images: "Iterable[DocumentSource]",
    regions: "Regions",
    answer: Callable[[Seen], Identification],
) -> Generator[Identification | DuktusError]:
    """Yield the answer about each document, or its error with the document in ``error.image``."""
    waiting: deque[DocumentSource] = deque()

    def noted() -> Iterator["DocumentSource"]:
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


def look_at(reader: "Looking[Seen]", source: "DocumentSource", regions: "Regions") -> Seen:
    """Return what is seen of a document. Raises ImageError, with the document in ``error.image``."""
    try:
        return reader.look_at(source, regions)
    except DuktusError as error:
        error.image = source
        raise
