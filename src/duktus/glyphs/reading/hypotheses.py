"""How a picture is looked at: once as it most likely is, and again in other ways where the answer is in doubt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from duktus.glyphs.reading.lattice import Lattice, build_lattice, lone_lattice
from duktus.imaging.frames.glyph import GlyphFrame, stroke_width
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.page import FINE
from duktus.imaging.ink.polarity import SMALL, Polarity
from duktus.imaging.layout.cuts import split_pieces
from duktus.imaging.layout.pieces import bridge_pieces, drop_frames, largest_pieces, main_pieces
from duktus.imaging.layout.rows import usual_height
from duktus.imaging.layout.writing import Writing, find_writing
from duktus.types import Page

Demand: TypeAlias = Literal["nothing", "accepted", "one"]

Layout: TypeAlias = Literal["auto", "one"]
"""Whether a page's characters are found, or the page is taken for the picture of one."""

UNSURE = 0.6
"""Below this certainty of the polarity, a page is looked at in both."""

TOO_WIDE = 1.6
"""A piece wider than this, in heights of the page's characters, is never one character: it is cut at once."""

KEEN = 0.35
"""Where a page is in doubt, ink is also looked for this much closer to the noise of its paper: faint pencil."""

WIDE = 0.7
"""A piece wider than this may be two characters: it is cut where a page is looked at again."""

MOST_PIECES = 2000
"""Of more pieces than this the largest are read: a page full of digits has fewer, noise any number."""

BRIDGES = (1.0, 2.0)
"""Gaps in broken strokes that are bridged, in widths of the stroke."""

DASHES = 9
"""Pieces of which a broken stroke consists at least, for its dashes to be joined at the first look."""

DASH = 0.4
"""Dashes are shorter than this share of what they make up: digits keep their size where they are joined."""

DOUBTED = 0.4
"""A piece of a doubtful reading is cut from this width on."""


@dataclass(frozen=True)
class Ways:
    """What a reader looks through: how ink is found, the frame of its network, and the layout asked for."""

    ink: InkSettings
    frame: GlyphFrame
    layout: Layout


@dataclass(frozen=True)
class Look:
    """One way of seeing a page: what is written on it, and everything that this might say.

    ``demand`` is what it has to give to be believed at all: nothing; that all it reads is accepted; or that this is one
    character, which holds all that was seen before.
    """

    writing: Writing
    lattice: Lattice
    demand: Demand = "nothing"


def first_look(page: Page, ways: Ways) -> Look:
    """Return a page as it most likely is: in the likelier polarity, without rulings, cut only where it must be."""
    writing = find_writing(page, ways.ink)
    return _look(_undashed(writing) if ways.layout == "auto" else writing, ways)


def look_again(page: Page, first: Look, doubted: tuple[int, ...], lost: bool, ways: Ways) -> Iterator[Look]:
    """Yield the other ways of seeing a page.

    Args:
        page: the page.
        first: how it was seen.
        doubted: arcs of that look's lattice that were read, but not accepted.
        lost: whether nothing was accepted.
        ways: as of the first look.
    """
    writing = first.writing
    if ways.layout == "auto":
        finer = _part_more(first, doubted)
        if finer is not None:
            yield Look(finer, build_lattice(finer.ink, finer.pieces, ways.frame))
    if doubted or not writing.pieces.numbers:
        keener = replace(ways.ink, noise_floor=KEEN * ways.ink.noise_floor)
        anew = [find_writing(page, keener, writing.polarity)]
        if max(page.shape[:2]) > SMALL:
            anew.append(find_writing(page, ways.ink, writing.polarity, reach=FINE))
        yield from (look for other in anew if not _is_known(other, writing) for look in _seen_anew(other, ways))
    if doubted and ways.layout == "auto" and len(writing.pieces.numbers) > len(first.lattice.rows):
        yield from _bridged(writing, ways)
    if doubted and writing.ruled:
        # What went as a border may have been the stem of a 4 that its picture was cut around.
        kept = find_writing(page, ways.ink, writing.polarity, keep_rulings=True)
        yield from (replace(look, demand="one") for look in _seen_anew(kept, ways))
    if writing.certainty < UNSURE or lost:
        other: Polarity = "light" if writing.polarity == "dark" else "dark"
        demand: Demand = "nothing" if writing.certainty < UNSURE else "accepted"
        turned = find_writing(page, ways.ink, other)
        yield from (replace(look, demand=demand) for look in _seen_anew(turned, ways))


def _is_known(writing: Writing, first: Writing) -> bool:
    """Tell whether a writing shows nothing new: one whole piece, as at first. Where it is broad, it was cut already."""
    whole = len(first.pieces.numbers) == 1 and not first.pieces.origins
    return whole and len(writing.pieces.numbers) == 1 and np.array_equal(writing.ink, first.ink)


def _bridged(writing: Writing, ways: Ways) -> Iterator[Look]:
    """Yield the page with the dashes of broken strokes joined, over narrow gaps and over wide ones."""
    width = stroke_width(writing.ink)
    count = len(writing.pieces.numbers)
    for gaps in BRIDGES:
        pieces = bridge_pieces(writing.ink, max(1, round(gaps * width)))
        if 0 < len(pieces.numbers) < count:
            count = len(pieces.numbers)
            yield _look(replace(writing, pieces=pieces), ways, wide=WIDE)


def _undashed(writing: Writing) -> Writing:
    """Return the writing with the dashes of broken strokes joined, where nearly all of it is dashes; else the same.

    The line of a mouse that is thinner than a pixel falls into dozens of pieces, each of which looks like a 1.
    """
    if not DASHES <= len(writing.pieces.numbers) <= MOST_PIECES:
        return writing
    joined = bridge_pieces(writing.ink, max(1, round(BRIDGES[-1] * stroke_width(writing.ink))))
    if DASHES * len(joined.numbers) > len(writing.pieces.numbers):
        return writing
    sizes, wholes = (np.median([max(box.w, box.h) for box in pieces.boxes]) for pieces in (writing.pieces, joined))
    return replace(writing, pieces=joined) if sizes < DASH * wholes else writing


def _seen_anew(writing: Writing, ways: Ways) -> Iterator[Look]:
    if writing.pieces.numbers:
        yield _look(writing, ways, wide=WIDE)


def _look(writing: Writing, ways: Ways, wide: float = TOO_WIDE) -> Look:
    if ways.layout == "one":
        return Look(writing, lone_lattice(writing.ink, writing.pieces, ways.frame, main_pieces(writing.pieces)))
    pieces = writing.pieces
    if len(pieces.numbers) > 1:
        pieces = drop_frames(largest_pieces(pieces, MOST_PIECES) if len(pieces.numbers) > MOST_PIECES else pieces)
        writing = replace(writing, pieces=pieces)
    if len(pieces.numbers) > 1 or (pieces.boxes and pieces.boxes[0].w > wide * pieces.boxes[0].h):
        height = usual_height(pieces.boxes)
        broad = tuple(i for i, box in enumerate(pieces.boxes) if box.w > wide * height)
        writing = _parted(writing, broad, height)
    return Look(writing, build_lattice(writing.ink, writing.pieces, ways.frame))


def _part_more(look: Look, doubted: tuple[int, ...]) -> Writing | None:
    """Return the writing with more of its pieces cut, None where there is nothing more to cut."""
    boxes = look.writing.pieces.boxes
    if not boxes:
        return None
    height = usual_height(boxes)
    unsure = {i for arc in doubted for i in look.lattice.pieces_of(arc)}
    broad = tuple(
        i for i, box in enumerate(boxes) if box.w > WIDE * height or (i in unsure and box.w > DOUBTED * height)
    )
    finer = _parted(look.writing, broad, height)
    return None if finer is look.writing else finer


def _parted(writing: Writing, which: tuple[int, ...], height: float) -> Writing:
    """Return the writing with some of its pieces cut; the same where no cut is found."""
    if not which:
        return writing
    pieces = split_pieces(writing.ink, writing.pieces, which, height)
    if len(pieces.numbers) == len(writing.pieces.numbers):
        return writing
    return replace(writing, pieces=pieces)
