"""Ruled tables read cell by cell: each written line of a cell is a reading with its row and column."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.extraction import settle_polarity
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.page import find_ink
from duktus.imaging.ink.rulings import drop_rulings, drop_specks
from duktus.pages.formats.document import PageText
from duktus.pages.parts import AT_ONCE, in_parts
from duktus.pages.reader import LineReader, PageReader, PageSettings
from duktus.pages.tables.grid import Cell, find_cells
from duktus.pages.turned import Turned
from duktus.pen.sources import Picture
from duktus.types import Ink, Reading, Sheet, Transcript, Word
from duktus.written.cutouts import DRAWN, LineInk, cut_lines
from duktus.written.lines import TextLine
from duktus.written.page import Written
from duktus.written.segmenter import Segmenter

NO_TABLE = "no ruled table"

LEAST_INK = 12
"""Pixels of ink that a cell has which is not blank."""

RIM = 3
"""Pixels of a cell's rim that are its ruling's soft edge."""


class TableReader:
    """Reads ruled tables cell by cell. Any thread may use it.

    Args:
        segmenter: finds what is ruled.
        lines: reads the lines of cells.
        settings: how pages are looked at.
    """

    def __init__(self, segmenter: Segmenter, lines: LineReader, settings: PageSettings) -> None:
        self._lines, self._settings = lines, settings
        self._pages = PageReader(segmenter, lines, settings)

    def read_picture(
        self, picture: Picture, number: int = 1, given: PageText | None = None
    ) -> tuple[Sheet, tuple[Reading, ...]]:
        """Return what the cells of one page's tables say, row by row, and how it lies.

        A page without a ruled table has one reading without text, which says so.
        """
        return next(self.read_parts(picture, number, given, AT_ONCE))

    def read_parts(
        self,
        picture: Picture,
        number: int,
        given: PageText | None,  # noqa: ARG002  # a table's lines are its cells'
        first: int,
    ) -> Iterator[tuple[Sheet, tuple[Reading, ...]]]:
        """Yield what ``read_picture`` returns in parts, the first of so many lines; see ``PageReader.read_parts``."""
        turned, written = self._pages.look(picture)
        cells = find_cells(written)
        notes = (*turned.notes, *(() if cells else (NO_TABLE,)))
        sheet = Sheet(number, picture.bounds.w, picture.bounds.h, turned.clockwise, notes)
        if not cells:
            yield sheet, (Reading("", 0.0, False, NO_TABLE, (), picture.bounds),)
            return
        grey = to_grey(turned.page)
        ink = find_ink(grey, settle_polarity(grey)[0], self._settings.ink)
        cuts = [(cell, cut) for cell in cells for cut in self._cuts(ink, cell, written)]
        for part in in_parts(len(cuts), first):
            some = cuts[part.start : part.stop]
            texts = self._lines.read([cut.ink for _, cut in some], heights=[cut.height for _, cut in some])
            read = zip(part, some, texts, strict=True)
            yield sheet, tuple(_reading(turned, cell, cut, text, at) for at, (cell, cut), text in read)

    def _cuts(self, ink: Ink, cell: Cell, written: Written) -> list[LineInk]:
        """Return the lines of a cell: those of the page that stand in it where there are several, else all its ink."""
        off = RIM if min(cell.box.w, cell.box.h) > 4 * RIM else 0
        x, y, w, h = cell.box.x + off, cell.box.y + off, cell.box.w - 2 * off, cell.box.h - 2 * off
        inner = ink[y : y + h, x : x + w]
        bare = drop_specks(drop_rulings(inner) if self._settings.ink.rulings else inner, self._settings.ink.speck)
        inside = [part for line in written.lines if (part := _within(line, cell)) is not None]
        feet = np.sort([float(line.baseline[:, 1].mean()) for line in inside])
        if len(inside) < 2 or np.diff(feet).min() < written.height:  # two parts of one digit are no two lines
            return [_as_one(bare, x, y)]
        corner = np.array((x, y), np.float32)
        moved = [replace(line, polygon=line.polygon - corner, baseline=line.baseline - corner) for line in inside]
        return [replace(cut, along=cut.along + corner) for cut in cut_lines(bare, moved)]


def _within(line: TextLine, cell: Cell) -> TextLine | None:
    """Return the part of a line that stands in a cell; None where less than a letter of it does."""
    x, y, w, h = cell.box
    baseline = line.baseline
    columns = np.clip(baseline[:, 0], x, x + w)
    rows = np.interp([columns.min(), columns.max()], baseline[:, 0], baseline[:, 1])
    middle = rows.mean() - 0.4 * line.height
    if columns.max() - columns.min() < line.height or not y < middle < y + h:
        return None
    part = np.array(((columns.min(), rows[0]), (columns.max(), rows[1])), np.float32)
    polygon = np.concatenate((part - (0, line.height), part[::-1] - (0, -0.3 * line.height)))
    return TextLine(np.asarray(polygon, np.float32), part, line.height, line.ink)


def _as_one(ink: Ink, x: int, y: int) -> LineInk:
    """Return all ink of a cell as one line; its baseline is the foot of its ink."""
    drawn = ink >= DRAWN
    rows = np.flatnonzero(drawn.any(axis=1)) if drawn.sum() >= LEAST_INK else np.zeros(0, np.intp)
    foot = int(rows[-1]) if len(rows) else ink.shape[0] - 1
    columns = np.arange(x, x + ink.shape[1], dtype=np.float32)
    along = np.stack((columns, np.full_like(columns, y + foot)), axis=1)
    down = np.tile(np.array((0, 1), np.float32), (len(along), 1))
    return LineInk(ink if len(rows) else np.zeros_like(ink), along, down, float(foot), 0.0)


def _reading(turned: Turned, cell: Cell, cut: LineInk, text: Transcript, at: int) -> Reading:
    """Return what a line of a cell says; its box and outline are the cell's."""
    x, y, w, h = cell.box
    corners: NDArray[np.float32] = np.array(
        ((x, y), (x + w - 1, y), (x + w - 1, y + h - 1), (x, y + h - 1)), np.float32
    )
    words = tuple(Word(word.text, word.confidence, turned.box(cut.place(word.left, word.right))) for word in text.words)
    return Reading(
        *(text.text, text.confidence, text.accepted, text.reason, text.alternatives, turned.box(cell.box)),
        line=at,
        words=words,
        baseline=turned.points(cut.along[[0, -1]]),
        polygon=turned.points(corners),
        block=at,
        cell=(cell.row, cell.column),
    )
