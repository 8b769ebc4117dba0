"""What is written in images: one that shows itself, or any number as they come."""

import os
from collections.abc import Generator, Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import cv2

from duktus.door.documents import with_answers
from duktus.door.sessions import Place, open_session
from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.hypotheses import Layout as CharacterLayout
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.review import SURE, ReviewTable, doubt_of, find_doubtful
from duktus.glyphs.reading.selection import JOINED
from duktus.imaging.files.png import encode_png
from duktus.lines.reading.lexicon import Lexicon
from duktus.lines.reading.options import GREEDY, Decoding
from duktus.lines.reading.patterns import Pattern
from duktus.models.file import find_model
from duktus.models.runtime import Session
from duktus.pages.documents import DocumentReader, Recipe
from duktus.pages.documents import Layout as DocumentLayout
from duktus.pages.reader import Turn
from duktus.pages.tables.review import NumberReview
from duktus.pen.sources import Picture, Readable, load_pictures
from duktus.reporting.pictures import to_page
from duktus.types import Box, DuktusError, Preview, Reading, Readings

__all__ = ["SURE", "Layout", "is_doubtful", "is_joined", "read_documents", "read_each", "read_one", "read_pages_each"]

Layout: TypeAlias = Literal["auto", "one", "page", "table", "line"]
"""Whether the characters of a page are found, the page is one character, lines or the cells of tables are read, or the
page is one line."""

SEGMENTER = "writing"
"""The shipped model that finds what is handwritten."""

PREVIEW_SIDE = 640
"""Longest side of the picture of a page that a result carries, in pixels."""


@dataclass(frozen=True)
class Pages:
    """How pages are read: by how much they are turned, a file of their lines, and how scores become text."""

    turn: Turn = "auto"
    lines: Place | None = None
    decoding: Decoding = GREEDY


def as_decoding(
    pattern: str = "", words: Place | Lexicon | None = None, beam: int = 0, *, language: bool = False
) -> Decoding:
    """Return how scores become text.

    Args:
        pattern: a regular expression that a whole line must match; empty for none.
        words: a text file with what a line may say, or such a list.
        beam: texts that are kept side by side; 0 for the most probable character at each place.
        language: whether the model's n-gram is applied.

    Raises:
        UsageError: the pattern or the list cannot be used.
    """
    if pattern:
        Pattern(pattern)
    known = words if words is None or isinstance(words, Lexicon) else Lexicon.of_file(Path(words))
    return Decoding(beam, pattern, known, language) if pattern or known or beam or language else GREEDY


def read_one(reader: Reader, image: Readable, layout: CharacterLayout) -> Readings:
    """Read one image; the readings carry what notebooks show."""
    parts = list(read_one_by_page(reader, image, layout))
    return Readings([page for part in parts for page in part.pages], [each for part in parts for each in part.previews])


def read_one_by_page(reader: Reader, image: Readable, layout: CharacterLayout) -> Generator[Readings]:
    """Yield what each page of one image says, as ``read_one`` returns it of all."""
    for number, picture in enumerate(load_pictures(image), 1):
        (readings,) = reader.settle([reader.draft(picture, layout)], layout)
        shown = [replace(one, picture=_crop(picture, one.box)) for one in readings]
        yield Readings([(number, shown)], [_preview(picture)])


def read_documents(session: Session, head: Head | None, layout: DocumentLayout, pages: Pages) -> DocumentReader:
    """Return what reads pages line by line, the cells of their tables, or pictures of one line."""
    recipe = Recipe(head, layout, pages.turn, "" if pages.lines is None else os.fspath(pages.lines), pages.decoding)
    return DocumentReader(session, open_session(find_model(SEGMENTER), session.threads), recipe)


def read_pages_each(
    reader: DocumentReader, images: Iterable[Readable], review: Place | None
) -> Generator[Readings | DuktusError]:
    """Yield what the pages of each image say, or its error; ``review`` is a table to make of lines and cells.

    Raises:
        DataError: the table cannot be made; before anything is read.
    """
    return _read_pages_each(reader, images, None if review is None else NumberReview(Path(review)))


def _read_pages_each(
    reader: DocumentReader, images: Iterable[Readable], table: NumberReview | None
) -> Generator[Readings | DuktusError]:
    with table or nullcontext(), closing(with_answers(images, reader.read_many)) as results:
        for number, (image, result) in enumerate(results, 1):
            if table is not None and isinstance(result, Readings):
                table.add(_source_of(image, number), image, result)
            yield result


def read_each(
    reader: Reader, images: Iterable[Readable], layout: CharacterLayout, review: Place | None, sure: float
) -> Generator[Readings | DuktusError]:
    """Yield what is written in each image, or its error; ``review`` is a table to make of what is doubtful.

    Raises:
        DataError: the table cannot be made; before anything is read.
    """
    return _read_each(reader, images, layout, None if review is None else ReviewTable(Path(review)), sure)


def _read_each(
    reader: Reader, images: Iterable[Readable], layout: CharacterLayout, table: ReviewTable | None, sure: float
) -> Generator[Readings | DuktusError]:
    answered = with_answers(images, lambda taken: reader.read_many(taken, layout=layout))
    with table or nullcontext(), closing(answered) as results:
        for number, (image, result) in enumerate(results, 1):
            if isinstance(result, DuktusError):
                yield result
                continue
            readings = Readings(result)
            # What is certain, as most is, need not be opened again for its ink.
            if table is not None and any(is_doubtful(reading, sure) for reading in readings):
                table.add(_source_of(image, number), find_doubtful(reader, image, layout=layout, sure=sure))
            yield readings


def is_doubtful(reading: Reading, sure: float = SURE) -> bool:
    """Return whether a person should look at a reading: not accepted, not sure, or another answer comes near it."""
    return bool(doubt_of(reading, sure))


def is_joined(reading: Reading) -> bool:
    """Return whether a reading stands for a page of joined writing, whose characters cannot be distinguished."""
    return reading.reason == JOINED


def _source_of(image: Readable, number: int) -> str:
    """Return what a table calls an image, the ``number``-th."""
    if isinstance(image, (str, os.PathLike)):
        return os.fspath(image)
    return "-" if isinstance(image, bytes) else f"image {number}"


def _crop(picture: Picture, box: Box) -> bytes:
    """Return the part of a page that a box in the user's units covers, with a margin, as a small PNG file."""
    margin = round(0.15 * max(box.w, box.h) / picture.scale)
    left, top = ((at - start) / picture.scale for at, start in zip(box[:2], picture.origin, strict=True))
    right, bottom = left + box.w / picture.scale, top + box.h / picture.scale
    rows = slice(max(0, int(top) - margin), max(0, round(bottom) + margin))
    columns = slice(max(0, int(left) - margin), max(0, round(right) + margin))
    part = picture.page[rows, columns]
    return encode_png(to_page(part)) if part.size else b""


def _preview(picture: Picture) -> Preview:
    """Return a page as a small JPEG file, or as PNG where it is small already."""
    rows, columns = picture.page.shape[:2]
    page = to_page(picture.page, PREVIEW_SIDE)
    whole = picture.outward(Box(0, 0, columns, rows))
    if max(rows, columns) <= PREVIEW_SIDE:
        return Preview(encode_png(page), whole)
    done, data = cv2.imencode(".jpg", page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_RGB2BGR))
    assert done, "OpenCV encodes every uint8 array"
    return Preview(data.tobytes(), whole)
