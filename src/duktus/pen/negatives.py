"""Negatives: pictures without a character, which a reader has to refuse."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from duktus.pen.camera import compress
from duktus.pen.paper import take
from duktus.pen.scene import Scene
from duktus.pen.scenes import SCENE_KINDS, sample_scene
from duktus.pen.scribbles import scribble
from duktus.pen.sheet import Field, clouds
from duktus.pen.tools import draw_ink, sample_pen
from duktus.types import Ink, Page


def draw_negative(rng: np.random.Generator, kind: str, side: int = 0) -> Page:
    """Make a picture without a character.

    Args:
        rng: where everything comes from.
        kind: one of ``NEGATIVE_KINDS``.
        side: pixels of the larger side, where the kind leaves it free; drawn from 16 to 160 where 0.

    Returns:
        uint8, (h, w) or (h, w, 3) RGB.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in _MAKERS:
        raise ValueError(f"expected a picture of {', '.join(NEGATIVE_KINDS)}; received {kind!r}; name one of these")
    side = side or int(np.exp(rng.uniform(np.log(16), np.log(160))))
    shape = (side, max(8, round(side * rng.uniform(0.5, 1)))) if rng.random() < 0.4 else (side, side)
    return _MAKERS[kind](shape if rng.random() < 0.5 else shape[::-1], rng)


def _page(field: Field, rng: np.random.Generator) -> Page:
    """A field as 8 bits at a contrast and brightness of any kind, now and then through JPEG."""
    low, high = float(field.min()), float(field.max())
    contrast = rng.uniform(0.15, 1)
    start = rng.uniform(0, 1 - contrast)
    scaled = (field - low) / max(high - low, 1e-6) * contrast + start
    page = (scaled * 255).astype(np.uint8)
    return compress(page, int(rng.integers(30, 95))) if rng.random() < 0.3 else page


def _blank(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """A sheet with nothing on it, in any scene's paper and light."""
    return take(np.zeros(shape, np.float32), _any_scene(rng), rng)


def _any_scene(rng: np.random.Generator) -> Scene:
    """A scene of any kind that draws no strokes of its own: the skeleton of a blot may look like a letter."""
    scene = sample_scene(rng, SCENE_KINDS[int(rng.integers(len(SCENE_KINDS)))])
    return replace(scene, mark=replace(scene.mark, line=0.0), framing=replace(scene.framing, stray=False))


def _uniform(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """White noise, every value alike."""
    return rng.integers(0, 256, shape if rng.random() < 0.7 else (*shape, 3), np.uint8)


def _gaussian(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """Gaussian noise about a grey, its grain of one pixel or some."""
    noise = rng.standard_normal(shape, np.float32)
    if rng.random() < 0.6:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.5, max(shape) / 16)), np.float32)
    return _page(noise, rng)


def _speckled(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """Salt and pepper, from a few grains to half of all pixels."""
    grains = rng.random(shape, np.float32) < np.exp(rng.uniform(np.log(0.01), np.log(0.5)))
    return _polar(np.where(grains, np.uint8(0), np.uint8(255)), rng)


def _polar(page: Page, rng: np.random.Generator) -> Page:
    return np.subtract(255, page, dtype=np.uint8) if rng.random() < 0.5 else page


def _clouds(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """Clouds of all sizes whose power falls with frequency, as it does in photographs (Field, JOSA A 1987)."""
    return _page(_fractal(shape, rng), rng)


def _fractal(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    field = np.zeros(shape, np.float32)
    fall, cell = rng.uniform(0.35, 0.9), max(shape) / 2
    weight = 1.0
    while cell >= 1:
        field += np.float32(weight) * clouds(shape, cell, rng)
        weight, cell = weight * fall, cell / 2
    return field


def _waves(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """One plane wave, 1 to 12 periods on the picture's side."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / max(shape)
    turn, pitch = rng.uniform(0, np.pi), np.exp(rng.uniform(0, 2.5))
    phase = pitch * (x * np.cos(turn) + y * np.sin(turn)) + rng.uniform()
    return np.asarray(np.sin(2 * np.pi * phase), np.float32)


def _stripes(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    wave = _waves(shape, rng)
    return _page(np.clip(wave * rng.choice([1, 3, 20]), -1, 1).astype(np.float32), rng)


def _checks(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """A chequered board or a grid of bars, turned by any angle."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / max(shape)
    turn = rng.uniform(0, np.pi / 2) if rng.random() < 0.5 else 0.0
    pitch, duty = np.exp(rng.uniform(0.7, 2.5)), rng.uniform(-0.8, 0.8)
    u = np.sin(np.pi * pitch * (x * np.cos(turn) + y * np.sin(turn)) + rng.uniform(0, 6)) > duty
    v = np.sin(np.pi * pitch * (y * np.cos(turn) - x * np.sin(turn)) + rng.uniform(0, 6)) > duty
    return _page((u ^ v if rng.random() < 0.5 else u | v).astype(np.float32), rng)


def _wood(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """The rings of a plank: a far centre, bent by clouds."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / max(shape)
    radius = np.hypot(x * rng.uniform(0.1, 0.4) - rng.uniform(-1, 1), y - rng.uniform(-1, 2))
    rings = np.sin((radius + 0.04 * clouds(shape, max(shape) / 3, rng)) * np.float32(rng.uniform(20, 80)))
    field = rings + 0.4 * clouds((shape[0], 2), 1.5, rng)[:, :1] + 0.2 * rng.standard_normal(shape, np.float32)
    return _page((field if rng.random() < 0.5 else field[:, ::-1]).astype(np.float32), rng)


def _cloth(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """A weave: warp over weft in turns, each thread rounded."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) * np.float32(np.pi / rng.uniform(2, 8))
    x, y = x + 0.2 * clouds(shape, max(shape) / 4, rng), y + 0.2 * clouds(shape, max(shape) / 4, rng)
    over = np.sin(x / 2) * np.sin(y / 2) > 0
    threads = np.where(over, np.abs(np.sin(x)), np.abs(np.sin(y)) * rng.uniform(0.5, 1))
    return _page((threads + 0.15 * rng.standard_normal(shape, np.float32)).astype(np.float32), rng)


def _view(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """Something like a photograph of the world: leaves of all sizes that hide one another, shaded, textured.

    Dead leaves with sizes of a power law have the statistics of natural pictures: Lee, Mumford and Huang,
    "Occlusion models for natural images", IJCV 2001.
    """
    page = np.empty((*shape, 3), np.float32)
    page[:] = rng.uniform(0.1, 0.9, 3)
    sizes = np.sort(max(shape) * 0.6 / np.sqrt(rng.uniform(1, 120, int(rng.integers(4, 40)))))[::-1]
    for size in sizes:
        _leaf(page, float(size), rng)
    shade = 1 + 0.25 * np.clip(_fractal(shape, rng), -3, 3)[..., None] * rng.uniform(0, 1)
    page = np.asarray(cv2.GaussianBlur(page * shade, (0, 0), rng.uniform(0.3, 1.5)), np.float32)
    picture = (np.clip(page, 0, 1) * 255).astype(np.uint8)
    return picture if rng.random() < 0.6 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _leaf(page: Field, size: float, rng: np.random.Generator) -> None:
    """One thing of a view: an ellipse or a polygon."""
    centre = rng.uniform(0, 1, 2) * page.shape[1::-1]
    colour = rng.uniform(0, 1, 3).tolist()
    if rng.random() < 0.5:
        axes = (max(1, round(size * rng.uniform(0.3, 1))), max(1, round(size * rng.uniform(0.3, 1))))
        cv2.ellipse(page, (round(centre[0]), round(centre[1])), axes, rng.uniform(0, 180), 0, 360, colour, -1)
        return
    turn = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 8))))
    reach = size * rng.uniform(0.4, 1.2, turn.size)
    corners = centre + np.stack([reach * np.cos(turn), reach * np.sin(turn)], 1)
    cv2.fillPoly(page, [np.rint(corners).astype(np.int32)], colour)


def _shapes(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """A few filled figures on a flat ground: a poster, an icon, a corner of a drawing."""
    page = np.empty((*shape, 3), np.float32)
    page[:] = rng.uniform(0, 1, 3)
    for _ in range(rng.integers(2, 7)):
        _leaf(page, max(shape) * rng.uniform(0.1, 0.5), rng)
    return np.asarray((page * 255).astype(np.uint8))


def _gradient(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """Light that falls off, with no edge, or with one as where a table meets a wall."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / max(shape)
    turn, edge = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.7)
    along = x * np.cos(turn) + y * np.sin(turn)
    field = along + (along > edge) * rng.choice([0.0, 1.0]) + rng.uniform(0, 0.05) * rng.standard_normal(shape)
    return _page(field.astype(np.float32), rng)


def _scribble(_: tuple[int, int], rng: np.random.Generator) -> Page:
    """A scribble with any pen in any scene, whose framing sets the size."""
    return take(draw_ink(scribble(rng), pen=sample_pen(rng, size=2), scale=20, rng=rng), _any_scene(rng), rng)


def _smudge(shape: tuple[int, int], rng: np.random.Generator) -> Page:
    """Blots, dust and stains in any scene."""
    return take(blots(rng, max(64, *shape)), _any_scene(rng), rng)


def blots(rng: np.random.Generator, side: int = 96) -> Ink:
    """Blots of any outline, a few or many, (side, side) in [0, 1]."""
    field = _fractal((side, side), rng)
    level = np.quantile(field, rng.uniform(0.7, 0.98))
    return np.asarray(np.clip((field - level) / (0.05 + 0.2 * field.std()), 0, 1), np.float32)


_MAKERS: dict[str, Callable[[tuple[int, int], np.random.Generator], Page]] = {
    "blank": _blank, "uniform": _uniform, "gaussian": _gaussian, "speckled": _speckled, "clouds": _clouds,
    "stripes": _stripes, "checks": _checks, "wood": _wood, "cloth": _cloth, "view": _view, "shapes": _shapes,
    "gradient": _gradient, "scribble": _scribble, "smudge": _smudge,
}  # fmt: skip
NEGATIVE_KINDS = tuple(_MAKERS)
