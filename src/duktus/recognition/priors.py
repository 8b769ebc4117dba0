"""What shape and place alone say, before any network is asked: is this a character, a scrap, or the page's own line?

All costs are in nats times width, where the width is in heights of a row: they are added to log-probabilities that are
weighted by it.
"""

import math
from typing import NamedTuple

from duktus.imaging.pieces import Pieces
from duktus.imaging.rows import Row
from duktus.types import Box

LOW, HIGH = 0.75, 1.3
"""Between these heights, as shares of its row's, a character is as good as any."""

MISFIT = 3.0
"""What each factor of e in height beyond these bounds costs, for each unit of width."""

CUT = 0.2
"""What parting a piece costs."""

JOIN = 0.05
"""What joining two separate pieces costs."""

SMALL = 0.4
"""A group whose longer side is below this, in heights of the row, may be no writing: a comma, a dot, a speck."""

FLAT = 0.2
"""So may one that is lower than this: a dash, the rest of a ruling."""

DROP = 1.5
"""What taking such a group for no writing costs, for each height of its longer side."""

RIM = 0.1
"""The picture's rim is as broad as this share of its shorter side."""

RIM_SMALL = 0.6
"""Below this size what is at the rim may be a neighbour's, or a border's."""

THIN = 0.25
"""So may what is thinner than this."""

RIM_DROP = 0.4
"""What dropping something at the rim costs, for each height of its longer side."""

RIM_LINE = 1.0
"""What reading an upright line at the rim as a character costs, where all other writing keeps off the rim."""


class Surroundings(NamedTuple):
    """Where a row's groups stand on their page: its (rows, columns), and whether the writing keeps off its rim."""

    shape: tuple[int, ...]
    kept_off: bool


def survey(rows: tuple[Row, ...], shape: tuple[int, ...]) -> Surroundings:
    """Return what a page's rows say of each other: whether all characters but thin ones keep off the rim."""
    broad = [box for row in rows for box in row.boxes if box.w > THIN * row.height and box.h >= SMALL * row.height]
    return Surroundings(shape, bool(broad) and all(_off_rim(box, shape) > _rim(shape) for box in broad))


def arc_prior(pieces: Pieces, row: Row, start: int, stop: int, box: Box, around: Surroundings) -> float:
    """Return what an arc's shape and place speak for it, at most 0.

    Characters of a row are about as high as each other; pieces are rather whole than cut; and an upright line at the
    side of a page whose writing keeps off its rim is the page's own.
    """
    height = box.h / row.height
    misfit = max(0.0, math.log(LOW / height), math.log(height / HIGH))
    prior = -MISFIT * misfit * box.w / row.height
    prior -= JOIN * sum(not pieces.parted(row.groups[i - 1], row.groups[i]) for i in range(start + 1, stop))
    if start and pieces.parted(row.groups[start - 1], row.groups[start]):
        prior -= CUT
    beside = min(box.x, around.shape[1] - box.x - box.w) <= _rim(around.shape)
    if around.kept_off and beside and box.w <= THIN * row.height:
        prior -= RIM_LINE
    return prior


def skip_cost(box: Box, height: int, shape: tuple[int, ...]) -> float:
    """Return what it costs to take a group for no writing; infinity where it has to be read or refused.

    Args:
        box: of the group.
        height: of its row.
        shape: of the page.
    """
    size = max(box.w, box.h) / height
    if _off_rim(box, shape) <= _rim(shape) and (size < RIM_SMALL or min(box.w, box.h) < THIN * height):
        return RIM_DROP * size
    return DROP * size if size < SMALL or box.h < FLAT * height else math.inf


def _rim(shape: tuple[int, ...]) -> float:
    return max(1.0, RIM * min(shape))


def _off_rim(box: Box, shape: tuple[int, ...]) -> int:
    """Return how far a box lies off the nearest side of the page."""
    return min(box.x, box.y, shape[1] - box.x - box.w, shape[0] - box.y - box.h)
