"""Pages read line by line: their lines found and put in order, each line read, and all of it where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol, TypeAlias

import numpy as np

from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.page import find_ink
from duktus.imaging.ink.polarity import find_polarity
from duktus.pages.formats.document import PageText
from duktus.pages.order import order_lines
from duktus.pages.parts import AT_ONCE, in_parts
from duktus.pages.turned import Turned
from duktus.pen.sources import Picture
from duktus.types import Ink, Reading, Sheet, Transcript, Word
from duktus.written.cutouts import LineInk, cut_lines, each_cut
from duktus.written.lines import TextLine
from duktus.written.page import Written, find_written, look_at, reading_of, to_written
from duktus.written.segmenter import Segmenter
from duktus.written.turning import find_turn

Turn: TypeAlias = Literal["auto", "0", "90", "180", "270"]
"""By how many degrees clockwise a page is turned to be read."""

TRIED = 12
"""Lines that are read either way where a page seems to be turned."""

MOST_LINES = 5000
"""Lines of a page that are read: more are noise."""


class LineReader(Protocol):
    """What reads lines of ink."""

    def read(self, lines: Sequence[Ink], *, heights: Sequence[float] | None = None) -> list[Transcript]:
        """Return what lines say, in their order."""


@dataclass(frozen=True)
class PageSettings:
    """How pages are looked at.

    Attributes:
        ink: how ink is found.
        turn: by how much pages are turned, or "auto" to find out.
    """

    ink: InkSettings
    turn: Turn = "auto"


class PageReader:
    """Reads pages line by line. Any thread may use it.

    Args:
        segmenter: finds what is handwritten, and where lines run.
        lines: reads them.
        settings: how pages are looked at.
    """

    def __init__(self, segmenter: Segmenter, lines: LineReader, settings: PageSettings) -> None:
        self._segmenter, self._lines, self._settings = segmenter, lines, settings

    def read_picture(
        self, picture: Picture, number: int = 1, given: PageText | None = None
    ) -> tuple[Sheet, tuple[Reading, ...]]:
        """Return what the lines of one page say, and how it lies.

        Args:
            picture: the page.
            number: of the page in its file, from 1.
            given: its lines, where they are known; the page then lies as it should.
        """
        return next(self.read_parts(picture, number, given, AT_ONCE))

    def read_parts(
        self, picture: Picture, number: int, given: PageText | None, first: int
    ) -> Iterator[tuple[Sheet, tuple[Reading, ...]]]:
        """Yield what ``read_picture`` returns in parts, each as soon as it is read.

        Args:
            picture: the page.
            number: of the page in its file, from 1.
            given: its lines, where they are known.
            first: lines of the first part; ``AT_ONCE`` for one part of all.
        """
        turned, written = self.look(picture, given=given is not None)
        lines, blocks = self._given_lines(turned, given) if given else _found_lines(written)
        ink = self._floor(written, turned.page) if given else written.ink
        sheet = Sheet(number, picture.bounds.w, picture.bounds.h, turned.clockwise, _notes(turned, written, given))
        if not lines:
            yield sheet, (Reading("", 0.0, False, written.reason or "no lines", (), picture.bounds),)
        uncut = each_cut(ink, lines)
        for part in in_parts(len(lines), first):
            cuts = list(islice(uncut, len(part)))
            texts = self._lines.read([cut.ink for cut in cuts], heights=[cut.height for cut in cuts])
            read = zip(part, cuts, texts, strict=True)
            yield sheet, tuple(_reading(turned, lines[at], cut, text, at, blocks[at]) for at, cut, text in read)

    def look(self, picture: Picture, *, given: bool = False) -> tuple[Turned, Written]:
        """Return a page brought upright, and what a hand wrote on it.

        Args:
            picture: the page.
            given: it lies as it should, whatever the settings say.
        """
        turn = "0" if given else self._settings.turn
        if turn != "auto":
            turned = Turned(picture, -int(turn) // 90 % 4)
            return turned, find_written(turned.page, self._segmenter, self._settings.ink)
        grey = to_grey(picture.page)
        polarity, found = look_at(grey, self._segmenter)
        dark = grey if polarity == "dark" else np.invert(grey)
        quarters, segments = find_turn(dark, self._segmenter, found.segments)
        upright = np.ascontiguousarray(np.rot90(grey, quarters))
        as_given = Turned(picture, 0), to_written(grey, polarity, found, self._settings.ink)
        if not quarters:
            return as_given
        other = Turned(picture, quarters), to_written(upright, polarity, reading_of(segments), self._settings.ink)
        # How bands look says little of numbers; what reads them says which way they make sense.
        return other if self._legible(other[1]) > self._legible(as_given[1]) else as_given

    def _legible(self, written: Written) -> float:
        """Return the mean confidence of the characters of a page's longest lines, 0 where it has none."""
        longest = sorted(written.lines, key=lambda line: -float(np.ptp(line.baseline[:, 0])))[:TRIED]
        cuts = cut_lines(written.ink, longest)
        texts = self._lines.read([cut.ink for cut in cuts], heights=[cut.height for cut in cuts])
        sure = [character.confidence for text in texts for character in text.characters]
        return float(np.mean(sure)) if sure else 0.0

    def _given_lines(self, turned: Turned, given: PageText) -> tuple[list[TextLine], list[int]]:
        lines = [
            TextLine(turned.inward(line.polygon), turned.inward(_baseline(line)), 0.0, 0)
            for line in given.lines[:MOST_LINES]
        ]
        return lines, [line.block for line in given.lines[:MOST_LINES]]

    def _floor(self, written: Written, page: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> Ink:
        """Return what a hand wrote; all ink where nothing looks like it and someone says that there are lines."""
        if not written.reason:
            return written.ink
        grey = to_grey(page)
        return find_ink(grey, find_polarity(grey)[0], self._settings.ink)


def _found_lines(written: Written) -> tuple[list[TextLine], list[int]]:
    """Return the lines of a page in reading order, and the block of each."""
    found = written.lines[:MOST_LINES]
    order = order_lines([line.baseline for line in found])
    return [found[i] for i in order.lines], list(order.blocks)


def _baseline(line: Reading) -> tuple[tuple[int, int], ...]:
    """Return a line's baseline; the foot of its box where it has none."""
    box = line.box
    return line.baseline or ((box.x, box.y + round(0.8 * box.h)), (box.x + box.w, box.y + round(0.8 * box.h)))


def _notes(turned: Turned, written: Written, given: PageText | None) -> tuple[str, ...]:
    if given:
        return given.sheet.notes
    return (*turned.notes, written.reason) if written.reason else turned.notes


def _reading(turned: Turned, line: TextLine, cut: LineInk, text: Transcript, at: int, block: int) -> Reading:
    """Return a line's reading on the page as it was given."""
    polygon, baseline = turned.points(line.polygon), turned.points(line.baseline)
    words = tuple(Word(word.text, word.confidence, turned.box(cut.place(word.left, word.right))) for word in text.words)
    corners = np.array(polygon)
    (x, y), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    box = turned.picture.bounds._replace(x=int(x), y=int(y), w=int(right - x) + 1, h=int(bottom - y) + 1)
    return Reading(
        *(text.text, text.confidence, text.accepted, text.reason, text.alternatives, box),
        line=at,
        words=words,
        baseline=baseline,
        polygon=polygon,
        block=block,
    )
