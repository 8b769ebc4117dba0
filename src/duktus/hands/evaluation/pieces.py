"""Pages taken apart into lines or words, to be put together again in any number: how much text an answer takes.

Where the images of a page are its lines or words, they are the pieces. A page that is one image is cut between its
lines, where it has the least ink, into bands with about as much writing as a line; each is then seen as an image of its
own. Its lines have to be level for that: of a page that lies askew, bands cut through letters.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.hands.evaluation.amounts import AMOUNTS, Bags, Score
from duktus.hands.evaluation.controls import paper_vector, tone_vector
from duktus.hands.evaluation.documents import EncodedPages, likelihood_ratios, resolution
from duktus.hands.evaluation.retrieval import Matrix, score_matrix
from duktus.hands.identification.enrolled import PART
from duktus.hands.identification.reader import HandReader
from duktus.hands.identification.tracing import trace_page
from duktus.imaging.files.load import load_pages
from duktus.imaging.layout.text_height import text_height
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.reporting.progress import Report, track
from duktus.types import DataError, ImageError, Ink, Page

WORD, LINE = 30.0, 150.0
"""What a word and a line have, about, in text heights of contour."""

PAGES, MOST = 4, 4000
"""Pages of a writer that are taken apart, and pieces of all, at most: their scores by pairs are held in memory."""

NEAR = 1.25
"""Text heights by which the cut between two lines may deviate from where it would divide the ink evenly."""


class Sheet(NamedTuple):
    """Images of one writer's page, by their places; ``page`` is None where no pages are known, and they are all his."""

    page: str | None
    places: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """Which images are taken apart, each into ``bands`` pieces.

    ``unit`` is what a piece is ("line" or "word"), ``amounts`` are how many the sheets allow to take together.
    """

    unit: str
    amounts: tuple[int, ...]
    sheets: tuple[Sheet, ...]
    bands: int


@dataclass(frozen=True, eq=False)
class Pieces:
    """Lines or words: what is counted of each, its paper and its tone and width, its writer and its page.

    Attributes:
        counts: (n, kinds, bins * bins).
        inks: (n,) the amount of writing, in text heights of contour.
        parts: (n,) in how many parts a gallery would keep it.
        paper: (n, 48) ``paper_vector``.
        tone: (n, 32) ``tone_vector``.
        writers: (n,).
        pages: (n,) None where it is not known.
    """

    counts: NDArray[np.float32]
    inks: NDArray[np.float64]
    parts: NDArray[np.intp]
    paper: NDArray[np.float32]
    tone: NDArray[np.float32]
    writers: tuple[str, ...]
    pages: tuple[str | None, ...]


def plan_pieces(images: LabelledImages, seen: EncodedPages, rng: np.random.Generator) -> Plan:
    """Choose what is taken apart, the same pages for every amount of text.

    Args:
        images: the documents.
        seen: their pages.
        rng: draws the pages of a writer who has more than ``PAGES``.

    Raises:
        DataError: no two writers have two pages of two pieces.
    """
    each = float(np.median(seen.inks / [len(places) for places in seen.images]))
    unit = "word" if each < np.sqrt(WORD * LINE) else "line"
    bands = int(each // LINE) if each >= 2 * LINE else 1
    sheets = _sheets(images, seen, bands)
    able = {n: [who for who, own in sheets.items() if _bags(own, bands, n) > 1] for n in AMOUNTS[unit]}
    enough = max(2, len(able[1]) / 2)
    amounts = tuple(n for n, writers in able.items() if len(writers) >= enough)
    if len(amounts) < 2:
        expected = f"two writers with two pages of {AMOUNTS[unit][1]} {unit}s"
        raise DataError(f"expected {expected}, received {len(able[AMOUNTS[unit][1]])}; add longer pages")
    most = amounts[-1]
    writers = [able[most][i] for i in choose_evenly(len(able[most]), MOST // (2 * most))]
    pages = int(np.clip(MOST // (len(writers) * most), 2, PAGES))
    chosen = [sheet for who in writers for sheet in _chosen(sheets[who], bands, most, pages, rng)]
    return Plan(unit, amounts, tuple(chosen), bands)


def encode_pieces(session: Session, images: LabelledImages, plan: Plan, report: Report | None = None) -> Pieces:
    """Encode the pieces of all images of a plan, each with the text height of its page.

    Pages of a file behind a broken one are left out, as they were before.

    Args:
        session: the encoder.
        images: the documents.
        plan: of them.
        report: called with how many images are done, and of how many.

    Raises:
        DataError: no image can be read any more.
    """
    reader = HandReader(session)
    rows, writers, pages = [], [], []
    for sheet in track(plan.sheets, report):
        cut = []
        for place in sheet.places:
            with suppress(ImageError):
                cut += list(_cut(images.images[place], session, plan.bands))
        dots = resolution(images, list(sheet.places))
        for piece, found in zip(cut, reader.count(cut, dots), strict=True):
            mine = found.counts.sum(axis=0), found.amounts.sum(), len(found.amounts)
            rows.append((*mine, paper_vector(piece), tone_vector(piece)))
            writers.append(images.labels[sheet.places[0]])
            pages.append(sheet.page)
    if not rows:
        gone = sum(len(sheet.places) for sheet in plan.sheets)
        raise DataError(f"expected images that stay as they are while measured, received {gone} that are gone")
    counts, inks, parts, paper, tone = (np.stack(column) for column in zip(*rows, strict=True))
    return Pieces(counts, inks, parts, paper, tone, tuple(writers), tuple(pages))


def hand_score(session: Session, pieces: Pieces, likelihood: Likelihood) -> Score:
    """Return the function by which serving ranks documents that are put together from pieces."""

    def score(bags: Bags) -> Matrix:
        counts, inks, parts = (
            np.stack([of[bag].sum(axis=0) for bag in bags]) for of in (pieces.counts, pieces.inks, pieces.parts)
        )
        return likelihood_ratios(score_matrix(session.run(counts)), inks, PART * np.maximum(parts, 1), likelihood)

    return score


def cut_lines(ink: Ink, count: int) -> list[tuple[int, int]]:
    """Return the first row and the end of each of ``count`` bands (or fewer) with about as much ink, cut between lines.

    Args:
        ink: (h, w).
        count: of bands.
    """
    rows = ink.sum(axis=1)
    near = max(1, round(NEAR * text_height(ink)))
    even = np.searchsorted(np.cumsum(rows), rows.sum() * np.arange(1, count) / count)
    # Of the rows with the least ink, the one in the middle.
    cuts = [0]
    for place in even.tolist():
        start = max(0, place - near)
        window = rows[start : place + near + 1]
        cuts.append(start + int(np.median(np.flatnonzero(window <= window.min()))))
    ends = np.unique([*cuts, len(rows)]).tolist()
    return list(pairwise(ends))


def _sheets(images: LabelledImages, seen: EncodedPages, bands: int) -> dict[str, list[Sheet]]:
    """Each writer's pages; where none is known and images are lines or words, all that he wrote."""
    loose = bands == 1 and all(group is None for group in images.groups)
    found: dict[str, list[Sheet]] = defaultdict(list)
    for number, places in enumerate(seen.images):
        found[images.labels[places[0]]].append(Sheet(str(number), places))
    if not loose:
        return found
    return {who: [Sheet(None, tuple(place for each in own for place in each.places))] for who, own in found.items()}


def _bags(sheets: Sequence[Sheet], bands: int, size: int) -> int:
    """How many bags of ``size`` pieces a writer's sheets have, each for a page of its own."""
    return sum(
        bands * len(sheet.places) // size if sheet.page is None else bands * len(sheet.places) >= size
        for sheet in sheets
    )


def _chosen(sheets: Sequence[Sheet], bands: int, most: int, pages: int, rng: np.random.Generator) -> Iterator[Sheet]:
    """Some of a writer's sheets that have ``most`` pieces, with no more images than that takes."""
    fit = [sheet for sheet in sheets if bands * len(sheet.places) >= most]
    for i in np.sort(rng.permutation(len(fit))[:pages]):
        page, places = fit[i]
        images = -(-most // bands) * (pages if page is None else 1)
        yield Sheet(page, tuple(places[j] for j in choose_evenly(len(places), images)))


def _cut(source: Path | bytes | NDArray[np.uint8], session: Session, bands: int) -> Iterator[Page]:
    """The pieces of an image."""
    for page in load_pages(source):
        if bands == 1:
            yield page
        else:
            contours = session.card.preprocessing.contours
            assert contours, "an encoder of hands has them"
            ink = trace_page(page, None, session.card.preprocessing.ink, contours)[1]
            yield from (page[start:end] for start, end in cut_lines(ink, bands))
