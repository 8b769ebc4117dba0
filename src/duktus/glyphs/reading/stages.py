"""How a page became what was read, as one picture: page, ink, writing, characters, glyphs and their answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from duktus.glyphs.reading.hypotheses import Layout
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.selection import BLANK
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.page import find_ink
from duktus.pen.sources import Readable, load_pictures
from duktus.reporting.heat_map import ACCEPTED, REFUSED
from duktus.reporting.label_drawings import NONE, Drawings
from duktus.reporting.pictures import to_page
from duktus.types import Box, ImageError, Ink, Page, Reading

WIDTH = 1240
"""Width of the picture, in pixels: fills a screen, and is sharp in a document."""

MARGIN, GAP, PANEL_HEIGHT = 40, 32, 480
"""Room around the picture and between panels, and the greatest height of a panel."""

BROAD = 2.6
"""Pages broader than this, relative to their height, have each panel to themselves over the whole width."""

TILE = 114
"""Side of a glyph's tile, frame and all: four pixels for each of a network's 28."""

MOST_GLYPHS = 72
"""Glyphs that are shown; more are counted."""

PAPER, INK, MUTED, LINE = (254, 253, 251), (35, 39, 46), (108, 112, 118), (222, 219, 212)

RGB = tuple[int, int, int]
Colour = NDArray[np.uint8]
"""(h, w, 3): a picture in RGB."""


@dataclass(frozen=True)
class Character:
    """One character of a page: its box in pixels of that page, the glyph as the network saw it, and the answer."""

    box: Box
    glyph: Ink
    reading: Reading


@dataclass(frozen=True)
class Stages:
    """The stages of one page, all (h, w): the page, its ink, and the ink without rulings, borders and specks.

    ``size`` is that of the page before it was reduced, (rows, columns); ``reason`` says why it has no characters.
    """

    page: Page
    ink: Ink
    writing: Ink
    characters: tuple[Character, ...]
    size: tuple[int, int]
    reason: str = BLANK


def find_stages(reader: Reader, source: Readable, page: int = 1, layout: Layout = "auto") -> Stages:
    """Read one page and return what lay between it and the answers.

    Args:
        reader: whose stages are shown.
        source: an image or a drawing, as ``Reader.read`` takes it.
        page: which of its pages, from 1.
        layout: as in ``Reader.read``.

    Raises:
        ImageError, StrokeError: the image or stroke file cannot be read, or has no such page.
    """
    picture = next(islice(load_pictures(source), page - 1, None), None)
    if picture is None:
        raise ImageError(f"expected an image of at least {page} pages, received fewer; choose another page")
    (answer,) = reader.answer([reader.draft(picture, layout)], layout)
    writing, lattice = answer.hypothesis.writing, answer.hypothesis.lattice
    arcs = ((lattice.arcs[arc], lattice.glyphs[arc]) for arc in answer.path.arcs)
    characters = tuple(
        Character(arc.box, glyph, Reading(*decision, arc.box, line=max(0, arc.row)))
        for (arc, glyph), decision in zip(arcs, answer.decisions, strict=True)
    )
    ink = find_ink(to_grey(picture.page), writing.polarity, reader.card.preprocessing.ink)
    rows, columns = (round(side * max(1.0, picture.scale)) for side in picture.page.shape[:2])
    return Stages(picture.page, ink, writing.ink, characters, (rows, columns), answer.reason)


def draw_stages(stages: Stages, title: str, drawings: Drawings = NONE) -> Colour:
    """Return the picture of all stages side by side, (h, ``WIDTH``, 3), for pages of any size.

    Args:
        stages: of one page.
        title: what the page is called.
        drawings: by which labels beyond ASCII are shown; others are shown as their code points.
    """
    blocks = [_heading(stages, title), *_panels(stages, drawings), *_glyphs(stages.characters, drawings)]
    return np.concatenate([*blocks, _blank(MARGIN // 2)])


def _heading(stages: Stages, title: str) -> Colour:
    (rows, columns), given = stages.page.shape[:2], stages.size
    found = len(stages.characters)
    doubtful = sum(not character.reading.accepted for character in stages.characters)
    reduced = f", reduced to {columns} by {rows}" if given != (rows, columns) else ""
    facts = f"{found} character{'s' * (found != 1)}, {doubtful} not accepted" if found else stages.reason
    block = _Sheet(104)
    block.text(MARGIN, 28, title, 30, INK, WIDTH - 2 * MARGIN)
    block.text(MARGIN, 68, f"{given[1]} by {given[0]} pixels{reduced}, {facts}", 17, MUTED)
    return block.pixels()


def _panels(stages: Stages, drawings: Drawings) -> Iterator[Colour]:
    panels = [
        ("1  Page", "as it was given", _in_colour(stages.page)),
        ("2  Ink", "how far each pixel stands off its ground", _in_colour(stages.ink)),
        ("3  Writing", "rulings, borders and specks taken off (red)", _difference(stages.ink, stages.writing)),
        ("4  Characters", "found in reading order; red: not accepted", _in_colour(stages.page)),
    ]
    rows, columns = stages.page.shape[:2]
    across = 1 if columns > BROAD * rows else 2
    width = (WIDTH - 2 * MARGIN - (across - 1) * GAP) // across
    fitted = [(name, what, _fit(picture, width, PANEL_HEIGHT)) for name, what, picture in panels]
    fitted[3] = (*fitted[3][:2], _boxed(fitted[3][2], stages, drawings))
    for first in range(0, 4, across):
        yield _row(fitted[first : first + across], width)


def _row(panels: Sequence[tuple[str, str, Colour]], width: int) -> Colour:
    """Panels side by side, each under its name and what it shows."""
    block = _Sheet(58 + max(picture.shape[0] for *_, picture in panels) + GAP)
    for number, (name, what, picture) in enumerate(panels):
        left = MARGIN + number * (width + GAP)
        block.text(left, 4, name, 20, INK)
        block.text(left, 30, what, 15, MUTED)
        block.paste(left, 58, picture)
    return block.pixels()


def _glyphs(characters: Sequence[Character], drawings: Drawings) -> Iterator[Colour]:
    """The glyphs as the network sees them, with its answers, as many rows as it takes."""
    across = (WIDTH - 2 * MARGIN + GAP) // (TILE + GAP)
    more = len(characters) - MOST_GLYPHS
    what = "each glyph in its frame, the answer, how sure it is, and what else it may be"
    block = _Sheet(66)
    block.text(MARGIN, 4, "5  What the network sees, and says", 20, INK)
    what += f"; {more} more are not shown" if more > 0 else ""
    block.text(MARGIN, 30, what if characters else "nothing: no ink stands off the page", 15, MUTED)
    yield block.pixels()
    shown = characters[:MOST_GLYPHS]
    for first in range(0, len(shown), across):
        block = _Sheet(TILE + 112)
        for number, character in enumerate(shown[first : first + across]):
            _tile(block, MARGIN + number * (TILE + GAP), character, drawings)
        yield block.pixels()


def _tile(block: "_Sheet", left: int, character: Character, drawings: Drawings) -> None:
    reading = character.reading
    colour = ACCEPTED if reading.accepted else REFUSED
    block.paste(left, 2, _fit(_in_colour(character.glyph), TILE, TILE))
    block.label(left, TILE + 8, reading.text, 30, colour, drawings)
    block.text(left + TILE, TILE + 20, f"{reading.confidence:.1%}", 15, MUTED, anchor="ra")
    top = TILE + 48
    block.text(left, top, reading.reason, 13, REFUSED, TILE + GAP - 8)
    top += 20 if reading.reason else 0
    for other in reading.alternatives[:2]:
        left += block.label(left, top, other.text, 13, MUTED, drawings) + 5
        share = f"{other.confidence:.1%}"
        block.text(left, top, share, 13, MUTED)
        left += 8 + block.width(share, 13)


def _boxed(panel: Colour, stages: Stages, drawings: Drawings) -> Colour:
    """The page with a frame round each character and its answer above; lines keep their width at every scale."""
    image = Image.fromarray(panel)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(17)
    rows, columns = stages.page.shape[:2]
    down, across = (panel.shape[0] - 2) / rows, (panel.shape[1] - 2) / columns
    for character in stages.characters:
        box, reading = character.box, character.reading
        colour = ACCEPTED if reading.accepted else REFUSED
        left, top = round(box.x * across), round(box.y * down)
        right, bottom = round((box.x + box.w) * across) + 1, round((box.y + box.h) * down) + 1
        draw.rectangle((left, top, right, bottom), outline=colour, width=2)
        if len(stages.characters) > MOST_GLYPHS:
            continue
        place = (left, top - 3) if top > 20 else (left + 4, top + 18)
        drawn = drawn_label(reading.text, drawings, 17, colour)
        if drawn is not None:
            image.paste(Image.fromarray(drawn), (place[0], max(0, place[1] - drawn.shape[0])))
        else:
            draw.text(place, shown_label(reading.text), colour, font, anchor="ls", stroke_width=2, stroke_fill=PAPER)
    return np.asarray(image)


def drawn_label(label: str, drawings: Drawings, height: int, colour: RGB) -> Colour | None:
    """Return a label as a small drawing (height, w, 3) in a colour; None where its text or no drawing can be shown."""
    if _is_legible(label) or label not in drawings:
        return None
    grey = to_page(drawings[label])
    if grey.min() == 255:
        return None
    rows, columns = (np.flatnonzero((grey < 255).any(axis=axis)) for axis in (1, 0))
    cut = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = max(1, round(height * cut.shape[1] / cut.shape[0]))
    small = cv2.resize(cut, (min(width, 2 * height), height), interpolation=cv2.INTER_AREA)
    ink = (1 - small[..., None].astype(np.float32) / 255) ** 0.7  # thin strokes keep their colour
    return np.asarray(np.rint((1 - ink) * np.array(PAPER) + ink * np.array(colour)), np.uint8)


def shown_label(label: str) -> str:
    """Return a label as the picture's font can show it: itself where it is ASCII, else its code points.

    >>> shown_label("7"), shown_label("ᚠ")
    ('7', 'U+16A0')
    """
    return label if _is_legible(label) else " ".join(f"U+{ord(character):04X}" for character in label)


def _is_legible(label: str) -> bool:
    """Return whether the picture's font has all of a label's letters."""
    return label.isascii() and label.isprintable()


def _difference(ink: Ink, writing: Ink) -> Colour:
    """The writing in black, what was taken off the ink in red."""
    lost = np.clip(ink - writing, 0, 1)[..., None]
    kept = writing[..., None]
    picture = 255 * (1 - kept) * (1 - lost) + np.array(REFUSED, np.float32) * lost * (1 - kept)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _in_colour(picture: Page | Ink) -> Colour:
    """A page, or ink as black on white, in RGB."""
    page = picture if picture.dtype == np.uint8 else cv2.convertScaleAbs(1.0 - picture, alpha=255.0)
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB) if page.ndim == 2 else page, np.uint8)


def _fit(picture: Colour, width: int, height: int) -> Colour:
    """A picture brought to the room it has, in a thin frame; small ones are enlarged pixel by pixel."""
    rows, columns = picture.shape[:2]
    scale = min((width - 2) / columns, (height - 2) / rows)
    scale = np.floor(scale) if scale >= 2 else scale
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST if scale >= 2 else cv2.INTER_LINEAR
    fitted = cv2.resize(picture, size, interpolation=how)
    return np.asarray(cv2.copyMakeBorder(fitted, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=LINE), np.uint8)


def _blank(height: int) -> Colour:
    return np.full((height, WIDTH, 3), PAPER, np.uint8)


class _Sheet:
    """A strip of the picture, to be written and pasted on."""

    def __init__(self, height: int) -> None:
        self._image = Image.fromarray(_blank(height))
        self._draw = ImageDraw.Draw(self._image)

    def text(self, x: int, y: int, text: str, size: int, colour: RGB, room: int = WIDTH, *, anchor: str = "la") -> None:
        """Write one line, shortened where it does not fit into ``room`` pixels."""
        font = ImageFont.load_default(size)
        text = "".join(c if c.isprintable() else "\ufffd" for c in text)
        if self._draw.textlength(text, font=font) > room:
            while text and self._draw.textlength(text + "…", font=font) > room:
                text = text[:-1]
            text += "…"
        self._draw.text((x, y), text, fill=colour, font=font, anchor=anchor)

    def width(self, text: str, size: int) -> int:
        """Return how broad a text is, in pixels."""
        return round(self._draw.textlength(text, font=ImageFont.load_default(size)))

    def label(self, x: int, y: int, label: str, size: int, colour: RGB, drawings: Drawings) -> int:
        """Write a label, or paste its drawing, and return how broad it is, ``TILE`` less a percentage at most."""
        drawn = drawn_label(label, drawings, size, colour)
        if drawn is None:
            shown = shown_label(label) or "–"
            self.text(x, y, shown, size, colour, TILE - 50)
            return min(self.width(shown, size), TILE - 50)
        self.paste(x, y + 2, drawn)
        return int(drawn.shape[1])

    def paste(self, x: int, y: int, picture: Colour) -> None:
        """Put a picture at a place."""
        self._image.paste(Image.fromarray(picture), (x, y))

    def pixels(self) -> Colour:
        """Return the strip, (h, ``WIDTH``, 3)."""
        return np.asarray(self._image)
