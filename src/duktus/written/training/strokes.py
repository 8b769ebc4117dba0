"""Words and lines of recorded pen strokes, each with its core band: what composed pages are written with."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.pen.pages.quick import point

Stroke = NDArray[np.float32]
"""(n, 2): x and y, y downwards; 100 units are a writer's usual height of a word."""

FULL = 0.5
"""The core band of a line are the rows about its fullest that hold at least this share of the fullest row's ink."""


@dataclass(frozen=True, eq=False)
class Written:
    """A word, line or character of one writer.

    ``paths`` are its strokes, x from 0 and y from the baseline, downwards. ``top`` is the upper edge of its core band
    (below 0), ``rows`` the rows between which the middle four fifths of its ink lie.
    """

    paths: tuple[Stroke, ...]
    label: str
    width: float
    top: float
    rows: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Writer:
    """What one writer wrote, by kind: ``words``, ``texts``, ``digits``, ``capitals``, ``small``."""

    name: str
    pieces: dict[str, list[Written]]


KINDS = ("words", "texts", "digits", "capitals", "small")


def read_writers(folder: Path, kinds: tuple[str, ...] = KINDS) -> list[Writer]:
    """Read UNIPEN's writers, sorted by name.

    Args:
        folder: with ``words.jsonl.gz`` and so on: a segment a line, ``label``, ``writer`` and ``strokes``.
        kinds: which files to read.
    """
    found: dict[str, dict[str, list[Written]]] = {}
    for kind in kinds:
        with gzip.open(folder / f"{kind}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                segment = json.loads(line)
                strokes = [np.asarray(stroke, np.float32).reshape(-1, 2) for stroke in segment["strokes"] if stroke]
                piece = as_piece(strokes, segment["label"], characters=kind not in ("words", "texts"))
                if piece is not None:
                    found.setdefault(segment["writer"], {}).setdefault(kind, []).append(piece)
    return [Writer(name, found[name]) for name in sorted(found)]


def as_piece(paths: list[Stroke], label: str, *, characters: bool) -> Written | None:
    """Return strokes (n, 2) as a word or line, or as single characters; None where they are neither."""
    if not paths:
        return None
    joined = np.concatenate(paths)
    height = float(np.ptp(joined[:, 1]))
    if height < 1 or (not characters and height > 400):
        return None  # a dash, or a text of several lines
    rows = _rows(paths)
    top, base = (float(joined[:, 1].min()), float(joined[:, 1].max())) if characters else core_band(rows)
    low, high = np.quantile(rows, (0.1, 0.9))
    left = float(joined[:, 0].min())
    moved = tuple(path - point(left, base) for path in paths)
    return Written(moved, label, float(np.ptp(joined[:, 0])), top - base, (float(low) - base, float(high) - base))


def _rows(paths: list[Stroke]) -> NDArray[np.float32]:
    """Return the rows of points that lie evenly along all strokes."""
    found = [path[:1, 1] for path in paths]
    for path in paths:
        if len(path) > 1:
            steps = np.hypot(*np.diff(path, axis=0).T)
            run = np.concatenate(([0.0], np.cumsum(steps)))
            found.append(np.interp(np.arange(0, run[-1], 2.0), run, path[:, 1]).astype(np.float32))
    return np.concatenate(found)


def core_band(rows: NDArray[np.float32]) -> tuple[float, float]:
    """Return the upper and the lower edge of the band that is inked most, from the rows of points along strokes."""
    low = float(rows.min())
    counts = np.bincount((rows - low).astype(int)).astype(np.float64)
    smooth = np.convolve(np.pad(counts, 12), np.hanning(15) / 7, mode="same")[12:-12]
    middle = int(np.clip(np.searchsorted(np.cumsum(counts), counts.sum() / 2), 0, len(smooth) - 1))
    full = smooth >= FULL * np.quantile(smooth, 0.95)
    if not full[middle]:
        middle = int(np.flatnonzero(full)[np.abs(np.flatnonzero(full) - middle).argmin()])
    above = np.flatnonzero(~full[:middle])
    below = np.flatnonzero(~full[middle:])
    top = above[-1] + 1 if len(above) else 0
    base = middle + below[0] if len(below) else len(full)
    return low + float(top), low + float(base)
