"""Documents whose hand is looked for: which parts of their pages count, and the answers one after the other."""

from collections.abc import Callable, Generator, Iterable, Sequence
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


def regions_of(used: Boxes, left_out: Boxes) -> "Regions":
    """Return which parts of a page to look at."""
    from duktus.imaging.layout.regions import Regions

    return Regions(tuple(Box(*each) for each in used), tuple(Box(*each) for each in left_out))


def identify_each(
    reader: Looking[Seen], images: "Iterable[Source]", regions: "Regions", answer: Callable[[Seen], Identification]
) -> Generator[Identification | DuktusError]:
    """Yield the answer about each document, or its error with the document in ``error.image``."""
    for image in images:
        try:
            yield answer(look_at(reader, image, regions))
        except DuktusError as error:
            yield error


def look_at(reader: "Looking[Seen]", source: "Source", regions: "Regions") -> Seen:
    """Return what is seen of a document. Raises ImageError, with the document in ``error.image``."""
    try:
        return reader.look_at(source, regions)
    except DuktusError as error:
        error.image = source
        raise
