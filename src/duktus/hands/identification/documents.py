"""Pages to be enrolled, from image files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from duktus.imaging.files.load import Source, load_pages, reopenable
from duktus.imaging.files.resolution import find_resolution
from duktus.types import DuktusError, Page


@dataclass(frozen=True, eq=False)
class Document:
    """A page to be enrolled, whose hand it is in, where it came from, and its dots to the inch where known."""

    page: Page
    label: str
    source: str
    dots: float | None = None

    @property
    def nbytes(self) -> int:
        """Size of the page in memory."""
        return self.page.nbytes


def documents_of(sources: Iterable[tuple[Source, str, str]], failed: list[str]) -> Iterator[Document]:
    """Yield the pages of image files to enrol; messages on what cannot be read go to ``failed``.

    Args:
        sources: each image, the label of its hand, and what messages call it.
        failed: receives a message for each file that cannot be read.
    """
    for source, label, name in sources:
        try:
            opened = reopenable(source)
            dots = find_resolution(opened)
            for page in load_pages(opened, name=name):
                yield Document(np.ascontiguousarray(page), label, name, dots)
        except DuktusError as error:
            failed.append(str(error))
