"""Hypotheses of what is written on a page: first the most likely, and further ones where its answer is in doubt.

A hypothesis is a choice of polarity, ink threshold and cuts, with the lattice of characters that it allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from duktus.glyphs.reading.lattice import Lattice, build_lattice, single_lattice
from duktus.imaging.frames.glyph import GlyphFrame, stroke_width
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.page import FINE
from duktus.imaging.ink.polarity import SMALL, Polarity
from duktus.imaging.ink.rulings import drop_specks
from duktus.imaging.layout.cuts import split_pieces
from duktus.imaging.layout.emphasis import drop_emphasis
from duktus.imaging.layout.pieces import (
    bridge_pieces,
    drop_frames,
    find_pieces,
    largest_pieces,
    main_pieces,
    wipe,
)
from duktus.imaging.layout.rows import usual_height
from duktus.imaging.layout.writing import Writing, find_writing
from duktus.types import Page
from duktus.written.page import look_at, without_rules
from duktus.written.segmenter import shipped_segmenter

Requirement: TypeAlias = Literal["nothing", "accepted", "one", "blank"]

Layout: TypeAlias = Literal["auto", "one"]
"""Whether a page's characters are found, or the page is taken for the picture of one."""

SURE_POLARITY = 0.6
"""Below this certainty of the polarity, a page is read in both."""

SEVERAL_WIDTH = 1.6
"""A piece wider than this, in heights of the page's characters, is never one character: it is cut at once."""

FAINT_FLOOR = 0.35
"""Where a page is in doubt, the noise floor of its ink is also lowered to this share: faint pencil."""

PAIR_WIDTH = 0.7
"""A piece wider than this may be two characters: it is cut in further hypotheses."""

MOST_PIECES = 2000
"""Of more pieces than this the largest are read: a page full of digits has fewer, noise any number."""

BRIDGED_GAPS = (1.0, 2.0)
"""Gaps in broken strokes that are bridged, in widths of the stroke."""

LEAST_DASHES = 9
"""Pieces of which a broken stroke consists at least, for its dashes to be joined in the first hypothesis."""

DASH_LENGTH = 0.4
"""Dashes are shorter than this share of what they make up: digits keep their size where they are joined."""

REFUSED_WIDTH = 0.4
"""A piece of a doubtful reading is cut from this width on."""


LEAST_SEGMENTED = 32
"""Pixels of the shorter side from which on the segmenter sees more than a stroke or two."""

MOST_COMPARED = 1000
"""Pieces of a page beyond which its first hypothesis is the answer: every other one costs seconds again, and no single
mistake decides a page of so many characters."""

RULED, SOME_RULED = 0.9, 0.1
"""A page of whose ink this share is ruled, and that shows nothing else, is blank: an empty cell, a form. With less
than the other share there is nothing to leave out."""


@dataclass(frozen=True)
class HypothesisSettings:
    """What hypotheses are made by: how ink is found, the frame of the network, and the layout of the page.

    A page that was ``drawn`` from strokes is black on white and all written: no other ink or polarity is looked for.
    Where all that is read is ``latin`` letters and digits, rings around them and underlines are no part of any.
    """

    ink: InkSettings
    frame: GlyphFrame
    layout: Layout
    drawn: bool = False
    latin: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """One way to segment a page: what is written on it, and the lattice of its characters.

    ``requirement`` is what its answer has to fulfil to be chosen at all: nothing; that all its characters are accepted;
    that it is one character, whose box holds all that the first hypothesis read; or, of a page on which nothing is
    written, that no other hypothesis is accepted.
    """

    writing: Writing
    lattice: Lattice
    requirement: Requirement = "nothing"


def first_hypothesis(page: Page, settings: HypothesisSettings) -> Hypothesis:
    """Return the most likely hypothesis: in the more likely polarity, without rulings, cut only where it must be."""
    writing = find_writing(page, settings.ink)
    return _hypothesis_of(_join_dashes(writing) if settings.layout == "auto" else writing, settings)


def further_hypotheses(
    page: Page, first: Hypothesis, refused: tuple[int, ...], lost: bool, settings: HypothesisSettings
) -> Iterator[Hypothesis]:
    """Yield the other hypotheses of a page; none of one that holds a great many pieces.

    Args:
        page: the page.
        first: its first hypothesis.
        refused: arcs of its lattice that were read, but not accepted.
        lost: whether nothing was accepted.
        settings: as of the first hypothesis.
    """
    writing = first.writing
    if len(writing.pieces.numbers) > MOST_COMPARED:
        return
    if not settings.drawn and (refused or writing.ruled or len(writing.pieces.numbers) > 1):
        yield from _without_rules(page, writing, settings)
    if settings.layout == "auto":
        finer = _cut_further(first, refused)
        if finer is not None:
            yield Hypothesis(finer, build_lattice(finer.ink, finer.pieces, settings.frame))
    if not settings.drawn and (refused or not writing.pieces.numbers):
        fainter = replace(settings.ink, noise_floor=FAINT_FLOOR * settings.ink.noise_floor)
        anew = [find_writing(page, fainter, writing.polarity)]
        if max(page.shape[:2]) > SMALL:
            anew.append(find_writing(page, settings.ink, writing.polarity, reach=FINE))
        for other in anew:
            if not _is_known(other, writing):
                yield from _hypotheses_of(other, settings)
    if refused and settings.layout == "auto" and len(writing.pieces.numbers) > len(first.lattice.rows):
        yield from _bridge_gaps(writing, settings)
    if refused and writing.ruled:
        # What went as a border may have been the stem of a 4 that its picture was cut around.
        kept = find_writing(page, settings.ink, writing.polarity, keep_rulings=True)
        yield from (replace(hypothesis, requirement="one") for hypothesis in _hypotheses_of(kept, settings))
    if not settings.drawn and (writing.certainty < SURE_POLARITY or lost):
        polarity: Polarity = "light" if writing.polarity == "dark" else "dark"
        requirement: Requirement = "nothing" if writing.certainty < SURE_POLARITY else "accepted"
        inverted = find_writing(page, settings.ink, polarity)
        yield from (replace(hypothesis, requirement=requirement) for hypothesis in _hypotheses_of(inverted, settings))


def _without_rules(page: Page, first: Writing, settings: HypothesisSettings) -> Iterator[Hypothesis]:
    """Yield the page without what the segmenter takes for rules; a page of nothing else is blank."""
    if min(page.shape[:2]) < LEAST_SEGMENTED:
        return
    grey = to_grey(page)
    polarity, found = look_at(grey, shipped_segmenter())
    ruled = found.segments.shares["ruled"]
    if ruled < SOME_RULED:
        return
    ink = without_rules(grey, polarity, found.segments, settings.ink)
    clean = drop_specks(ink, settings.ink.speck)
    writing = Writing(clean, find_pieces(clean), polarity, 1.0, ruled=False, unfiltered=ink)
    if writing.pieces.numbers and not np.array_equal(clean, first.ink):
        yield from _hypotheses_of(writing, settings)
    elif not writing.pieces.numbers and ruled >= RULED:
        yield Hypothesis(writing, build_lattice(clean, writing.pieces, settings.frame), "blank")


def _is_known(writing: Writing, first: Writing) -> bool:
    """Return whether a writing shows nothing new: one whole piece, as at first. A broad one was cut already."""
    whole = len(first.pieces.numbers) == 1 and not first.pieces.origins
    return whole and len(writing.pieces.numbers) == 1 and np.array_equal(writing.ink, first.ink)


def _bridge_gaps(writing: Writing, settings: HypothesisSettings) -> Iterator[Hypothesis]:
    """Yield the page with the dashes of broken strokes joined, over narrow gaps and over wide ones."""
    width = stroke_width(writing.ink)
    count = len(writing.pieces.numbers)
    for gaps in BRIDGED_GAPS:
        pieces = bridge_pieces(writing.ink, max(1, round(gaps * width)))
        if 0 < len(pieces.numbers) < count:
            count = len(pieces.numbers)
            yield _hypothesis_of(replace(writing, pieces=pieces), settings, wide=PAIR_WIDTH)


def _join_dashes(writing: Writing) -> Writing:
    """Return the writing with the dashes of broken strokes joined, where nearly all of it is dashes; else the same.

    The line of a mouse that is thinner than a pixel falls into dozens of pieces, each of which looks like a 1.
    """
    if not LEAST_DASHES <= len(writing.pieces.numbers) <= MOST_PIECES:
        return writing
    joined = bridge_pieces(writing.ink, max(1, round(BRIDGED_GAPS[-1] * stroke_width(writing.ink))))
    if LEAST_DASHES * len(joined.numbers) > len(writing.pieces.numbers):
        return writing
    sizes, wholes = (np.median([max(box.w, box.h) for box in pieces.boxes]) for pieces in (writing.pieces, joined))
    return replace(writing, pieces=joined) if sizes < DASH_LENGTH * wholes else writing


def _hypotheses_of(writing: Writing, settings: HypothesisSettings) -> Iterator[Hypothesis]:
    if writing.pieces.numbers:
        yield _hypothesis_of(writing, settings, wide=PAIR_WIDTH)


def _hypothesis_of(writing: Writing, settings: HypothesisSettings, wide: float = SEVERAL_WIDTH) -> Hypothesis:
    if settings.layout == "one":
        return Hypothesis(
            writing, single_lattice(writing.ink, writing.pieces, settings.frame, main_pieces(writing.pieces))
        )
    pieces = writing.pieces
    if len(pieces.numbers) > 1:
        largest = largest_pieces(pieces, MOST_PIECES) if len(pieces.numbers) > MOST_PIECES else pieces
        pieces = drop_frames(largest)
        pieces = drop_emphasis(pieces) if settings.latin else pieces
        writing = replace(writing, pieces=pieces, ink=wipe(writing.ink, largest, pieces))
    if len(pieces.numbers) > 1 or (pieces.boxes and pieces.boxes[0].w > wide * pieces.boxes[0].h):
        height = usual_height(pieces.boxes)
        broad = tuple(i for i, box in enumerate(pieces.boxes) if box.w > wide * height)
        writing = _cut(writing, broad, height)
    return Hypothesis(writing, build_lattice(writing.ink, writing.pieces, settings.frame))


def _cut_further(hypothesis: Hypothesis, refused: tuple[int, ...]) -> Writing | None:
    """Return the writing with more of its pieces cut, None where there is nothing more to cut."""
    boxes = hypothesis.writing.pieces.boxes
    if not boxes:
        return None
    height = usual_height(boxes)
    unsure = {i for arc in refused for i in hypothesis.lattice.pieces_of(arc)}
    broad = tuple(
        i
        for i, box in enumerate(boxes)
        if box.w > PAIR_WIDTH * height or (i in unsure and box.w > REFUSED_WIDTH * height)
    )
    finer = _cut(hypothesis.writing, broad, height)
    return None if finer is hypothesis.writing else finer


def _cut(writing: Writing, which: tuple[int, ...], height: float) -> Writing:
    """Return the writing with some of its pieces cut; the same where no cut is found."""
    if not which:
        return writing
    pieces = split_pieces(writing.ink, writing.pieces, which, height)
    if len(pieces.numbers) == len(writing.pieces.numbers):
        return writing
    return replace(writing, pieces=pieces)
