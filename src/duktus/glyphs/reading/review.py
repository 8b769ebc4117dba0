"""What was doubtful, as a table that a person corrects: the corrected table teaches, and the next reading is better.

Beside the table lies a folder with a picture of each doubtful character, its own ink and no other. The table names it
in the column ``file`` and leaves the column ``label`` empty: filled in, it is a table of labelled images like any
(``datasets.tables``), and rows that are left empty are passed over.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from duktus.datasets.corrections import CorrectionFiles
from duktus.datasets.tables import harmless
from duktus.glyphs.reading.hypotheses import Layout
from duktus.glyphs.reading.reader import Reader
from duktus.imaging.layout.pieces import cut_out
from duktus.pen.sources import Readable, load_pictures
from duktus.types import Ink, Page, Reading

SURE = 0.9
"""Confidence from which a reading is not doubtful unless another letter comes near it: one in ten such is wrong."""

AHEAD = 3.0
"""A reading is doubtful that is not as many times as probable as the next."""

MARGIN = 0.25
"""Paper around a cut-out, in lengths of its longer side: enough to tell ink from ground, and no rim is touched."""

COLUMNS = ("file", "text", "confidence", "reason", "label", "source", "page", "index", "x", "y", "w", "h")
"""``text`` is what was read, ``label`` what the person says; ``source`` to ``h`` say where on which page it stands."""

_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class Doubtful:
    """A doubtful reading: the page's number from 1, its place on it from 0, why, and a picture of its ink alone."""

    page: int
    index: int
    reading: Reading
    reason: str
    picture: Page


def doubt_of(reading: Reading, sure: float = SURE) -> str:
    """Return why a person should look at a reading; nothing where it is sure, or the page has no characters.

    Args:
        reading: what was read.
        sure: accepted readings of at least this confidence are not doubtful, if they are ``AHEAD`` of the next.
    """
    if not reading.text:
        return ""
    if not reading.accepted:
        return reading.reason
    rival = reading.alternatives[0] if reading.alternatives else None
    if reading.confidence >= sure and (rival is None or reading.confidence >= AHEAD * rival.confidence):
        return ""
    return f"unsure: {reading.text} or {rival.text}" if rival else f"unsure: {reading.text}"


def find_doubtful(
    reader: Reader, image: Readable, *, layout: Layout = "auto", sure: float = SURE
) -> Iterator[Doubtful]:
    """Read an image and yield what is doubtful in it, in the order of reading; one page is held at a time.

    Args:
        reader: by a trained network or by a gallery.
        image: as ``Reader.read`` takes it.
        layout: as there.
        sure: as in ``doubt_of``.

    Raises:
        ImageError: the image cannot be read.
        StrokeError: the stroke file holds no drawing.
    """
    for number, picture in enumerate(load_pictures(image), 1):
        (answer,) = reader.answer([reader.draft(picture, layout)], layout)
        for index, (arc, decision) in enumerate(zip(answer.path.arcs, answer.decisions, strict=True)):
            lattice, writing = answer.hypothesis.lattice, answer.hypothesis.writing
            reading = Reading(*decision, picture.outward(lattice.arcs[arc].box))
            if reason := doubt_of(reading, sure):
                ink, _ = cut_out(writing.ink, writing.pieces, lattice.pieces_of(arc))
                yield Doubtful(number, index, reading, reason, draw_cut_out(ink))


def draw_cut_out(ink: Ink) -> Page:
    """Return a character's ink as a picture of its own, dark on white, with paper around it."""
    margin = max(4, round(MARGIN * max(ink.shape)))
    return np.asarray(np.rint(255 - 255 * np.pad(ink, margin)), np.uint8)


class ReviewTable(CorrectionFiles):
    """A CSV file of doubtful characters, and the folder of their pictures; close it, or open it in a ``with``.

    Each row is written whole once its picture lies there, so that whatever interrupts the work leaves a usable table.
    The file begins with a byte order mark, by which spreadsheets know that it is UTF-8.

    Args:
        path: the table, a name that ends in ``.csv``; the folder is beside it, ``out.files`` for ``out.csv``.

    Attributes:
        rows: written so far.

    Raises:
        DataError: there is something at that place already, which may hold a person's work, or nothing can be written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._file = path.open("x", encoding="utf-8-sig", errors="backslashreplace", newline="")
        except (OSError, ValueError) as error:
            raise self.refused(error) from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS)
        self.rows = 0

    def add(self, source: str, doubtful: Iterable[Doubtful]) -> None:
        """Write a row for each doubtful character of one image, which is called ``source``.

        Raises:
            DataError: a picture or row cannot be written; the rows before it stay.
        """
        for one in doubtful:
            try:
                self._writer.writerow(_row(self.keep_picture(self.rows + 1, one.picture), source, one))
                self._file.flush()
            except OSError as error:
                raise self.refused(error) from error
            self.rows += 1

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _row(file: str, source: str, one: Doubtful) -> tuple[object, ...]:
    reading = one.reading
    answer = (harmless(reading.text), round(reading.confidence, _DECIMALS), harmless(one.reason), "")
    return (file, *answer, harmless(source), one.page, one.index, *reading.box)
