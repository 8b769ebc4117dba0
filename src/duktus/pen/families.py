"""Digits as continuous families of forms, as they are written where schools teach other forms than the skeletons'.

Ones with long upstrokes, barred sevens, fours in one zigzag, looped twos, nines like a g, a P or a mirrored s, zeros
with the strokes by which a cursive hand enters and leaves them. Lengths are in heights of a digit, the baseline at
y = 0 and y downwards. The measures of a form are drawn once, as a hand keeps its habits.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Points = list[tuple[float, float]]


def sample_family(digit: str, rng: np.random.Generator) -> list[NDArray[np.float32]] | None:
    """Return the strokes (n, 2) of a form of a digit; None for what is no digit of ``FAMILIES``."""
    draw = FAMILIES.get(digit)
    return None if draw is None else [np.array(path, np.float32) for path in draw(rng)]


def _u(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _n(rng: np.random.Generator, spread: float) -> float:
    return float(rng.normal(0, spread))


def _ring(middle: tuple[float, float], radii: tuple[float, float], start: float, turn: float) -> Points:
    """Return points on an ellipse; angles in radians from the right, against the clock where ``turn`` is below 0."""
    count = max(4, round(abs(turn) * 1.6))
    turns = np.linspace(start, start + turn, count)
    return [(float(middle[0] + radii[0] * np.cos(t)), float(middle[1] + radii[1] * np.sin(t))) for t in turns]


def _nought(rng: np.random.Generator) -> list[Points]:
    wide = _u(rng, 0.2, 0.45)
    start = _u(rng, -2.4, -0.6)
    ring = _ring((wide, -0.5), (wide, 0.5), start, -2 * np.pi * _u(rng, 0.88, 1.1))
    kind = rng.random()
    if kind < 0.2:  # left towards the next digit, from the top
        dip = _u(rng, -0.05, 0.12)
        return [[*ring, (1.6 * wide, -1 + dip), (_u(rng, 2.2, 3.6) * wide, -1 + _n(rng, 0.1))]]
    if kind < 0.4:  # a loop at the top before it is left, or none
        high, x = _u(rng, 0.1, 0.25), wide * _u(rng, 0.6, 1.3)
        loop = [(x + 0.1, -1 + high), (x - 0.08, -1 + 1.4 * high), (x - 0.1, -1 + 0.4 * high)]
        return [[*ring, *loop, (_u(rng, 1.4, 2.6) * wide, -1 + _n(rng, 0.06))]]
    if kind < 0.5:  # entered by a stroke from the left
        return [[(-_u(rng, 0.05, 0.35), -1 + _u(rng, -0.05, 0.3)), *ring]]
    if kind < 0.58:  # entered by a hook within
        return [[(wide * 1.1, -_u(rng, 0.55, 0.8)), (wide * 1.4, -0.92), *ring]]
    return [ring]


def sample_noughts(count: int, rng: np.random.Generator) -> tuple[list[NDArray[np.float32]], float]:
    """Return zeros that hang together: the stroke (n, 2) of each, which leads into the next, and their distance.

    They are lower than other digits mostly, on the baseline or as high as these reach, and not always closed.
    """
    wide, high = _u(rng, 0.16, 0.4), _u(rng, 0.5, 1.05)
    gap, foot = _u(rng, -0.08, 0.28), -(1 - high) * float(rng.choice([0, 0, 1, _u(rng, 0, 1)]))
    below = rng.random() < 0.2  # joined at their feet
    start = _u(rng, 0.7, 1.6) if below else _u(rng, -2.2, -0.8)
    turn = -2 * np.pi * (_u(rng, 0.9, 1.1) if below else _u(rng, 0.8, 1.06))
    pitch, paths = 2 * wide + gap, []
    rings = []
    for _ in range(count):
        radii = wide * _u(rng, 0.9, 1.1), high / 2
        rings.append(_ring((wide + _n(rng, 0.02), foot - high / 2), radii, start, turn * _u(rng, 0.95, 1.04)))
    row = foot - (0 if below else high) + _n(rng, 0.04)
    for place, ring in enumerate(rings):
        led: Points = []
        if place + 1 < count:
            led = [(2 * wide + gap / 2, row), (pitch + rings[place + 1][0][0], rings[place + 1][0][1])]
        elif rng.random() < 0.4:
            led = [(2 * wide + _u(rng, 0.05, 0.5), row)]
        paths.append(np.array([*ring, *led], np.float32))
    return paths, pitch


def _one(rng: np.random.Generator) -> list[Points]:
    long, wide = _u(rng, 0.12, 1.0), _u(rng, 0.1, 0.7)
    bow, foot = _n(rng, 0.05), _n(rng, 0.06)
    start = (-wide * (0.5 + 0.5 * long), -1 + long)
    half = (start[0] / 2 + bow, (start[1] - 1) / 2 - abs(bow))
    path: Points = [start, half, (0, -1), (foot / 2, -0.5), (foot, 0)]
    if rng.random() < 0.1:  # the upstroke and the stem enclose a narrow loop
        path = [start, half, (-0.02, -0.96), (0.06, -1), (0.07, -0.9), (foot / 2, -0.45), (foot, 0)]
    if rng.random() < 0.06:
        path.append((foot + _u(rng, 0.05, 0.2), -_u(rng, 0, 0.12)))
    serif = _u(rng, 0.1, 0.3)
    if rng.random() < 0.12:  # entered by a level stroke, as by a dash
        row, bend = _u(rng, -0.62, -0.3), _u(rng, 0.08, 0.3)
        path = [(-bend - _u(rng, 0.1, 0.4), row + _n(rng, 0.04)), (-bend, row), (0, -1), (foot / 2, -0.5), (foot, 0)]
        serif = _u(rng, 0.15, 0.4)
        return [path, [(foot - serif, 0), (foot + serif, 0)]] if rng.random() < 0.6 else [path]
    return [path, [(foot - serif, 0), (foot + serif, 0)]] if rng.random() < 0.18 else [path]


def _two(rng: np.random.Generator) -> list[Points]:
    wide, loop = _u(rng, 0.4, 0.65), _u(rng, 0.0, 0.2)
    head: Points = [(0.03, -0.75), (0.3 * wide, -1), (0.9 * wide, -0.9), (0.85 * wide, -0.6), (0.2 * wide, -0.12)]
    if rng.random() < 0.25:  # the head begins with a curl
        curl = _u(rng, 0.06, 0.16)
        head = [(0.12 + curl, -0.78), (0.1, -0.72), (-0.02, -0.8), *head[1:]]
    elif rng.random() < 0.2:  # with a loop that fills it
        reach, deep = wide * _u(rng, 0.45, 0.8), _u(rng, -0.62, -0.45)
        head = [(reach, -0.85), (0.7 * reach, deep - 0.05), (0.15 * reach, deep), (-0.05, -0.75), *head[1:]]
    knot: Points = [(0, 0), (-0.06, -loop), (0.12, -1.6 * loop), (0.3 * wide, -0.04)] if loop > 0.05 else [(0, 0)]
    end = (wide * _u(rng, 0.9, 1.5), _n(rng, 0.06))
    wave: Points = [(0.6 * end[0], -_u(rng, 0.02, 0.12)), (0.8 * end[0], 0.03)] if rng.random() < 0.3 else []
    return [[*head, *knot, *wave, end]]


def _three(rng: np.random.Generator) -> list[Points]:
    upper, lower, waist = _u(rng, 0.32, 0.55), _u(rng, 0.38, 0.62), _u(rng, -0.64, -0.44)
    cusp = _u(rng, 0.05, 0.28)
    if rng.random() < 0.35:  # a flat top, and a stroke back as in a z
        head: Points = [(0.02, -1 + _n(rng, 0.03)), (upper, -1 + _n(rng, 0.03)), (cusp, waist - 0.03)]
    else:
        head = [(0, -0.85), (0.4 * upper, -1), (upper, -0.84), (0.8 * upper, waist - 0.08), (cusp, waist)]
    if rng.random() < 0.2:
        head += [(cusp - 0.07, waist + 0.05), (cusp + 0.05, waist + 0.06)]
    low = _u(rng, -0.3, -0.18)
    bowl: Points = [(0.8 * lower, waist + 0.1), (lower, low), (0.6 * lower, -0.02), (0.1, _n(rng, 0.04))]
    return [[*head, *bowl, (-_u(rng, 0, 0.15), -_u(rng, 0.02, 0.2))]]


def _four(rng: np.random.Generator) -> list[Points]:
    wide, row = _u(rng, 0.4, 0.75), _u(rng, -0.48, -0.22)
    stem, kind = wide * _u(rng, 0.6, 0.85), rng.random()
    if kind < 0.22:  # closed, pointed at its top
        return [[(stem + _n(rng, 0.03), 0), (stem, -1), (0, row), (wide, row + _n(rng, 0.03))]]
    if kind < 0.34:  # the same, drawn from the top and closed by the stem
        lean = _u(rng, -0.08, 0.12)
        return [[(stem, -1), (0, row), (wide, row + _n(rng, 0.04))], [(stem + lean, -1.0), (stem - lean / 2, 0.02)]]
    if kind < 0.52:  # one zigzag
        top, back = wide * _u(rng, 0.3, 0.8), wide * _u(rng, 0.6, 1.0)
        bend = [(back * 0.97, row - _u(rng, 0.0, 0.3))] if rng.random() < 0.5 else []
        return [[(top, -1), (0, row), (back * 0.95, row - _u(rng, 0, 0.08)), *bend, (back - _u(rng, 0, 0.2), 0)]]
    if kind < 0.62:  # a cup and a stem from its rim
        cup: Points = [(0.02, -0.95), (0, -0.6), (0.12, row - 0.05), (0.6 * wide, row - 0.08)]
        return [[*cup, (wide, -_u(rng, 0.6, 0.95)), (wide - _u(rng, 0, 0.15), 0)]]
    top = _u(rng, 0.1, 0.6) * wide
    low = [(0.06, row + 0.04)] if rng.random() < 0.2 else []
    bar = (wide * _u(rng, 0.95, 1.25), row + _n(rng, 0.05))
    return [[(top, -1), (0, row), *low, bar], [(stem, row - _u(rng, 0.1, 0.55)), (stem - 0.04, 0.1)]]


def _five(rng: np.random.Generator) -> list[Points]:
    neck, wide, lean = _u(rng, -0.68, -0.46), _u(rng, 0.36, 0.6), _u(rng, -0.02, 0.14)
    foot = _u(rng, -0.35, -0.2)
    bowl: Points = [(0.3 * wide, neck - 0.05), (0.8 * wide, neck + 0.08), (wide, foot), (0.7 * wide, -0.06)]
    end: Points = [(0.3 * wide, _n(rng, 0.03)), (-_u(rng, 0, 0.15), -_u(rng, 0.0, 0.15))]
    stem: Points = [(lean, -1 + _n(rng, 0.03)), (0, neck)]
    reach = _u(rng, 0.35, 0.95)
    if rng.random() < 0.5:
        if rng.random() < 0.3:  # rounded throughout, like an s
            return [[(reach, -1), (0.12, -0.97), (0.04, -0.75), (0.12, neck), *bowl[1:], *end]]
        return [[(lean + reach, -1 + _n(rng, 0.05)), *stem, *bowl, *end]]
    off = _u(rng, -0.05, 0.15)
    rise = _n(rng, 0.06)
    return [[*stem, *bowl, *end], [(lean + off, -1 - _u(rng, -0.05, 0.1)), (lean + off + reach, -1 + rise)]]


def _six(rng: np.random.Generator) -> list[Points]:
    wide, bowl, lean = _u(rng, 0.16, 0.28), _u(rng, 0.18, 0.34), _u(rng, 0.05, 0.45)
    down: Points = [(lean, -1), (lean * _u(rng, 0.25, 0.5), -0.75), (0.0, -bowl * 1.2)]
    ring = _ring((wide, -bowl), (wide, bowl), np.pi * 0.97, -np.pi * 2 * _u(rng, 0.75, 1.05))
    if rng.random() < 0.2:  # entered by a hook
        down = [(lean + _u(rng, 0.05, 0.2), -_u(rng, 0.8, 0.95)), *down]
    out = [(2.6 * wide, -bowl * _u(rng, 0.6, 1.8))] if rng.random() < 0.15 else []
    return [[*down, *ring, *out]]


def _seven(rng: np.random.Generator) -> list[Points]:
    wide, drop = _u(rng, 0.35, 0.7), _u(rng, -0.05, 0.22)
    foot, bend = _u(rng, 0.0, 0.35), float(rng.normal(0.03, 0.05))
    path: Points = [(0, -1 + drop), (0.4 * wide, -1 + bend), (wide, -1), ((wide + foot) / 2 + bend, -0.5), (foot, 0.08)]
    if rng.random() < 0.4:
        path = [(0.02, -0.75 + drop), *path]
    if rng.random() < 0.1:
        path.append((foot + _u(rng, 0.1, 0.3), _u(rng, -0.05, 0.06)))
    if rng.random() < 0.35:
        return [path]
    row, middle = _u(rng, -0.58, -0.36), (wide + foot) / 2
    half, tilt = _u(rng, 0.12, 0.32), _n(rng, 0.05)
    bar: Points = [(middle - half, row - tilt), (middle + half, row + tilt)]
    if rng.random() < 0.25:
        bar.insert(1, (middle - 0.3 * half, row + _n(rng, 0.05)))
    return [path, bar]


def _eight(rng: np.random.Generator) -> list[Points]:
    upper, lower, waist = _u(rng, 0.15, 0.26), _u(rng, 0.18, 0.3), _u(rng, -0.6, -0.45)
    middle, kind = 0.25, rng.random()
    if kind < 0.3:  # two rings
        top = _ring((middle, (waist - 1) / 2), (upper, (waist + 1) / 2), np.pi / 2, -2 * np.pi * _u(rng, 0.92, 1.05))
        foot = _ring((middle, waist / 2), (lower, -waist / 2), -np.pi / 2, 2 * np.pi * _u(rng, 0.92, 1.05))
        return [top, foot]
    start = (middle + upper * _u(rng, 0.5, 1.3), -1 + _u(rng, 0.0, 0.22))
    s: Points = [start, (middle, -1), (middle - upper, -0.82), (middle, waist), (middle + lower, waist * 0.45)]
    back: Points = [(middle, 0), (middle - lower, waist * 0.42), (middle + 0.02, waist)]
    end: Points = [(middle + upper, -0.82), (middle + upper * _u(rng, 0.3, 1.2), -1 + _u(rng, -0.08, 0.12))]
    if kind < 0.5:  # left by a stroke to the right
        end.append((middle + upper + _u(rng, 0.1, 0.4), -1 + _n(rng, 0.08)))
    return [[*s, *back, *end]]


def _nine(rng: np.random.Generator) -> list[Points]:
    r, high = _u(rng, 0.15, 0.34), _u(rng, 0.16, 0.34)
    side, kind = 2 * r, rng.random()
    if kind < 0.36:  # a base stroke to the left, as in a g; where the head stays open, as in a mirrored s
        loop = _ring((r, -1 + high), (r, high), -0.5, -2 * np.pi * _u(rng, 0.62, 1.05))
        right, deep = side + _u(rng, -0.14, 0.06), _u(rng, 0.12, 0.42)
        closing = (side - 0.02, -1 + high * _u(rng, 0.9, 1.7))
        low: Points = [closing, (right, -deep), (right - 0.1, -0.05), (0.3 * side, 0.0)]
        return [[*loop, *low, (-_u(rng, 0.0, 0.45), -_u(rng, -0.03, 0.22))]]
    loop = _ring((r, -1 + high), (r, high), -0.6, -2 * np.pi * _u(rng, 0.85, 1.05))
    if kind < 0.48:  # a straight stem beside the head, perhaps apart from it
        x, lean = side + _n(rng, 0.03), _n(rng, 0.05)
        return [loop, [(x - lean, -1 + _u(rng, -0.06, 0.3)), (x + lean, 0.04)]]
    if kind < 0.53:  # a stem to the left of the head, as in a P
        x = _u(rng, 0.0, 0.5 * r)
        turned = _ring((r, -1 + high), (r, high), np.pi, 2 * np.pi * _u(rng, 0.8, 0.95))
        return [[(x, -1 + high), *turned[1:], (x + 0.05, -1 + 1.6 * high)], [(x, -0.98), (x + _n(rng, 0.05), 0)]]
    foot = _u(rng, -0.15, 0.55)
    tail: Points = [(side, -1 + high), (side - 0.03, -0.4), (foot, 0.05)]
    if kind < 0.8:
        tail.append((foot - 0.2, -_u(rng, 0.0, 0.14)))
    return [loop + tail]


FAMILIES: Mapping[str, Callable[[np.random.Generator], list[Points]]] = {
    "0": _nought, "1": _one, "2": _two, "3": _three, "4": _four,
    "5": _five, "6": _six, "7": _seven, "8": _eight, "9": _nine,
}  # fmt: skip
"""How a form of each digit is drawn."""
