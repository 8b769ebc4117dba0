"""Ink to glyph: the ink of one character brought into the frame that a network knows."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.rulings import DRAWN
from duktus.imaging.layout.pieces import main_ink
from duktus.imaging.layout.writing import find_writing
from duktus.types import Box, Glyphs, Ink, Page

SOFT = 0.2
"""Ink at or above this level counts towards a glyph's box."""


WIDEST_NIB = 20
"""Pixels by which strokes are widened at most; ink that needs more is reduced by blocks first. The time that a dilation
takes grows with its kernel's area, and pieces as large as a page would need kernels of 100 pixels."""


@dataclass(frozen=True)
class GlyphFrame:
    """The frame in which a model sees one character; lengths in pixels of the frame.

    Attributes:
        height: of the frame.
        width: of the frame.
        box: longest side of the ink's box within it.
        stroke_min: thinner strokes are thickened to this width.
        stroke_max: thicker strokes are thinned to this width.
    """

    height: int = 28
    width: int = 28
    box: int = 20
    stroke_min: float = 1.8
    stroke_max: float = 4.2


def ink_box(ink: Ink) -> Box:
    """Return the smallest box that holds all ink at or above ``SOFT``; of no size where there is none."""
    x, y, w, h = cv2.boundingRect((ink >= SOFT).view(np.uint8))
    return Box(x, y, w, h)


def frame_glyph(ink: Ink, frame: GlyphFrame) -> Ink:
    """Return ink as one glyph, float32 (frame.height, frame.width) in [0, 1].

    The ink's box is brought to ``frame.box`` on its longest side with its proportions kept, its strokes to a width
    that the frame allows, and its centre of mass to the middle of the frame, as MNIST was made (LeCun et al. 1998).
    Moved, scaled or inverted writing gives all but the same glyph.
    """
    x, y, w, h = ink_box(ink)
    glyph = np.zeros((frame.height, frame.width), np.float32)
    if w == 0:
        return glyph
    cut = ink[y : y + h, x : x + w]
    scale = frame.box / max(w, h)
    if scale != 1.0:
        cut = _resize(cut, scale, frame)
    return _centre(fit_stroke(np.pad(cut, 2), frame), glyph)


def stroke_width(ink: Ink) -> float:
    """Return the mean width of the strokes, in pixels; 0 without ink.

    In a band of width b the distance to the edge is b/4 in the mean, so the width is four times that mean, less the
    half pixel by which the distance transform (Felzenszwalb & Huttenlocher 2012) counts from pixel centres.
    """
    mask = (ink >= DRAWN).view(np.uint8)
    count = cv2.countNonZero(mask)
    if count == 0:
        return 0.0
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    return max(1.0, 4.0 * float(cv2.sumElems(distance)[0]) / count - 2.0)


def fit_stroke(ink: Ink, frame: GlyphFrame) -> Ink:
    """Return the ink with strokes between ``stroke_min`` and ``stroke_max`` wide."""
    width = stroke_width(ink)
    if width == 0.0:
        return ink
    return move_edges(ink, (min(max(width, frame.stroke_min), frame.stroke_max) - width) / 2.0)


def move_edges(ink: Ink, step: float) -> Ink:
    """Return the ink with each edge of its strokes moved outwards by ``step`` pixels, by grey dilation or erosion.

    A 3 x 3 cross moves each edge by one pixel; a part of a step is a mixture of before and after, so that the width
    changes smoothly.
    """
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    change = cv2.dilate if step > 0 else cv2.erode
    left = abs(step)
    while left > 0.02:
        part = min(1.0, left)
        ink = np.asarray(cv2.addWeighted(change(ink, cross), part, ink, 1.0 - part, 0.0))
        left -= part
    return ink


def _resize(cut: Ink, scale: float, frame: GlyphFrame) -> Ink:
    """Return the ink at another scale, its longest side ``frame.box``, its strokes no fainter for being thin."""
    size = (max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale)))
    if scale > 1.0:
        return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_LINEAR))
    lacking = frame.stroke_min / scale - stroke_width(cut)
    if lacking > WIDEST_NIB:
        block = math.ceil(2 * lacking / WIDEST_NIB)
        cut, scale = _pool(cut, block), scale * block
        lacking = frame.stroke_min / scale - stroke_width(cut)
    if lacking > 1.0 and scale < 0.8:
        grow = int(lacking) // 2 * 2 + 1
        nib = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grow, grow))
        cut = np.asarray(cv2.dilate(np.pad(cut, grow // 2), nib), np.float32)
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    peak = float(small.max())
    return np.asarray(small * np.float32(1.0 / peak)) if 0.0 < peak < 0.95 else np.asarray(small)


def _pool(cut: Ink, block: int) -> Ink:
    """Return the ink reduced to the maximum of each square block: no stroke is lost, however thin."""
    greatest = cv2.dilate(cut, np.ones((block, block), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(greatest[::block, ::block], np.float32)


def _centre(cut: Ink, glyph: Ink) -> Ink:
    """Write the ink into an empty frame with its centre of mass at the frame's middle, and return the frame."""
    rows, columns = glyph.shape
    mass = cv2.moments(cut)
    if mass["m00"] <= 0:
        return glyph
    top = round((rows - 1) / 2 - mass["m01"] / mass["m00"])
    left = round((columns - 1) / 2 - mass["m10"] / mass["m00"])
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(rows, top + cut.shape[0]), min(columns, left + cut.shape[1])
    glyph[y0:y1, x0:x1] = cut[y0 - top : y1 - top, x0 - left : x1 - left]
    return glyph


def single_glyph(page: Page, settings: InkSettings, frame: GlyphFrame) -> Ink:
    """Return the glyph of a page that shows one character, (frame.height, frame.width); all paper if blank."""
    return frame_glyph(main_ink(find_writing(page, settings).ink), frame)


def stack_glyphs(glyphs: list[Ink], frame: GlyphFrame) -> Glyphs:
    """Return glyphs as a network's batch, (n, H, W, 1)."""
    if not glyphs:
        return np.zeros((0, frame.height, frame.width, 1), np.float32)
    return np.concatenate(glyphs).reshape(-1, frame.height, frame.width, 1)
