"""Pieces of ink to characters: every plausible grouping is classified, and the best way through a row is taken.

A row's pieces, and the parts of those that were cut, are the steps of a lattice; an arc is a character made of one to
four consecutive steps. The network judges all arcs of a page in one batch, and dynamic programming finds the path of
the highest probability (Casey & Lecolinet 1996; Oliveira et al. 2002, "Automatic recognition of handwritten numerical
strings: a recognition and verification strategy"). Arcs weigh by their width, so that two halves count no more than
the whole that they make.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.segmentation_prior import arc_prior, find_slivers, page_context, skip_cost
from duktus.imaging.frames.glyph import GlyphFrame, frame_glyph
from duktus.imaging.layout.pieces import Pieces, cut_out
from duktus.imaging.layout.rows import Row, find_rows
from duktus.models.confidence import Alike, as_alike, softmax
from duktus.types import Box, Ink
from duktus.types.pages import join_boxes

MOST_STEPS = 4
"""Consecutive steps that one character may be made of."""

WIDEST = 1.5
"""No character is wider than this, in heights of its row."""

WIDE_GAP = 0.3
"""Parts of one character stand no further apart than this, in heights of the row."""

LEAST_WIDTH = 0.35
"""An arc weighs no less than a narrow character does, in heights of the row."""

REFUSAL = 2.5
"""Nats, for each height of width, that reading ink as no character costs beyond the network's own refusal."""


WHOLE_WIDEST = 2.0
"""A picture whose ink is no wider than this, in its own heights, may show one character, in pieces or drawn out."""

WHOLE_MOST = 12
"""Pieces of which a picture of one character consists at most."""

WHOLE_GAIN = 0.3
"""Nats by which one character is preferred to several: pictures of one, broken up, are commoner than of tiny ones."""


@dataclass(frozen=True)
class Arc:
    """A character that may be read: the steps ``start`` to ``stop`` of a row.

    ``weight`` is its width in heights of the row, and ``prior`` what its shape alone speaks for it, in nats by weight.
    """

    row: int
    start: int
    stop: int
    box: Box
    weight: float
    prior: float = 0.0


@dataclass(frozen=True)
class Lattice:
    """Everything that a page might say: the rows, the arcs through them, and what it costs to skip a step.

    ``glyphs`` are the arcs' glyphs, in their order. ``skips`` holds for each row and step the cost, infinite where the
    step has to be read. ``whole`` is the index of the arc that takes all ink as one character, -1 without.
    """

    rows: tuple[Row, ...]
    arcs: tuple[Arc, ...]
    glyphs: tuple[Ink, ...]
    skips: tuple[tuple[float, ...], ...]
    whole: int = -1

    def pieces_of(self, arc: int) -> tuple[int, ...]:
        """Return the indices of the pieces of which an arc is made."""
        at = self.arcs[arc]
        groups = (
            self.rows[at.row].groups[at.start : at.stop] if at.row >= 0 else (g for r in self.rows for g in r.groups)
        )
        return tuple(i for group in groups for i in group)


@dataclass(frozen=True)
class Path:
    """The arcs that were read, in reading order, and their mean score: nats for each unit of weight, at most 0."""

    arcs: tuple[int, ...]
    score: float


NO_PATH = Path((), -np.inf)
"""Of a page on which no character is read."""


def build_lattice(ink: Ink, pieces: Pieces, frame: GlyphFrame) -> Lattice:
    """Return the lattice of a page's pieces.

    Args:
        ink: (h, w) in [0, 1], of the whole page.
        pieces: of that ink, split where they may have to be.
        frame: in which the network sees a character.
    """
    if len(pieces.numbers) == 1:
        return single_lattice(ink, pieces, frame)
    rows = find_rows(pieces)
    context = page_context(rows, ink.shape, find_slivers(ink, pieces))
    arcs: list[Arc] = []
    glyphs: list[Ink] = []
    for index, row in enumerate(rows):
        for start in range(len(row.groups)):
            for stop in _stops(row, start):
                box, glyph = _frame(ink, pieces, row, start, stop, frame)
                weight = max(LEAST_WIDTH, box.w / row.height)
                arcs.append(Arc(index, start, stop, box, weight, arc_prior(pieces, row, start, stop, box, context)))
                glyphs.append(glyph)
    whole = -1
    if _may_be_whole(pieces) and not any(_is_all(arc, rows) for arc in arcs):
        everything = tuple(range(len(pieces.numbers)))
        cut, box = cut_out(ink, pieces, everything)
        whole = len(arcs)
        arcs.append(Arc(-1, 0, 0, box, max(LEAST_WIDTH, box.w / box.h)))
        glyphs.append(frame_glyph(cut, frame))
    skips = tuple(tuple(skip_cost(box, row.height, context) for box in row.boxes) for row in rows)
    return Lattice(rows, tuple(arcs), tuple(glyphs), skips, whole)


def single_lattice(ink: Ink, pieces: Pieces, frame: GlyphFrame, chosen: tuple[int, ...] | None = None) -> Lattice:
    """Return the lattice of a page that shows one character, made of some of its pieces; None for all its ink."""
    if not pieces.numbers:
        return Lattice((), (), (), ())
    own = tuple(range(len(pieces.numbers))) if chosen is None else chosen
    cut = ink if chosen is None else cut_out(ink, pieces, chosen)[0]
    box = join_boxes([pieces.boxes[i] for i in own])
    row = Row((own,), (box,), box.h)
    arc = Arc(0, 0, 1, box, max(LEAST_WIDTH, box.w / box.h))
    return Lattice((row,), (arc,), (frame_glyph(cut, frame),), ((float("inf"),),))


def best_path(lattice: Lattice, gains: NDArray[np.float64]) -> Path:
    """Return the path of the highest score through every row.

    Args:
        lattice: of the page.
        gains: (arcs,) what each arc gains for each unit of its weight, as ``arc_gains`` returns it.
    """
    if len(lattice.arcs) == 1:
        return Path((0,), float(gains[0]))
    chosen: list[int] = []
    total = weight = 0.0
    for index, own in enumerate(_arcs_by_row(lattice)):
        arcs, gain = _best_through(lattice, index, own, gains)
        chosen += arcs
        total += gain
        weight += sum(lattice.arcs[arc].weight for arc in arcs)
    mean = total / weight if weight else -np.inf
    if lattice.whole >= 0 and gains[lattice.whole] + WHOLE_GAIN >= mean:
        return Path((lattice.whole,), float(gains[lattice.whole]))
    return Path(tuple(chosen), float(mean))


def arc_gains(scores: NDArray[np.float32], classes: int, temperature: float, alike: Alike = ()) -> NDArray[np.float64]:
    """Return (arcs,) what reading each arc gains, from (arcs, outputs) logits.

    It is the log-probability of the best label, or of "no character" less what a refusal costs, whichever is more.
    """
    logs = np.log(np.maximum(as_alike(softmax(scores, temperature), alike), 1e-12))
    best = logs[:, :classes].max(axis=1)
    if logs.shape[1] == classes:
        return np.asarray(best)
    return np.asarray(np.maximum(best, logs[:, classes] - REFUSAL))


def _stops(row: Row, start: int) -> list[int]:
    """Return where the arcs that begin at a step may end."""
    stops = [start + 1]
    right = row.boxes[start].x + row.boxes[start].w
    for last in range(start + 1, min(start + MOST_STEPS, len(row.groups))):
        box = row.boxes[last]
        union = join_boxes(list(row.boxes[start : last + 1]))
        if box.x - right > WIDE_GAP * row.height or union.w > WIDEST * row.height:
            break
        right = max(right, box.x + box.w)
        stops.append(last + 1)
    return stops


def _frame(ink: Ink, pieces: Pieces, row: Row, start: int, stop: int, frame: GlyphFrame) -> tuple[Box, Ink]:
    chosen = tuple(i for group in row.groups[start:stop] for i in group)
    cut, box = cut_out(ink, pieces, chosen)
    return box, frame_glyph(cut, frame)


def _may_be_whole(pieces: Pieces) -> bool:
    if not 2 <= len(pieces.boxes) <= WHOLE_MOST:
        return False
    box = join_boxes(list(pieces.boxes))
    return box.w <= WHOLE_WIDEST * box.h


def _is_all(arc: Arc, rows: tuple[Row, ...]) -> bool:
    return len(rows) == 1 and arc.start == 0 and arc.stop == len(rows[0].groups)


def _arcs_by_row(lattice: Lattice) -> list[list[int]]:
    """Return the arcs of each row, sorted out once: a long page has hundreds of rows."""
    found: list[list[int]] = [[] for _ in lattice.rows]
    for i, arc in enumerate(lattice.arcs):
        if arc.row >= 0:
            found[arc.row].append(i)
    return found


def _best_through(lattice: Lattice, index: int, own: list[int], gains: NDArray[np.float64]) -> tuple[list[int], float]:
    """Return which of a row's ``own`` arcs make the best path through it, and its score (Viterbi 1967)."""
    steps = len(lattice.rows[index].groups)
    best = [0.0] + [-np.inf] * steps
    came: list[tuple[int, int]] = [(-1, -1)] * (steps + 1)
    ending: list[list[int]] = [[] for _ in range(steps + 1)]
    for i in own:
        ending[lattice.arcs[i].stop].append(i)
    for stop in range(1, steps + 1):
        best[stop], came[stop] = best[stop - 1] - lattice.skips[index][stop - 1], (stop - 1, -1)
        for i in ending[stop]:
            arc = lattice.arcs[i]
            gain = best[arc.start] + arc.weight * gains[i] + arc.prior
            if gain > best[stop]:
                best[stop], came[stop] = gain, (arc.start, i)
    path: list[int] = []
    at = steps
    while at:
        at, arc_index = came[at]
        if arc_index >= 0:
            path.append(arc_index)
    return path[::-1], float(best[steps])
