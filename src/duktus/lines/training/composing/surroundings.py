"""What composed lines stand on and among, and how it becomes ink: a scan of it goes through serving's functions."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.line import line_ink
from duktus.pen.camera import compress
from duktus.pen.pages.quick import Nib, Track, draw_paths, point
from duktus.pen.pages.rules import box_ends, draw_rules, sample_rule
from duktus.types import Ink
from duktus.written.training.capture import Wear, expose_page, lay_paper, sample_wear, wear

PATTERNED = 0.12
"""Share of papers that are printed with fine waves, as cheques are."""

COARSE = 24.0
"""Pixels of a digit's height from which any scanner or camera leaves it legible."""


@dataclass(eq=False)
class Canvas:
    """Where a line is drawn: the ink (h, w), and its rules, each in [0, 1].

    ``unit`` is the height of a digit or the text's 100 units in pixels, ``origin`` the left end of the baseline.
    """

    ink: Ink
    ruled: Ink
    unit: float
    origin: Track
    width: float

    @classmethod
    def around(cls, width: float, unit: float, rng: np.random.Generator) -> "Canvas":
        """Return a canvas around a line ``width`` units wide; tight mostly, or cut through its ends."""
        sides = rng.uniform(-0.02, 0.9, 4) * rng.choice([0.4, 1.0], 4)
        if rng.random() < 0.9:
            sides = np.maximum(sides, 0.08)
        left, right, above, below = (float(side) for side in sides)
        shape = int((1 + above + below + 0.15) * unit) + 2, int((width + left + right) * unit) + 2
        empty = np.zeros(shape, np.float32)
        return cls(empty, empty.copy(), unit, point(left * unit, (1 + above) * unit), width)

    def draw(self, paths: list[Track], nib: Nib, rng: np.random.Generator) -> None:
        """Draw strokes in pixels."""
        if paths:
            np.maximum(self.ink, draw_paths(_shape(self.ink), paths, nib, rng), out=self.ink)

    def neighbours(self, rng: np.random.Generator) -> list[tuple[float, float]]:
        """Return where further lines stand that are cut off by the canvas, in units: above, below, or none mostly."""
        rows = [row for row in (-1, 1) if rng.random() < 0.13]
        return [(float(rng.normal(0, 0.6)), row * float(rng.uniform(1.3, 2.0))) for row in rows]


def _shape(ink: Ink) -> tuple[int, int]:
    return int(ink.shape[0]), int(ink.shape[1])


def dirty(canvas: Canvas, rng: np.random.Generator) -> None:
    """Put rules, frames, specks and strokes under and beside a line; mostly little of them."""
    (h, w), unit = canvas.ink.shape, canvas.unit
    kind = rng.random()
    if kind < 0.25:
        row = float(canvas.origin[1]) + float(rng.normal(0.06, 0.14)) * unit
        _rule(canvas, [(point(-9, row), point(w + 9, row + rng.normal(0, 0.02) * w))], rng)
    elif kind < 0.55:
        x, y = (float(rng.uniform(-0.06, 0.08)) * side for side in (w, h))
        sides = box_ends(x, y, float(rng.uniform(0.86, 1.08)) * w, float(rng.uniform(0.88, 1.08)) * h)
        _rule(canvas, [sides[int(i)] for i in rng.permutation(4)[: int(rng.integers(1, 5))]], rng)
    elif kind < 0.61:
        pitch = float(rng.uniform(0.25, 1.2)) * unit
        rows = np.arange(rng.uniform(0, pitch), h, pitch)
        _rule(canvas, [(point(-9, float(row)), point(w + 9, float(row))) for row in rows], rng)
    if rng.random() < 0.2:
        for _ in range(int(rng.integers(1, 6))):
            spot = point(float(rng.uniform(0, w)), float(rng.uniform(0, h)))
            radius = float(rng.uniform(0.3, 1.2))
            canvas.draw([spot[None]], Nib(radius, 0), rng)
    if rng.random() < 0.07:
        side = int(rng.choice([-1, 1]))  # most of it lies beyond the rim, or it would be a sign
        points = np.array((w if side > 0 else 0, h / 2)) + rng.normal((0.3 * side, 0), (0.25, 0.4), (4, 2)) * unit
        canvas.draw([points.astype(np.float32)], Nib(max(0.9, 0.1 * unit), 0), rng)


def _rule(canvas: Canvas, ends: list[tuple[Track, Track]], rng: np.random.Generator) -> None:
    rule = sample_rule(rng)
    width = min(rule.width, 0.09 * canvas.unit)
    thin = type(rule)(rule.style, width, rule.pitch)
    drawn = draw_rules(_shape(canvas.ruled), ends, thin, rng) * np.float32(np.exp(rng.uniform(np.log(0.15), 0)))
    if rng.random() < 0.4:  # what was taken off before left pieces
        x = np.arange(drawn.shape[1])
        drawn *= np.sin(x / rng.uniform(2, 0.4 * drawn.shape[1] + 3) + rng.uniform(0, 6)) > rng.uniform(-0.5, 0.9)
    np.maximum(canvas.ruled, drawn, out=canvas.ruled)


def settle(canvas: Canvas, rng: np.random.Generator) -> Ink:
    """Return the ink of a canvas: worn, laid on paper, scanned, and found again as serving does it."""
    ink = wear(canvas.ink, _milder(sample_wear(rng), canvas.unit), rng)
    tone = float(np.exp(rng.uniform(np.log(0.15), 0)))
    ruled = canvas.ruled * np.float32(tone if rng.random() < 0.6 else rng.uniform(0.1, 0.8))
    page = lay_paper(_shape(ink), rng) * (1 - np.float32(tone) * ink) * (1 - ruled)
    if rng.random() < PATTERNED:
        page *= 1 - np.float32(rng.uniform(0.05, 0.35) * tone) * _waves(_shape(ink), canvas.unit, rng)
    soiled = canvas.unit > COARSE and rng.random() < 0.4
    return line_ink(expose_page(page, rng) if soiled else _scan(page, rng, tone), "dark")


def _waves(shape: tuple[int, int], unit: float, rng: np.random.Generator) -> Ink:
    """Return fine parallel waves over a paper, (h, w) in [0, 1]."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    turn, pitch = float(rng.uniform(-0.6, 0.6)), unit * float(rng.uniform(0.08, 0.3))
    bend = np.sin(x / np.float32(unit * rng.uniform(0.4, 3))) * np.float32(unit * rng.uniform(0, 0.2))
    waves = np.sin((y + np.float32(turn) * x + bend) * np.float32(2 * np.pi / max(2.2, pitch)))
    return np.asarray(np.clip(waves, 0, 1), np.float32)


def _milder(how: Wear, unit: float) -> Wear:
    """Return wear that leaves small writing legible: its edges are no softer and no rougher than its size allows."""
    share = min(1.0, unit / 36)
    soft, grain = min(how.soft, 0.3 + 0.6 * share), how.grain * share * share
    return replace(how, soft=soft, rough=how.rough * share, grain=grain, spread=how.spread * share)


def _scan(page: Ink, rng: np.random.Generator, tone: float) -> NDArray[np.uint8]:
    """Return the grey picture of a plain scan: a little blur, JPEG, and noise that leaves ink of this tone legible."""
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.25, 0.9))), np.float32)
    page = page + np.float32(min(rng.exponential(0.01), 0.06 * tone)) * rng.standard_normal(page.shape, np.float32)
    picture = np.asarray((np.clip(page, 0, 1) * 255).astype(np.uint8))
    return compress(picture, int(rng.integers(40, 96))) if rng.random() < 0.4 else picture
