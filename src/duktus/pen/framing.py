"""Where an ink lies in a picture: scaled, turned, seen aslant, with a neighbour's stroke at the edge."""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.pen.scene import Framing
from duktus.types import Box, Ink

Matrix = NDArray[np.float64]
"""(3, 3): a homography of points (x, y, 1)."""

_HALF: Matrix = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
"""From OpenCV's pixels, counted by their middles, to lengths, counted from the picture's corner."""


def ink_box(ink: Ink) -> Box:
    """The box of all ink above a quarter of the fullest, and of the whole array where there is none."""
    marked = ink > max(0.25 * float(ink.max(initial=0)), 0.02)
    return Box(*cv2.boundingRect((marked if marked.any() else ~marked).view(np.uint8)))


def frame(ink: Ink, framing: Framing, rng: np.random.Generator) -> Ink:
    """Place an ink in a picture.

    Args:
        ink: (h, w) in [0, 1].
        framing: where it lies and how large it is.
        rng: where a neighbour's stray stroke comes from.

    Returns:
        (rows, columns) in [0, 1], of the size that the framing asks for.
    """
    box = ink_box(ink)
    down = _scale(box, framing)
    across = down * framing.stretch
    shape, corner = _room(box.w * across, box.h * down, framing)
    middle = (corner[1] + box.w * across / 2, corner[0] + box.h * down / 2)
    small = _shrink(ink, across, down) if down < 0.7 else ink
    onto_ink = _shift(-box.x - box.w / 2, -box.y - box.h / 2) @ np.diag(
        [ink.shape[1] / small.shape[1], ink.shape[0] / small.shape[0], 1.0]
    )
    warp = _shift(*middle) @ _view(framing) @ np.diag([across, down, 1.0]) @ onto_ink
    warp = np.linalg.inv(_HALF) @ warp @ _HALF
    placed = np.asarray(cv2.warpPerspective(small, warp, shape[::-1], flags=cv2.INTER_LINEAR), np.float32)
    if framing.stray:
        free = (corner[1], shape[1] - corner[1] - box.w * across)
        placed = np.maximum(placed, _stray(shape, free, framing.height, rng))
    return placed


def _scale(box: Box, framing: Framing) -> float:
    """Pixels of the picture for one of the ink; a dash or a long word counts by its width."""
    scale = framing.height / max(box.h, box.w / 5)
    if framing.canvas:
        rows, columns = framing.canvas
        scale = min(scale, 0.98 * rows / box.h, 0.98 * columns / (box.w * framing.stretch))
    return scale


def _shrink(ink: Ink, across: float, down: float) -> Ink:
    """Bring an ink near its size by area, for a warp alone would step over its pixels."""
    size = (max(1, round(ink.shape[1] * across)), max(1, round(ink.shape[0] * down)))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


def _room(width: float, height: float, framing: Framing) -> tuple[tuple[int, int], tuple[float, float]]:
    """The picture's shape, and where in it (down, across) the ink's box begins."""
    if framing.canvas:
        rows, columns = framing.canvas
        return framing.canvas, (framing.place[0] * (rows - height), framing.place[1] * (columns - width))
    top, right, bottom, left = (margin * framing.height for margin in framing.margins)
    shape = (max(6, round(top + height + bottom)), max(6, round(left + width + right)))
    return shape, (top, left)


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])


def _view(framing: Framing) -> Matrix:
    """Turn and keystone about the middle of the ink."""
    c, s = np.cos(framing.turn), np.sin(framing.turn)
    u, v = (slant / framing.height for slant in framing.keystone)
    turned = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return np.asarray(np.array([[1, 0, 0], [0, 1, 0], [u, v, 1]]) @ turned, np.float64)


def _stray(shape: tuple[int, int], free: tuple[float, float], unit: float, rng: np.random.Generator) -> Ink:
    """A piece of a neighbour's stroke that comes in over the left or the right edge, within half of the free room."""
    rows, columns = shape
    on_left = bool(rng.random() < 0.5)
    depth = np.clip(0.5 * free[0 if on_left else 1], 1.5, 0.3 * unit)
    bend = rng.uniform(-depth, depth, 5)
    y = np.sort(rng.uniform(0, rows, 5))
    mask = np.zeros(shape, np.uint8)
    line = np.rint(np.stack([bend if on_left else columns - 1 - bend, y], 1) * 16).astype(np.int32)
    cv2.polylines(mask, [line], False, 255, max(1, round(unit * 0.06)), cv2.LINE_AA, 4)
    return mask.astype(np.float32) / np.float32(255)
