"""Documents encoded by the functions that serve, and the scores that serving gives their pairs.

All images of a page are one document, as ``HandReader.look`` pools them. Pages with too little ink for an answer are
left out. Images are opened one at a time; only the pages' vectors and their scores by pairs are held in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.hands.evaluation.figures import ServedScores
from duktus.hands.evaluation.retrieval import Matrix, score_matrix
from duktus.hands.identification.enrolled import PART
from duktus.hands.identification.reader import HandReader
from duktus.imaging.files.load import load_pages
from duktus.imaging.files.resolution import find_resolution
from duktus.models.likelihood import Likelihood, joint_amount
from duktus.models.runtime import Session
from duktus.reporting.clusters import number_pages
from duktus.reporting.progress import Report, track
from duktus.types import DataError, ImageError, Page

MOST = 4000
"""Pages that are compared at most: their scores by pairs are held in memory."""


@dataclass(frozen=True, eq=False)
class EncodedPages:
    """Encoded pages.

    Attributes:
        vectors: (n, d) of length 1.
        inks: (n,) the amount of writing, in text heights of contour.
        known: (n,) the same as a gallery knows it of an enrolled page, by its parts.
        images: for each page the places of its images that could be read.
        unreadable: a message for each image that could not.
        scanty: pages with too little ink for an answer, which are not among them.
    """

    vectors: NDArray[np.float32]
    inks: NDArray[np.float64]
    known: NDArray[np.float64]
    images: tuple[tuple[int, ...], ...]
    unreadable: tuple[str, ...]
    scanty: int

    def names(self, images: LabelledImages) -> tuple[list[str], list[str | None]]:
        """Return the writer and the page of each, (n,) both."""
        first = [places[0] for places in self.images]
        return [images.labels[i] for i in first], [images.groups[i] for i in first]


def encode_pages(
    session: Session, images: LabelledImages, *, apart: bool = False, report: Report | None = None
) -> EncodedPages:
    """Encode pages; what cannot be read or has too little ink is reported and left out.

    Args:
        session: the encoder.
        images: of the pages; where there are more than ``MOST`` pages, so many are taken evenly from all.
        apart: each image is a document of its own, such as a line.
        report: called with how many pages are done, and of how many.

    Raises:
        DataError: nothing is left.
        ModelError: the network is for another task.
    """
    reader = HandReader(session)
    pages = pages_of(images, apart)
    pages = [pages[i] for i in choose_evenly(len(pages), MOST)]
    unreadable: list[str] = []
    hands, kept = [], []
    for places in track(pages, report):
        readable: list[int] = []
        hand = reader.look(load_document(images, places, readable, unreadable), resolution(images, places))
        if readable:
            hands.append((hand.vectors[0], hand.ink, PART * max(1, len(hand.vectors) - 1)))
            kept.append(tuple(readable))
    least = session.card.likelihood.least_amount if session.card.likelihood else 0.0
    enough = [i for i, (_, ink, _) in enumerate(hands) if ink >= least]
    if not enough:
        raise nothing_written(len(hands), len(unreadable))
    vectors, inks, known = (np.array([hands[i][column] for i in enough]) for column in range(3))
    scanty = len(hands) - len(enough)
    return EncodedPages(vectors, inks, known, tuple(kept[i] for i in enough), tuple(unreadable), scanty)


def served_scores(seen: EncodedPages, likelihood: Likelihood) -> ServedScores:
    """Return the scores that serving gives all pairs of pages."""
    likeness = score_matrix(seen.vectors)
    naming, ratios = (likelihood_ratios(likeness, seen.inks, of, likelihood) for of in (seen.known, seen.inks))
    return ServedScores(naming, likeness, ratios, likelihood.bounds)


def likelihood_ratios(
    likeness: NDArray[np.float32], inks: NDArray[np.float64], others: NDArray[np.float64], likelihood: Likelihood
) -> Matrix:
    """Return the (n, m) log10 likelihood ratios, without bounds, of likenesses (n, m) and amounts (n,) and (m,)."""
    ratios = np.empty_like(likeness)
    for row, (alike, ink) in enumerate(zip(likeness, inks, strict=True)):
        ratios[row] = likelihood.log10_ratio(alike, joint_amount(ink, others))
    return ratios


def pages_of(images: LabelledImages, apart: bool = False) -> list[list[int]]:
    """Return the places of each page's images, in the order of the first; ``apart``: each image is a page."""
    numbers = range(len(images)) if apart else number_pages(images.labels, images.groups).tolist()
    found: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        found.setdefault(number, []).append(place)
    return list(found.values())


def load_document(
    images: LabelledImages, places: list[int], readable: list[int], unreadable: list[str]
) -> Iterator[Page]:
    """Yield the pages of images one after the other, and note the places that can be read and why others cannot."""
    for place in places:
        try:
            for number, page in enumerate(load_pages(images.images[place], name=images.name(place))):
                yield page
                if not number:
                    readable.append(place)
        except ImageError as error:
            unreadable.append(str(error))


def resolution(images: LabelledImages, places: list[int]) -> float | None:
    """Return the resolution of a page in dots per inch; None where its images do not state the same."""
    told = {find_resolution(images.images[place]) for place in places}
    return told.pop() if len(told) == 1 else None


def nothing_written(scanty: int, unreadable: int) -> DataError:
    """Return the error for a set of which no page is left."""
    received = f"{scanty} with too little ink and {unreadable} images that cannot be read"
    return DataError(f"expected pages of handwriting, received {received}; check the set")
