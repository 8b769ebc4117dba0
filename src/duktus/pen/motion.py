"""The pen's motion along a path: when it is where, how it trembles and how hard it presses."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from duktus.pen.strokes import Drawing

Array = NDArray[np.float32]
TREMOR_HZ = 9.0
"""Middle of the band of physiological tremor, 8 to 12 Hz (Elble and Koller, "Tremor", 1990)."""
LIFT = 0.06
"""Seconds that a pen takes to leave the paper and come back, besides the way in the air."""
SHARPEST = 8.0
"""Curvature, in 1/mm, beyond which the pen goes no slower; it stands for every corner."""
STRAIGHT = 0.2
"""Curvature, in 1/mm, below which the pen goes no faster."""
LANDING = 1.0
"""Millimetres of path over which the pressure builds up and fades."""


@dataclass(frozen=True)
class Touch:
    """How a writer moves and presses the pen.

    Args:
        speed: Millimetres a second on a straight.
        tremor: Amplitude in millimetres.
        pressure: Mean pressure, in [0, 1].
        spread: How much the pressure varies along a stroke.
        fade: Loss of pressure at landing and lifting, in [0, 1].
    """

    speed: float
    tremor: float
    pressure: float
    spread: float
    fade: float


def sample_touch(haste: float, rng: np.random.Generator) -> Touch:
    """Draw a writer's touch; ``haste`` in [0, 1]. One writer in twelve shakes visibly."""
    return Touch(
        speed=25.0 + 90.0 * haste,
        tremor=rng.exponential(0.05 if rng.random() < 1 / 12 else 0.008),
        pressure=rng.uniform(0.35, 0.75),
        spread=rng.uniform(0.02, 0.15),
        fade=rng.beta(1.5, 3.0),
    )


def perform(path: Array, first: NDArray[np.intp], near_end: Array, touch: Touch, rng: np.random.Generator) -> Drawing:
    """Give a path its time, tremor and pressure, and cut it into strokes.

    Args:
        path: (n, 2) in millimetres, the strokes one after another.
        first: Where each stroke begins in the path; the first is 0.
        near_end: (n,) distance along the stroke to its nearer end, in millimetres.
        touch: The writer's.
        rng: Phases of tremor and pressure.
    """
    time, pace = _time(path, first, touch.speed)
    phases = rng.random(4, np.float32) * np.float32(2 * math.pi)
    points = np.empty((len(path), 4), np.float32)
    for axis, rate in enumerate((TREMOR_HZ, 1.13 * TREMOR_HZ)):
        points[:, axis] = path[:, axis] + touch.tremor * np.sin(time * (2 * math.pi * rate) + phases[axis])
    points[:, 2] = time
    wander = 0.6 * (np.sin(time * 3.0 + phases[2]) + np.sin(time * 7.1 + phases[3])) - (pace - 1.0)
    press = (touch.pressure + touch.spread * wander) * (1 - touch.fade * np.exp(near_end / -LANDING))
    np.minimum(np.maximum(press, 0.05), 1.0, out=points[:, 3])
    bounds = [*first.tolist(), len(path)]
    return Drawing(tuple(points[start:end] for start, end in pairwise(bounds)))


def _time(path: Array, first: NDArray[np.intp], speed: float) -> tuple[Array, Array]:
    """Seconds at each point, and its pace against the mean, by the two-thirds power law.

    In drawing, the speed goes with the cube root of the radius of curvature (Lacquaniti, Terzuolo and Viviani, "The
    law relating the kinematic and figural aspects of drawing movements", 1983), bounded on straights.
    """
    step = np.empty_like(path)
    step[0] = 0.0
    np.subtract(path[1:], path[:-1], out=step[1:])
    length = np.sqrt(step[:, 0] ** 2 + step[:, 1] ** 2) + np.float32(1e-4)
    unit = step / length[:, None]
    bend = unit[1:] - unit[:-1]
    curvature = np.full(len(path), SHARPEST, np.float32)
    curvature[:-1] = np.sqrt(bend[:, 0] ** 2 + bend[:, 1] ** 2) / length[:-1]
    curvature[first] = curvature[first[1:] - 1] = SHARPEST
    pace = np.cbrt(STRAIGHT / (np.minimum(curvature, SHARPEST) + STRAIGHT))
    seconds = length / (speed * pace)
    seconds[first] += LIFT
    return np.cumsum(seconds) - seconds[0], pace / pace.mean()
