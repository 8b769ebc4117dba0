"""The segmentation prior: what shape and place alone say of an arc, before the network scores it.

All costs are in nats times width, where the width is in heights of a row: they are added to log-probabilities that are
weighted by it.
"""

import math
from typing import NamedTuple

import numpy as np

from duktus.imaging.frames.glyph import stroke_width
from duktus.imaging.layout.pieces import Pieces, cut_out
from duktus.imaging.layout.rows import Row
from duktus.types import Box, Ink

LEAST_HEIGHT, MOST_HEIGHT = 0.75, 1.3
"""Between these heights, as shares of its row's, a character is as good as any."""

HEIGHT_PENALTY = 3.0
"""What each factor of e in height beyond these bounds costs, for each unit of width."""

CUT_PENALTY = 0.3
"""What parting a piece costs."""

TOUCHING_WIDTH = 1.1
"""Two characters that touch are together at least this wide, in their heights: a narrower piece is rather one."""

NARROW_CUT_PENALTY = 3.0
"""What each height of width less than that adds to the cost of parting a piece."""

JOIN_PENALTY = 0.05
"""What joining two separate pieces costs."""

SMALL_SIDE = 0.4
"""A group whose longer side is below this, in heights of the row, may be no writing: a comma, a dot, a speck."""

FLAT_HEIGHT = 0.2
"""So may one that is lower than this: a dash, the rest of a ruling."""

SKIP_PENALTY = 1.5
"""What taking such a group for no writing costs, for each height of its longer side."""

RIM_WIDTH = 0.1
"""The picture's rim is as broad as this share of its shorter side."""

RIM_SIDE = 0.6
"""Below this size what is at the rim may be a neighbour's, or a border's."""

THIN_WIDTH = 0.25
"""So may what is thinner than this."""

RIM_SKIP_PENALTY = 0.4
"""What dropping something at the rim costs, for each height of its longer side."""

CLIPPED_WIDTH = 0.45
"""What touches one side of the picture, which nothing does on the other, and is narrower than this, was cut off."""

SLIVER_CONTACT = 0.7
"""A sliver lies along the side of the picture with this share of its height at least: it was cut there."""

SLIVER_ASPECT = 2.0
"""A sliver is at least this many times as high as wide."""

SLIVER_WIDTH = 1.0
"""A sliver is narrower than this, in widths of the other writing's strokes: the rest of it lies outside."""

RIM_PENALTY = 1.0
"""What reading an upright line at the rim as a character costs, where all other writing keeps off it, or a scrap that
the rim cut off."""


class PageContext(NamedTuple):
    """Where a row's groups stand on their page: its (rows, columns), whether the writing keeps off its rim, and side.

    ``side`` is the column at which alone the rim cuts something off, 0 or the number of columns; None where it does so
    on both sides, as in a picture cut tightly around its writing, or on none. ``slivers`` are boxes of what is left of
    strokes that a side cut along their length, whatever touches the other.
    """

    shape: tuple[int, ...]
    clear_rim: bool
    side: int | None = None
    slivers: tuple[Box, ...] = ()


def find_slivers(ink: Ink, pieces: Pieces) -> tuple[Box, ...]:
    """Return the boxes of pieces along the left or right side that are thinner than the strokes of all others.

    A 1 at the side of a picture that was cut tightly around a number is as broad as its other strokes.
    """
    columns = pieces.labels.shape[1]
    ends = {0, columns - 1}
    cut = []
    for i, (number, box) in enumerate(zip(pieces.numbers, pieces.boxes, strict=True)):
        met = ends & {box.x, box.x + box.w - 1} if box.h >= SLIVER_ASPECT * box.w else set()
        along = max((int(np.count_nonzero(pieces.labels[:, x] == number)) for x in met), default=0)
        if along >= SLIVER_CONTACT * box.h:
            cut.append(i)
    others = tuple(i for i in range(len(pieces.boxes)) if i not in cut)
    if not cut or max((pieces.areas[i] for i in others), default=0) <= max(pieces.areas[i] for i in cut):
        return ()
    width = stroke_width(cut_out(ink, pieces, others)[0])
    return tuple(pieces.boxes[i] for i in cut if pieces.boxes[i].w < SLIVER_WIDTH * width)


def page_context(rows: tuple[Row, ...], shape: tuple[int, ...], slivers: tuple[Box, ...] = ()) -> PageContext:
    """Return what a page's rows say of each other: whether all characters but thin ones keep off the rim."""
    broad = [
        box for row in rows for box in row.boxes if box.w > THIN_WIDTH * row.height and box.h >= SMALL_SIDE * row.height
    ]
    clear_rim = bool(broad) and all(_off_rim(box, shape) > _rim(shape) for box in broad)
    boxes = [box for row in rows for box in row.boxes]
    room = max(2.0, 0.02 * shape[1])
    left = min((box.x for box in boxes), default=0)
    right = min((shape[1] - box.x - box.w for box in boxes), default=0)
    side = 0 if left <= 1 and right >= room else shape[1] if right <= 1 and left >= room else None
    return PageContext(shape, clear_rim, side, slivers)


def is_clipped(box: Box, height: int, context: PageContext) -> bool:
    """Return whether a box is a neighbour's scrap: a sliver, or narrow and cut off by the rim where nothing else is."""
    if box in context.slivers:
        return True
    end = box.x if context.side == 0 else box.x + box.w
    return context.side is not None and abs(end - context.side) <= 1 and box.w < CLIPPED_WIDTH * height


def arc_prior(pieces: Pieces, row: Row, start: int, stop: int, box: Box, context: PageContext) -> float:
    """Return what an arc's shape and place speak for it, at most 0.

    Characters of a row are about as high as each other; pieces are rather whole than cut; and an upright line at the
    side of a page whose writing keeps off its rim is the page's own.
    """
    height = box.h / row.height
    misfit = max(0.0, math.log(LEAST_HEIGHT / height), math.log(height / MOST_HEIGHT))
    prior = -HEIGHT_PENALTY * misfit * box.w / row.height
    prior -= JOIN_PENALTY * sum(not pieces.parted(row.groups[i - 1], row.groups[i]) for i in range(start + 1, stop))
    if start and pieces.parted(row.groups[start - 1], row.groups[start]):
        prior -= CUT_PENALTY + NARROW_CUT_PENALTY * max(0.0, TOUCHING_WIDTH - _broadness(pieces, row.groups[start]))
    beside = min(box.x, context.shape[1] - box.x - box.w) <= _rim(context.shape)
    if (context.clear_rim and beside and box.w <= THIN_WIDTH * row.height) or is_clipped(box, row.height, context):
        prior -= RIM_PENALTY
    return prior


def _broadness(pieces: Pieces, group: tuple[int, ...]) -> float:
    """Return the width over the height of what a group's first part was cut from."""
    whole = pieces.wholes[pieces.origins[group[0]]]
    return whole.w / whole.h


def skip_cost(box: Box, height: int, context: PageContext) -> float:
    """Return what it costs to take a group for no writing; infinity where it has to be read or refused.

    Args:
        box: of the group.
        height: of its row.
        context: the row's surroundings on its page.
    """
    shape = context.shape
    size = max(box.w, box.h) / height
    if is_clipped(box, height, context):
        return RIM_SKIP_PENALTY * size
    if _off_rim(box, shape) <= _rim(shape) and (size < RIM_SIDE or min(box.w, box.h) < THIN_WIDTH * height):
        return RIM_SKIP_PENALTY * size
    return SKIP_PENALTY * size if size < SMALL_SIDE or box.h < FLAT_HEIGHT * height else math.inf


def _rim(shape: tuple[int, ...]) -> float:
    return max(1.0, RIM_WIDTH * min(shape))


def _off_rim(box: Box, shape: tuple[int, ...]) -> int:
    """Return how far a box lies off the nearest side of the page."""
    return min(box.x, box.y, shape[1] - box.x - box.w, shape[0] - box.y - box.h)
