"""The writers of composed numbers: UNIPEN's digits by writer, and MNIST's grouped by what makes a hand.

Both are read from the sets once and kept in one file, from which each process that composes opens them.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.idx import load_mnist
from duktus.learning.checkpoint import load_arrays, save_arrays
from duktus.lines.training.composing.scribes import Glyph, Recorded, Scribe, pictured_glyph, recorded_glyph
from duktus.lines.training.storage import strokes_of, writers_in
from duktus.types import DataError
from duktus.written.training.sources import is_kept
from duktus.written.training.strokes import Writer, read_writers

SLANTS, WIDTHS = 8, 5
"""Groups of drawings by slant, and each of them by width of strokes."""

LEAST = 5
"""Different digits that a writer has to know."""


def keep_writers(file: Path, data: Path, pictures: int, *, kept: bool) -> None:
    """Write the writers of numbers to a file.

    Args:
        file: ``.npz``.
        data: the folder that holds ``unipen/`` and ``mnist/``.
        pictures: how many of MNIST's training images.
        kept: those of UNIPEN's writers that train nothing, in place of the others.

    Raises:
        DataError: a set is missing, or the disk is full.
    """
    recorded = [writer for writer in read_writers(data / "unipen", ("digits",)) if is_kept(writer.name) == kept]
    images, drawn = _drawings(data, pictures)
    save_arrays(file, {**strokes_of(recorded), "images": images, "drawn": drawn}, packed=True)


def open_writers(file: Path) -> tuple[list[Scribe], list[Scribe]]:
    """Return the recorded writers and the groups of drawings that a file holds.

    Raises:
        DataError: it is missing or broken.
    """
    held = load_arrays(file)
    if held is None or "points" not in held:
        raise DataError(f"{file}: expected the writers of a training, received none; delete its folder")
    writers = [_forms(writer) for writer in writers_in(held)]
    recorded: list[Scribe] = [Recorded(forms) for forms in writers if len(forms) >= LEAST]
    return recorded, _grouped(held["images"], held["drawn"])


def _forms(writer: Writer) -> dict[str, list[Glyph]]:
    """Return the digits of a writer."""
    forms: dict[str, list[Glyph]] = {}
    for piece in writer.pieces.get("digits", ()):
        glyph = recorded_glyph(piece.paths)
        if glyph is not None:
            forms.setdefault(piece.label, []).append(glyph)
    return forms


def _drawings(data: Path, count: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return so many of MNIST's training images and their labels; none where the set is not there."""
    if not count:
        return np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)
    mnist = load_mnist(data / "mnist")
    chosen = np.random.default_rng(0).permutation(len(mnist.train_images))[:count]
    return mnist.train_images[chosen], mnist.train_labels[chosen]


def _grouped(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> list[Scribe]:
    """Return drawings in groups of like slant and like width of strokes."""
    if not len(images):
        return []
    measured = np.array([_habits(image) for image in images])
    slants = _ranks(measured[:, 0], SLANTS)
    groups: dict[tuple[int, int], dict[str, list[Glyph]]] = {}
    for slant in range(SLANTS):
        mine = np.flatnonzero(slants == slant)
        for index, width in zip(mine, _ranks(measured[mine, 1], WIDTHS), strict=True):
            glyph = pictured_glyph(images[index])
            if glyph is not None:
                groups.setdefault((slant, int(width)), {}).setdefault(str(labels[index]), []).append(glyph)
    return [Recorded(forms) for _, forms in sorted(groups.items()) if len(forms) >= LEAST]


def _habits(image: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the slant of a drawing and the usual width of its strokes, in pixels."""
    moments = cv2.moments(image)
    slant = moments["mu11"] / max(moments["mu02"], 1e-6)
    away = cv2.distanceTransform((image > 127).astype(np.uint8), cv2.DIST_L2, 3)
    return float(slant), float(away[away > 0].mean()) if (away > 0).any() else 0.0


def _ranks(values: NDArray[np.float64], groups: int) -> NDArray[np.intp]:
    """Return which of so many equally large groups each value falls in."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return np.asarray(order * groups // max(1, len(values)), np.intp)
