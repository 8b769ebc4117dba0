"""Handwriting to fit an encoder of hands on: documents by known writers, measured as pages are when they are served."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.licences import licence_of
from duktus.datasets.places import find_data
from duktus.hands.identification.hand import Traced, text_heights
from duktus.hands.identification.tracing import trace_page
from duktus.hands.training.drawn import drawn_lines
from duktus.hands.training.settings import HandEncoderRecipe
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.contours import Counts, count_directions, measure_off, part_contours, trace_contours
from duktus.imaging.layout.text_height import text_height
from duktus.learning.task import Work
from duktus.models.card import DataSource
from duktus.types import DataError

SOURCES = {
    "dhsd": ("data.csv", "file_name", "writer_id", ""),
    "testaments": ("pages.csv", "file", "will", "pages"),
    "copiste": ("pages.csv", "file", "volunteer", "pages"),
}
"""Sets of handwriting: table, its columns of the file and of the writer, the folder of the files."""

STROKES = "unipen"
"""A set of recorded strokes, which are drawn (``drawn.py``)."""

PAGED = frozenset({"testaments", "copiste"})
"""Sets whose images are pages, of which some of a writer's may be by another hand: a clerk's, on the back of a will."""

SINGLE = frozenset({"copiste"})
"""Sets of which only writers of one page are taken: those of several measure the encoder."""

SAME_HAND = {"copiste/0255": "copiste/0254", "copiste/0256": "copiste/0254"}
"""Names under which one person is: the three pages are plainly in one hand."""


@dataclass(frozen=True, eq=False)
class Writings:
    """Pieces of writing: ``counts`` (n, kinds, bins * bins), ``amounts`` (n,), ``writers`` (n,), ``sittings`` (n,).

    A sitting is what one writer wrote for certain: a page, or, where images are words, all of them. ``files`` (n,) are
    the paths of the images that show the pieces, ``scales`` (n,) the height that their text was brought to against the
    usual one.
    """

    counts: NDArray[np.float32]
    amounts: NDArray[np.float64]
    writers: NDArray[np.str_]
    sittings: NDArray[np.str_]
    files: NDArray[np.str_]
    scales: NDArray[np.float64]

    def subset(self, chosen: NDArray[np.bool_]) -> "Writings":
        """Return the pieces that were chosen."""
        return Writings(*(getattr(self, name)[chosen] for name in Writings.__annotations__))


def prepare_writings(recipe: HandEncoderRecipe, work: Work) -> tuple[Writings, tuple[DataSource, ...]]:
    """Measure the writing of all of a recipe's sets.

    Args:
        recipe: of an encoder of hands.
        work: says which folder holds one folder per set, if they are not where ``duktus data`` puts them.

    Raises:
        DataError: a set is not known or missing, or nothing is written in it.
    """
    found = [_measure(name, recipe, work) for name in recipe.hands.sources]
    whole = Writings(*(np.concatenate([getattr(each, field) for each in found]) for field in Writings.__annotations__))
    sources = tuple(
        DataSource(name, fingerprint(each.counts), licence_of(name), len(each.counts), _describe(name, each, recipe))
        for name, each in zip(recipe.hands.sources, found, strict=True)
    )
    return whole, sources


def _describe(name: str, writings: Writings, recipe: HandEncoderRecipe) -> str:
    hands, count = recipe.hands, len(np.unique(writings.writers))
    fitted = "none to fit" if name in hands.unfitted else "all to fit"
    calibrated = "calibrated by turns" if name in hands.calibration else "none to calibrate"
    return f"pieces of writing by {count} writers, {fitted}; {calibrated}"


def _measure(name: str, recipe: HandEncoderRecipe, work: Work) -> Writings:
    """Return the pieces of one set: a small image as one, a page in parts; the resolution of none is known."""
    rows: list[tuple[Counts, float, str, str, str, float]] = []
    documents = _drawn(recipe, work) if name == STROKES else _pictured(name, recipe, work)
    for document in documents:
        for number, height in enumerate(text_heights(document.pages)):
            page, file = document.pages[number], document.files[number]
            for scale in recipe.hands.scales:
                target = recipe.hands.height * scale
                alike = replace(recipe.contours, lowest=target, highest=target)
                contours = measure_off(page.contours, alike, None, height)
                for part in part_contours(contours, recipe.hands.part):
                    if part.amount > 0:
                        counts = count_directions(part, recipe.contours)
                        rows.append((counts, part.amount, document.writer, document.sitting, file, scale))
    if not rows:
        raise DataError(f"{name}: expected handwriting, found no ink in any image; check the path")
    counted, amounts, writers, sittings, files, scales = zip(*rows, strict=True)
    names = np.array(writers), np.array(sittings), np.array(files)
    return Writings(np.stack(counted), np.array(amounts), *names, np.array(scales))


class _Document(NamedTuple):
    """Pages, or words, that one writer wrote for certain, and the files that show them."""

    writer: str
    sitting: str
    pages: list[Traced]
    files: list[str]


def _pictured(name: str, recipe: HandEncoderRecipe, work: Work) -> Iterator[_Document]:
    """Yield what is written in the images of a set: each page as a document, or all words of a writer."""
    chosen = list(_first(_listed(name, work.data), recipe.hands.images))
    writers = Counter(writer for _, writer in chosen)
    if name in SINGLE:
        chosen = [(path, writer) for path, writer in chosen if writers[writer] == 1]
    work.report(f"{name}: measuring the writing of {len(chosen):,} images")
    found: dict[str, _Document] = {}
    for number, (path, given) in enumerate(chosen, 1):
        writer = SAME_HAND.get(f"{name}/{given}", f"{name}/{given}")
        page = next(iter(load_pages(path)))
        traced, _ = trace_page(page, None, recipe.ink, recipe.contours)
        work.show(number, len(chosen), f"measuring {name}")
        if name in PAGED:
            yield _Document(writer, path.name, [traced], [str(path)])
        else:
            document = found.setdefault(writer, _Document(writer, writer, [], []))
            document.pages.append(traced)
            document.files.append(str(path))
    yield from found.values()


def _drawn(recipe: HandEncoderRecipe, work: Work) -> Iterator[_Document]:
    """Yield the drawn lines of each writer of recorded strokes."""
    place = find_data(STROKES, work.data / STROKES if work.data else None)
    work.report(f"{STROKES}: drawing lines of writing")
    lines = drawn_lines(place, np.random.default_rng((recipe.seed, 4)))
    for writer, own in groupby(lines, key=lambda line: f"{STROKES}/{line.writer}"):
        inks = [line.ink for line in own]
        pages = [Traced(trace_contours(ink, float(ink.shape[0])), text_height(ink), None) for ink in inks]
        yield _Document(writer, writer, pages, [str(place)] * len(pages))


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
        raise DataError(
            f"hands.sources: expected some of {', '.join((*SOURCES, STROKES))}, received {name!r}; correct the recipe"
        )
    table, file, writer, folder = SOURCES[name]
    place = find_data(name, data / name if data else None)
    try:
        with (place / table).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield place / folder / row[file], row[writer]
    except (OSError, KeyError) as error:
        expected = f"a table with the columns {file} and {writer}"
        raise DataError(f"{place / table}: expected {expected}, received {error}; fetch the set again") from error
