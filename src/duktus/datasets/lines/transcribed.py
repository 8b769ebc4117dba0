"""Lines of transcribed pages: outlines and baselines of ALTO and PAGE files, in the pixels of the image beside them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.pages.formats.reading import read_raw
from duktus.types.text import visible

Points = NDArray[np.float32]
"""(n, 2): x and y in pixels of the image."""


@dataclass(frozen=True, eq=False)
class TranscribedLine:
    """A line: its outline, its baseline from left to right, and what it says, empty where nobody transcribed it."""

    polygon: Points
    baseline: Points
    text: str


def read_lines(file: Path, image: Path) -> tuple[TranscribedLine, ...]:
    """Read the lines of a page that have a baseline, in the order of the file.

    Args:
        file: ALTO or PAGE, in pixels of the full-size scan.
        image: the page; where there is a ``pages.csv`` in the folder above, it says by which ``scale`` it was reduced.

    Raises:
        DataError: the file is neither, or cannot be read.
    """
    scale = np.float32(read_scales(image.parent.parent / "pages.csv").get(image.name, 1.0))
    return tuple(
        TranscribedLine(_points(line.polygon) * scale, _points(line.baseline) * scale, line.text)
        for page in read_raw(file, visible(str(file)))
        for line in page.lines
        if len(line.baseline) > 1
    )


def read_scales(table: Path) -> dict[str, float]:
    """Return by how much each image of a ``pages.csv`` was reduced."""
    if not table.is_file():
        return {}
    with open(table, encoding="utf-8", newline="") as rows:
        return {row["file"]: float(row["scale"]) for row in csv.DictReader(rows) if "scale" in row}


def _points(places: list[tuple[float, float]]) -> Points:
    return np.array(places, np.float32).reshape(-1, 2)
