"""Image files of one page or many, read page by page; any number of them by one process per core."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.lines import CharacterLines
from duktus.glyphs.reading.reader import Reader
from duktus.imaging.ink.line import line_ink
from duktus.lines.reading.options import GREEDY, Decoding
from duktus.lines.reading.transcriber import TASK, Transcriber
from duktus.models.runtime import Precision, Session
from duktus.pages.formats.document import PageText
from duktus.pages.formats.raw import RawPage
from duktus.pages.formats.reading import read_raw, settle
from duktus.pages.parts import AT_ONCE, FIRST
from duktus.pages.reader import LineReader, PageReader, PageSettings, Turn
from duktus.pages.single import SingleReader, is_line
from duktus.pages.tables.reader import TableReader
from duktus.pen.sources import Picture, Readable, load_pictures
from duktus.types import DataError, DuktusError, Ink, Reading, Readings, Sheet, Transcript
from duktus.types.text import visible
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import FAULTS, Job, Steps, answer_each, as_error
from duktus.written.segmenter import Segmenter

Layout: TypeAlias = Literal["page", "table", "line", "auto"]
"""Whether pages are read line by line, or cell by cell of their ruled tables, or each picture is one line; "auto" takes
a picture of a line's shape for one, and all others for pages."""

ModelFile: TypeAlias = tuple[bytes, str, Precision]
"""The content of a model file, what messages call it, and how it is computed, as it is sent to other processes."""

PageLines: TypeAlias = tuple[Sheet, tuple[Reading, ...]]


@dataclass(frozen=True)
class Recipe:
    """How pages are read, beside the networks that read them.

    Attributes:
        head: of a gallery of taught letters, whose encoder the model then is.
        layout: of the pages.
        turn: by how much they are turned.
        lines: a PAGE or ALTO file that says where lines run, or a folder of such files, named as the images are.
        decoding: how a transcriber's scores become text.
    """

    head: Head | None = None
    layout: Layout = "page"
    turn: Turn = "auto"
    lines: str = ""
    decoding: Decoding = GREEDY


class _Drafted(NamedTuple):
    """A picture of one line, and its ink."""

    picture: Picture
    ink: Ink


def _readings(page: PageLines) -> Readings:
    """Return what a picture says as an image of one page."""
    return Readings(((1, page[1]),), (), (page[0],))


class _Decoded:
    """A transcriber with the way in which it decodes."""

    def __init__(self, transcriber: Transcriber, decoding: Decoding) -> None:
        self._transcriber, self._decoding = transcriber, decoding

    def read(self, lines: Sequence[Ink], *, heights: Sequence[float] | None = None) -> list[Transcript]:
        return self._transcriber.read(lines, self._decoding, heights=heights)


class DocumentReader:
    """Reads image files page by page. Any thread may use it.

    Args:
        session: reads lines, or characters.
        segmenter: finds what is handwritten.
        recipe: how pages are read.

    Raises:
        ModelError: a model is for another task.
    """

    def __init__(self, session: Session, segmenter: Session, recipe: Recipe) -> None:
        self.recipe, self._sessions = recipe, (session, segmenter)
        lines: LineReader = (
            _Decoded(Transcriber(session), recipe.decoding)
            if session.card.task == TASK
            else CharacterLines(Reader(session, recipe.head))
        )
        settings = PageSettings(session.card.preprocessing.ink, recipe.turn)
        made = TableReader if recipe.layout == "table" else PageReader
        self._read_page: Callable[[Picture, int, PageText | None, int], Iterator[PageLines]] = made(
            Segmenter(segmenter), lines, settings
        ).read_parts
        self._single = SingleReader(lines)

    def read(self, image: Readable) -> Readings:
        """Return what the pages of an image say.

        Raises:
            ImageError: its first page cannot be read. Where a later one cannot, the last sheet's notes say why.
            DataError: the lines that are given cannot be read.
        """
        parts = list(self._parts(image, AT_ONCE))
        pages = [page for part in parts for page in part.pages]
        return Readings(pages, (), [sheet for part in parts for sheet in part.sheets])

    def read_parts(self, image: Readable) -> Generator[Readings]:
        """Yield what ``read`` returns in parts, each as soon as it is read: a few lines of a page at a time.

        Raises:
            ImageError: as ``read``, and before anything is yielded.
            DataError: likewise.
        """
        yield from self._parts(image, FIRST)

    def _parts(self, image: Readable, first: int) -> Generator[Readings]:
        begun = False
        for number, outcome in self._pages(image, first):
            if not isinstance(outcome, DuktusError):
                yield Readings([(number, outcome[1])], (), outcome[:1])
            elif not begun:
                raise outcome
            else:
                yield Readings((), (), [Sheet(number, 0, 0, notes=(str(outcome),))])
            begun = True

    def read_many(self, images: Iterable[Readable]) -> Generator[Readings | DuktusError]:
        """Yield what the pages of each image say, in order, or the error in its place; by processes where that pays."""
        files = [(session.content, session.name, session.precision) for session in self._sessions]
        threads = self._sessions[0].threads
        starter = pool_starter(Job(f"{__name__}:open_steps", (*files, self.recipe)), threads)
        return answer_in_bulk(images, self.steps(), threads, starter, batch=0 if self._may_be_lines else 1)

    @property
    def _may_be_lines(self) -> bool:
        return self.recipe.layout in ("line", "auto") and not self.recipe.lines

    def steps(self) -> Steps:
        """Return how a batch of images is answered: pictures of one line go through the network together."""
        if not self._may_be_lines:
            return answer_each(self.read)
        drafts = answer_each(self._draft)
        return Steps(drafts.draft, self._settle)

    def _draft(self, image: Readable) -> "Readings | _Drafted":
        pictures = list(islice(load_pictures(image), 2))
        if len(pictures) == 1 and self._is_line(pictures[0]):
            return _Drafted(pictures[0], line_ink(pictures[0].page))
        return self.read(image)

    def _settle(self, drafts: "Sequence[Readings | DuktusError | _Drafted]") -> list[Readings | DuktusError]:
        lines = [draft for draft in drafts if isinstance(draft, _Drafted)]
        read = iter(self._single.read_inks([line.picture for line in lines], [line.ink for line in lines]))
        return [_readings(next(read)) if isinstance(draft, _Drafted) else draft for draft in drafts]

    def _is_line(self, picture: Picture) -> bool:
        layout = self.recipe.layout
        return layout == "line" or (layout == "auto" and not self.recipe.lines and is_line(picture))

    def _read_picture(self, picture: Picture, number: int, known: PageText | None, first: int) -> Iterator[PageLines]:
        if known is None and self._is_line(picture):
            return iter([self._single.read_picture(picture, number, known)])
        return self._read_page(picture, number, known, first)

    def _pages(self, image: Readable, first: int) -> Iterator[tuple[int, PageLines | DuktusError]]:
        pictures = load_pictures(image)
        given: list[RawPage] | None = None
        for number in count(1):
            try:
                picture = next(pictures)
                if self.recipe.lines and given is None:
                    file = lines_file(self.recipe.lines, image)
                    given = read_raw(file, visible(str(file)))
                known = None if given is None else self._known(given, picture, number)
                yield from ((number, part) for part in self._read_picture(picture, number, known, first))
            except StopIteration:
                return
            except FAULTS as error:
                yield number, as_error(error, image)
                return

    def _known(self, pages: Sequence[RawPage], picture: Picture, number: int) -> PageText:
        if number > len(pages):
            expected = f"{self.recipe.lines}: expected the lines of page {number}"
            raise DataError(f"{expected}, received those of {len(pages)}; give a file with all pages")
        return settle(pages[number - 1], number, (picture.bounds.w, picture.bounds.h))


def lines_file(place: str, image: Readable) -> Path:
    """Return the file with an image's lines: the one that was named, or of a folder the one that is named as it is.

    Raises:
        DataError: the folder has none of that name.
    """
    folder = Path(place)
    if not folder.is_dir():
        return folder
    if not isinstance(image, (str, os.PathLike)):
        raise DataError(f"{place}: expected a PAGE or ALTO file for this image, received a folder; name the file")
    path = Path(image)
    names = (f"{path.stem}.xml", f"{path.name}.xml")
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise DataError(f"{place}: expected {names[0]}, found none; name its file, or leave --lines out")
    return found


def open_steps(model: ModelFile, segmenter: ModelFile, recipe: Recipe) -> Steps:
    """Open what reads pages on one core; return the steps that answer a batch of images."""
    reads, tells = (Session(content, 1, precision, name=name) for content, name, precision in (model, segmenter))
    return DocumentReader(reads, tells, recipe).steps()
