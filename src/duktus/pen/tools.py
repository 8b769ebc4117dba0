"""Pens, and strokes drawn with them: from where the pen was to how much ink lies on each pixel."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.pen.sheet import clouds
from duktus.pen.strokes import Drawing, Stroke
from duktus.types import Ink

_OVERSAMPLED = 4  # stroke widths are whole pixels to OpenCV: quarters of a pixel here
_SUBPIXEL_BITS = 4
_MAX_SIDE = 8192
_RIDGE = 0.3  # height of a ridge over its neighbours: at 0.4 strokes fall apart, at 0.2 the ridge has no crest
_RIDGE_PIXELS = 3  # how broad a ridge then is, on average
_RIM = 0.05  # bare paper on every side, as a share of the longer side


@dataclass(frozen=True)
class Pen:
    """A pen. ``width`` is in the drawing's millimetres at half pressure and resting speed.

    ``pressing`` is the share of the width that pressure adds or takes, ``racing`` the share that speed takes, and
    ``flat`` the share that a broad nib held at ``nib`` radians loses along its edge. ``taper`` thins the ends of
    strokes, as a brush does. ``grain`` in [0, 1] is how much the paper's tooth shows, ``opacity`` the ink of one
    pass, and an ``aliased`` pen leaves no half-tones.
    """

    width: float = 0.6
    pressing: float = 0.2
    racing: float = 0.0
    flat: float = 0.0
    nib: float = -0.7
    taper: float = 0.0
    grain: float = 0.0
    opacity: float = 1.0
    aliased: bool = False


PENS: dict[str, Pen] = {
    "ballpoint": Pen(),
    "fountain": Pen(0.8, pressing=0.5, racing=0.2, flat=0.3),
    "pencil": Pen(0.6, pressing=0.4, grain=0.6, opacity=0.7),
    "marker": Pen(1.8, pressing=0.1, racing=0.1),
    "brush": Pen(2.0, pressing=0.9, racing=0.35, taper=0.7),
    "mouse": Pen(1.0, pressing=0.0, aliased=True),
}


def sample_pen(rng: np.random.Generator, kind: str | None = None, *, size: float | None = None) -> Pen:
    """A pen of ``PENS``, its width up to a half more or less than usual.

    Args:
        rng: where the choice comes from.
        kind: one of ``PENS``; any of them where none is named.
        size: height of the characters in millimetres, with which nobody takes a pen broader than a sixth of it.
    """
    pen = PENS[kind or list(PENS)[int(rng.integers(len(PENS)))]]
    jitter = rng.uniform(0.6, 1.5, 3)
    return replace(
        pen,
        width=float(min(pen.width * jitter[0], (size or np.inf) / 6)),
        pressing=float(min(pen.pressing * jitter[1], 0.9)),
        racing=float(min(pen.racing * jitter[2], 0.9)),
        grain=float(min(pen.grain * jitter[1], 1)),
        nib=float(pen.nib + rng.normal(0, 0.15)),
    )


def fit_pen(drawing: Drawing, pen: Pen) -> Pen:
    """The same pen at a width for a drawing of unknown unit: a twelfth of its longest stroke's extent."""
    return replace(pen, width=longest_extent(drawing) / 12 or pen.width)


def longest_extent(drawing: Drawing) -> float:
    """The width or height of a drawing's largest stroke, in the drawing's unit; 0 where there is none."""
    return max((float(np.ptp(stroke[:, :2], axis=0).max()) for stroke in drawing.strokes if len(stroke)), default=0.0)


def draw_ink(
    drawing: Drawing,
    *,
    pen: Pen = PENS["ballpoint"],
    height: int | None = None,
    scale: float = 10.0,
    rng: np.random.Generator | None = None,
) -> Ink:
    """Draw strokes with a pen.

    Args:
        drawing: the strokes, in millimetres, y downwards.
        pen: what they are drawn with; no stroke becomes thinner than about one pixel.
        height: pixels that the array shall be high, margins and all; it then rules over ``scale``.
        scale: pixels a millimetre, so that several drawings come out in proportion.
        rng: where the grain of a pencil comes from; without it there is none.

    Returns:
        The ink, (h, w) in [0, 1], with a bare rim; 8 by 8 bare pixels where the drawing has no stroke. No side is
        longer than 8,192.
    """
    strokes = [stroke for stroke in drawing.strokes if len(stroke)]
    if not strokes:
        return np.zeros((8, 8), np.float32)
    corner, extent, pad = _extent(strokes, pen)
    scale = height / float(extent[1]) if height else scale
    scale = min(scale, _MAX_SIDE / float(extent.max()))
    w, h = (max(1, round(float(side) * scale)) for side in extent)
    fine = _OVERSAMPLED if max(h, w) * _OVERSAMPLED <= _MAX_SIDE else 1
    canvas = np.zeros((h * fine, w * fine), np.uint8)
    for stroke in strokes:
        points = (stroke[:, :2] - corner + pad) * np.float32(scale * fine)
        widths = np.maximum(np.rint(stroke_widths(stroke, pen) * scale * fine), fine).astype(int)
        _draw_stroke(canvas, points, widths)
    ink = cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    return _finish(ink, pen, pen.width * scale, rng)


def _extent(strokes: list[Stroke], pen: Pen) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """The upper left point of all strokes, the size of the sheet they need, and the bare rim, in millimetres."""
    points = np.concatenate([stroke[:, :2] for stroke in strokes])
    corner = points.min(0)
    size = points.max(0) - corner
    pad = _RIM * float(size.max()) + pen.width
    return corner, np.asarray(size + 2 * pad, np.float32), pad


def _draw_stroke(canvas: NDArray[np.uint8], points: NDArray[np.float32], widths: NDArray[np.int_]) -> None:
    """Draw one stroke, in runs of points that share a width in whole pixels."""
    fixed = np.rint(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    if len(fixed) == 1:
        fixed, widths = np.repeat(fixed, 2, 0), np.repeat(widths, 2)
    breaks = np.flatnonzero(np.diff(widths[:-1])) + 1
    for first, last in zip([0, *breaks.tolist()], [*breaks.tolist(), len(fixed) - 1], strict=True):
        line = fixed[first : last + 1]
        cv2.polylines(canvas, [line], False, 255, int(widths[first]), cv2.LINE_8, _SUBPIXEL_BITS)


def stroke_widths(stroke: Stroke, pen: Pen) -> NDArray[np.float32]:
    """The width that a pen leaves at each point of a stroke.

    Args:
        stroke: (n, 4), x and y in millimetres, time in seconds, pressure in [0, 1].
        pen: the pen.

    Returns:
        (n,), in millimetres; never under a tenth of the pen's width.
    """
    widths = 1 + pen.pressing * (2 * stroke[:, 3] - 1)
    if len(stroke) > 2:  # speed and direction want neighbours
        step = np.gradient(stroke[:, :3], axis=0)
        run = np.hypot(step[:, 0], step[:, 1])
        speed = run / np.maximum(step[:, 2], 1e-3)
        widths *= 1 - pen.racing * speed / (speed + float(np.median(speed)) + 1e-6)
        widths *= 1 - pen.flat * np.abs(np.cos(np.arctan2(step[:, 1], step[:, 0]) - pen.nib))
        widths *= 1 - pen.taper * _taper(run)
    return np.asarray(pen.width * np.clip(_smooth(widths), 0.1, 2.5), np.float32)


def _taper(run: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 at both ends of a stroke, 0 from a sixth of its length inwards."""
    along = (np.cumsum(run) - run / 2) / max(float(run.sum()), 1e-6)
    return np.asarray(1 - np.clip(6 * np.minimum(along, 1 - along), 0, 1), np.float32)


def _smooth(widths: NDArray[np.float32]) -> NDArray[np.float32]:
    """Widths without jumps from point to point: a nib and its ink have inertia."""
    if len(widths) < 5:
        return widths
    padded = np.pad(widths, 2, mode="edge")
    return np.convolve(padded, np.full(5, 0.2, np.float32), mode="valid").astype(np.float32)


def _finish(ink: Ink, pen: Pen, width: float, rng: np.random.Generator | None) -> Ink:
    """Grain, opacity and half-tones."""
    if pen.grain and rng is not None:
        ink = add_grain(ink, pen.grain, max(2.0, width / 2), rng)
    if pen.aliased:
        return (ink > 0.5).astype(np.float32)
    return np.asarray(ink * np.float32(pen.opacity), np.float32)


def add_grain(ink: Ink, grain: float, cell: float, rng: np.random.Generator) -> Ink:
    """Return an ink broken up by the paper's tooth: ``grain`` in [0, 1], its clouds ``cell`` pixels wide."""
    tooth = rng.standard_normal(ink.shape, np.float32) + clouds(ink.shape, cell, rng)
    return np.asarray(ink * np.clip(1 - np.float32(grain) * (0.35 + 0.5 * tooth), 0, 1), np.float32)


def redraw(ink: Ink, width: float) -> Ink:
    """Draw an ink's strokes anew with a pen of one width.

    The new strokes follow the ridges of the distance from the paper, which lie on the medial axis: Blum, "A
    transformation for extracting new descriptors of shape", 1967.

    Args:
        ink: (h, w) in [0, 1], its strokes from about 3 to 30 pixels wide.
        width: pixels; at least the 3 that a ridge has.

    Returns:
        The ink, (h + 2 p, w + 2 p) in [0, 1], with a bare rim of p pixels, about half the width.
    """
    rim = round(width / 2) + 1
    even = cv2.GaussianBlur(ink, (0, 0), 1)  # so that the gaps of a pencil's grain do not cut it up
    full = np.pad((even > 0.5 * ink.max(initial=0)).astype(np.uint8), rim)
    depth = cv2.GaussianBlur(cv2.distanceTransform(full, cv2.DIST_L2, 5), (0, 0), 1)
    ridge = (np.asarray(depth - cv2.blur(depth, (5, 5))) > _RIDGE) & (full > 0)
    away = cv2.distanceTransform((~ridge).astype(np.uint8), cv2.DIST_L2, 5)
    reach = max(width - _RIDGE_PIXELS, 0) / 2
    return np.asarray(np.clip(np.float32(reach + 1) - away, 0, 1), np.float32)


def stroke_width(ink: Ink) -> float:
    """The strokes' mean width in pixels: twice the ink's area for each pixel of its outline."""
    # Steps along rows and columns count an outline 4 / pi times too long, on average over its directions.
    steps = float(np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum())
    return 2 * float(ink.sum()) / max(steps * np.pi / 4, 1e-6)
