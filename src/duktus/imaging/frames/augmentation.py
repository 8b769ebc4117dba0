"""Variation of glyphs as hands, pens and scanners vary them; pure functions with an explicit ``rng``.

Each works on a batch of float32 inks (n, H, W) in [0, 1] and returns a new one of the same shape.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.glyph import move_edges

Inks = NDArray[np.float32]
"""(n, H, W) in [0, 1]."""

FIELD = 5
"""Nodes a side of the coarse grid whose displacements are spread smoothly over a glyph."""


@dataclass(frozen=True)
class AugmentSettings:
    """How far glyphs are varied; each figure is one standard deviation.

    Attributes:
        rotate: degrees.
        scale: share of the size, both sides alike.
        stretch: share of the size, one side against the other.
        shear: horizontal shift a unit of height (slant).
        shift: pixels.
        elastic: pixels by which nodes of a coarse grid are displaced (Simard et al. 2003).
        stroke: pixels by which strokes grow or shrink.
        blur: pixels of Gaussian blur.
        noise: of the ink.
        share: of the glyphs that are varied at all.
    """

    rotate: float = 7.0
    scale: float = 0.06
    stretch: float = 0.06
    shear: float = 0.12
    shift: float = 0.7
    elastic: float = 0.7
    stroke: float = 0.5
    blur: float = 0.3
    noise: float = 0.02
    share: float = 0.95


def augment(inks: Inks, settings: AugmentSettings, rng: np.random.Generator) -> Inks:
    """Return a varied copy of each ink: warped, its strokes thinned or thickened, blurred, with noise."""
    varied = warp(inks, settings, rng)
    varied = vary_stroke(varied, settings.stroke, rng)
    varied = vary_tone(varied, settings.blur, settings.noise, rng)
    keep = rng.random(len(inks)) >= settings.share
    varied[keep] = inks[keep]
    return varied


def warp(inks: Inks, settings: AugmentSettings, rng: np.random.Generator) -> Inks:
    """Return inks turned, scaled, stretched, slanted, shifted and bent, each in one resampling."""
    count, rows, columns = inks.shape
    matrices = _affine(count, settings, rng)
    nodes = rng.normal(0.0, settings.elastic, (count, 2, FIELD, FIELD)).astype(np.float32)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x -= (columns - 1) / 2
    y -= (rows - 1) / 2
    out = np.empty_like(inks)
    for i in range(count):
        (a, b, dx), (c, d, dy) = matrices[i].tolist()
        map_x = cv2.resize(nodes[i, 0], (columns, rows), interpolation=cv2.INTER_CUBIC)
        map_y = cv2.resize(nodes[i, 1], (columns, rows), interpolation=cv2.INTER_CUBIC)
        map_x += a * x + b * y + np.float32(dx + (columns - 1) / 2)
        map_y += c * x + d * y + np.float32(dy + (rows - 1) / 2)
        cv2.remap(inks[i], map_x, map_y, cv2.INTER_LINEAR, dst=out[i], borderMode=cv2.BORDER_CONSTANT)
    return out


def vary_stroke(inks: Inks, amount: float, rng: np.random.Generator) -> Inks:
    """Return inks with strokes up to some pixels wider or narrower: a mixture with their grey dilation or erosion."""
    steps = rng.normal(0.0, amount / 2.0, len(inks)).clip(-0.7, 1.5)
    out = np.empty_like(inks)
    for i, step in enumerate(steps.tolist()):
        out[i] = move_edges(inks[i], step)
    return out


def vary_tone(inks: Inks, blur: float, noise: float, rng: np.random.Generator) -> Inks:
    """Return inks with a random blur and noise on the ink itself, clipped to [0, 1]."""
    sigmas = np.abs(rng.normal(0.0, blur, len(inks)))
    out = inks.copy()
    for i in np.flatnonzero(sigmas > 0.3):
        cv2.GaussianBlur(inks[i], (0, 0), float(sigmas[i]), dst=out[i])
    if noise > 0:
        grain = rng.standard_normal(inks.shape, dtype=np.float32)
        out += grain * (np.float32(noise) * out)
    np.clip(out, 0.0, 1.0, out=out)
    return out


def _affine(count: int, settings: AugmentSettings, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return (count, 2, 3) matrices that map places of the varied glyph to places of the given one."""
    angle = np.deg2rad(rng.normal(0.0, settings.rotate, count))
    size = np.exp(rng.normal(0.0, settings.scale, count))
    stretch = np.exp(rng.normal(0.0, settings.stretch, count))
    shear = rng.normal(0.0, settings.shear, count)
    cos, sin = np.cos(angle), np.sin(angle)
    wide, high = size * stretch, size / stretch
    matrices = np.empty((count, 2, 3), np.float32)
    matrices[:, 0, 0], matrices[:, 0, 1] = cos / wide, (shear - sin) / high
    matrices[:, 1, 0], matrices[:, 1, 1] = sin / wide, cos / high
    matrices[:, :, 2] = rng.normal(0.0, settings.shift, (count, 2))
    return matrices
