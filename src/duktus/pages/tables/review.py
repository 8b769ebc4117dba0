"""Whole numbers and lines for a person to correct: a table, their pictures, and one HTML page to type into.

The page holds all pictures, the doubtful first, loads nothing, and saves the table with what was typed: its column
``label``. A row that is left empty is as it was read. The table is one of labelled images like any, so what was
corrected can be trained on, and ``apply`` writes it back into the table that was made of the readings.
"""

import base64
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from duktus.datasets.corrections import CorrectionFiles
from duktus.datasets.tables import harmless
from duktus.imaging.files.load import load_pages
from duktus.pages.tables.sheet import page_of
from duktus.pen.sources import Readable
from duktus.types import DataError, DuktusError, Page, Reading, Readings

COLUMNS = (
    *("file", "text", "confidence", "accepted", "reason", "label"),
    *("source", "page", "row", "column", "line", "x", "y", "w", "h"),
)
"""``text`` is what was read, ``label`` what the person says; ``source`` to ``h`` say where it stands."""

AROUND = 0.3
"""Room around a line or cell in its picture, in its heights."""

LARGEST = 1600
"""Longest side of a picture, in pixels: what is larger is reduced."""

_DECIMALS = 6


class Entry(NamedTuple):
    """One row of the review, as it is written."""

    values: tuple[object, ...]
    accepted: bool
    confidence: float


class NumberReview(CorrectionFiles):
    """A CSV file of lines and cells, the folder of their pictures, and a page to correct them in.

    Open it in a ``with``: rows and pictures are written as they come, so that whatever interrupts the work leaves a
    usable table; at the end the rows are sorted, the doubtful first, and the page is made.

    Args:
        path: the table, a name that ends in ``.csv``; beside it come ``out.files`` and ``out.html`` for ``out.csv``.

    Raises:
        DataError: there is something at that place already, which may hold a person's work, or nothing can be written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, ".html")
        self._entries: list[Entry] = []
        self._write_all()

    def add(self, source: str, image: Readable, readings: Readings) -> None:
        """Add the lines and cells of one image that have text or ought to have some.

        Args:
            source: what the table calls the image.
            image: the image, which is opened once more for the pictures.
            readings: of it.

        Raises:
            DataError: a picture or row cannot be written; the rows before it stay.
        """
        pages = dict(readings.pages)
        try:
            for number, page in enumerate(load_pages(image), 1):  # type: ignore[arg-type]  # lines are read of images alone
                for reading in pages.get(number, ()):
                    if reading.text or reading.reason not in ("blank", "no handwriting", "no ruled table", "no lines"):
                        self._add(source, number, reading, cut_picture(page, reading))
                if number >= max(pages, default=0):
                    return
        except DataError:
            raise
        except DuktusError:  # what could be read once, and no longer can, has no picture
            return

    def _add(self, source: str, page: int, reading: Reading, picture: Page) -> None:
        row, column = reading.cell or ("", "")
        said = (harmless(reading.text), round(reading.confidence, _DECIMALS), str(reading.accepted).lower())
        place = (harmless(source), page, row, column, "" if reading.line is None else reading.line, *reading.box)
        try:
            name = self.keep_picture(len(self._entries) + 1, picture)
            values = (name, *said, harmless(reading.reason), "", *place)
            with self.path.open("a", encoding="utf-8", errors="backslashreplace", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(values)
        except OSError as error:
            raise self.refused(error) from error
        self._entries.append(Entry(values, reading.accepted, reading.confidence))

    def close(self) -> None:
        """Sort the rows, the doubtful first, and make the page."""
        self._entries.sort(key=lambda entry: (entry.accepted, entry.confidence))
        self._write_all()
        records = [dict(zip(COLUMNS, entry.values, strict=True)) for entry in self._entries]
        try:
            self.path.with_suffix(".html").write_text(
                page_of(self.path.name, COLUMNS, records, self._pictures()), encoding="utf-8"
            )
        except OSError as error:
            raise self.refused(error) from error

    def _pictures(self) -> Iterator[str]:
        for entry in self._entries:
            content = (self.path.parent / str(entry.values[0])).read_bytes()
            yield f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"

    def _write_all(self) -> None:
        """Write the table whole: beside it first, so that a table is there at any moment."""
        beside = self.path.with_suffix(".csv.part")
        try:
            with beside.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(COLUMNS)
                writer.writerows(entry.values for entry in self._entries)
            beside.replace(self.path)
        except (OSError, ValueError) as error:
            raise self.refused(error) from error


def cut_picture(page: Page, reading: Reading) -> Page:
    """Return a line or cell with what surrounds it, as it stands on its page."""
    x, y, w, h = reading.box
    room = round(AROUND * min(w, h, 200))
    part = page[max(0, y - room) : y + h + room, max(0, x - room) : x + w + room]
    if not part.size:
        return np.full((1, 1), 255, np.uint8)
    scale = min(1.0, LARGEST / max(part.shape[:2]))
    if scale < 1:
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.ascontiguousarray(part)
