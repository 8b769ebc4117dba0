"""Lines of transcribed pages: polygons and baselines of ALTO files, in the pixels of the image beside them."""

import csv
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError

Points = NDArray[np.float32]
"""(n, 2): x and y in pixels of the image."""


@dataclass(frozen=True, eq=False)
class AltoLine:
    """A line: its outline, its baseline from left to right, and what it says, empty where nobody transcribed it."""

    polygon: Points
    baseline: Points
    text: str


@dataclass(frozen=True, eq=False)
class AltoPage:
    """The lines of a page, in the order of the file."""

    lines: tuple[AltoLine, ...]


def read_alto(file: Path, image: Path) -> AltoPage:
    """Read the lines of a page.

    Args:
        file: ALTO 4.
        image: the page; ``pages.csv`` in the folder above says by which ``scale`` it was reduced.

    Raises:
        DataError: the file is not ALTO.
    """
    try:
        root = ET.parse(file).getroot()
    except ET.ParseError as error:
        raise DataError(f"{file}: expected an ALTO file, received broken XML ({error}); fetch it again") from error
    scale = read_scales(image.parent.parent / "pages.csv").get(image.name, 1.0)
    lines = []
    for line in root.iter():
        if line.tag.endswith("}TextLine"):
            polygon = next((each for each in line.iter() if each.tag.endswith("}Polygon")), None)
            words = [each.get("CONTENT", "") for each in line.iter() if each.tag.endswith("}String")]
            outline = _points(polygon.get("POINTS", "") if polygon is not None else "") * np.float32(scale)
            baseline = _points(line.get("BASELINE", "")) * np.float32(scale)
            if len(baseline) > 1:
                lines.append(AltoLine(outline, baseline, " ".join(words)))
    return AltoPage(tuple(lines))


def read_scales(table: Path) -> dict[str, float]:
    """Return by how much each image of a ``pages.csv`` was reduced."""
    with open(table, encoding="utf-8", newline="") as rows:
        return {row["file"]: float(row["scale"]) for row in csv.DictReader(rows)}


def _points(text: str) -> Points:
    numbers = np.array(text.replace(",", " ").split(), np.float32)
    return numbers[: len(numbers) // 2 * 2].reshape(-1, 2)
