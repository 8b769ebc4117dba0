"""Each line's own ink, cut from its page and laid level along its baseline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Box, Ink
from duktus.written.lines import Points, TextLine

DRAWN = 0.25
"""Ink from which a pixel counts as drawn."""

AROUND = 0.35
"""Room above and below a line's outline, in heights of its text, in which strokes of its own may lie."""

MIDDLE = 0.6
"""A line reaches as far up as down from so many heights of its text above its baseline: accents stand high."""

MOSTLY = 0.75
"""A connected piece of ink of which a line holds this share is that line's as a whole."""

SMOOTH = 2.0
"""Baselines are smoothed over so many heights of the text, so that no letter bends them."""

MOST_PIXELS = 24_000_000
"""Most pixels that a line is cut out of: more than any page has is no line's."""

Owners = NDArray[np.int32]
"""(h, w): 0 or the number of the line, from 1, that a place belongs to."""


@dataclass(frozen=True, eq=False)
class LineInk:
    """A line's own ink.

    Attributes:
        ink: (h, w) in [0, 1], its baseline level.
        along: (w, 2), where on the page its baseline runs at each column.
        down: (w, 2), the direction on the page in which its rows go.
        baseline: the row of its baseline.
        height: of its text, in pixels; 0 if not known.
    """

    ink: Ink
    along: Points
    down: Points
    baseline: float
    height: float

    def place(self, left: float, right: float) -> Box:
        """Return the box on the page of what has ink between two columns; of all between them where none has."""
        w = len(self.along)
        first, last = min(max(0, int(left)), w - 1), min(max(1, int(np.ceil(right))), w)
        drawn = self.ink[:, first : max(last, first + 1)] >= DRAWN
        rows = np.flatnonzero(drawn.any(axis=1))
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, self.ink.shape[0])
        ends = np.array([[first, top], [first, bottom], [last, top], [last, bottom]])
        columns = np.clip(ends[:, 0], 0, w - 1)
        points = self.along[columns] + self.down[columns] * (ends[:, 1:] - self.baseline)
        low, high = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0))
        x, y = (int(value) for value in low)
        return Box(x, y, max(1, int(high[0]) - x), max(1, int(high[1]) - y))


def cut_lines(ink: Ink, lines: Sequence[TextLine]) -> list[LineInk]:
    """Return the ink of each line, what reaches into it from other lines left out.

    Args:
        ink: (h, w) in [0, 1], of the page.
        lines: of the page, in its pixels.
    """
    return list(each_cut(ink, lines))


def each_cut(ink: Ink, lines: Sequence[TextLine]) -> Iterator[LineInk]:
    """Yield what ``cut_lines`` returns, each line when it is asked for."""
    if not lines:
        return
    owners = settle_owners(ink, find_owners(ink.shape, lines))
    yield from (_cut(ink, owners, number, line) for number, line in enumerate(lines, 1))


def find_owners(shape: tuple[int, ...], lines: Sequence[TextLine]) -> Owners:
    """Return which line each place of a page of a shape (h, w) belongs to: the nearest whose outline holds it."""
    free = np.full((shape[0], shape[1]), 255, np.uint8)
    held, middles = np.zeros(free.shape, np.uint8), np.zeros(free.shape, np.int32)
    for number, line in enumerate(lines, 1):
        middle = np.rint(line.baseline - (0, MIDDLE * _height(line))).astype(np.int32)
        for picture, value in ((free, 0), (middles, number)):
            cv2.polylines(picture, [middle], isClosed=False, color=value, thickness=1)
        outline = [np.rint(line.polygon).astype(np.int32)]
        room = max(1, round(2 * AROUND * _height(line)))
        cv2.fillPoly(held, outline, color=1)
        cv2.polylines(held, outline, isClosed=True, color=1, thickness=room)
    if free.min() > 0:
        return middles
    _, labels = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(labels.max()) + 1, np.int32)
    seeds = free == 0
    owner[labels[seeds]] = middles[seeds]
    return np.asarray(owner[labels] * held, np.int32)


def settle_owners(ink: Ink, owners: Owners) -> Owners:
    """Return owners with connected pieces of ink kept whole where nearly all of a piece is one line's."""
    drawn = (ink >= DRAWN).view(np.uint8)
    count, labels = cv2.connectedComponents(drawn, connectivity=8)
    y, x = np.nonzero(drawn)
    piece, owner = np.asarray(labels)[y, x].astype(np.int64), owners[y, x].astype(np.int64)
    most = int(owners.max(initial=0)) + 1
    pairs, inked = np.unique(piece * most + owner, return_counts=True)
    first, second = pairs // most, pairs % most
    sizes = np.bincount(piece, minlength=count)
    whole = (inked >= MOSTLY * sizes[first]) & (second > 0)
    main = np.full(count, -1, np.int64)
    main[first[whole]] = second[whole]
    settled = owners.copy()
    settled[y, x] = np.where(main[piece] >= 0, main[piece], owner)
    return settled


def _height(line: TextLine) -> float:
    """Return the height of a line's text, or what its outline says of it."""
    if line.height:
        return line.height
    area = float(cv2.contourArea(line.polygon.astype(np.float32)))
    length = float(np.linalg.norm(np.diff(line.baseline, axis=0), axis=1).sum())
    return max(4.0, 0.5 * area / max(1.0, length))


def _cut(ink: Ink, owners: Owners, number: int, line: TextLine) -> LineInk:
    """Return one line's ink, level."""
    height = _height(line)
    along, down = straighten(line.baseline, height)
    middle = np.repeat(along.mean(axis=0)[None], len(along), axis=0) if len(along) == 1 else along
    room = AROUND * height
    nearest = np.abs(line.polygon[:, None] - middle[None, :: max(1, len(middle) // 200)]).sum(axis=2).argmin(axis=1)
    at = nearest * max(1, len(middle) // 200)
    off = ((line.polygon - middle[at]) * down[at]).sum(axis=1)
    top, bottom = min(float(off.min()), -height) - room, max(float(off.max()), 0.0) + room
    rows = max(2, int(np.ceil(bottom - top)))
    if rows * len(along) > MOST_PIXELS:
        return LineInk(np.zeros((1, len(along)), np.float32), along, down, 0.0, line.height)
    steps = (top + np.arange(rows, dtype=np.float32))[:, None]
    columns, lines = (along[None, :, axis] + steps * down[None, :, axis] for axis in (0, 1))
    # Pixels are looked up in the window that the line takes, where a map of coordinates may be large.
    left, upper = max(0, int(columns.min()) - 2), max(0, int(lines.min()) - 2)
    window = slice(upper, int(lines.max()) + 3), slice(left, int(columns.max()) + 3)
    own = np.where(owners[window] == number, ink[window], np.float32(0))
    if not own.size:
        return LineInk(np.zeros((rows, len(along)), np.float32), along, down, -top, line.height)
    maps = np.asarray(columns - left, np.float32), np.asarray(lines - upper, np.float32)
    level = cv2.remap(own, *maps, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return LineInk(np.asarray(level, np.float32), along, down, -top, line.height)


def straighten(baseline: Points, height: float) -> tuple[Points, Points]:
    """Return a baseline in steps of a pixel, smoothed and longer by a text height at either end; and what is down."""
    points = np.asarray(baseline, np.float64)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    kept = np.append(True, steps > 0)
    points, at = points[kept], np.append(0.0, np.cumsum(steps))[kept]
    if len(points) < 2:
        points = np.array([points[0], points[0] + (1.0, 0.0)])
        at = np.array([0.0, 1.0])
    places = np.arange(0, max(2, int(np.ceil(at[-1])) + 1), dtype=np.float64)
    track = np.stack([np.interp(places, at, points[:, axis]) for axis in (0, 1)], axis=1)
    reach = int(min(len(track) - 1, max(1, SMOOTH * height)))
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    padded = np.pad(track, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    track = np.stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)], axis=1)
    ends = [track[min(len(track) - 1, reach)] - track[0], track[-1] - track[max(0, len(track) - 1 - reach)]]
    units = [end / max(1e-6, float(np.linalg.norm(end))) for end in ends]
    more = np.arange(1, max(2, int(0.6 * height) + 1))[:, None]
    track = np.concatenate((track[0] - more[::-1] * units[0], track, track[-1] + more * units[1]))
    tangent = np.gradient(track, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    down = np.stack((-tangent[:, 1], tangent[:, 0]), axis=1)
    return np.asarray(track, np.float32), np.asarray(down, np.float32)
