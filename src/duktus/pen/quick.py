"""Strokes drawn in bulk: plain polylines in pixels, for pages of which thousands are composed.

``tools.draw_ink`` draws one character with all that a pen does; here a page of words is drawn within milliseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

Track = NDArray[np.float32]
"""(n, 2): x and y of one stroke's points, y downwards."""

_FINE = 3  # strokes are drawn so many times larger and reduced by area
_BITS = 4
_CORNERS = 2  # rounds of corner cutting: recorded points are up to a third of a letter apart


@dataclass(frozen=True)
class Nib:
    """What strokes are drawn with; lengths in pixels.

    ``width`` is that of a resting pen, ``pressing`` the share by which pressure changes it along a stroke, ``flat``
    the share that a broad nib held at ``angle`` radians loses along its edge.
    """

    width: float
    pressing: float = 0.15
    flat: float = 0.0
    angle: float = -0.7


def smooth_path(path: Track, rounds: int = _CORNERS) -> Track:
    """Return a path with its corners cut (Chaikin, "An algorithm for high-speed curve generation", 1974)."""
    for _ in range(rounds):
        if len(path) < 3:
            return path
        first, second = path[:-1], path[1:]
        cut = np.empty((2 * len(first), 2), np.float32)
        cut[0::2], cut[1::2] = 0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second
        path = np.concatenate((path[:1], cut, path[-1:]))
    return path


def draw_paths(shape: tuple[int, int], paths: Iterable[Track], nib: Nib, rng: np.random.Generator) -> Ink:
    """Return the ink, (h, w) in [0, 1], of strokes in pixels; what lies beside the sheet is cut off."""
    fine = np.zeros((shape[0] * _FINE, shape[1] * _FINE), np.uint8)
    for path in paths:
        if len(path):
            _draw(fine, path, nib, rng)
    reduced = cv2.resize(fine, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.float32) * np.float32(1 / 255)


def _draw(fine: NDArray[np.uint8], path: Track, nib: Nib, rng: np.random.Generator) -> None:
    fixed = np.rint(path * np.float32(_FINE << _BITS)).astype(np.int32)
    if len(fixed) == 1:
        radius = max(1, round(nib.width * _FINE / 2 * (1 << _BITS)))
        cv2.circle(fine, (int(fixed[0, 0]), int(fixed[0, 1])), radius, 255, -1, cv2.LINE_8, _BITS)
        return
    widths = np.maximum(np.rint(_widths(path, nib, rng) * _FINE), 1).astype(int)
    breaks = np.flatnonzero(np.diff(widths)) + 1
    for first, last in zip([0, *breaks.tolist()], [*breaks.tolist(), len(widths)], strict=True):
        cv2.polylines(fine, [fixed[first : last + 1]], False, 255, int(widths[first]), cv2.LINE_8, _BITS)


def _widths(path: Track, nib: Nib, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the width of each segment of a path."""
    step = np.diff(path, axis=0)
    n = len(step)
    widths = np.full(n, nib.width, np.float32)
    if nib.pressing:
        knots = rng.normal(0, nib.pressing, max(2, n // 6 + 1))
        widths *= np.interp(np.linspace(0, len(knots) - 1, n), np.arange(len(knots)), 1 + knots).astype(np.float32)
    if nib.flat:
        turn = np.arctan2(step[:, 1], step[:, 0]) - nib.angle
        widths *= 1 - nib.flat * np.abs(np.cos(turn))
    return np.asarray(np.clip(widths, 0.35 * nib.width, 1.8 * nib.width), np.float32)
