"""Variation of strips in batches: shear, stretch, elastic distortion, width of strokes, tone, spans of paper.

Elastic distortion: Simard et al., "Best practices for convolutional neural networks", 2003. Spans without ink: Park et
al., "SpecAugment", 2019.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Strips = NDArray[np.uint8]
"""(n, height, w), 255 = full ink."""

SHEARED = 0.14
"""Standard deviation of the shear of strips, as a tangent."""

BENT, CELL = 1.1, 9
"""Standard deviation of an elastic shift in pixels, and the pixels from one shift to the next."""

THICKER, SPANNED, TONED, BLURRED = 0.3, 0.12, 0.5, 0.2
"""Shares of strips whose strokes are made wider or thinner, that lose spans, change tone, are blurred."""


def vary_strips(strips: Strips, rng: np.random.Generator) -> Strips:
    """Return strips varied anew, each within its own place; the right end of what is longer is kept.

    Args:
        strips: of one width.
        rng: all that is chosen.
    """
    n, height, width = strips.shape
    down, across = _shifts(n, height, width, rng)
    rows = np.arange(height, dtype=np.float32)[None, :, None]
    columns = np.arange(width, dtype=np.float32)[None, None, :]
    middle = np.float32(height / 2)
    shear, tall, wide = (rng.normal(0, sd, (n, 1, 1)).astype(np.float32) for sd in (SHEARED, 0.09, 0.05))
    shift = rng.normal(0, 1.2, (n, 1, 1)).astype(np.float32)
    y = np.clip(middle + (rows - middle) * np.exp(tall) + shift + down, 0, height - 1)
    x = columns * np.exp(np.maximum(wide, -0.01)) + shear * (rows - middle) + across
    y += np.arange(n, dtype=np.float32)[:, None, None] * height
    tower = strips.reshape(n * height, width)
    varied = np.empty_like(tower)
    per = max(1, 30_000 // height)  # the map of a picture of more than 32,767 rows is refused
    for first in range(0, n, per):
        part = slice(first, min(n, first + per))
        low = first * height
        size = (part.stop - first) * height
        across_at = np.ascontiguousarray(np.broadcast_to(x, y.shape)[part].reshape(size, width))
        down_at = np.ascontiguousarray((y[part] - np.float32(low)).reshape(size, width))
        varied[low : low + size] = cv2.remap(tower[low : low + size], across_at, down_at, cv2.INTER_LINEAR)
    return _worn(varied.reshape(n, height, width), rng)


def _shifts(n: int, height: int, width: int, rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return smooth shifts in pixels, down and across, (n, height, width) each."""
    rows, columns = height // CELL + 2, width // CELL + 2
    strength = np.abs(rng.normal(0, 1, (n, 1, 1))).astype(np.float32) * np.float32(BENT)
    found = []
    for share in (0.7, 1.0):
        coarse = rng.standard_normal((n, rows, columns), np.float32) * strength * np.float32(share)
        wide = cv2.resize(coarse.reshape(n * rows, columns), (width, n * rows), interpolation=cv2.INTER_CUBIC)
        at = np.linspace(0, rows - 1.001, height)
        low = at.astype(int)
        part = (at - low).astype(np.float32)[None, :, None]
        cells = np.asarray(wide, np.float32).reshape(n, rows, width)
        found.append(cells[:, low] * (1 - part) + cells[:, low + 1] * part)
    return found


def _worn(strips: Strips, rng: np.random.Generator) -> Strips:
    kernel = np.ones((2, 2), np.uint8)
    chances = rng.random((4, len(strips)))
    for strip, thick, spans, tone, blur in zip(strips, *chances, strict=True):
        if thick < THICKER:
            (cv2.erode if thick < 0.4 * THICKER else cv2.dilate)(strip, kernel, dst=strip)
        if blur < BLURRED:
            cv2.GaussianBlur(strip, (0, 0), 0.4 + 3 * blur, dst=strip)
        if spans < SPANNED:
            for _ in range(1 + int(spans * 16)):
                start = int(rng.integers(strip.shape[1]))
                strip[:, start : start + int(rng.integers(1, 6))] = 0
        if tone < TONED:
            np.multiply(strip, 0.45 + 0.55 * tone / TONED, out=strip, casting="unsafe")
    if rng.random() < 0.5:
        noise = rng.integers(0, 1 + int(rng.integers(1, 24)), strips.shape, np.uint8)
        np.maximum(strips, noise, out=strips)
    return strips
