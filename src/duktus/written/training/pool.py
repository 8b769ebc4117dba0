"""Squares of pages with their truth, in one array: kept on disk, and read by many processes at once."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError
from duktus.written.truth import Composite

OCTAVE = 32
"""Heights are kept as integers, so many an octave: 1 is 2 ** (1 / 32) pixels, 0 is none."""

Squares = NDArray[np.uint8]
"""(n, 4, h, w): grey, classes, core bands and heights of each square; see ``Composite``."""


def stack(composites: list[Composite]) -> Squares:
    """Return composites of one shape as squares."""
    layers = [(each.page, each.classes, each.band, encode_heights(each.heights)) for each in composites]
    return np.stack([np.stack(each) for each in layers])


def encode_heights(heights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return heights in pixels as integers."""
    known = heights > 0
    levels = np.rint(OCTAVE * np.log2(np.maximum(heights, 1.03)))
    return np.where(known, np.clip(levels, 1, 255), 0).astype(np.uint8)


def save_squares(file: Path, squares: Squares) -> None:
    """Write squares to a file, whole or not at all. Raises DataError where the disk does not take them."""
    beside = file.with_name(f"{file.name}.part")
    try:
        with beside.open("wb") as out:
            np.save(out, squares, allow_pickle=False)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DataError(
            f"{file}: the squares cannot be written ({error.strerror or error}); free some space"
        ) from error


def load_squares(file: Path) -> Squares:
    """Return the squares of a file, which are read as they are used. Raises DataError where it is broken or missing."""
    try:
        squares = np.load(file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{file}: expected the squares of a training, received {error}; delete its folder") from error
    if squares.ndim != 4 or squares.shape[1] != 4 or squares.dtype != np.uint8:
        raise DataError(f"{file}: expected squares (n, 4, h, w), received {squares.shape}; delete its folder")
    return np.asanyarray(squares)
