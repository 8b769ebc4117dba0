"""A form's control points become the path of a pen: one matrix product, however the points are moved.

The curve is the centripetal Catmull-Rom spline, which has neither cusps nor loops within a segment (Yuksel, Schaefer
and Keyser, "Parameterization and applications of Catmull-Rom curves", 2011), in the pyramid of Barry and Goldman
(1988). For fixed knots each point of the path is a weighted sum of control points, so the weights are found once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.pen.letters import Form, Point

Array = NDArray[np.float32]
SPACING = 3.0
"""Distance between neighbouring points of a path, in hundredths of the em."""
INERTIA = 7.0
"""How far the slurred path averages over its own course (a standard deviation), in hundredths of the em."""

REACH = 22.0
"""How far along a stroke a displacement is shared (a standard deviation), in hundredths of the em."""


@dataclass(frozen=True, eq=False)
class Course:
    """How the n points of a form's path follow from its k control points.

    ``sharp``, ``smooth`` and ``slurred`` are weights (n, k): with the corners as drawn; with a tangent that runs
    through every corner; and averaged along the path as a fast pen does. ``kinship`` (k, k) makes independent unit
    noise of control points into unit noise that neighbours on a stroke share. ``first`` is where each stroke begins
    among the points, ``ends`` are the ends of strokes among the control points and ``before_ends`` their neighbours;
    ``to_start``, ``to_end`` and ``near_end`` (n,) are distances along the stroke to its ends and to the nearer of them,
    in hundredths of the em.
    """

    control: Array
    kinship: Array
    sharp: Array
    smooth: Array
    slurred: Array
    stroke_of_control: NDArray[np.intp]
    first: NDArray[np.intp]
    ends: NDArray[np.intp]
    before_ends: NDArray[np.intp]
    to_start: Array
    to_end: Array
    near_end: Array


def lay_course(form: Form) -> Course:
    """Find the weights of a form's path and where its strokes begin and end."""
    parts = [_weights(stroke) for stroke in form.strokes]
    sizes = np.array([len(stroke) for stroke in form.strokes])
    last = np.cumsum(sizes) - 1
    first = last - sizes + 1
    sharp, smooth, slurred = (_diagonal(kind) for kind in zip(*parts, strict=True))
    control = np.array([(point.x, point.y) for stroke in form.strokes for point in stroke], np.float32)
    paths = [part[0] @ control[a : b + 1] for part, a, b in zip(parts, first, last, strict=True)]
    along = [distances(path).astype(np.float32) for path in paths]
    to_start = np.concatenate(along)
    to_end = np.concatenate([steps[-1] - steps for steps in along])
    return Course(
        control=control,
        kinship=_diagonal([_kinship(control[a : b + 1]) for a, b in zip(first, last, strict=True)]),
        sharp=sharp,
        smooth=smooth,
        slurred=slurred,
        stroke_of_control=np.repeat(np.arange(len(sizes)), sizes),
        first=np.cumsum([0, *(len(part[0]) for part in parts[:-1])]),
        ends=np.concatenate((first, last)),
        before_ends=np.concatenate((np.minimum(first + 1, last), np.maximum(last - 1, first))),
        to_start=to_start,
        to_end=to_end,
        near_end=np.minimum(to_start, to_end),
    )


def _weights(stroke: tuple[Point, ...]) -> tuple[Array, Array, Array]:
    if len(stroke) == 1:
        return (np.ones((1, 1), np.float32),) * 3
    points = np.array([(point.x, point.y) for point in stroke])
    corners = [True, *(point.corner for point in stroke[1:-1]), True]
    ends = [True, *(False for _ in stroke[1:-1]), True]
    sharp, smooth = _spline(points, corners), _spline(points, ends)
    return sharp, smooth, _slur(len(sharp)) @ smooth


def _spline(points: NDArray[np.float64], breaks: list[bool]) -> Array:
    rows = [_segment(points, index, breaks[index], breaks[index + 1]) for index in range(len(points) - 1)]
    end = np.eye(len(points))[-1:]
    return np.concatenate((*rows, end)).astype(np.float32)


def _segment(points: NDArray[np.float64], index: int, starts: bool, ends: bool) -> NDArray[np.float64]:
    """The weights between two control points; beyond a break the curve sees its neighbour's mirror image."""
    unit = np.eye(len(points))
    here, there = unit[index], unit[index + 1]
    previous = 2 * here - there if starts else unit[index - 1]
    following = 2 * there - here if ends else unit[index + 2]
    frame = np.stack((previous, here, there, following))
    chords = np.linalg.norm(np.diff(frame @ points, axis=0), axis=1)
    knots = np.concatenate(([0.0], np.cumsum(np.sqrt(np.maximum(chords, 1e-6)))))
    steps = max(1, round(chords[1] / SPACING))
    at = np.linspace(knots[1], knots[2], steps, endpoint=False)
    return _pyramid(frame, knots, at)


def _pyramid(frame: NDArray[np.float64], knots: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    layer: NDArray[np.float64] = np.repeat(frame[:, None], len(at), axis=1)
    for depth, spans in ((1, ((0, 1), (1, 2), (2, 3))), (2, ((0, 2), (1, 3))), (3, ((1, 2),))):
        share = np.stack([(at - knots[a]) / (knots[b] - knots[a]) for a, b in spans])[..., None]
        layer = layer[: 4 - depth] * (1 - share) + layer[1 : 5 - depth] * share
    return np.asarray(layer[0], np.float64)


def _slur(length: int) -> Array:
    """A moving average whose window narrows towards the ends, so that those stay where they are."""
    place = np.arange(length)
    width = np.minimum(INERTIA / SPACING, np.minimum(place, place[::-1]) / 2) + 0.1
    kernel = np.exp(-0.5 * ((place[:, None] - place) / width[:, None]) ** 2)
    return np.asarray(kernel / kernel.sum(axis=1, keepdims=True), np.float32)


def _kinship(control: Array) -> Array:
    """Without it a curve of many control points would become a polygon under noise, and one of few would not."""
    along = distances(control).astype(np.float32)
    kernel = np.exp(-0.5 * ((along[:, None] - along) / REACH) ** 2)
    return np.asarray(kernel / np.linalg.norm(kernel, axis=1, keepdims=True), np.float32)


def _diagonal(blocks: Sequence[Array]) -> Array:
    whole = np.zeros((sum(block.shape[0] for block in blocks), sum(block.shape[1] for block in blocks)), np.float32)
    row = column = 0
    for block in blocks:
        whole[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return whole


def distances(path: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return how far along a path (n, 2) each of its points lies, (n,)."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    return np.concatenate(([0.0], np.cumsum(steps)))


def rotation(angle: float) -> NDArray[np.float64]:
    """Return the matrix that turns points (n, 2), from the right, by an angle in radians."""
    sine, cosine = math.sin(angle), math.cos(angle)
    return np.array(((cosine, sine), (-sine, cosine)))
