"""The sheet that is written on: tone, tooth, fibres and what is printed on it, as reflectance in linear light.

Ink and print are thin layers that light crosses twice, so they darken by the law of Beer and Lambert: reflectance is
multiplied by exp(-density), band by band. Chalk and paint hide their ground instead, as an infinitely thick layer
does in Kubelka and Munk, "Ein Beitrag zur Optik der Farbanstriche", 1931.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
RGB = tuple[float, float, float]
WHITE: RGB = (0.86, 0.86, 0.84)
PAPERS: tuple[RGB, ...] = (
    WHITE, WHITE, (0.80, 0.80, 0.80), (0.82, 0.77, 0.64), (0.62, 0.60, 0.55), (0.85, 0.80, 0.45), (0.75, 0.50, 0.52),
    (0.50, 0.68, 0.50), (0.50, 0.62, 0.80), (0.45, 0.30, 0.18),
)  # fmt: skip
"""Reflectances of paper, from white to an envelope's brown."""
OFFICE_PAPERS = 4
"""So many of ``PAPERS``, the first, are what offices and banks write on."""
TINTS: tuple[RGB, ...] = (
    (0.30, 0.55, 0.80), (0.75, 0.35, 0.40), (0.30, 0.65, 0.40), (0.70, 0.60, 0.25), (0.50, 0.40, 0.70),
    (0.40, 0.60, 0.60), (0.50, 0.50, 0.50), (0.15, 0.25, 0.45),
)  # fmt: skip
"""Printing inks: of rulings, tints and guilloches."""
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class Print:
    """One layer of printing. ``pitch`` is in heights of the written ink, ``line`` in pixels, ``density`` optical."""

    pattern: str
    density: float
    colour: RGB = (0.0, 0.0, 0.0)
    pitch: float = 0.5
    line: float = 1.0
    angle: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """A sheet: reflectance of its stuff in linear RGB, its unevenness as standard deviations, what is printed on it.

    ``tooth`` is the grain from pixel to pixel, ``mottle`` the cloudiness of the pulp, ``fibres`` the number of dark
    fibres and shives on a square of 100 pixels a side.
    """

    tone: RGB = WHITE
    tooth: float = 0.01
    mottle: float = 0.01
    fibres: float = 0.0
    prints: tuple[Print, ...] = field(default=())


def in_bands(colour: RGB, bands: int) -> Field:
    """A colour as three bands, (3,), or as the one number of its luminance, (), for a grey page."""
    rgb = np.array(colour, np.float32)
    return rgb if bands == 3 else np.asarray(rgb @ LUMA, np.float32)


def stain(page: Field, mask: Field, density: float, colour: RGB) -> Field:
    """Lay a see-through layer (h, w) in [0, 1] on a page; it takes most from the bands where ``colour`` is dark."""
    bands = page.shape[2] if page.ndim == 3 else 1
    absorbed = -density * (1 - in_bands(colour, bands))
    layer = mask[..., None] * absorbed if bands > 1 else mask * absorbed
    return np.asarray(page * cv2.exp(layer.astype(np.float32)), np.float32)


def cover(page: Field, mask: Field, opacity: float, colour: RGB) -> Field:
    """Lay a hiding layer, chalk or light on a screen, on a page."""
    bands = page.shape[2] if page.ndim == 3 else 1
    layer = opacity * (mask[..., None] if bands > 1 else mask)
    return np.asarray(page + layer * (in_bands(colour, bands) - page), np.float32)


def clouds(shape: tuple[int, int], cell: float, rng: np.random.Generator) -> Field:
    """Smooth noise of mean 0 and deviation about 1 whose clouds are ``cell`` pixels wide (value noise)."""
    h, w = (max(2, round(side / max(cell, 1.0)) + 1) for side in shape)
    grid = rng.standard_normal((h, w), np.float32)
    return np.asarray(cv2.resize(grid, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _axes(shape: tuple[int, int], angle: float) -> tuple[Field, Field]:
    """Coordinates in pixels along and across a direction, from the middle of the sheet, each (h, w)."""
    y = np.arange(shape[0], dtype=np.float32)[:, None] - shape[0] / 2
    x = np.arange(shape[1], dtype=np.float32)[None, :] - shape[1] / 2
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return x * c + y * s, y * c - x * s


def _lines(phase: Field, pitch: float, width: float) -> Field:
    """Antialiased lines wherever a phase, counted in pitches, is whole."""
    away = np.abs(phase - np.rint(phase)) * np.float32(pitch)
    return np.asarray(np.clip(width / 2 + 0.5 - away, 0, 1), np.float32)


def _ruled(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    across = _axes(shape, layer.angle)[1]
    return _lines(across / np.float32(pitch) + np.float32(rng.uniform()), pitch, layer.line)


def _squared(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    along, across = _axes(shape, layer.angle)
    u, v = rng.uniform(size=2).astype(np.float32)
    return np.maximum(_lines(along / pitch + u, pitch, layer.line), _lines(across / pitch + v, pitch, layer.line))


def _waves(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """Guilloche bands: bundles of lines that swing together, as a rose engine draws them."""
    along, across = _axes(shape, layer.angle)
    height = pitch * rng.uniform(0.5, 4, 2)
    turns = 2 * np.pi / (pitch * rng.uniform(5, 30, 2))
    start = rng.uniform(0, 2 * np.pi, 2)
    swing = sum(
        np.float32(a) * np.sin(along * np.float32(k) + np.float32(p))
        for a, k, p in zip(height, turns, start, strict=True)
    )
    return _lines((across + swing) / np.float32(pitch), pitch, layer.line)


def _rosette(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """A guilloche rosette: rings whose radius swings with the angle."""
    along, across = _axes(shape, layer.angle)
    along, across = along + shape[1] * rng.uniform(-0.8, 0.8), across + shape[0] * rng.uniform(-0.8, 0.8)
    radius, turn = cv2.cartToPolar(along.astype(np.float32), across.astype(np.float32))
    petals, depth = rng.integers(5, 24), pitch * rng.uniform(0.5, 3)
    swing = np.float32(depth) * np.sin(np.asarray(turn) * np.float32(petals))
    return _lines((np.asarray(radius) + swing) / np.float32(pitch), pitch, layer.line)


def _dots(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """A halftone tint."""
    along, across = _axes(shape, layer.angle + float(rng.uniform(0, 1.5)))
    turn = np.float32(2 * np.pi / pitch)
    return np.asarray(np.clip(np.cos(along * turn) * np.cos(across * turn) * layer.line + 0.2, 0, 1), np.float32)


def _box(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """A form's cell: border lines near the edges of the picture, each of which may miss or break off."""
    mask = np.zeros(shape, np.uint8)
    (h, w), line = shape, max(1, round(layer.line))
    inset = rng.uniform(-0.3, 1, 4) * pitch
    x = [round(float(inset[0])), round(float(w - 1 - inset[1]))]
    y = [round(float(inset[2])), round(float(h - 1 - inset[3]))]
    for i in range(2):
        for lower, upper, seg in ((y[0], y[1], x[i]), (x[0], x[1], y[i])):
            first, last = _break(lower, upper, rng)
            ends = ((seg, first), (seg, last)) if seg == x[i] and upper == y[1] else ((first, seg), (last, seg))
            cv2.line(mask, *ends, int(rng.integers(90, 256)), line)
    return mask.astype(np.float32) / np.float32(255)


def _break(first: int, last: int, rng: np.random.Generator) -> tuple[int, int]:
    """The part of a border that is seen: most often all, now and then a piece, or none of it."""
    seen = rng.uniform()
    if seen < 0.25:
        return -99, -99
    if seen < 0.7:
        return first, last
    cut = rng.integers(first, max(last, first + 1), endpoint=True)
    return (first, int(cut)) if seen < 0.85 else (int(cut), last)


def _bands(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """Faint bars right across, where a form's dotted rulings have run together."""
    mask = np.zeros(shape, np.float32)
    for _ in range(rng.integers(1, 4)):
        top = int(rng.integers(0, shape[0]))
        mask[top : top + max(1, round(rng.uniform(0.3, 1) * pitch))] += rng.uniform(0.3, 1)
    return np.asarray(cv2.GaussianBlur(np.minimum(mask, 1), (3, 3), layer.line), np.float32)


def _chevrons(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """An envelope's lining that shows through."""
    along, across = _axes(shape, layer.angle)
    fold = np.abs(np.mod(along / pitch + rng.uniform(), 2) - 1)
    return _lines((across / pitch + fold).astype(np.float32), pitch, layer.line)


def _flat(shape: tuple[int, int], pitch: float, layer: Print, rng: np.random.Generator) -> Field:
    """A tint that grows from one side to the other, as rainbow printing does."""
    along = _axes(shape, layer.angle)[0]
    return np.asarray(np.clip(0.6 + along / np.float32(pitch * rng.uniform(1, 8)), 0, 1), np.float32)


PATTERNS: dict[str, Callable[[tuple[int, int], float, Print, np.random.Generator], Field]] = {
    "ruled": _ruled, "squared": _squared, "waves": _waves, "rosette": _rosette, "dots": _dots,
    "box": _box, "bands": _bands, "chevrons": _chevrons, "flat": _flat,
}  # fmt: skip


def lay_sheet(sheet: Sheet, shape: tuple[int, int], unit: float, bands: int, rng: np.random.Generator) -> Field:
    """An empty sheet.

    Args:
        sheet: what it is.
        shape: height and width in pixels.
        unit: pixels that the written ink will be high; the pitch of what is printed goes by it.
        bands: 3 for a sheet in colour, 1 for a grey one.
        rng: where the grain and the place of the pattern come from.

    Returns:
        Linear reflectance, (h, w, 3) or (h, w), of at least 0.
    """
    relief = sheet.tooth * rng.standard_normal(shape, np.float32) + 1
    if sheet.mottle:
        relief += sheet.mottle * clouds(shape, max(shape) / 6, rng)
    if sheet.fibres:
        relief -= _fibres(shape, sheet.fibres, rng)
    relief = np.maximum(relief, 0)
    page = (relief[..., None] if bands > 1 else relief) * in_bands(sheet.tone, bands)
    for layer in sheet.prints:
        mask = PATTERNS[layer.pattern](shape, max(2.0, layer.pitch * unit), layer, rng)
        page = stain(page, mask.astype(np.float32), layer.density, layer.colour)
    return np.asarray(page, np.float32)


def _fibres(shape: tuple[int, int], density: float, rng: np.random.Generator) -> Field:
    """Fibres and shives of recycled paper: short bent hairs, each a little darker than the pulp."""
    mask = np.zeros(shape, np.uint8)
    count = rng.poisson(density * shape[0] * shape[1] / 1e4)
    start = rng.uniform(0, 1, (count, 1, 2)) * (shape[1], shape[0])
    bends = np.cumsum(rng.normal(0, max(shape) / 30, (count, 3, 2)), axis=1) + start
    for hair, depth in zip((bends * 16).astype(np.int32), rng.integers(10, 80, count), strict=True):
        cv2.polylines(mask, [hair], False, int(depth), 1, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / np.float32(255)
