"""Recorded pen strokes drawn with pens: lines of writing by writers of whom there are no pages (UNIPEN)."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.pen.pages.quick import Nib, draw_paths, smooth_path
from duktus.types import DataError, Ink

LETTERS = 25
"""A line of writing has at least so many letters."""

LINES = 10
"""Lines of a writer that are drawn at most, and at least a quarter as many."""

SHORTEST = 3
"""Words of fewer letters are left out: they are signs and single letters."""

SIZES = (0.35, 0.8)
"""Pixels of a stroke file's unit, of which 100 are the height of a word, at a scan's usual resolution."""

WIDTHS = (0.06, 0.12)
"""A writer's pen is so wide, in heights of a word; the logarithm of its width is even."""

UNEVEN = 0.12
"""Standard deviation of the logarithm of the pen's width from line to line."""

SPACE = 40
"""Units between two words."""

Stroke = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DrawnLine:
    """A line of writing: ``ink`` (h, w), and the writer's name."""

    ink: Ink
    writer: str


def drawn_lines(folder: Path, rng: np.random.Generator) -> Iterator[DrawnLine]:
    """Yield lines of writing by each writer who wrote enough, drawn with a pen of his own.

    Args:
        folder: with ``texts.jsonl.gz`` and ``words.jsonl.gz``: a segment a line, of ``label``, ``writer``, ``strokes``.
        rng: draws pens, sizes, blur and noise.

    Raises:
        DataError: a file is missing or holds something else.
    """
    for writer, pieces in sorted(_pieces(folder).items()):
        lines = _lines([pieces[i] for i in rng.permutation(len(pieces))])
        if len(lines) < LINES // 4:
            continue
        width = np.exp(rng.uniform(*np.log(WIDTHS)))
        for line in lines[:LINES]:
            yield DrawnLine(_draw(line, float(width * np.exp(rng.normal(0, UNEVEN))), rng), writer)


def _pieces(folder: Path) -> dict[str, list[tuple[str, list[Stroke]]]]:
    found: dict[str, list[tuple[str, list[Stroke]]]] = defaultdict(list)
    for name in ("texts", "words"):
        path = folder / f"{name}.jsonl.gz"
        try:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for row in map(json.loads, lines):
                    strokes = [np.asarray(each, np.float32).reshape(-1, 2) for each in row["strokes"] if each]
                    if len(row["label"]) >= SHORTEST and strokes:
                        found[row["writer"]].append((row["label"], strokes))
        except (OSError, ValueError, KeyError, TypeError) as error:
            expected = "segments with label, writer and strokes"
            raise DataError(f"{path}: expected {expected}, received {error}; fetch the set again") from error
    return found


def _lines(pieces: list[tuple[str, list[Stroke]]]) -> list[list[Stroke]]:
    """Return words put together to lines of enough letters, each as strokes; what is left over is left out."""
    lines: list[list[Stroke]] = []
    current: list[Stroke] = []
    letters, right = 0, 0.0
    for label, strokes in pieces:
        left = min(float(stroke[:, 0].min()) for stroke in strokes)
        current += [stroke + np.array((right - left, 0), np.float32) for stroke in strokes]
        right = max(float(stroke[:, 0].max()) for stroke in current) + SPACE
        letters += len(label)
        if letters >= LETTERS:
            lines.append(current)
            current, letters, right = [], 0, 0.0
    return lines


def _draw(strokes: list[Stroke], width: float, rng: np.random.Generator) -> Ink:
    """Draw a line with a pen that is ``width`` heights of a word wide; scanned, it is blurred and has grain."""
    size = float(rng.uniform(*SIZES))
    nib = Nib(max(1.2, 100 * size * width), pressing=float(rng.uniform(0, 0.3)))
    points = np.concatenate(strokes)
    rim = nib.width + 4
    low, high = points.min(axis=0), points.max(axis=0)
    across, down = (int(each) + 1 for each in (high - low) * size + 2 * rim)
    paths = [smooth_path(np.asarray((stroke - low) * size + rim, np.float32)) for stroke in strokes]
    ink = draw_paths((down, across), paths, nib, rng)
    ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.45, 1.0))), np.float32)
    grain = rng.normal(0, float(rng.uniform(0, 0.1)), ink.shape) + rng.uniform(-0.1, 0.1)
    return np.asarray((ink + grain).clip(0, 1), np.float32)
