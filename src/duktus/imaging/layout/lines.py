"""Ink to lines of text: which strokes of a page stand in one line, whatever its script, and each line cut out."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import scale_down
from duktus.imaging.ink.rulings import DRAWN
from duktus.imaging.layout.pieces import label_boxes
from duktus.imaging.layout.text_height import LARGEST, text_height
from duktus.types import Box, Ink
from duktus.types.pages import join_boxes

SINGLE = 4.0
"""Writing of no more than so many text heights is one line. Of IAM's lines one in a hundred is higher than 3.9."""

CORE = 8
"""Pixels of the text's height on the picture on which lines are looked for."""

ALONG, ACROSS, WIDER = 6.0, 0.35, 1.2
"""Spread of the smear that joins a line's words, along the line and across it, and of the one that it is held against,
in text heights (anisotropic Gaussians: Bukhari et al., "Script-independent handwritten textlines segmentation using
active contours", ICDAR 2009)."""

SHARED = 0.25
"""A piece of ink that has this share in a second line is two lines run together, and is split between them."""

LEAST = 0.3
"""What has less ink than this share of a square of the text's height is no line."""

SPECK = 0.02
"""A piece with less ink than this share of such a square is dirt: the smallest dot of a letter has some 0.03."""

FINER, DEPTH = 0.6, 2
"""What is too high for one line is looked at again by itself, so often, for text of this share of the height: stamps,
titles, and lines that run into each other hide how high a page's text is."""

WITHIN = 0.8
"""A part with this share of its height in that of a line that it meets belongs to it."""

MOST = 300
"""Lines that are looked at, those with the most ink."""

Owners = NDArray[np.int32]
"""(h, w): to which line each pixel belongs, counted from 1; 0 belongs to none."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line of text: its own ink, (h, w) in [0, 1], cut tightly, and where it stands on the page."""

    ink: Ink
    box: Box


def find_lines(ink: Ink, highest: float = np.inf, depth: int = DEPTH) -> tuple[Line, ...]:
    """Return the lines of text in ink (h, w), from top to bottom; none where nothing is written.

    Writing that is no higher than a line is one line, as it stands. On a page the ink is smeared along the lines, whose
    bodies then stand out; each connected piece of ink belongs to the body in which most of it lies. Parts of a line
    that lie far apart, as in two columns, are lines of their own.

    Args:
        ink: of a page, a line or a word.
        highest: the text is known to be no higher, in pixels.
        depth: how often what is too high for one line is looked at again.
    """
    height = min(text_height(ink), highest)
    drawn = (ink >= DRAWN).view(np.uint8)
    x, y, w, h = cv2.boundingRect(drawn)
    if not height or not w:
        return ()
    if h <= SINGLE * height or not depth:
        return (Line(ink[y : y + h, x : x + w], Box(x, y, w, h)),)
    owners = _own(drawn, _bodies(ink, height), height)
    counts = np.bincount(owners.ravel())
    counts[0] = 0
    largest = np.argsort(-counts, kind="stable")[:MOST]
    kept = largest[counts[largest] >= LEAST * height**2].tolist()
    found = [_cut_out(ink, owners, i, box) for i, box in zip(kept, label_boxes(owners, kept), strict=True)]
    lines = _join([part for line in found for part in _look_again(line, height, depth)])
    return tuple(sorted(lines, key=lambda line: (line.box.y + line.box.h / 2, line.box.x)))


def _join(lines: list[Line]) -> list[Line]:
    """Return lines, the most ink first, where what lies within another's height and meets it there is that one's."""
    joined: list[Line] = []
    for line in lines:
        host = next((i for i, other in enumerate(joined) if _lies_within(line.box, other.box)), None)
        if host is None:
            joined.append(line)
        else:
            joined[host] = _together(joined[host], line)
    return joined


def _lies_within(box: Box, other: Box) -> bool:
    shared = min(box.y + box.h, other.y + other.h) - max(box.y, other.y)
    met = min(box.x + box.w, other.x + other.w) >= max(box.x, other.x)
    return met and shared >= WITHIN * box.h


def _together(first: Line, second: Line) -> Line:
    """Return two lines as one."""
    box = join_boxes([first.box, second.box])
    ink = np.zeros((box.h, box.w), np.float32)
    for line in (first, second):
        x, y, w, h = line.box
        window = ink[y - box.y : y - box.y + h, x - box.x : x - box.x + w]
        np.maximum(window, line.ink, out=window)
    return Line(ink, box)


def _look_again(line: Line, height: float, depth: int) -> list[Line]:
    """Return a line, or those that it turns out to be."""
    x, y, _, h = line.box
    if h <= SINGLE * height:
        return [line]
    parts = find_lines(line.ink, FINER * height, depth - 1)
    return [Line(part.ink, Box(x + part.box.x, y + part.box.y, part.box.w, part.box.h)) for part in parts]


def _bodies(ink: Ink, height: float) -> Owners:
    """Return the nearest line's body for every pixel of the page, numbered from 1; all 0 where there is none."""
    scale = min(1.0, CORE / height)
    small = scale_down(ink, scale)
    unit = height * scale
    line, around = (cv2.GaussianBlur(small, (0, 0), ALONG * unit, sigmaY=across * unit) for across in (ACROSS, WIDER))
    outside = (np.asarray(line) <= np.asarray(around) + 1e-3).view(np.uint8)
    if outside.all():
        return np.zeros(ink.shape, np.int32)
    nearest = cv2.distanceTransformWithLabels(outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)[1]
    wide = cv2.resize(nearest.astype(np.float32), ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(wide).astype(np.int32)


def _own(drawn: NDArray[np.uint8], bodies: Owners, height: float) -> Owners:
    """Return the line that each pixel of ink belongs to: that of its piece, or its own where the piece is of several.

    Pieces that are far too high were not written, such as a page's border, nor were those that are far too small.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    y, x = np.nonzero(drawn)
    piece, body = np.asarray(labels)[y, x].astype(np.int64), bodies[y, x].astype(np.int64)
    pairs, first, inked = _tally(piece, body, int(body.max(initial=0)) + 1)
    order = np.lexsort((-inked, first))  # of each piece the body with the most of it comes first
    starts = np.flatnonzero(np.diff(first[order], prepend=-1))
    main, second = np.zeros(count, np.int64), np.zeros(count)
    main[first[order[starts]]] = pairs[order[starts]]
    after = starts + 1
    after = after[(after < len(order)) & ~np.isin(after, starts)]
    second[first[order[after]]] = inked[order[after]]
    parted = second >= SHARED * np.bincount(piece, minlength=count)
    # What is the main body of no piece is no line, but a tail that hangs far down.
    own = np.bincount(main[piece], minlength=int(body.max(initial=0)) + 1) >= LEAST * height**2
    owners = np.where(parted[piece] & (second[piece] > 0) & own[body], body, main[piece])
    unwritten = (stats[:, cv2.CC_STAT_HEIGHT] > LARGEST * height) | (stats[:, cv2.CC_STAT_AREA] < SPECK * height**2)
    owners[unwritten[piece]] = 0
    result = np.zeros(drawn.shape, np.int32)
    result[y, x] = owners
    return result


def _tally(
    piece: NDArray[np.int64], body: NDArray[np.int64], bodies: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of body and piece that occur, as two columns, and how many pixels each has."""
    found, counts = np.unique(piece * bodies + body, return_counts=True)
    return found % bodies, found // bodies, counts.astype(np.int64)


def _cut_out(ink: Ink, owners: Owners, number: int, box: Box) -> Line:
    """Return a line's own ink within its box, the soft edges of its strokes with it."""
    window = slice(box.y, box.y + box.h), slice(box.x, box.x + box.w)
    own = (owners[window] == number).view(np.uint8)
    near = np.asarray(cv2.dilate(own, np.ones((3, 3), np.uint8))).view(bool)
    mine = near & ((owners[window] == number) | (ink[window] < DRAWN))
    return Line(np.where(mine, ink[window], np.float32(0)), box)
