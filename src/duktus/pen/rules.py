"""Ruled paper and forms: guides, squares, tables, boxes and fields, as the lines that are printed on a sheet."""

from dataclasses import dataclass

import numpy as np

from duktus.pen.quick import Nib, Track, draw_paths
from duktus.types import Ink

STYLES = ("solid", "dotted", "dashed")


@dataclass(frozen=True)
class Rule:
    """How a line is printed: its width in pixels, and for dots and dashes the distance from one to the next."""

    style: str = "solid"
    width: float = 1.5
    pitch: float = 6.0


def sample_rule(rng: np.random.Generator, style: str | None = None) -> Rule:
    """Return a rule of any style, or of the one named: hairlines mostly, bars now and then."""
    style = style or str(rng.choice(STYLES, p=(0.55, 0.27, 0.18)))
    width = float(np.exp(rng.uniform(np.log(0.6), np.log(4.0)))) if rng.random() < 0.9 else float(rng.uniform(4, 9))
    if style == "dotted":
        width = min(width * 1.2, 5.0)
    # The eye joins dots that lie up to some four diameters apart.
    pitch = width * float(rng.uniform(1.8, 5.0)) + (float(rng.uniform(2, 10)) if style == "dashed" else 0.5)
    return Rule(style, width, pitch)


def rule_paths(start: Track, end: Track, rule: Rule) -> list[Track]:
    """Return the strokes of a line from one point to another, each (2,)."""
    way = np.asarray(end, np.float32) - np.asarray(start, np.float32)
    length = float(np.hypot(*way))
    if rule.style == "solid" or length < 2 * rule.pitch:
        return [np.stack((start, end)).astype(np.float32)]
    places = np.arange(0, length, rule.pitch, dtype=np.float32)[:, None] / np.float32(length)
    firsts = np.asarray(start, np.float32) + places * way
    if rule.style == "dotted":
        return list(firsts[:, None])
    dash = way * np.float32(0.6 * rule.pitch / length)
    return list(np.stack((firsts, firsts + dash), axis=1))


def draw_rules(shape: tuple[int, int], ends: list[tuple[Track, Track]], rule: Rule, rng: np.random.Generator) -> Ink:
    """Return the ink, (h, w) in [0, 1], of lines between pairs of points."""
    paths = [path for start, end in ends for path in rule_paths(start, end, rule)]
    return draw_paths(shape, paths, Nib(rule.width, pressing=0.0), rng)


def turn_points(points: Track, shape: tuple[int, int], angle: float) -> Track:
    """Return points turned by an angle in radians about the middle of a sheet."""
    middle = np.array((shape[1] / 2, shape[0] / 2), np.float32)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    x, y = (np.asarray(points, np.float32) - middle).T
    return np.stack((c * x - s * y, s * x + c * y), axis=1) + middle


def guide_ends(
    shape: tuple[int, int], pitch: float, offset: float, span: tuple[float, float], *, upright: bool = False
) -> list[tuple[Track, Track]]:
    """Return the ends of parallel lines, ``pitch`` apart; ``span`` are the shares of the sheet between which they run.

    Args:
        shape: of the sheet, (h, w).
        pitch: pixels from one line to the next.
        offset: of the first.
        span: begin and end along the lines.
        upright: vertical lines in place of level ones.
    """
    long, wide = (shape[0], shape[1]) if upright else (shape[1], shape[0])
    first, last = span[0] * long, span[1] * long
    places = np.arange(offset % pitch - 2 * pitch, wide + 2 * pitch, pitch)
    pairs = [np.array(((first, at), (last, at)), np.float32) for at in places]
    return [(pair[0, ::-1], pair[1, ::-1]) if upright else (pair[0], pair[1]) for pair in pairs]


def box_ends(x: float, y: float, w: float, h: float) -> list[tuple[Track, Track]]:
    """Return the four sides of a box."""
    corners = np.array(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), np.float32)
    return [(corners[i], corners[(i + 1) % 4]) for i in range(4)]


def table_ends(columns: list[float], rows: list[float]) -> list[tuple[Track, Track]]:
    """Return the lines of a table from the places of its vertical and of its level lines."""
    left, right, top, bottom = columns[0], columns[-1], rows[0], rows[-1]
    level = [(np.array((left, y), np.float32), np.array((right, y), np.float32)) for y in rows]
    upright = [(np.array((x, top), np.float32), np.array((x, bottom), np.float32)) for x in columns]
    return level + upright


def turn_ends(ends: list[tuple[Track, Track]], shape: tuple[int, int], angle: float) -> list[tuple[Track, Track]]:
    """Return lines turned about the middle of a sheet."""
    if not ends or not angle:
        return ends
    turned = turn_points(np.array(ends, np.float32).reshape(-1, 2), shape, angle).reshape(-1, 2, 2)
    return [(pair[0], pair[1]) for pair in turned]
