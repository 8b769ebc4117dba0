"""Patches of transcribed pages: what lies within a line's outline was written, what lies beside all of them was not.

Outlines say nothing of a guide that runs through a line. So long level runs of ink and specks within them, which may be
a guide, count for nothing.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.lines.transcribed import TranscribedLine, read_lines
from duktus.imaging.ink.darkness import normalise
from duktus.pen.pages.quick import point
from duktus.written.classes import PAPER, RULED, UNKNOWN, UNWRITTEN, WRITTEN
from duktus.written.training.strokes import core_band
from duktus.written.truth import Composite

INKED, FAINT = 0.3, 0.12
"""Darkness from which a pixel is ink, and from which it may be the edge of some."""

LONG = 36
"""Pixels of a level run of ink from which it may be a guide."""

SPECK = 14
"""Pixels of ink of a piece that may be a dot of a guide."""

NEAR = 13
"""Side of the square by which outlines are grown: within it nothing is known, since people draw them roughly."""


def read_patch(
    grey: NDArray[np.uint8],
    lines: list[TranscribedLine],
    place: tuple[float, float],
    side: int,
    factor: float,
    *,
    whole: bool,
) -> Composite:
    """Return a square of a transcribed page with what its lines tell of its pixels.

    Args:
        grey: (h, w), the page.
        lines: of the page.
        place: x and y of the square's upper left corner on the page.
        side: of the square, in its own pixels.
        factor: by which the page is enlarged or reduced.
        whole: every written line is transcribed, so what lies beside them was not written; else nothing is known of it.
    """
    x, y = round(place[0]), round(place[1])
    reach = round(side / factor)
    part = grey[y : y + reach, x : x + reach]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    patch = np.asarray(cv2.resize(part, (side, side), interpolation=how), np.uint8)
    share = point(side / part.shape[1], side / part.shape[0])
    here = [_moved(line, point(x, y), share) for line in lines if len(line.polygon) > 2]
    here = [line for line in here if line.polygon.max() > 0 and line.polygon.min(0).max() < side]
    darkness = normalise(patch)
    inked = darkness > INKED
    inside = _fill(here, patch.shape)
    near = cv2.dilate(inside, np.ones((NEAR, NEAR), np.uint8)) > 0
    classes = np.full(patch.shape, PAPER, np.uint8)
    classes[(darkness > FAINT) & ~inked] = UNKNOWN
    runs = level_runs(inked)
    classes[inked] = UNKNOWN
    classes[inked & (inside > 0) & ~runs & ~_specks(inked)] = WRITTEN
    if whole:
        classes[inked & ~near] = np.where(runs[inked & ~near], RULED, UNWRITTEN)
    band, heights, corners = _bands(here, inked & ~runs, whole=whole)
    usual = float(np.median(heights[heights > 0])) if (heights > 0).any() else 0.0
    return Composite(patch, classes, band, heights, corners, usual)


def _moved(line: TranscribedLine, corner: NDArray[np.float32], share: NDArray[np.float32]) -> TranscribedLine:
    return TranscribedLine((line.polygon - corner) * share, (line.baseline - corner) * share, line.text)


def cut_patches(
    image: Path, alto: Path, count: int, side: int, rng: np.random.Generator, *, whole: bool
) -> list[Composite]:
    """Return some squares of a transcribed page, anywhere on it and a little enlarged or reduced."""
    grey = np.asarray(cv2.imread(str(image), cv2.IMREAD_GRAYSCALE), np.uint8)
    lines = list(read_lines(alto, image))
    found = []
    for _ in range(count):
        factor = float(np.exp(rng.uniform(np.log(0.7), np.log(1.25))))
        reach = side / factor
        room = (max(1.0, grey.shape[1] - reach), max(1.0, grey.shape[0] - reach))
        place = (float(rng.uniform(0, room[0])), float(rng.uniform(0, room[1])))
        found.append(read_patch(grey, lines, place, side, factor, whole=whole))
    return found


def level_runs(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels of level runs of ink of at least ``LONG``, and those beside them."""
    thick = cv2.morphologyEx(inked.view(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, LONG), np.uint8))
    return np.asarray(cv2.dilate(runs, np.ones((3, 3), np.uint8)) > 0)


def _specks(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked.view(np.uint8), connectivity=8)
    return np.asarray((stats[:, cv2.CC_STAT_AREA] < SPECK)[labels])


def _fill(lines: list[TranscribedLine], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = np.zeros(shape, np.uint8)
    for line in lines:
        cv2.fillPoly(mask, [np.rint(line.polygon).astype(np.int32)], 1)
    return mask


def _bands(
    lines: list[TranscribedLine], inked: NDArray[np.bool_], *, whole: bool
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """Return the core bands by the baselines, the text's heights in them, and their corners."""
    band = np.full(inked.shape, 0 if whole else UNKNOWN, np.uint8)
    if not whole:
        band[cv2.dilate(_fill(lines, inked.shape), np.ones((5, 5), np.uint8)) > 0] = 0
    heights, corners = np.zeros(inked.shape, np.float32), []
    for line in lines:
        measured = _measure(line, inked)
        if measured is None:
            continue
        top, height = measured
        upper = line.baseline + point(0, top)
        outline = np.concatenate((upper, line.baseline[::-1]))
        fixed = [np.rint(outline * 8).astype(np.int32)]
        cv2.fillPoly(band, fixed, 1, cv2.LINE_8, 3)
        cv2.fillPoly(heights, fixed, height, cv2.LINE_8, 3)
        corners.append(np.stack((upper[0], upper[-1], line.baseline[-1], line.baseline[0])))
    return band, heights, np.array(corners, np.float32).reshape(-1, 4, 2)


def _measure(line: TranscribedLine, inked: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return the upper edge of a line's core band from its baseline (below 0), and its text's height."""
    x, y, w, h = cv2.boundingRect(np.rint(line.polygon).astype(np.int32))
    x, y = max(x, 0), max(y, 0)
    part = inked[y : max(0, y + h), x : max(0, x + w)]
    if not part.size:
        return None
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(line.polygon - point(x, y)).astype(np.int32)], 1)
    rows, columns = np.nonzero(part & (mask > 0))
    if len(rows) < 40:
        return None
    order = np.argsort(line.baseline[:, 0])
    base = np.interp(columns + x, line.baseline[order, 0], line.baseline[order, 1])
    about = (rows + y - base).astype(np.float32)
    low, high = np.quantile(about, (0.1, 0.9))
    top = core_band(about)[0]
    if not -3 * (high - low + 1) < top < -2:
        return None
    return float(top), float(high - low + 1)
