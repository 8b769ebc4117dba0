"""Results: frozen dataclasses that compare by what they say, and show themselves in notebooks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from duktus.types.markup import BAD, GOOD, address, bar, card, label, picture, quiet, row, safe, scale, table

MOST_SHOWN = 60
"""Readings, matches or documents that a notebook shows of one result."""


class Box(NamedTuple):
    """A rectangle on a page, in pixels; (x, y) is its upper left corner."""

    x: int
    y: int
    w: int
    h: int


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

    def _repr_html_(self) -> str:
        colour = GOOD if self.accepted else BAD
        others = [(safe(each.text, 40), bar(each.confidence), f"{each.confidence:.1%}") for each in self.alternatives]
        answer = (label(self.text, 28, colour), bar(self.confidence, colour), f"{self.confidence:.1%}")
        told = quiet(f"{safe(self.reason) + '; ' if self.reason else ''}{safe(_place(self.box))}")
        body = table(("", "", ""), [answer, *others])
        return card(row([picture(self.picture, self.text, 96), body]), told)


@dataclass(frozen=True)
class Preview:
    """A small picture of a page, as a PNG or JPEG file, and the part of the page that it shows, in the page's units."""

    image: bytes
    shows: Box


class Readings(tuple[Reading, ...]):
    """What is written in an image: its readings in reading order, as a tuple that knows its text and its pages.

    Args:
        pages: the number of each page, from 1, with its readings.
        previews: a small picture of each page, for notebooks; perhaps none.

    Attributes:
        text: all lines as text, "?" where a reading was refused.
        pages: as given.

    >>> one, two = (Reading(c, 0.99, True, "", (), Box(x, 0, 10, 20)) for c, x in (("1", 0), ("4", 14)))
    >>> Readings([(1, (one, two))]).text
    '14'
    """

    pages: tuple[tuple[int, tuple[Reading, ...]], ...]
    previews: tuple[Preview, ...]

    def __new__(cls, pages: Iterable[tuple[int, Sequence[Reading]]] = (), previews: Iterable[Preview] = ()) -> Self:
        """Return the readings of all pages; a tuple is made before it is initialised."""
        kept = tuple((number, tuple(readings)) for number, readings in pages)
        made = super().__new__(cls, (reading for _, readings in kept for reading in readings))
        made.pages, made.previews = kept, tuple(previews)
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:  # else a copy would be made of its items
        return self.pages, self.previews

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


@dataclass(frozen=True)
class Match:
    """A known hand and how well it fits a document; ``rank`` 1 fits best.

    ``score`` is the likeness in [-1, 1]; ``log10_lr`` the logarithm of how much likelier this hand makes that likeness
    than another hand does, within the bounds of the calibration. Of a network that was trained on the hands ``score``
    is the calibrated probability of this one among them, and the ratio is that against the others of them.
    """

    label: str
    score: float
    log10_lr: float
    rank: int


@dataclass(frozen=True)
class Identification:
    """Whose hand a document is in.

    ``matches`` are the known hands, the most likely first. One that is not ``accepted`` says why in ``reason``
    ("blank", "too little ink", "too coarse", "none of the known hands", "unsure: Anna or Bert"). ``ink`` is how much
    was written: the length of all contours in text heights; a word has some 30, a line 150. ``notes`` say what else was
    seen.

    >>> Identification((Match("Anna", 0.81, 2.1, 1),), True, "", 240.0).matches[0].label
    'Anna'
    """

    matches: tuple[Match, ...]
    accepted: bool
    reason: str
    ink: float
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        best = self.matches[0].label if self.matches and self.accepted else self.reason
        colour = GOOD if self.accepted else BAD
        rows = [
            (str(one.rank), label(one.label), bar(one.score, colour), f"{one.score:.3f}", f"{one.log10_lr:+.2f}")
            for one in self.matches[:MOST_SHOWN]
        ]
        ranked = table(("", "hand", "likeness", "", "log₁₀ LR"), rows) if rows else ""
        notes = "; ".join((f"ink: {self.ink:.0f} text heights", *self.notes))
        return card(label(best, 22, colour), ranked, quiet(safe(notes, 600)))


@dataclass(frozen=True)
class Likeness:
    """A document of a gallery that was searched: its content's hash, label, source and likeness in [-1, 1]."""

    content: str
    label: str
    source: str
    score: float
    rank: int


class Ranking(tuple[Likeness, ...]):
    """The documents of a gallery by likeness of hand, the most alike first; empty where the queried page is blank.

    >>> Ranking([Likeness("3f…", "Anna", "anna/1.png", 0.93, 1)])[0].label
    'Anna'
    """

    def _repr_html_(self) -> str:
        rows = [
            (str(one.rank), bar(one.score), f"{one.score:.3f}", label(one.label), quiet(safe(one.source)))
            for one in self[:MOST_SHOWN]
        ]
        return card(table(("", "likeness", "", "label", "source"), rows) if rows else quiet("nothing is written"))


@dataclass(frozen=True)
class Verdict:
    """Whether one hand wrote two documents.

    ``log10_lr`` is the logarithm of how much likelier their likeness ``score`` is if one hand wrote both than if two
    did; None where nothing can be said, and ``reason`` says why. ``bounds`` are the least and the greatest ratio that
    the calibration supports. ``statement`` puts it into the words of forensic practice. ``ink`` is how much either
    document has, in text heights of contour; ``limits`` are sentences on what the answer does not cover.
    """

    log10_lr: float | None
    statement: str
    reason: str
    score: float
    bounds: tuple[float, float]
    ink: tuple[float, float]
    limits: tuple[str, ...]

    def _repr_html_(self) -> str:
        low, high = self.bounds
        ratio = "none" if self.log10_lr is None else f"{self.log10_lr:+.2f}"
        line = f"{low:+.1f} {scale(self.log10_lr, low, high)} {high:+.1f}" if low < 0 < high else ""
        told = f"log₁₀ likelihood ratio {ratio}, likeness {self.score:.3f}, ink {self.ink[0]:.0f} and {self.ink[1]:.0f}"
        limits = "".join(f"<li>{safe(limit, 600)}</li>" for limit in self.limits)
        more = f'<details style="font-size:12px;opacity:.8"><summary>Limits</summary><ul>{limits}</ul></details>'
        return card(label(self.statement[:400], 16), quiet(line), quiet(told), more if limits else "")


@dataclass(frozen=True)
class Taught:
    """What became of examples that a gallery was given.

    Attributes:
        added: how many are new.
        known: how many the gallery had already, under the same label.
        conflicts: a sentence for each that the gallery has under another label.
        failed: a sentence for each that cannot be read or shows too little.
        notes: sentences on what to know of the gallery now, such as labels that look wrong.
    """

    added: int
    known: int
    conflicts: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How good a model or a gallery is on labelled images; ``print`` shows the figures with their intervals.

    Attributes:
        title: what was measured.
        lines: the head figures with their 95 % intervals, as text.
        metrics: all figures, as ``metrics.json`` holds them.
        notes: sentences on how the figures came about.
        unreadable: the errors of images that could not be read and are in no figure.
    """

    title: str
    lines: tuple[str, ...]
    metrics: dict[str, Any] = field(repr=False)
    _write: Callable[[Path], Path] = field(repr=False)
    notes: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    def report(self, folder: str | Path) -> Path:
        """Write ``report.html``, a page that loads nothing, and ``metrics.json``; return the page's path.

        Raises:
            DuktusError: the folder cannot be written to.
            MissingExtraError: Matplotlib is not installed.
        """
        return self._write(Path(folder))

    def __str__(self) -> str:
        return "\n".join((self.title, *self.lines))

    def _repr_html_(self) -> str:
        figures = "\n".join(safe(line, 600) for line in self.lines)
        body = f'<pre style="background:none;color:inherit;margin:4px 0;font-size:12px">{figures}</pre>'
        return card(label(self.title, 16), body, quiet("<br>".join(safe(note, 600) for note in self.notes)))


@dataclass(frozen=True)
class Explanation:
    """Which ink decided an answer, as one HTML page that loads nothing, or the stages of a reading as a PNG picture."""

    content: bytes = field(repr=False)
    name: str = "explanation"

    @property
    def is_picture(self) -> bool:
        """Whether it is a PNG file, and not an HTML page."""
        return self.content.startswith(b"\x89PNG")

    def save(self, path: str | Path) -> Path:
        """Write it to a file and return the path."""
        Path(path).write_bytes(self.content)
        return Path(path)

    def _repr_html_(self) -> str:
        if self.is_picture:
            return f'<img src="{address(self.content)}" alt="{safe(self.name)}" style="max-width:100%">'
        page = self.content.decode("utf-8").replace("&", "&amp;").replace('"', "&quot;")
        style = "width:100%;height:640px;border:1px solid rgba(128,128,128,.4);border-radius:4px"
        return f'<iframe srcdoc="{page}" sandbox style="{style}" title="{safe(self.name)}"></iframe>'


def lines_of(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Part a page's readings, in reading order, into written lines: a new one goes back to the left, or beneath."""
    lines: list[list[Reading]] = []
    for reading in readings:
        box = reading.box
        if lines and box.x >= lines[-1][-1].box.x and box.y < max(other.box.y + other.box.h for other in lines[-1]):
            lines[-1].append(reading)
        else:
            lines.append([reading])
    return lines


def text_of(line: Sequence[Reading]) -> str:
    """Return a line as text: "?" where a reading was refused, a space where a gap is wider than a glyph is high."""
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
    others = ", ".join(f"{safe(other.text, 40)} {other.confidence:.0%}" for other in reading.alternatives[:2])
    told = f"{reading.confidence:.1%}" + (f"<br>{safe(reading.reason, 60)}" if reading.reason else "")
    told += f"<br>or {others}" if others and not reading.reason else ""
    shown = picture(reading.picture, reading.text)
    return f'<div style="max-width:140px">{shown}<br>{label(reading.text, 20, colour)} {quiet(told)}</div>'


def _overlay(preview: Preview, readings: Sequence[Reading]) -> str:
    """A page with a frame round each character."""
    x, y, w, h = preview.shows
    boxes = "".join(
        f'<rect x="{one.box.x}" y="{one.box.y}" width="{one.box.w}" height="{one.box.h}" fill="none" '
        f'stroke="{GOOD if one.accepted else BAD}" stroke-width="2" vector-effect="non-scaling-stroke"/>'
        for one in readings
    )
    place = f'x="{x}" y="{y}" width="{w}" height="{h}"'
    return (
        f'<svg viewBox="{x} {y} {w} {h}" style="max-width:420px;max-height:320px;background:#fff;border-radius:3px">'
        f'<image href="{address(preview.image)}" {place} preserveAspectRatio="none"/>{boxes}</svg>'
    )
