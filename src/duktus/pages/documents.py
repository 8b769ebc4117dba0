"""Image files of one page or many, read page by page; any number of them by a process a core."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.lines import CharacterLines
from duktus.glyphs.reading.reader import Reader
from duktus.lines.reading.options import GREEDY, Decoding
from duktus.lines.reading.transcriber import TASK, Transcriber
from duktus.models.runtime import Precision, Session
from duktus.pages.formats.document import PageText
from duktus.pages.formats.reading import read_transcription
from duktus.pages.reader import LineReader, PageReader, PageSettings, Turn
from duktus.pages.tables.reader import TableReader
from duktus.pen.sources import Picture, Readable, load_pictures
from duktus.types import DataError, DuktusError, Ink, Reading, Readings, Sheet, Transcript
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import FAULTS, Job, Steps, answer_each, as_error
from duktus.written.segmenter import Segmenter

Layout: TypeAlias = Literal["page", "table"]
"""Whether pages are read line by line, or cell by cell of their ruled tables."""

PageLines: TypeAlias = tuple[Sheet, tuple[Reading, ...]]


@dataclass(frozen=True)
class ModelFile:
    """The content of a model file, with what messages call it, as it is sent to other processes."""

    content: bytes
    name: str
    precision: Precision = "float32"

    def open(self, threads: int | None) -> Session:
        """Open it on so many cores."""
        return Session(self.content, threads, self.precision, name=self.name)


@dataclass(frozen=True)
class Recipe:
    """All that decides how pages are read.

    Attributes:
        segmenter: tells what a hand wrote.
        model: reads lines, or characters.
        head: of a gallery of taught letters, whose encoder the model then is.
        layout: of the pages.
        turn: by how much they are turned.
        lines: a PAGE or ALTO file that says where lines run, or a folder of such files, named as the images are.
        decoding: how a transcriber's scores become text.
    """

    segmenter: ModelFile
    model: ModelFile
    head: Head | None = None
    layout: Layout = "page"
    turn: Turn = "auto"
    lines: str = ""
    decoding: Decoding = GREEDY


class _Decoded:
    """A transcriber with the way in which it decodes."""

    def __init__(self, transcriber: Transcriber, decoding: Decoding) -> None:
        self._transcriber, self._decoding = transcriber, decoding

    def read(self, lines: Sequence[Ink], *, heights: Sequence[float] | None = None) -> list[Transcript]:
        return self._transcriber.read(lines, self._decoding, heights=heights)


class DocumentReader:
    """Reads image files page by page. Any thread may use it.

    Args:
        recipe: how pages are read.
        threads: cores to use; None for all.

    Raises:
        ModelError: a model is for another task.
    """

    def __init__(self, recipe: Recipe, threads: int | None = None) -> None:
        self.recipe = recipe
        session = recipe.model.open(threads)
        self.threads = session.threads
        lines: LineReader = (
            _Decoded(Transcriber(session), recipe.decoding)
            if session.card.task == TASK
            else CharacterLines(Reader(session, recipe.head))
        )
        segmenter = Segmenter(recipe.segmenter.open(threads))
        settings = PageSettings(session.card.preprocessing.ink, recipe.turn)
        made = TableReader if recipe.layout == "table" else PageReader
        self._read_picture: Callable[[Picture, int, PageText | None], PageLines] = made(
            segmenter, lines, settings
        ).read_picture

    def read(self, image: Readable) -> Readings:
        """Return what the pages of an image say.

        Raises:
            ImageError: its first page cannot be read. Where a later one cannot, the last sheet's notes say why.
            DataError: the lines that are given cannot be read.
        """
        pages, sheets = list[tuple[int, tuple[Reading, ...]]](), list[Sheet]()
        for number, outcome in enumerate(self._pages(image), 1):
            if isinstance(outcome, DuktusError):
                if not pages:
                    raise outcome
                sheets.append(Sheet(number, 0, 0, notes=(str(outcome),)))
                break
            sheets.append(outcome[0])
            pages.append((number, outcome[1]))
        return Readings(pages, (), sheets)

    def read_many(self, images: Iterable[Readable]) -> Generator[Readings | DuktusError]:
        """Yield what the pages of each image say, in order, or the error in its place; by processes where that pays."""
        steps, job = answer_each(self.read), Job(f"{__name__}:open_steps", (self.recipe,))
        return answer_in_bulk(images, steps, self.threads, pool_starter(job, self.threads), batch=1)

    def _pages(self, image: Readable) -> Iterator[PageLines | DuktusError]:
        pictures = enumerate(load_pictures(image), 1)
        while True:
            try:
                number, picture = next(pictures)
                yield self._read_picture(picture, number, self._known(image, picture, number))
            except StopIteration:
                return
            except FAULTS as error:
                yield as_error(error, image)
                return

    def _known(self, image: Readable, picture: Picture, number: int) -> PageText | None:
        if not self.recipe.lines:
            return None
        pages = read_transcription(
            _lines_file(self.recipe.lines, image), [(picture.bounds.w, picture.bounds.h)] * number
        )
        if number > len(pages):
            expected = f"{self.recipe.lines}: expected the lines of page {number}"
            raise DataError(f"{expected}, received those of {len(pages)}; give a file with all pages")
        return pages[number - 1]


def _lines_file(place: str, image: Readable) -> Path:
    """Return the file with an image's lines: the one that was named, or of a folder the one that is named as it is."""
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


def open_steps(recipe: Recipe) -> Steps:
    """Open what reads pages on one core; return the steps that answer a batch of images."""
    return answer_each(DocumentReader(recipe, 1).read)
