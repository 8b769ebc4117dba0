"""Pages to be enrolled, from image files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.imaging.files.load import Source
from duktus.types import DuktusError, Page
from duktus.workers.loading import PageLoader


@dataclass(frozen=True, eq=False)
class Document:
    """A page to be enrolled, whose hand it is in, where it came from, and its dots per inch where known.

    ``more`` are further pages of the same document, which are enrolled with it as one.
    """

    page: Page
    label: str
    source: str
    dots: float | None = None
    more: tuple[Page, ...] = ()

    @property
    def pages(self) -> tuple[Page, ...]:
        """All its pages."""
        return (self.page, *self.more)

    @property
    def content(self) -> str:
        """The hash that it is known by in a gallery: the page's, or one of all pages' hashes."""
        return join_contents([fingerprint(page) for page in self.pages])

    @property
    def nbytes(self) -> int:
        """Size of the pages in memory."""
        return sum(page.nbytes for page in self.pages)


def join_contents(contents: Sequence[str]) -> str:
    """Return the hash of a document of pages with these hashes: that of a page alone is the page's."""
    return contents[0] if len(contents) == 1 else sha256("".join(contents).encode()).hexdigest()


class Named(NamedTuple):
    """An image of a page: its source, the label of its hand, what messages call it, and its document's name, if any."""

    source: Source
    label: str
    name: str
    document: str = ""


def documents_of(
    sources: Iterable[Named], failed: list[str], *, together: bool = False, loader: PageLoader | None = None
) -> Iterator[Document]:
    """Yield the pages of image files to enrol; messages on what cannot be read go to ``failed``.

    Args:
        sources: the images.
        failed: receives a message for each file that cannot be read.
        together: images that follow each other, with one label and one document's name, are one document.
        loader: of the pages, within the time that each has; without one they are loaded here, whatever that takes.
    """
    loader = loader or PageLoader()
    if not together:
        yield from (document for source in sources for document in _pages(source, failed, loader))
        return
    for _, own in groupby(sources, key=lambda source: (source.label, source.document)):
        found = [document for source in own for document in _pages(source, failed, loader)]
        if not found:
            continue
        first, *others = found
        more = tuple(page for other in others for page in other.pages)
        dots = first.dots if all(other.dots == first.dots for other in others) else None
        yield replace(first, dots=dots, more=more)


def _pages(named: Named, failed: list[str], loader: PageLoader) -> Iterator[Document]:
    try:
        for page, dots in loader.pages(named.source, named.name):
            yield Document(np.ascontiguousarray(page), named.label, named.name, dots)
    except DuktusError as error:
        failed.append(str(error))
