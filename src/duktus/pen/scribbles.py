"""Ink that is no character: aimless loops, zigzags, crossings-out, spirals, hatching, dashes, dots and tangles."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from duktus.pen.motion import perform, sample_touch
from duktus.pen.splines import distances, rotation
from duktus.pen.strokes import Drawing

Path = NDArray[np.float64]
SPACING = 0.03
"""Distance between neighbouring points of a path, relative to the scribble's size."""


def scribble(rng: np.random.Generator) -> Drawing:
    """Draw something that is no character: 2 to 10 mm large, in one to nine strokes, around the origin."""
    kind = KINDS[rng.integers(len(KINDS))]
    angle, flat = rng.uniform(0, 2 * math.pi), rng.uniform(0.45, 1.0)
    pose = rotation(angle) * ((1.0,), (flat,)) * np.clip(5 * rng.lognormal(0, 0.3), 2, 10)
    strokes = [stroke @ pose for stroke in kind(rng)]
    first = np.cumsum([0, *(len(stroke) for stroke in strokes[:-1])])
    along = [distances(stroke) for stroke in strokes]
    near_end = np.concatenate([np.minimum(way, way[-1] - way) for way in along]).astype(np.float32)
    touch = sample_touch(float(rng.beta(3, 2)), rng)
    return perform(np.concatenate(strokes).astype(np.float32), first, near_end, touch, rng)


def _coil(rng: np.random.Generator) -> list[Path]:
    """A row of loops, as one tries a pen."""
    turns, width = rng.uniform(2.5, 7), rng.uniform(0.4, 1.6)
    turn = np.linspace(0, turns, round(turns * 24))
    angle = 2 * math.pi * turn
    growth = 1 + 0.3 * np.sin(turn * rng.uniform(0.5, 2) + rng.uniform(0, 6))
    across = rng.uniform(0.15, 0.35) * growth * np.cos(angle) + width * (turn / turns - 0.5)
    return [np.stack((across, 0.4 * growth * np.sin(angle)), axis=1)]


def _spiral(rng: np.random.Generator) -> list[Path]:
    turn = np.linspace(rng.uniform(0, 0.3), 1, 140)
    angle = 2 * math.pi * turn * rng.uniform(2, 5)
    radius = 0.5 * turn ** rng.uniform(0.7, 1.4)
    return [np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)]


def _zigzag(rng: np.random.Generator) -> list[Path]:
    """A zigzag of at least five legs, open or so tight that it fills a patch."""
    legs = int(rng.integers(6, 18))
    across = np.linspace(-0.5, 0.5, legs) * rng.uniform(0.5, 1.4)
    side = np.where(np.arange(legs) % 2, 0.4, -0.4)
    return [_polyline(np.stack((across, side), axis=1) + rng.normal(0, 0.05, (legs, 2)))]


def _crossing_out(rng: np.random.Generator) -> list[Path]:
    """Strokes to and fro over one place, with something that may have been a word beneath."""
    back = _zigzag(rng)[0] * (1.0, rng.uniform(0.3, 0.8))
    bars = [_bar(rng, 1.2, 0.12) for _ in range(rng.integers(1, 4))]
    return [back, *bars]


def _lines(rng: np.random.Generator) -> list[Path]:
    """Several long lines that cross one another near the middle."""
    bars = [_bar(rng, rng.uniform(0.7, 1.3), 0.2) for _ in range(rng.integers(3, 7))]
    return [bar @ rotation(rng.uniform(0, math.pi)) for bar in bars]


def _hatching(rng: np.random.Generator) -> list[Path]:
    count = int(rng.integers(4, 10))
    offsets = (np.arange(count) - count / 2) * rng.uniform(0.08, 0.25)
    return [_bar(rng, 0.9, 0.04) + np.array((0.0, offset)) for offset in offsets]


def _dashes(rng: np.random.Generator) -> list[Path]:
    """Short strokes here and there."""
    count = int(rng.integers(3, 9))
    return [
        _bar(rng, rng.uniform(0.08, 0.35), 0.02) @ rotation(rng.uniform(0, math.pi)) + rng.uniform(-0.5, 0.5, 2)
        for _ in range(count)
    ]


def _dots(rng: np.random.Generator) -> list[Path]:
    return list(rng.uniform(-0.5, 0.5, (int(rng.integers(2, 10)), 1, 2)))


def _tangle(rng: np.random.Generator) -> list[Path]:
    """One aimless smooth line that crosses itself: a sum of a few waves."""
    time = np.linspace(0, rng.uniform(5, 12), 200)[:, None, None]
    rate, phase = rng.uniform(0.6, 3.0, (2, 4)), rng.uniform(0, 6.3, (2, 4))
    return [(np.sin(time * rate + phase) * rng.normal(0, 0.22, (2, 4))).sum(axis=2)]


def _wander(rng: np.random.Generator) -> list[Path]:
    """A broken line from anywhere to anywhere."""
    return [_polyline(rng.uniform(-0.5, 0.5, (int(rng.integers(6, 14)), 2)))]


def _ripple(rng: np.random.Generator) -> list[Path]:
    """A wavy line, as in a signature or an underlining."""
    along = np.linspace(-0.5, 0.5, 120) * rng.uniform(1.2, 2.2)
    height = rng.uniform(0.06, 0.3) * np.sin(along * rng.uniform(15, 40)) * (1 + rng.uniform(-1, 1) * along)
    return [np.stack((along, height), axis=1)]


KINDS: tuple[Callable[[np.random.Generator], list[Path]], ...] = (
    _coil, _spiral, _zigzag, _crossing_out, _lines, _hatching, _dashes, _dots, _tangle, _wander, _ripple
)  # fmt: skip


def _bar(rng: np.random.Generator, length: float, stray: float) -> Path:
    """A slightly bent line along x, about the origin."""
    along = np.linspace(-0.5, 0.5, max(3, round(length / SPACING)))
    ends = rng.normal(0, stray, (2, 2))
    bend = (0.25 - along**2) * rng.normal(0, 0.25 * length)
    line = np.stack((along * length, bend), axis=1)
    line += ends[0] * (0.5 - along[:, None]) + ends[1] * (0.5 + along[:, None])
    return line


def _polyline(corners: Path) -> Path:
    """Straight legs between corners, each rounded off a little as a fast pen does."""
    at = distances(corners)
    along = np.linspace(0, at[-1], max(4, round(at[-1] / SPACING)))
    line = np.stack([np.interp(along, at, corners[:, axis]) for axis in (0, 1)], axis=1)
    line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return line
