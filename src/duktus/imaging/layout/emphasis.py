"""Strokes that set writing off and are no part of it: rings around it, lines under it."""

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.layout.pieces import Pieces, pick_pieces

RING, INSIDE = 0.68, 0.08
"""Within the first share of its radius, on the ellipse of its box, a ring has at most the second share of its ink."""

AROUND, DIRECTIONS = 0.8, 24
"""Of so many directions from its middle a ring has ink in this share at least: people do not always close it."""

RINGED = 0.25
"""What a ring was drawn around is as high as this share of it at least: a point in a nought is less."""

FLAT, BEYOND = 4.0, 1.25
"""An underline is so many times as long as it is high, and as what stands on it is wide."""

NEAR = 1.0
"""A flat stroke under which something stands nearer than this, in heights of what is above it, is a fraction's."""


def drop_emphasis(pieces: Pieces) -> Pieces:
    """Return the pieces without the rings that a pen drew around others, closed or nearly, and without underlines."""
    if len(pieces.boxes) < 2:
        return pieces
    boxes = np.array(pieces.boxes)
    gone = _rings(pieces, boxes) | _underlines(boxes)
    return pick_pieces(pieces, np.flatnonzero(~gone).tolist()) if gone.any() else pieces


def _rings(pieces: Pieces, boxes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which pieces are rings around others."""
    corner, size = boxes[:, :2], boxes[:, 2:]
    inside = (corner[None] > corner[:, None]).all(axis=2)
    inside &= ((corner + size)[None] < (corner + size)[:, None]).all(axis=2)
    outer, inner = np.nonzero(inside)
    off = 2 * (corner[inner] + size[inner] / 2 - corner[outer]) / size[outer] - 1
    around = (np.hypot(*off.T) < RING) & (size[inner, 1] >= RINGED * size[outer, 1])
    rings = np.zeros(len(boxes), np.bool_)
    for i in np.unique(outer[around]).tolist():
        rings[i] = _is_ring(pieces, i)
    return rings


def _underlines(boxes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which pieces are flat, reach beyond what stands on them, and have nothing close below."""
    x, y, w, h = boxes.T
    lines = np.zeros(len(boxes), np.bool_)
    for i in np.flatnonzero(w > FLAT * h).tolist():
        over = (x + w / 2 > x[i]) & (x + w / 2 < x[i] + w[i]) & (w < FLAT * h)
        above, below = over & (y + h <= y[i] + h[i] / 2), over & (y >= y[i])
        if not above.any():
            continue
        high = int(h[above].max())
        above &= y[i] - (y + h) < high
        below &= y - (y[i] + h[i]) < NEAR * high
        if above.any() and not below.any():
            wide = (x + w)[above].max() - x[above].min()
            lines[i] = w[i] >= BEYOND * wide and x[i] < x[above].min() and (x + w)[above].max() < x[i] + w[i]
    return lines


def _is_ring(pieces: Pieces, index: int) -> bool:
    """Tell whether a piece's ink lies along the ellipse that its box holds, all around."""
    x, y, w, h = pieces.boxes[index]
    rows, columns = np.nonzero(pieces.labels[y : y + h, x : x + w] == pieces.numbers[index])
    across, down = (columns + 0.5) / (w / 2) - 1, (rows + 0.5) / (h / 2) - 1
    if np.count_nonzero(np.hypot(across, down) < RING) > INSIDE * len(rows):
        return False
    directions = np.floor(np.arctan2(down, across) * (DIRECTIONS / (2 * np.pi))).astype(np.intp)
    return len(np.unique(directions % DIRECTIONS)) >= AROUND * DIRECTIONS
