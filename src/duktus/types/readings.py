"""What is written: readings of characters, and all that is read in an image."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from duktus.types.markup import BAD, GOOD, address, bar, card, label, picture, quiet, row, safe, table
from duktus.types.pages import Box, Points, Sheet, Word

LEAST = 0.005
"""Probability of an alternative from which a tile shows it."""

MOST_SHOWN = 60
"""Readings that a notebook shows of one image."""


@dataclass(frozen=True)
class Alternative:
    """One further answer to what is written, with its calibrated probability."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What is written in one place of a page.

    ``confidence`` is a calibrated probability in [0, 1] that ``text`` is right. A reading that is not ``accepted``
    says why in ``reason`` ("blank", "not a character", "unsure: 4 or 9"); its text is then the best guess, and
    empty where there is none. ``reason`` is empty where the reading is accepted. ``picture`` is a PNG file of the box
    where ``duktus.read`` made the reading; it is not compared.

    ``line`` is the number of the written line on its page, from 0. Of a whole line ``words`` are its words,
    ``baseline`` and ``polygon`` where it runs and what belongs to it, and ``block`` the number of its column or margin.
    ``cell`` is the row and the column of a table, from 1.

    >>> reading = Reading("4", 0.61, False, "unsure: 4 or 9", (Alternative("9", 0.38),), Box(10, 8, 20, 31))
    >>> reading.text, reading.accepted, reading.alternatives[0].text
    ('4', False, '9')
    """

    text: str
    confidence: float
    accepted: bool
    reason: str
    alternatives: tuple[Alternative, ...]
    box: Box
    picture: bytes = field(default=b"", compare=False, repr=False)
    line: int | None = None
    words: tuple[Word, ...] = ()
    baseline: Points = ()
    polygon: Points = ()
    block: int = 0
    cell: tuple[int, int] | None = None

    def _repr_html_(self) -> str:
        colour = GOOD if self.accepted else BAD
        others = [(safe(each.text, 40), bar(each.confidence), f"{each.confidence:.1%}") for each in self.alternatives]
        answer = (label(self.text, 28, colour), bar(self.confidence, colour), f"{self.confidence:.1%}")
        note = quiet(f"{safe(self.reason) + '; ' if self.reason else ''}{safe(_place(self.box))}")
        body = table(("", "", ""), [answer, *others])
        return card(row([picture(self.picture, self.text, 96), body]), note)


@dataclass(frozen=True)
class Preview:
    """A small picture of a page, as a PNG or JPEG file, and the part of the page that it shows, in the page's units."""

    image: bytes
    shows: Box


class Readings(tuple[Reading, ...]):
    """What is written in an image: its readings in reading order, as a tuple with its text and its pages.

    Args:
        pages: the number of each page, from 1, with its readings.
        previews: a small picture of each page, for notebooks; perhaps none.
        sheets: the size of each page and notes on it, where pages were read line by line or cell by cell.

    Attributes:
        text: all lines as text, "?" where a reading was refused.
        pages: as given.
        sheets: as given.

    >>> one, two = (Reading(c, 0.99, True, "", (), Box(x, 0, 10, 20)) for c, x in (("1", 0), ("4", 14)))
    >>> Readings([(1, (one, two))]).text
    '14'
    """

    pages: tuple[tuple[int, tuple[Reading, ...]], ...]
    previews: tuple[Preview, ...]
    sheets: tuple[Sheet, ...]

    def __new__(
        cls,
        pages: Iterable[tuple[int, Sequence[Reading]]] = (),
        previews: Iterable[Preview] = (),
        sheets: Iterable[Sheet] = (),
    ) -> Self:
        """Return the readings of all pages; a tuple is made before it is initialised."""
        kept = tuple((number, tuple(readings)) for number, readings in pages)
        made = super().__new__(cls, (reading for _, readings in kept for reading in readings))
        made.pages, made.previews, made.sheets = kept, tuple(previews), tuple(sheets)
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:  # else a copy would be made of its items
        return self.pages, self.previews, self.sheets

    def __repr__(self) -> str:
        return f"<Readings {self.text!r} of {len(self)}>"

    @property
    def text(self) -> str:
        """All written lines, one below the other."""
        return "\n".join(text_of(line) for _, readings in self.pages for line in lines_of(readings))

    def _repr_html_(self) -> str:
        pages = dict(self.pages)
        shown = [_overlay(preview, pages[number]) for number, preview in zip(pages, self.previews, strict=False)]
        more = f"{len(self) - MOST_SHOWN} more are not shown" if len(self) > MOST_SHOWN else ""
        lines = self.text.split("\n")[:MOST_SHOWN]
        text = "<br>".join(label(line, 22) for line in lines if line)
        return card(text, *shown[:4], row(map(_tile, self[:MOST_SHOWN])), quiet(more) if more else "")


def lines_of(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Part a page's readings, in reading order, into written lines.

    Where they do not say in which line they stand, a new one goes back to the left, or beneath.
    """
    lines: list[list[Reading]] = []
    for reading in readings:
        if lines and _goes_on(lines[-1], reading):
            lines[-1].append(reading)
        else:
            lines.append([reading])
    return lines


def _goes_on(line: Sequence[Reading], reading: Reading) -> bool:
    last, box = line[-1], reading.box
    if reading.line is not None and last.line is not None:
        return reading.line == last.line and reading.cell == last.cell
    return box.x >= last.box.x and box.y < max(other.box.y + other.box.h for other in line)


def text_of(line: Sequence[Reading]) -> str:
    """Return a line as text: "?" where a reading was refused, a space where a gap is wider than a glyph is high.

    Of a line that was read as a whole the text stands even where it was not accepted: most of it is right.
    """
    if len(line) == 1 and line[0].words:
        return line[0].text
    wide = sorted(reading.box.h for reading in line)[len(line) // 2]
    text, end = "", line[0].box.x
    for reading in line:
        box = reading.box
        shown = reading.text if reading.accepted else "?" if reading.text else ""
        text += (" " if text and box.x - end > wide else "") + shown
        end = box.x + box.w
    return text


def _place(box: Box) -> str:
    return f"{box.w} × {box.h} pixels at {box.x}, {box.y}"


def _tile(reading: Reading) -> str:
    colour = GOOD if reading.accepted else BAD
    others = ", ".join(
        f"{safe(other.text, 40)} {other.confidence:.0%}"
        for other in reading.alternatives[:2]
        if other.confidence >= LEAST
    )
    note = f"{reading.confidence:.1%}" + (f"<br>{safe(reading.reason, 60)}" if reading.reason else "")
    note += f"<br>or {others}" if others and not reading.reason else ""
    shown = picture(reading.picture, reading.text)
    return f'<div style="max-width:140px">{shown}<br>{label(reading.text, 20, colour)} {quiet(note)}</div>'


def _overlay(preview: Preview, readings: Sequence[Reading]) -> str:
    """A page with a frame round each character."""
    x, y, w, h = preview.shows
    width = min(420, max(160, 4 * w), max(1, round(320 * w / max(h, 1))))
    boxes = "".join(
        f'<rect x="{one.box.x}" y="{one.box.y}" width="{one.box.w}" height="{one.box.h}" fill="none" '
        f'stroke="{GOOD if one.accepted else BAD}" stroke-width="2" vector-effect="non-scaling-stroke"/>'
        for one in readings
    )
    place = f'x="{x}" y="{y}" width="{w}" height="{h}"'
    return (
        f'<svg viewBox="{x} {y} {w} {h}" width="{width}" style="max-width:100%;background:#fff;border-radius:3px">'
        f'<image href="{address(preview.image)}" {place} preserveAspectRatio="none"/>{boxes}</svg>'
    )
