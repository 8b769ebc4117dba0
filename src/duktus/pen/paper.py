"""Ink onto simulated paper, and the paper before a simulated camera or scanner."""

import cv2
import numpy as np

from duktus.pen.camera import binarise, expose, illuminate
from duktus.pen.framing import frame, ink_box
from duktus.pen.scene import Mark, Scene
from duktus.pen.sheet import cover, lay_sheet, stain
from duktus.pen.tools import add_grain, redraw, stroke_width
from duktus.types import Ink, Page


def take(ink: Ink, scene: Scene, rng: np.random.Generator) -> Page:
    """Make a picture of an ink as a scene has it.

    Args:
        ink: (h, w) in [0, 1], clean; best 60 to 150 pixels high. Only the box of what is written counts: the sheet
            about it is the scene's.
        scene: mark, framing, sheet, light, camera and scanner.
        rng: where grain, noise and the place of patterns come from; the same seed gives the same bytes.

    Returns:
        uint8, (h, w) or, where the scene is coloured, (h, w, 3) RGB.
    """
    unit = scene.framing.height
    mark = frame(_restroke(ink, scene.mark, min(unit, scene.size[0]) if scene.size else unit), scene.framing, rng)
    if scene.mark.grain:
        mark = add_grain(mark, scene.mark.grain, unit / 10, rng)
    if scene.mark.aliased:
        mark = (mark > 0.4).astype(np.float32)
    page = lay_sheet(scene.sheet, mark.shape, unit, 3 if scene.coloured else 1, rng)
    lay = cover if scene.mark.hides else stain
    page = lay(page, mark, scene.mark.density, scene.mark.colour)
    if scene.light:
        lit = illuminate(mark.shape, scene.light, rng)
        page *= lit[..., None] if scene.coloured else lit
    return _finish(expose(page, scene.camera, rng), scene, rng)


def _finish(picture: Page, scene: Scene, rng: np.random.Generator) -> Page:
    """Scanner, size and polarity."""
    if scene.scanner:
        picture = binarise(picture, scene.scanner, rng)
    if scene.size:
        picture = _resize(picture, scene.size, scene.soften)
    if scene.bilevel:
        dark, light = int(picture.min()), int(picture.max())
        picture = np.where(picture < dark + (light - dark) * scene.bilevel, np.uint8(dark), np.uint8(light))
    return np.subtract(255, picture, dtype=np.uint8) if scene.inverted else picture


def _resize(picture: Page, size: tuple[int, int], soften: float) -> Page:
    """Bring a picture to a size by area; 0 columns keep its aspect."""
    h, w = size
    w = w or max(4, round(h * picture.shape[1] / picture.shape[0]))
    if soften:
        blur = (soften * picture.shape[1] / w, soften * picture.shape[0] / h)
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur[0], sigmaY=blur[1]), np.uint8)
    return np.asarray(cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA), np.uint8)


def _restroke(ink: Ink, mark: Mark, pixels: int) -> Ink:
    """Give strokes the width that a mark asks for, but no less than one of the pixels that the ink will be high."""
    tall = ink_box(ink).h
    if mark.line:
        ink = redraw(ink, max(mark.line, 1.3 / pixels) * tall)
    return _spread(ink, mark.spread * tall) if mark.spread else ink


def _spread(ink: Ink, pixels: float) -> Ink:
    """Move the strokes' edges outwards (inwards, below 0) by less than a stroke: blurred, cut at another level."""
    full = max(float(ink.max(initial=0)), 1e-3)
    pixels = max(pixels, -0.3 * stroke_width(ink))  # a thin stroke is not to vanish
    blur = abs(pixels) + 0.5
    # A straight edge blurred by a Gaussian falls through 1 / (blur * sqrt(2 pi)) a pixel, and is cut as steeply.
    soft = np.asarray(cv2.GaussianBlur(np.pad(ink, max(0, round(pixels + 1))), (0, 0), blur), np.float32)
    level = full * (0.5 - 0.34 * pixels / blur)
    return np.asarray(np.clip((soft - np.float32(level)) * np.float32(2.5 * blur) + 0.5 * full, 0, full), np.float32)
