"""Ruled and squared paper that lies askew in its picture: straight thin lines that cross it at a slight slant."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.borders import Mask, is_framed
from duktus.imaging.ink.windows import dilate

SEARCHED = 256
"""Longest side, in pixels, of the picture on which slants are tried."""

STEEPEST = 0.1
"""Lines lean by no more than this: six degrees."""

LEAST = 32
"""Pixels of the shorter side from which lines are looked for: in less, a letter's bar is as long as a line."""

CROSSED = 0.25
"""A line is looked for where it runs through this share of the picture's width at least."""

HINTED = 0.55
"""Along this share of a way there is an upper edge of ink where a line may lie."""

SPAN, SPAN_OF_MANY = 0.85, 0.65
"""A lone line has ink along this share of its way through the picture, and each of several along the other share."""

FREE = 0.5
"""Along this share of its way a line has no writing on it."""

END, FREE_END = 0.07, 0.6
"""Each end of a line, the first share of it long, has no writing along the second share of it: a ruling runs out of
the writing, a letter's own bar does not."""

THICKEST = 0.06
"""A line is no thicker than this share of the picture's shorter side, but may be 2 px, and never more than 12 px."""

APART = 5
"""Lines lie apart by at least this many times the thickness of one."""

Way = tuple[float, float]
"""A way through a picture: y at its left side, and how far it falls with each column."""


@dataclass(frozen=True)
class _Track:
    """What is inked along a way through a picture.

    Attributes:
        first: (w,) the first row of the ink that is met in each column.
        last: (w,) the last row of it.
        inked: (w,) whether there is any.
        inside: (w,) whether the way lies in the picture.
        thickness: of the line along the way, 0 where there is none.
    """

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    inked: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    thickness: float

    @property
    def free(self) -> NDArray[np.bool_]:
        """Where the ink is no thicker than the line, so that no stroke crosses it."""
        return self.inked & (self.last - self.first + 1 <= self.thickness + max(1, round(0.5 * self.thickness)))


def find_askew(mask: Mask) -> Mask | None:
    """Return the mask of the lines of ruled or squared paper that lean by up to six degrees; None where there are none.

    All slants are tried: where the upper edges of ink, moved along one, fall into few rows, there are lines (a Hough
    transform, Duda & Hart 1972, of a narrow range). Strokes that cross a line are no part of it: where its ink is
    thicker than elsewhere, nothing is marked. A lone line may be a letter's foot, and has to leave the writing free.

    Args:
        mask: (h, w), 1 where there is ink.
    """
    if min(mask.shape) < LEAST:
        return None
    # Where lines cross, each seems as thick as the other is long: so each is looked for in what the other leaves.
    across = _paint(mask, _find_level(mask))
    turned = np.ascontiguousarray((mask & ~across).T)
    upright = _find_level(turned)
    down = np.ascontiguousarray(_paint(turned, upright).T)
    rest = mask & ~down
    level = _find_level(rest)
    if len(level) + len(upright) > 1:
        return down | _paint(rest, level)
    lone = _paint(rest, [way for way in level if _span(_follow(rest, way)) >= SPAN])
    lone |= _paint(turned, [way for way in upright if _span(_follow(turned, way)) >= SPAN]).T
    return lone if lone.any() and is_framed(mask, lone) else None


def _find_level(mask: Mask) -> list[Way]:
    """Return the ways of the lines that are nearly level."""
    found: list[Way] = []
    for rough in _likeliest(mask):
        way = _refined(mask, rough)
        track = _follow(mask, way)
        middle = way[0] + way[1] * mask.shape[1] / 2
        known = [start + slope * mask.shape[1] / 2 for start, slope in found]
        if _is_line(track) and all(abs(middle - other) > APART * track.thickness for other in known):
            found.append(way)
    return found


def _likeliest(mask: Mask) -> list[Way]:
    """Return where lines may lie, all of the slant at which most upper edges of ink fall into few rows.

    In a large picture the slants are tried on a reduced one, and then those about the best, a pixel apart, on itself.
    """
    step = ceil(max(mask.shape) / SEARCHED)
    small: Mask = dilate(mask, step, step)[::step, ::step]
    reach = ceil(STEEPEST * small.shape[1])
    best, ways = _at_best(small, sorted(range(-reach, reach + 1), key=abs))
    if step == 1 or not ways:
        return ways
    # A way that falls more than four times the rows crosses too little of the picture to count, and none is steeper
    # than it is long: of a long narrow picture as many slants are left as its shorter side has pixels.
    most = min(int(mask.shape[0] / CROSSED) + 1, mask.shape[1])
    low, high = max((best - 1) * step, -most), min((best + 1) * step, most)
    return _at_best(mask, sorted(range(low, high + 1), key=abs))[1]


def _at_best(mask: Mask, leans: list[int]) -> tuple[int, list[Way]]:
    """Return by how many pixels lines fall across the picture, of some such figures, and where they may lie."""
    rows, columns = mask.shape
    y, x = np.nonzero(mask & ~np.pad(mask, ((1, 0), (0, 0)))[:-1])
    score, best, ways = 0.0, 0, list[Way]()
    for lean in leans:
        share, first = _edges_along(y, x, lean / columns, (rows, columns))
        sharpness = float((np.maximum(share - HINTED, 0) ** 2).sum())
        if sharpness > score:
            peaks = np.flatnonzero((share >= HINTED) & (share >= np.maximum(np.roll(share, 1), np.roll(share, -1))))
            score, best, ways = sharpness, lean, [(float(at + first), lean / columns) for at in peaks]
    return best, ways


def _edges_along(
    y: NDArray[np.intp], x: NDArray[np.intp], slope: float, shape: tuple[int, int]
) -> tuple[NDArray[np.float64], int]:
    """Return the share of each way's columns in which an upper edge lies within a pixel of it, and the first way's row.

    The ways begin at each row from as far above the picture as the slope rises to as far below.
    """
    rows, columns = shape
    reach = ceil(abs(slope) * columns) + 1
    counts = np.bincount(np.rint(y - slope * x).astype(np.intp) + reach, minlength=rows + 2 * reach + 1)
    near = np.convolve(counts, (1, 1, 1), mode="same")
    start = np.arange(len(near)) - reach
    end = start + slope * columns
    low, high = np.minimum(start, end), np.maximum(start, end)
    crossed = (np.minimum(high, rows) - np.maximum(low, 0) + 1e-6) / (high - low + 1e-6)
    return np.where(crossed >= CROSSED, near / np.maximum(crossed * columns, 1), 0.0), -reach


def _follow(mask: Mask, way: Way) -> _Track:
    """Return what is inked along a way: in each column the ink nearest to it, up to two pixels or a line's half off."""
    rows, columns = mask.shape
    limit = max(2, min(12, round(THICKEST * min(mask.shape))))
    x = np.arange(columns)
    at = np.rint(way[0] + way[1] * x).astype(np.intp)
    near_way = np.clip(at, -2, rows + 1)
    top = max(0, int(near_way.min()) - limit - 6)  # no row further off is looked at
    padded = np.pad(mask[top : int(near_way.max()) + limit + 7], ((2 * limit + 4,) * 2, (0, 0)))
    shift = 2 * limit + 4 - top
    at_padded = near_way + shift
    offsets = np.array(sorted(range(-2, 3), key=abs))
    near = padded[at_padded + offsets[:, None], x] > 0
    first = at_padded + offsets[near.argmax(axis=0)]
    last = first.copy()
    for _ in range(limit + 2):
        first = first - padded[first - 1, x]
        last = last + padded[last + 1, x]
    inside = (at >= 1) & (at < rows - 1)
    inked = near.any(axis=0) & inside
    runs = (last - first + 1)[inked]
    thickness = float(np.median(runs)) if runs.size else np.inf
    return _Track(first - shift, last - shift, inked, inside, thickness if thickness <= limit else 0.0)


def _refined(mask: Mask, way: Way) -> Way:
    """Return a way that runs through the middle of the line which lies along another."""
    track = _follow(mask, way)
    x = np.flatnonzero(track.free)
    if track.thickness == 0 or len(x) < CROSSED * FREE * mask.shape[1]:
        return way
    slope, start = np.polyfit(x, (track.first + track.last)[x] / 2, 1)
    return float(start), float(slope)


def _span(track: _Track) -> float:
    """Return along which share of its way through the picture a line is inked."""
    return float(track.inked.sum() / max(1, track.inside.sum()))


def _is_line(track: _Track) -> bool:
    """Tell whether what is inked along a way is a thin line that runs out of the writing at both ends."""
    inside = np.flatnonzero(track.inside)
    if track.thickness == 0 or _span(track) < SPAN_OF_MANY:
        return False
    free = track.free[inside]
    end = max(3, round(END * len(free)))
    return bool(free.mean() >= FREE and min(free[:end].mean(), free[-end:].mean()) >= FREE_END)


def _paint(mask: Mask, ways: list[Way]) -> Mask:
    """Return the mask of the lines along some ways, without the strokes that cross them."""
    lines = np.zeros_like(mask)
    rows = np.arange(len(mask))[:, None]
    for way in ways:
        track = _follow(mask, way)
        near = slice(max(0, int(track.first.min())), max(0, int(track.last.max()) + 1))
        lines[near] |= ((rows[near] >= track.first) & (rows[near] <= track.last) & track.free).view(np.uint8)
    return lines & mask
