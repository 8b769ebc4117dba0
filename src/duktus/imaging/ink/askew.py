"""Ruled and squared paper that lies askew in its picture: straight thin lines that cross it at a slight slant."""

from bisect import bisect, insort
from dataclasses import dataclass
from math import ceil, inf

import cv2
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

MOST = 1000
"""Places of one direction that are examined, the best: twenty stitched pages of ruled paper have fewer lines."""

TOGETHER = 2**15
"""Edges that are counted at once: they stay in the processor's cache."""

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


@dataclass(frozen=True)
class _Lines:
    """The lines of one direction.

    Attributes:
        ink: (h, w), 1 where one lies, without the strokes that cross it.
        count: how many there are.
        span: along which share of its way a lone one is inked.
    """

    ink: Mask
    count: int
    span: float


@dataclass(frozen=True)
class _Padded:
    """A mask with paper above and below it, so that what lies ``limit`` rows about a way may be looked at anywhere.

    Attributes:
        ink: (h + 2 * margin, w).
        shape: (h, w) of the mask.
        limit: rows that a line is thick at most.
        margin: rows of paper on either side.
    """

    ink: Mask
    shape: tuple[int, int]
    limit: int
    margin: int


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
    across = _find_level(mask)
    upright = _find_level(_turned(mask & ~across.ink))
    down = _turned(upright.ink)
    level = _find_level(mask & ~down)
    if level.count + upright.count > 1:
        return down | level.ink
    lone = np.zeros_like(mask)
    if level.span >= SPAN:
        lone |= level.ink
    if upright.span >= SPAN:
        lone |= down
    return lone if lone.any() and is_framed(mask, lone) else None


def _find_level(mask: Mask) -> _Lines:
    """Return the lines that are nearly level."""
    padded = _pad(mask)
    ink = np.zeros_like(mask)
    middles, span = list[float](), 0.0
    for rough in _likeliest(mask):
        way = _refined(padded, rough)
        track = _follow(padded, way)
        middle = way[0] + way[1] * mask.shape[1] / 2
        if _is_line(track) and _distance(middles, middle) > APART * track.thickness:
            insort(middles, middle)
            span = _span(track)
            _paint(track, ink)
    return _Lines(ink, len(middles), span)


def _turned(mask: Mask) -> Mask:
    """Return a mask with its rows as columns: OpenCV goes through blocks of it, NumPy through all for each row."""
    return np.asarray(cv2.transpose(mask), np.uint8)


def _distance(known: list[float], middle: float) -> float:
    """Return how far the nearest of some ordered numbers lies from one, infinite where there are none."""
    place = bisect(known, middle)
    return min((abs(middle - other) for other in known[max(0, place - 1) : place + 1]), default=inf)


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
            if len(peaks) > MOST:
                peaks = np.sort(peaks[np.argpartition(-share[peaks], MOST)[:MOST]])
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
    counts = np.zeros(rows + 2 * reach + 1, np.intp)
    for part in range(0, len(y), TOGETHER):
        some = slice(part, part + TOGETHER)
        counts += np.bincount(np.rint(y[some] - slope * x[some]).astype(np.intp) + reach, minlength=len(counts))
    near = np.convolve(counts, (1, 1, 1), mode="same")
    start = np.arange(len(near)) - reach
    end = start + slope * columns
    low, high = np.minimum(start, end), np.maximum(start, end)
    crossed = (np.minimum(high, rows) - np.maximum(low, 0) + 1e-6) / (high - low + 1e-6)
    return np.where(crossed >= CROSSED, near / np.maximum(crossed * columns, 1), 0.0), -reach


def _pad(mask: Mask) -> _Padded:
    limit = max(2, min(12, round(THICKEST * min(mask.shape))))
    margin = 2 * limit + 4
    rows, columns = mask.shape
    return _Padded(np.pad(mask, ((margin,) * 2, (0, 0))), (rows, columns), limit, margin)


def _follow(mask: _Padded, way: Way) -> _Track:
    """Return what is inked along a way: in each column the ink nearest to it, up to two pixels or a line's half off."""
    rows, columns = mask.shape
    x = np.arange(columns)
    at = np.rint(way[0] + way[1] * x).astype(np.intp)
    at_padded = np.clip(at, -2, rows + 1) + mask.margin
    offsets = np.array(sorted(range(-2, 3), key=abs))
    near = mask.ink[at_padded + offsets[:, None], x] > 0
    first = at_padded + offsets[near.argmax(axis=0)]
    last = first.copy()
    for _ in range(mask.limit + 2):
        first = first - mask.ink[first - 1, x]
        last = last + mask.ink[last + 1, x]
    inside = (at >= 1) & (at < rows - 1)
    inked = near.any(axis=0) & inside
    runs = (last - first + 1)[inked]
    thickness = float(np.median(runs)) if runs.size else np.inf
    shown = thickness if thickness <= mask.limit else 0.0
    return _Track(first - mask.margin, last - mask.margin, inked, inside, shown)


def _refined(mask: _Padded, way: Way) -> Way:
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


def _paint(track: _Track, lines: Mask) -> None:
    """Mark the ink of a line in a mask, without the strokes that cross it."""
    x = np.flatnonzero(track.free)
    first, thickness = track.first[x], (track.last - track.first + 1)[x]
    for row in range(int(thickness.max(initial=0))):
        inside = thickness > row
        lines[first[inside] + row, x[inside]] = 1
