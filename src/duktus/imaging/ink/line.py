"""The picture of one line, as a cell or an amount is, to ink: faint strokes stay, the frame around it goes.

A page's ink is cut sharply, since it has to tell what was written from everything else. Here it is known that the
picture holds a line, and what reads it was trained on grey strokes: these are kept as they are.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.polarity import Polarity, find_polarity
from duktus.types import Ink, Page

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]

SIDE = 48
"""Rows on which the ground is estimated; light changes slowly."""

REACH = 0.8
"""The ground is the median over so many of these rows: strokes take less than half of what they stand in."""

PAPER, FULL = 0.3, 1.3
"""Ink begins at so much of Otsu's threshold, and is full at so much of the mean darkness beyond it."""

DRAWN = 0.3
"""Ink from which a pixel belongs to a stroke."""

FAINTEST = 4
"""Levels of grey that ink stands off its ground at least, or the picture is blank."""

ALONG, ACROSS = 0.5, 0.85
"""Lines over so much of a picture's width, or of its height at its sides, were ruled."""

THICK = 0.14
"""A ruled line is thinner than this share of the picture's height."""

MARGIN, ALONG_RIM = 0.12, 0.6
"""A cell's border has more than so much of its ink within so much of the picture's shorter side from the rim."""

SPECK = 0.003
"""Pieces with fewer pixels than this share of the square of a line's height are specks; points have more."""


def line_ink(page: Page, polarity: Polarity | None = None) -> Ink:
    """Return the ink of a picture of one line, (h, w) in [0, 1]; all zeros where it is blank.

    The ground is a running median; how dark ink is comes from Otsu's threshold (1979) over what is darker than it.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        polarity: forces dark or light ink; None finds out.
    """
    grey = to_grey(page)
    if min(grey.shape) < 3:
        return np.zeros(grey.shape, np.float32)
    if (polarity or find_polarity(grey)[0]) == "light":
        grey = np.invert(grey)
    darkness = np.asarray(cv2.subtract(_ground(grey), grey), np.uint8)
    level, _ = cv2.threshold(darkness, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    beyond = darkness > level
    tone = float(darkness[beyond].mean()) if beyond.any() else 0.0
    if tone < FAINTEST:
        return np.zeros(grey.shape, np.float32)
    low = PAPER * level
    ink = np.clip((darkness - np.float32(low)) / np.float32(max(1.0, FULL * tone - low)), 0, 1)
    return keep_line(drop_lines(np.asarray(ink, np.float32)))


def _ground(grey: Grey) -> Grey:
    """Return the running median of a picture, on so few rows as are enough."""
    h, w = grey.shape
    share = max(1, min(h, w) // SIDE)
    small = cv2.resize(grey, None, fx=1 / share, fy=1 / share, interpolation=cv2.INTER_AREA) if share > 1 else grey
    size = max(9, int(REACH * min(small.shape)) | 1)
    side = size // 2
    bordered = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REFLECT)
    found = cv2.medianBlur(bordered, size)[side:-side, side:-side]
    return np.asarray(cv2.resize(found, (w, h)) if share > 1 else found, np.uint8)


def drop_lines(ink: Ink) -> Ink:
    """Return ink without lines that were ruled across it; where a stroke crosses one, the stroke stays.

    The same array where there are none.
    """
    h, w = ink.shape
    mask = (ink >= DRAWN).view(np.uint8)
    thick = max(3, int(THICK * h))
    long = max(3, int(max(ALONG * w, h)))
    flat = _runs(mask, long, thick) if long < w else np.zeros_like(mask)
    steep = _runs(np.ascontiguousarray(mask.T), max(3, int(ACROSS * h)), thick).T.copy()
    inner = max(2, int(0.2 * h))
    steep[:, inner : w - inner] = 0
    if not (flat.any() or steep.any()):
        return ink
    bare = ink.copy()
    for lines, shape in ((flat, (thick, 1)), (steep, (1, thick))):
        if lines.any():
            bare[_beside_strokes(mask, lines, shape)] = 0
    return bare


def _runs(mask: Mask, length: int, thick: int) -> Mask:
    """Return the pixels of thin runs along the rows that are at least so long, be they a little askew."""
    swollen = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    found = cv2.bitwise_and(cv2.morphologyEx(swollen, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), mask)
    broad = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    return cv2.subtract(found, broad).astype(np.uint8)


def _beside_strokes(mask: Mask, lines: Mask, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return lines with their soft edges, except where there are strokes on both sides of them."""
    strokes = mask & (1 - lines)
    reach = np.ones(shape, np.uint8)
    before = cv2.dilate(strokes, reach, anchor=(shape[1] - 1, shape[0] - 1))
    behind = cv2.dilate(strokes, reach, anchor=(0, 0))
    edged = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    crossed = cv2.bitwise_or(strokes, cv2.bitwise_and(before, behind))
    return np.asarray(cv2.subtract(edged, crossed) > 0)


def keep_line(ink: Ink) -> Ink:
    """Return ink without what is no part of its line: frames, specks, pieces of the lines above and below.

    The same array where there is nothing else.
    """
    mask = (ink >= DRAWN).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return ink
    pieces = stats[1:].astype(np.float64)
    written = ~_frames(pieces, _outside(np.asarray(labels, np.int32), pieces[:, 4]), ink.shape)
    rows = _rows(pieces, written)
    if rows is None:
        return ink
    top, bottom, height = rows
    middle = pieces[:, 1] + pieces[:, 3] / 2
    least = SPECK * height * height
    kept = written & (middle > top - 0.1 * height) & (middle < bottom + 0.3 * height) & (pieces[:, 4] >= least)
    if kept.all():
        return ink
    rest = np.concatenate(([False], kept))[labels].view(np.uint8)
    grown = np.ones((3, 3), np.uint8)
    gone = cv2.subtract(cv2.dilate(mask & (1 - rest), grown), cv2.dilate(rest, grown))
    line = np.where(gone > 0, np.float32(0), ink)
    line[: max(0, int(top - 0.25 * height))] = 0
    line[int(bottom + 0.45 * height) + 1 :] = 0
    return np.asarray(line, np.float32)


def _outside(labels: NDArray[np.int32], areas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return which share of each piece's pixels lies along the picture's rim, where a cell's borders are."""
    margin = max(2, round(MARGIN * min(labels.shape)))
    inner = np.bincount(labels[margin:-margin, margin:-margin].ravel(), minlength=len(areas) + 1)
    return np.asarray(1 - inner[1:] / areas)


def _frames(pieces: NDArray[np.float64], outside: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pieces (x, y, w, h, pixels) are borders: at the picture's rim, and long along it or long and flat.

    A digit as high as its picture reaches the rim, too, but does not run along it.
    """
    x, y, w, h, _ = pieces.T
    rows, columns = shape
    rim = (x <= 1) | (y <= 1) | (x + w >= columns - 1) | (y + h >= rows - 1)
    along = ((w > 0.6 * columns) | (h > ACROSS * rows)) & (outside > ALONG_RIM)
    flat = (w > 6 * h) & (w > 0.35 * columns)
    return np.asarray(rim & (along | flat))


def _rows(pieces: NDArray[np.float64], written: NDArray[np.bool_]) -> tuple[float, float, float] | None:
    """Return the first and last row of a line's tall pieces, and their usual height; None where nothing is tall."""
    _, y, _, h, area = pieces.T
    if not written.any():
        return None
    order = np.argsort(h)
    inked = np.cumsum(np.where(written, area, 0)[order])
    height = float(h[order][np.searchsorted(inked, 0.6 * inked[-1])])
    tall = written & (h >= 0.5 * height) & (area >= 0.08 * area[written].max())
    if not tall.any():
        return None
    middle = y + h / 2
    tall &= np.abs(middle - np.average(middle[tall], weights=area[tall])) < 0.9 * height
    return (float(y[tall].min()), float((y + h)[tall].max()), height) if tall.any() else None
