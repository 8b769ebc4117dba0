"""Characters of other alphabets as what is none of a recipe's labels, those that look like one of them left out."""

import csv
from pathlib import Path

import numpy as np

from duktus.datasets.omniglot import zipped_drawings
from duktus.glyphs.training.samples import Making, as_others
from duktus.imaging.frames.glyph import single_glyph
from duktus.learning.samples import Samples
from duktus.types import DataError


def omniglot_letters(
    archive: Path, lookalikes: Path | None, count: int, making: Making, rng: np.random.Generator
) -> Samples:
    """Characters of other alphabets, those in the table of lookalikes left out."""
    known = read_lookalikes(lookalikes) if lookalikes is not None else set()
    pages = [item.page for item in zipped_drawings(archive) if (item.alphabet, item.character) not in known]
    chosen = rng.permutation(len(pages))[:count]
    return as_others([single_glyph(pages[int(i)], making.ink, making.frame) for i in chosen], making)


def read_lookalikes(table: Path) -> set[tuple[str, int]]:
    """Return (alphabet, character) of Omniglot's characters that look like one of the labels.

    Raises:
        DataError: the table is missing, or has no such columns.
    """
    try:
        with table.open(encoding="utf-8", newline="") as file:
            return {(row["alphabet"], int(row["character"])) for row in csv.DictReader(file)}
    except (OSError, KeyError, TypeError, ValueError) as error:
        what = "a table (CSV) with the columns alphabet and character"
        raise DataError(f"{table}: expected {what}, received {error!r}; see data.twins in the recipe") from error
