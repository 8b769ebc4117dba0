"""Handwriting to fit an encoder of hands on: documents by known writers, measured as pages are when they are served."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.places import find_data
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.contours import count_directions, find_contours, part_contours
from duktus.imaging.ink.page import page_ink
from duktus.learning.recipe import Recipe
from duktus.models.card import DataSource
from duktus.types import DataError

Report = Callable[[str], None]

SOURCES = {
    "dhsd": ("data.csv", "file_name", "writer_id", "", "CC BY 4.0"),
    "testaments": ("pages.csv", "file", "will", "pages", "CC BY 4.0"),
}
"""Sets of handwriting: table, its columns of the file and of the writer, the folder of the files, licence."""

PAGED = frozenset({"testaments"})
"""Sets whose images are pages, of which some of a writer's may be by another hand: a clerk's, on the back of a will."""

TOLD = 500
"""Images after which progress is told."""


@dataclass(frozen=True, eq=False)
class Writings:
    """Pieces of writing: ``counts`` (n, kinds, bins * bins), ``amounts`` (n,), ``writers`` (n,), ``sittings`` (n,).

    A sitting is what one writer wrote for certain: a page, or, where images are words, all of them. ``files`` (n,) are
    the paths of the images that show the pieces.
    """

    counts: NDArray[np.float32]
    amounts: NDArray[np.float64]
    writers: NDArray[np.str_]
    sittings: NDArray[np.str_]
    files: NDArray[np.str_]

    def subset(self, chosen: NDArray[np.bool_]) -> "Writings":
        """Return the pieces that were chosen."""
        return Writings(*(getattr(self, name)[chosen] for name in Writings.__annotations__))


def prepare_hands(recipe: Recipe, data: Path | None, report: Report) -> tuple[Writings, tuple[DataSource, ...]]:
    """Measure the writing of all of a recipe's sets.

    Args:
        recipe: of an encoder of hands.
        data: the folder that holds a folder a set, if not where ``duktus data`` puts them.
        report: receives what was found, line by line.

    Raises:
        DataError: a set is not known or missing, or nothing is written in it.
    """
    found = [_measure(name, recipe, data, report) for name in recipe.hands.sources]
    whole = Writings(*(np.concatenate([getattr(each, field) for each in found]) for field in Writings.__annotations__))
    sources = tuple(
        DataSource(name, fingerprint(each.counts), SOURCES[name][-1], len(each.counts), _told(each))
        for name, each in zip(recipe.hands.sources, found, strict=True)
    )
    return whole, sources


def _told(writings: Writings) -> str:
    return f"pieces of writing by {len(np.unique(writings.writers))} writers, all to fit; calibrated by turns"


def _measure(name: str, recipe: Recipe, data: Path | None, report: Report) -> Writings:
    """Return the pieces of one set: a small image as one, a page in parts; the resolution of none is known."""
    height = recipe.hands.height
    alike = replace(recipe.contours, lowest=height, highest=height)
    counts, amounts, writers, sittings, files = [], [], [], [], []
    for number, (path, writer) in enumerate(_first(_listed(name, data), recipe.hands.images), 1):
        ink = page_ink(next(iter(load_pages(path))), recipe.ink)
        for part in part_contours(find_contours(ink, alike), recipe.hands.part):
            if part.amount > 0:
                counts.append(count_directions(part, recipe.contours))
                amounts.append(part.amount)
                writers.append(f"{name}/{writer}")
                sittings.append(path.name if name in PAGED else writers[-1])
                files.append(str(path))
        if number % TOLD == 0:
            report(f"{name}: {number:,} images measured")
    if not counts:
        raise DataError(f"{name}: expected handwriting, found no ink in any image; check the path")
    return Writings(np.stack(counts), np.array(amounts), np.array(writers), np.array(sittings), np.array(files))


def _first(listed: Iterator[tuple[Path, str]], most: int) -> Iterator[tuple[Path, str]]:
    """Yield the first ``most`` images of each writer."""
    seen: Counter[str] = Counter()
    for path, writer in listed:
        seen[writer] += 1
        if seen[writer] <= most:
            yield path, writer


def _listed(name: str, data: Path | None) -> Iterator[tuple[Path, str]]:
    """Yield the images of a set with their writers."""
    if name not in SOURCES:
        raise DataError(f"hands.sources: expected some of {', '.join(SOURCES)}, received {name!r}; mend the recipe")
    table, file, writer, folder, _ = SOURCES[name]
    place = find_data(name, data / name if data else None)
    try:
        with (place / table).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield place / folder / row[file], row[writer]
    except (OSError, KeyError) as error:
        expected = f"a table with the columns {file} and {writer}"
        raise DataError(f"{place / table}: expected {expected}, received {error}; fetch the set again") from error
