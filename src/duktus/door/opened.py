"""What a model and a gallery have in common: both read images, or identify the hand that wrote them."""

from __future__ import annotations  # in help, the names of types and not what they stand for

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from typing import Any, TypeAlias

from duktus.door.documents import EVERYWHERE, PRIOR, Boxes, Looking, as_prior, look_at, regions_of, with_answers
from duktus.door.reading import (
    Layout,
    Pages,
    as_decoding,
    read_documents,
    read_each,
    read_one,
    read_one_by_page,
    read_pages_each,
)
from duktus.door.sessions import Place
from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.review import SURE
from duktus.imaging.files.load import DocumentSource
from duktus.imaging.files.pdf import rendered_at
from duktus.lines.reading.options import GREEDY, Decoding
from duktus.lines.reading.transcriber import TASK
from duktus.models.runtime import Session
from duktus.pages.documents import DocumentReader
from duktus.pages.documents import Layout as DocumentLayout
from duktus.pages.reader import Turn
from duktus.pen.sources import Readable
from duktus.types import DuktusError, Identification, Readings, UsageError

Identify: TypeAlias = Callable[[Any, int], Identification]
"""From what was seen of a document to its most likely hands, so many at most."""


def _rendered(found: Generator[Readings | DuktusError], dpi: int) -> Generator[Readings | DuktusError]:
    """Yield readings, for which pages of PDF are rendered at so many dots per inch."""
    with rendered_at(dpi), closing(found):
        yield from found


class Opened(ABC):
    """A model or a gallery."""

    @property
    @abstractmethod
    def reader(self) -> Reader:
        """What reads characters. Raises ModelError where the model is for another task."""

    @property
    @abstractmethod
    def session(self) -> Session:
        """The network. Raises ModelError where its file cannot be opened."""

    @property
    @abstractmethod
    def of_lines(self) -> tuple[Session, Head | None]:
        """What reads written lines: a network, and what a gallery of taught letters makes of its vectors."""

    @abstractmethod
    def _identifier(self, prior: float) -> tuple[Looking[Any], Identify]:
        """Return what looks at documents, and what identifies the hand of what was seen, by a gallery's prior."""

    def read(  # noqa: PLR0913  # the options of one command, all but one by name
        self,
        image: Readable,
        *,
        layout: Layout = "auto",
        turn: Turn = "auto",
        lines: Place | None = None,
        dpi: int | None = None,
        pattern: str = "",
        words: Place | None = None,
        language: bool = False,
    ) -> Readings:
        """Read what is written in an image; see ``duktus.read``."""
        pages = self._pages(turn, lines, as_decoding(pattern, words, language=language))
        with rendered_at(dpi):
            return self._read(image, layout, pages)

    def read_parts(self, image: Readable, *, layout: Layout = "auto") -> Generator[Readings]:
        """Yield what is written in an image in parts, each as soon as it is read.

        Of pages and tables a part is some lines or cells of one page, of characters a page. All parts together are
        what ``read`` returns; what ``read`` notes of a page that cannot be read is the last.

        Args:
            image: as ``duktus.read`` takes it.
            layout: as in ``duktus.read``.

        Raises:
            DuktusError: as ``duktus.read``; of pages and tables before anything is yielded.
        """
        if layout == "one" or (layout == "auto" and not self._of_lines):
            yield from read_one_by_page(self.reader, image, layout)
        else:
            yield from self.documents(layout, Pages()).read_parts(image)

    def _read(self, image: Readable, layout: Layout, pages: Pages) -> Readings:
        if layout == "one" or (layout == "auto" and not self._of_lines):
            return read_one(self.reader, image, layout)
        return self.documents(layout, pages).read(image)

    def documents(self, layout: DocumentLayout, pages: Pages) -> DocumentReader:
        """Return what reads pages line by line, the cells of their tables, or pictures of one line."""
        session, head = self.of_lines
        return read_documents(session, head, layout, pages)

    def _pages(self, turn: Turn, lines: Place | None, decoding: Decoding) -> Pages:
        """Return how pages are read. Raises UsageError where only what reads lines could decode so."""
        if decoding != GREEDY and not self._of_lines:
            received = f"{self.session.name}, a {self.session.card.task}"
            advice = "name a model of lines, such as numbers"
            raise UsageError(f"a pattern, words or language: expected a {TASK}, received {received}; {advice}")
        return Pages(turn, lines, decoding)

    @property
    def _of_lines(self) -> bool:
        """What reads lines has no characters to find."""
        return self.session.card.task == TASK

    def read_many(  # noqa: PLR0913  # the options of one command, all but one by name
        self,
        images: Iterable[Readable],
        *,
        layout: Layout = "auto",
        review: Place | None = None,
        sure: float = SURE,
        turn: Turn = "auto",
        lines: Place | None = None,
        dpi: int | None = None,
        pattern: str = "",
        words: Place | None = None,
        language: bool = False,
    ) -> Generator[Readings | DuktusError]:
        """Yield what is written in each of many images, in order, by as many processes as are worth starting.

        Args:
            images: any number, taken as they are needed; as ``duktus.read`` takes them.
            layout: as in ``duktus.read``.
            review: a table (.csv) to make of doubtful characters, with their pictures in a folder beside it. Fill in
                its column ``label``; ``teach`` then takes it. Of pages and tables it holds lines and cells, the
                doubtful first, and an HTML page to correct them in lies beside it; ``duktus apply`` takes it.
            sure: accepted characters of at least this confidence, and well ahead of the next, need no review.
            turn: as in ``duktus.read``.
            lines: as in ``duktus.read``; a folder has a file for each image, of its name.
            dpi: as in ``duktus.read``.
            pattern: as in ``duktus.read``.
            words: as in ``duktus.read``.
            language: as in ``duktus.read``.

        Yields:
            For each image its readings, or the error where it cannot be read, with the image in ``error.image``.
            Close the generator to stop early.
        """
        pages = self._pages(turn, lines, as_decoding(pattern, words, language=language))
        if layout == "one" or (layout == "auto" and not self._of_lines):
            found = read_each(self.reader, images, layout, review, sure)
        else:
            found = read_pages_each(self.documents(layout, pages), images, review)
        return found if dpi is None else _rendered(found, dpi)

    def identify(
        self,
        image: DocumentSource,
        *,
        top: int = 5,
        prior: float = PRIOR,
        regions: Boxes = EVERYWHERE,
        without: Boxes = EVERYWHERE,
    ) -> Identification:
        """Identify the hand of a document among those that are known; see ``duktus.identify``."""
        reader, identify = self._identifier(as_prior(prior))
        return identify(look_at(reader, image, regions_of(regions, without)), top)

    def identify_many(
        self,
        images: Iterable[DocumentSource],
        *,
        top: int = 5,
        prior: float = PRIOR,
        regions: Boxes = EVERYWHERE,
        without: Boxes = EVERYWHERE,
    ) -> Generator[Identification | DuktusError]:
        """Yield the hand of each document, or the error where it cannot be read, with the image in ``error.image``.

        A tuple of images is one document.
        """
        (reader, identify), parts = self._identifier(as_prior(prior)), regions_of(regions, without)
        answered = with_answers(images, lambda taken: reader.look_at_many(taken, parts))
        return (seen if isinstance(seen, DuktusError) else identify(seen, top) for _, seen in answered)
