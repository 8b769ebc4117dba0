"""Where lines of writing run, and how high their text is: from the core bands that the segmenter finds."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]

BAND = 0.5
"""Probability from which a place belongs to the core of a line."""

MOST = 1500
"""Most pieces of core bands that are joined to lines: the largest; a page of noise has more."""

GAP = 4.0
"""Two pieces are one line across a gap of up to so many heights of their bands."""

OFF = 0.55
"""They lie level where their middles, carried on to each other, differ by less than this share of the height."""

SCRAP = 0.06
"""What has less than this share of the ink of the longer lines is no line: a speck, a page's number, a stroke."""

SHORT, CLOSE = 0.35, 2.2
"""A piece shorter than this share of a line is a part of it within so many heights of the line's band."""

CORE = 0.8
"""The height of a line is that of the rows that hold this share of its ink in the middle."""

REACH = 3.0
"""Ink belongs to a line whose band is no farther off than so many heights of it."""

LEAST = 12
"""Pixels of ink, at half the segmenter's size, that a line has."""


@dataclass(frozen=True, eq=False)
class Band:
    """A piece of a core band, or several that are one line: columns from ``left`` to ``right``.

    ``middle`` and ``lower`` are the rows of its middle and its lower edge at each column, ``thick`` its usual height.
    """

    left: int
    right: int
    middle: Points
    lower: Points
    thick: float
    slope: float

    def at(self, x: float) -> float:
        """The row of its middle at a column, carried on straight beyond its ends."""
        inner = min(max(x, self.left), self.right)
        edge = float(self.middle[int(inner) - self.left])
        return edge + self.slope * (x - inner)


@dataclass(frozen=True, eq=False)
class TextLine:
    """A line of writing on a page, in its pixels.

    Attributes:
        polygon: (n, 2), the outline of what belongs to it.
        baseline: (n, 2), from left to right.
        height: of its text: the rows that hold the middle four fifths of its ink.
        ink: how many pixels of ink it has.
    """

    polygon: Points
    baseline: Points
    height: float
    ink: int


def find_bands(band: NDArray[np.float32]) -> list[Band]:
    """Return the lines' core bands, from top to bottom: pieces of the map that lie level are joined.

    Args:
        band: (h, w), the probability of a core band.
    """
    mask = (band > BAND).view(np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    order = np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:MOST] + 1
    pieces = [piece for number in order if (piece := _piece(labels, stats[number], int(number))) is not None]
    return join_bands(pieces)


def _piece(labels: Any, stats: Any, number: int) -> Band | None:
    x, y, w, h, area = (int(value) for value in stats)
    if area < 6 or w < 3 or h < 2:
        return None
    part = labels[y : y + h, x : x + w] == number
    counts = part.sum(0)
    rows = np.arange(y, y + h, dtype=np.float32)[:, None]
    middle = (part * rows).sum(0) / np.maximum(counts, 1)
    lower = y + h - 1 - part[::-1].argmax(0).astype(np.float32)
    columns = np.arange(w)
    filled = counts > 0
    thick = float(np.median(counts[filled]))
    middle = _smooth(np.interp(columns, columns[filled], middle[filled]), thick)
    lower = _smooth(np.interp(columns, columns[filled], lower[filled]), thick)
    return Band(x, x + w - 1, middle, lower, thick, _slope(middle, thick))


def _smooth(rows: NDArray[Any], thick: float) -> Points:
    """Return rows averaged over some heights along the line."""
    reach = int(min(len(rows) - 1, max(1, 2 * thick)))
    padded = np.pad(rows, reach, mode="reflect", reflect_type="odd") if reach else rows
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    return np.convolve(padded, kernel, mode="valid").astype(np.float32)


def _slope(middle: Points, thick: float) -> float:
    """Return the slope of a band that is long enough to have one, else 0."""
    if len(middle) < 3 * thick:
        return 0.0
    return float(np.clip(np.polyfit(np.arange(len(middle)), middle, 1)[0], -0.5, 0.5))


def join_bands(pieces: list[Band]) -> list[Band]:
    """Return lines: each piece is joined to the one that it continues, nearest first."""
    pieces = sorted(pieces, key=lambda piece: piece.left)
    pairs = sorted(_near_pairs(pieces))
    follows, followed = dict[int, int](), dict[int, int]()
    for _, first, second in pairs:
        if first not in follows and second not in followed:
            follows[first], followed[second] = second, first
    lines = []
    for start in range(len(pieces)):
        if start not in followed:
            chain = [start]
            while chain[-1] in follows:
                chain.append(follows[chain[-1]])
            lines.append(_chain([pieces[i] for i in chain]))
    return sorted(absorb(lines), key=lambda line: float(line.middle.mean()))


def absorb(lines: list[Band]) -> list[Band]:
    """Return lines without the short pieces that lie close above or below a much longer one: accents, bars, loops."""
    lengths = np.array([len(line.middle) for line in lines])
    lefts = np.array([line.left for line in lines])
    kept = []
    for line, length in zip(lines, lengths, strict=True):
        centre = (line.left + line.right) / 2
        row = line.at(centre)
        longer = np.flatnonzero((length < SHORT * lengths) & (lefts <= centre) & (centre < lefts + lengths))
        if not any(abs(row - lines[i].at(centre)) < CLOSE * lines[i].thick for i in longer):
            kept.append(line)
    return kept


def _near_pairs(pieces: list[Band]) -> list[tuple[float, int, int]]:
    """Return pairs of pieces of which the second continues the first, each with how far they are apart."""
    if len(pieces) < 2:
        return []
    lefts = np.array([piece.left for piece in pieces])
    rights = np.array([piece.right for piece in pieces])
    thick = np.array([piece.thick for piece in pieces])
    starts = np.array([piece.middle[0] for piece in pieces])
    widths = rights - lefts + 1
    found = []
    for i, piece in enumerate(pieces):
        usual = np.minimum(thick, piece.thick) * 0.5 + np.maximum(thick, piece.thick) * 0.5
        gap = lefts - piece.right
        near = (gap > -0.5 * np.minimum(widths, widths[i])) & (gap < GAP * usual) & (np.arange(len(pieces)) != i)
        near &= (lefts > piece.left) & (rights > piece.right) & (np.abs(starts - piece.middle[-1]) < 2.5 * usual)
        near &= np.maximum(thick, piece.thick) < 3.5 * np.minimum(thick, piece.thick)
        for j in np.flatnonzero(near):
            at = (piece.right + pieces[j].left) / 2
            off = abs(piece.at(at) - pieces[j].at(at))
            if off < OFF * usual[j]:
                found.append((float(max(gap[j], 0) + 2 * off), i, int(j)))
    return found


def _chain(pieces: list[Band]) -> Band:
    if len(pieces) == 1:
        return pieces[0]
    left, right = pieces[0].left, max(piece.right for piece in pieces)
    places = np.concatenate([np.arange(piece.left, piece.right + 1) for piece in pieces])
    order = np.argsort(places, kind="stable")
    columns = np.arange(left, right + 1)
    middle, lower = (
        np.interp(columns, places[order], np.concatenate([getattr(piece, name) for piece in pieces])[order])
        for name in ("middle", "lower")
    )
    thick = float(np.average([piece.thick for piece in pieces], weights=[len(piece.middle) for piece in pieces]))
    smooth = middle.astype(np.float32)
    return Band(left, right, smooth, lower.astype(np.float32), thick, _slope(smooth, thick))


def measure_lines(bands: list[Band], written: NDArray[np.uint8], scale: float) -> list[TextLine]:
    """Return lines with their heights and outlines.

    Args:
        bands: of the lines, at the size of ``written``.
        written: (h, w), 1 where a hand wrote.
        scale: how many pixels of the page one of these is.
    """
    if not bands or not written.any():
        return []
    y, x = np.nonzero(written)
    owners = _owners(bands, written.shape)[y, x]
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(len(bands) + 1))
    found = []
    for number, band in enumerate(bands):
        mine = order[starts[number] : starts[number + 1]]
        inside = np.clip(x[mine] - band.left, 0, len(band.middle) - 1)
        rows = y[mine] - band.middle[inside]
        close = (np.abs(rows) < REACH * band.thick) & (np.abs(x[mine] - band.left - inside) < 2 * band.thick)
        if int(close.sum()) >= LEAST:
            found.append(_line(band, np.sort(rows[close]), scale))
    least = SCRAP * float(np.percentile([line.ink for line in found], 75)) if found else 0.0
    return [line for line in found if line.ink >= least]


def _owners(bands: list[Band], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return for each pixel the number of the nearest band; distances along a line count half as much."""
    free = np.full((shape[0], -(-shape[1] // 2)), 255, np.uint8)
    marks = np.full(free.shape, -1, np.int32)
    for number, band in enumerate(bands):
        columns = np.arange(band.left, band.right + 1) // 2
        rows = np.clip(np.rint(band.middle).astype(int), 0, shape[0] - 1)
        free[rows, columns] = 0
        marks[rows, columns] = number
    _, labels = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(labels.max()) + 1, np.intp)
    seeds = free == 0
    owner[labels[seeds]] = marks[seeds]
    return np.asarray(np.repeat(owner[labels], 2, axis=1)[:, : shape[1]], np.intp)


def _line(band: Band, rows: NDArray[np.float32], scale: float) -> TextLine:
    """Return a line from its band and the sorted rows of its ink about the band's middle."""
    n = len(rows)
    low, high = rows[int((1 - CORE) / 2 * n)], rows[min(n - 1, int((1 + CORE) / 2 * n))]
    top, bottom = rows[int(0.01 * n)] - 1, rows[min(n - 1, int(0.99 * n))] + 1
    step = max(4, int(3 * band.thick))
    columns = np.unique(np.append(np.arange(0, len(band.middle), step), len(band.middle) - 1))
    x = (band.left + columns).astype(np.float32)
    upper = np.stack((x, band.middle[columns] + top), 1)
    under = np.stack((x, band.middle[columns] + bottom), 1)[::-1]
    baseline = np.stack((x, band.lower[columns] + 1), 1)
    polygon = np.concatenate((upper, under))
    return TextLine(
        np.asarray((polygon + 0.5) * scale, np.float32),
        np.asarray((baseline + 0.5) * scale, np.float32),
        float(high - low + 1) * scale,
        n,
    )


def usual_height(lines: list[TextLine]) -> float:
    """Return the height of a page's text: the median of its lines' by their ink; 0 where there are none."""
    if not lines:
        return 0.0
    heights, inks = np.array([line.height for line in lines]), np.array([line.ink for line in lines])
    order = np.argsort(heights)
    total = np.cumsum(inks[order])
    return float(heights[order][np.searchsorted(total, total[-1] / 2)])
