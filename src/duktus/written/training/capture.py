"""From layers of ink to the grey page that a scanner or a camera makes of them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.pen.camera import compress
from duktus.pen.sheet import Field, clouds
from duktus.types import Ink

LEVEL = 0.4
"""The edge of a stroke: below one half, so that strokes of a pixel's width stay."""


@dataclass(frozen=True)
class Wear:
    """How the edges and the body of ink suffer on paper; writing and print draw theirs from the same distribution.

    ``soft`` is a blur in pixels, ``rough`` the noise of the edge, ``gain`` how sharply it is cut again, ``uneven`` how
    far tone changes along strokes, over ``cell`` pixels.
    """

    soft: float
    rough: float
    gain: float
    spread: float
    uneven: float
    cell: float
    grain: float


def sample_wear(rng: np.random.Generator) -> Wear:
    """Return wear of any degree."""
    return Wear(
        soft=float(rng.uniform(0.3, 1.0)),
        rough=float(rng.choice([0.0, rng.uniform(0, 0.3)])),
        gain=float(rng.uniform(1.0, 3.5)),
        spread=float(rng.normal(0, 0.08)),
        uneven=float(rng.choice([0.0, rng.uniform(0, 0.6)])),
        cell=float(np.exp(rng.uniform(np.log(3), np.log(50)))),
        grain=float(rng.choice([0.0, 0.0, rng.uniform(0.1, 0.6)])),
    )


def wear(ink: Ink, how: Wear, rng: np.random.Generator) -> Ink:
    """Return ink with the edges and the tone that paper gives it."""
    soft = np.asarray(cv2.GaussianBlur(ink, (0, 0), how.soft), np.float32)
    if how.rough:
        soft += np.float32(how.rough) * clouds(ink.shape, 1.6, rng) * (soft > 0.03)
    cut = np.clip((soft - np.float32(LEVEL - how.spread)) * np.float32(how.gain) + np.float32(0.5), 0, 1)
    cut *= soft > 0.02
    if how.uneven:
        cut *= np.clip(1 - np.float32(how.uneven) * (0.5 + 0.5 * clouds(ink.shape, how.cell, rng)), 0.15, 1)
    if how.grain:
        tooth = rng.standard_normal(ink.shape, np.float32) + clouds(ink.shape, 2.0, rng)
        cut *= np.clip(1 - np.float32(how.grain) * (0.35 + 0.5 * tooth), 0, 1)
    return np.asarray(cut, np.float32)


def lay_paper(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """Return bare paper in its light, (h, w) in [0, 1]: white mostly, grey and dark as well."""
    tone = float(rng.choice([rng.uniform(0.9, 1), rng.uniform(0.6, 0.95), rng.uniform(0.3, 0.7)], p=(0.5, 0.35, 0.15)))
    page = np.full(shape, tone, np.float32)
    if rng.random() < 0.6:
        page += tone * float(rng.uniform(0, 0.03)) * clouds(shape, float(rng.uniform(1, 4)), rng)
        page += tone * float(rng.uniform(0, 0.04)) * clouds(shape, float(rng.uniform(10, 90)), rng)
    if rng.random() < 0.4:
        y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j].astype(np.float32)
        turn, fall = rng.uniform(0, 2 * np.pi), float(rng.uniform(0, 0.35))
        page *= 1 - np.float32(fall) * (0.5 + 0.35 * (x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))))
        if rng.random() < 0.35:
            along = (
                x * np.float32(np.cos(turn + 1)) + y * np.float32(np.sin(turn + 1)) - np.float32(rng.uniform(-0.7, 0.7))
            )
            page *= 1 - np.float32(rng.uniform(0.1, 0.5)) / (1 + np.exp(-along / np.float32(rng.uniform(0.01, 0.2))))
    return page


def expose_page(page: Field, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the picture that a scanner or a camera makes of a page: blur, resampling, noise, JPEG, two tones."""
    if rng.random() < 0.6:
        page = np.asarray(
            cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.25, 1.0 + 0.6 * rng.random()))), np.float32
        )
    if rng.random() < 0.3:
        page = _resample(page, float(rng.uniform(0.42, 0.9)), rng)
    contrast = float(rng.uniform(0.75, 1.1)), float(rng.uniform(0, 0.08))
    page = page * np.float32(contrast[0]) + np.float32(contrast[1])
    if rng.random() < 0.7:
        page = page + np.float32(rng.exponential(0.012)) * rng.standard_normal(page.shape, np.float32)
    picture = np.asarray((np.clip(page, 0, 1) * 255).astype(np.uint8))
    kind = rng.random()
    if kind < 0.07:
        return _two_tones(picture, rng)
    if kind < 0.15:
        steps = int(rng.choice([4, 8, 16]))
        return np.asarray(np.rint(picture / 255 * (steps - 1)) * (255 / (steps - 1)), np.uint8)
    return compress(picture, int(rng.integers(25, 96))) if kind < 0.7 else picture


def _resample(page: Field, share: float, rng: np.random.Generator) -> Field:
    """A page that was scanned with fewer dots and enlarged."""
    h, w = page.shape
    small = cv2.resize(page, (max(8, int(w * share)), max(8, int(h * share))), interpolation=cv2.INTER_AREA)
    how = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LINEAR]))
    return np.asarray(cv2.resize(small, (w, h), interpolation=how), np.float32)


def _two_tones(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A fax or a scan in black and white: each pixel against the light about it."""
    around = cv2.blur(picture, (61, 61)).astype(np.float32)
    return np.asarray(np.where(picture < around * np.float32(rng.uniform(0.75, 0.92)), 0, 255), np.uint8)
