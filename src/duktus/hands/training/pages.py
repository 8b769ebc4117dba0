"""Handwriting to fit an encoder of hands on: documents by known writers, measured as pages are when they are served."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.licences import licence_of
from duktus.datasets.places import find_data
from duktus.hands.training.settings import HandEncoderRecipe
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.contours import count_directions, find_contours, part_contours
from duktus.imaging.ink.page import page_ink
from duktus.learning.task import Work
from duktus.models.card import DataSource
from duktus.types import DataError

SOURCES = {
    "dhsd": ("data.csv", "file_name", "writer_id", ""),
    "testaments": ("pages.csv", "file", "will", "pages"),
}
"""Sets of handwriting: table, its columns of the file and of the writer, the folder of the files."""

PAGED = frozenset({"testaments"})
"""Sets whose images are pages, of which some of a writer's may be by another hand: a clerk's, on the back of a will."""


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


def prepare_writings(recipe: HandEncoderRecipe, work: Work) -> tuple[Writings, tuple[DataSource, ...]]:
    """Measure the writing of all of a recipe's sets.

    Args:
        recipe: of an encoder of hands.
        work: says which folder holds a folder a set, if they are not where ``duktus data`` puts them.

    Raises:
        DataError: a set is not known or missing, or nothing is written in it.
    """
    found = [_measure(name, recipe, work) for name in recipe.hands.sources]
    whole = Writings(*(np.concatenate([getattr(each, field) for each in found]) for field in Writings.__annotations__))
    sources = tuple(
        DataSource(name, fingerprint(each.counts), licence_of(name), len(each.counts), _describe(each))
        for name, each in zip(recipe.hands.sources, found, strict=True)
    )
    return whole, sources


def _describe(writings: Writings) -> str:
    return f"pieces of writing by {len(np.unique(writings.writers))} writers, all to fit; calibrated by turns"


def _measure(name: str, recipe: HandEncoderRecipe, work: Work) -> Writings:
    """Return the pieces of one set: a small image as one, a page in parts; the resolution of none is known."""
    height = recipe.hands.height
    alike = replace(recipe.contours, lowest=height, highest=height)
    counts, amounts, writers, sittings, files = [], [], [], [], []
    chosen = list(_first(_listed(name, work.data), recipe.hands.images))
    work.report(f"{name}: measuring the writing of {len(chosen):,} images")
    for number, (path, writer) in enumerate(chosen, 1):
        ink = page_ink(next(iter(load_pages(path))), recipe.ink)
        for part in part_contours(find_contours(ink, alike), recipe.hands.part):
            if part.amount > 0:
                counts.append(count_directions(part, recipe.contours))
                amounts.append(part.amount)
                writers.append(f"{name}/{writer}")
                sittings.append(path.name if name in PAGED else writers[-1])
                files.append(str(path))
        work.show(number, len(chosen), f"measuring {name}")
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
        raise DataError(f"hands.sources: expected some of {', '.join(SOURCES)}, received {name!r}; correct the recipe")
    table, file, writer, folder = SOURCES[name]
    place = find_data(name, data / name if data else None)
    try:
        with (place / table).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield place / folder / row[file], row[writer]
    except (OSError, KeyError) as error:
        expected = f"a table with the columns {file} and {writer}"
        raise DataError(f"{place / table}: expected {expected}, received {error}; fetch the set again") from error
