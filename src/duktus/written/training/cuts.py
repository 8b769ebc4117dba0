"""Words and lines cut out of scanned pages, as ink: writing with the texture that real pens and paper give."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.lines.transcribed import TranscribedLine, read_lines
from duktus.datasets.writers import find_hands
from duktus.imaging.ink.darkness import normalise
from duktus.learning.checkpoint import load_arrays, save_arrays
from duktus.types import DataError
from duktus.written.training.strokes import core_band

LEAST = 40
"""Pixels of ink from which a cut counts as writing."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Ink of a word or a line, (h, w) uint8 with 255 = full ink.

    ``base`` is the row of its baseline, ``top`` the upper edge of its core band from there (below 0), ``rows`` the
    middle four fifths of its ink from there, ``usual`` the usual height of its writer's text: all in pixels.
    """

    ink: NDArray[np.uint8]
    base: float
    top: float
    rows: tuple[float, float]
    usual: float


def cut_words(folder: Path) -> dict[str, list[Cut]]:
    """Return the words of DHSD by writer."""
    found: dict[str, list[NDArray[np.uint8]]] = {}
    for sample in find_hands(folder) or []:
        grey = cv2.imread(str(sample.image), cv2.IMREAD_GRAYSCALE)
        if grey is not None:
            found.setdefault(sample.writer, []).append(ink_of(np.asarray(grey, np.uint8)))
    return {writer: _as_cuts([(ink, None) for ink in inks]) for writer, inks in sorted(found.items())}


def cut_lines(pages: dict[Path, Path]) -> list[Cut]:
    """Return the lines of pages of one hand, by the polygons of their ALTO files.

    Args:
        pages: the ALTO file of each image; see ``read_lines`` for the scale.
    """
    inks = []
    for image, alto in pages.items():
        lines = read_lines(alto, image)
        grey = np.asarray(cv2.imread(str(image), cv2.IMREAD_GRAYSCALE), np.uint8)
        inks += _lines_of(ink_of(grey), lines)
    return _as_cuts(inks)


def ink_of(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ink by local contrast, 255 where it is full; paper is 0."""
    darkness = normalise(grey)
    return np.asarray(np.clip((darkness - 0.25) * (255 / 0.6), 0, 255), np.uint8)


def _lines_of(
    ink: NDArray[np.uint8], lines: tuple[TranscribedLine, ...]
) -> list[tuple[NDArray[np.uint8], float | None]]:
    found: list[tuple[NDArray[np.uint8], float | None]] = []
    for line in lines:
        if len(line.polygon) < 3 or np.ptp(line.baseline[:, 1]) > 0.06 * max(1.0, float(np.ptp(line.baseline[:, 0]))):
            continue
        x, y, w, h = cv2.boundingRect(np.rint(line.polygon).astype(np.int32))
        x, y = max(x, 0), max(y, 0)
        part = ink[y : y + h, x : x + w].copy()
        mask = np.zeros(part.shape, np.uint8)
        cv2.fillPoly(mask, [np.rint(line.polygon - (x, y)).astype(np.int32)], 1)
        part *= mask
        if part.size and not _is_ruled(part):
            found.append((part, float(line.baseline[:, 1].mean()) - y))
    return found


def _is_ruled(ink: NDArray[np.uint8]) -> bool:
    """Tell whether a printed line runs through a cut: its ink would be taken for written."""
    mask = (ink > 60).astype(np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, 70), np.uint8))
    return int(cv2.countNonZero(runs)) > 0.03 * cv2.countNonZero(mask) + 70


def _as_cuts(inks: list[tuple[NDArray[np.uint8], float | None]]) -> list[Cut]:
    measured = []
    for ink, base in inks:
        rows = np.nonzero(ink > 110)[0].astype(np.float32)
        if len(rows) >= LEAST:
            top, bottom = core_band(rows)
            low, high = np.quantile(rows, (0.1, 0.9))
            measured.append((ink, bottom if base is None else base, top, float(low), float(high)))
    if not measured:
        return []
    usual = float(np.median([high - low for *_, low, high in measured])) + 1
    return [
        Cut(ink, base, min(top - base, -2.0), (low - base, high - base), usual)
        for ink, base, top, low, high in measured
        if 0.4 < (high - low + 1) / usual < 2.5
    ]


def keep_cuts(file: Path, writers: list[list[Cut]]) -> None:
    """Write cuts by writer to a file, whole or not at all. Raises DataError where the disk does not take them."""
    cuts = [(number, cut) for number, each in enumerate(writers) for cut in each]
    numbers = [(number, *cut.ink.shape, cut.base, cut.top, *cut.rows, cut.usual) for number, cut in cuts]
    inks = [cut.ink.ravel() for _, cut in cuts] or [np.zeros(0, np.uint8)]
    table = np.array(numbers, np.float64).reshape(-1, 8)
    save_arrays(file, {"numbers": table, "ink": np.concatenate(inks)}, packed=True)


def kept_cuts(file: Path) -> list[list[Cut]]:
    """Return the cuts of a file. Raises DataError where it is broken or missing."""
    held = load_arrays(file)
    if held is None or set(held) != {"numbers", "ink"}:
        raise DataError(f"{file}: expected the cuts of a training, received none; delete its folder")
    writers: dict[int, list[Cut]] = {}
    start = 0
    for number, h, w, base, top, low, high, usual in held["numbers"].tolist():
        end = start + int(h) * int(w)
        ink = held["ink"][start:end].reshape(int(h), int(w))
        writers.setdefault(int(number), []).append(Cut(ink, base, top, (low, high), usual))
        start = end
    return list(writers.values())
