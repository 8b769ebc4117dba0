"""Pictures that hold one line each, as cells, amounts and strips do: read without looking for lines on them."""

from collections.abc import Sequence

import numpy as np

from duktus.imaging.ink.line import DRAWN, line_ink
from duktus.pages.formats.document import PageText
from duktus.pages.reader import LineReader
from duktus.pen.sources import Picture
from duktus.types import Box, Ink, Reading, Sheet, Transcript, Word

ROWS, WIDER = 160, 4.0
"""A picture of at most so many rows, or so many times wider than high, is one line unless the layout is named."""


def is_line(picture: Picture) -> bool:
    """Tell whether a picture has the shape of a single line rather than of a page."""
    rows, columns = picture.page.shape[:2]
    return bool(rows <= ROWS or columns >= WIDER * rows)


class SingleReader:
    """Reads pictures of one line each. Any thread may use it.

    Args:
        lines: reads lines of ink.
    """

    def __init__(self, lines: LineReader) -> None:
        self._lines = lines

    def read_picture(
        self,
        picture: Picture,
        number: int = 1,
        given: PageText | None = None,  # noqa: ARG002  # the picture is the line
    ) -> tuple[Sheet, tuple[Reading, ...]]:
        """Return what a picture says, as one reading, and how large it is."""
        return self.read_inks([picture], [line_ink(picture.page)], number)[0]

    def read_inks(
        self, pictures: Sequence[Picture], inks: Sequence[Ink], number: int = 1
    ) -> list[tuple[Sheet, tuple[Reading, ...]]]:
        """Return what each picture says; its ink was found before."""
        texts = self._lines.read(inks, heights=[0.0] * len(inks))
        found = list[tuple[Sheet, tuple[Reading, ...]]]()
        for picture, ink, text in zip(pictures, inks, texts, strict=True):
            sheet = Sheet(number, picture.bounds.w, picture.bounds.h)
            found.append((sheet, (_reading(picture, ink, text),)))
        return found


def _reading(picture: Picture, ink: Ink, text: Transcript) -> Reading:
    """Return a line's reading: its box is that of its ink, its baseline the foot of it."""
    drawn = ink >= DRAWN
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return Reading(text.text, text.confidence, text.accepted, text.reason, text.alternatives, picture.bounds)
    top, height = int(rows[0]), int(rows[-1] - rows[0]) + 1
    x, y, w, h = box = picture.outward(Box(int(columns[0]), top, int(columns[-1] - columns[0]) + 1, height))
    words = tuple(
        Word(word.text, word.confidence, picture.outward(_between(word.left, word.right, top, height)))
        for word in text.words
    )
    return Reading(
        *(text.text, text.confidence, text.accepted, text.reason, text.alternatives, box),
        line=0,
        words=words,
        baseline=((x, y + h - 1), (x + w - 1, y + h - 1)),
        polygon=((x, y), (x + w - 1, y), (x + w - 1, y + h - 1), (x, y + h - 1)),
    )


def _between(left: float, right: float, top: int, height: int) -> Box:
    first = int(np.floor(left))
    return Box(first, top, max(1, int(np.ceil(right)) - first), height)
