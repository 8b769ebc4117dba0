"""An encoder of hands measured on labelled documents: seen by the functions that serve, and held against each other.

All images of a page are one document, as ``HandReader.look`` pools them. Pages with too little ink for an answer are in
no figure. Images are opened one at a time; only the pages' vectors and their scores by pairs are held in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.evaluation.clusters import TIMES, number_pages
from duktus.evaluation.controls import control_scores, control_vectors, page_means
from duktus.evaluation.hand_figures import PAPER, TONE, HandFigures, HandResults, ServedScores, measure_hands
from duktus.evaluation.measure import choose_evenly
from duktus.evaluation.retrieval import score_matrix
from duktus.imaging.load import load_pages
from duktus.imaging.resolution import find_resolution
from duktus.models.card import Card
from duktus.models.likelihood import Likelihood, joint_amount
from duktus.models.runtime import Session
from duktus.recognition.hands import PART, HandReader
from duktus.types import DataError, ImageError, Page

MOST = 4000
"""Pages that are compared at most: their scores by pairs are held in memory."""

Report = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class SeenPages:
    """How pages are written.

    Attributes:
        vectors: (n, d) of length 1.
        inks: (n,) how much was written, in text heights of contour.
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


@dataclass(frozen=True, eq=False)
class HandMeasurement:
    """The figures of an encoder of hands, and the errors of images that could not be read and are in no figure."""

    results: HandResults
    unreadable: tuple[str, ...]


def measure_hand_encoder(
    session: Session,
    images: LabelledImages,
    *,
    source: str,
    limit: int | None = None,
    report: Report | None = None,
    times: int = TIMES,
) -> HandMeasurement:
    """Measure an encoder of hands on labelled documents: label = writer, group = page, and both controls beside it.

    Args:
        session: the encoder.
        images: the documents; one whose page is not known is a page of its own.
        source: what to call them.
        limit: measure on no more images than so many, taken evenly from all.
        report: called with how many images are done, and of how many; each counts twice, for the hand and the controls.
        times: resamples behind an interval.

    Raises:
        DataError: no two writers have pages that can be read, or none has two.
        ModelError: the network is for another task.
        MissingExtraError: scikit-learn is not installed.
    """
    chosen = images.subset(choose_evenly(len(images), limit))
    seen = look_at_pages(session, chosen, report=_doubled(report, 0, len(chosen)))
    writers, pages = seen.names(chosen)
    hand = measure_hand("hand", session.card, seen, writers, pages, times=times)
    controls = measure_controls(chosen, seen, report=_doubled(report, len(chosen), len(chosen)), times=times)
    results = HandResults(
        title=session.card.name,
        source=source,
        unit="page",
        samples=len(writers),
        writers=len(set(writers)),
        pages=len(writers),
        hand=hand,
        controls=controls,
        notes=tuple(_notes(session.card, source, images, chosen, seen)),
        limits=session.card.limits,
    )
    return HandMeasurement(results, seen.unreadable)


def look_at_pages(
    session: Session, images: LabelledImages, *, apart: bool = False, report: Report | None = None
) -> SeenPages:
    """See how pages are written; what cannot be read or has too little ink is told and left out.

    Args:
        session: the encoder.
        images: of the pages; where there are more than ``MOST`` pages, so many are taken evenly from all.
        apart: each image is a document of its own, such as a line.
        report: called with how many images are done, and of how many.

    Raises:
        DataError: nothing is left.
        ModelError: the network is for another task.
    """
    reader = HandReader(session)
    pages = _pages(images, apart)
    pages = [pages[i] for i in choose_evenly(len(pages), MOST)]
    total, done = sum(map(len, pages)), 0
    unreadable: list[str] = []
    hands, kept = [], []
    for places in pages:
        readable: list[int] = []
        hand = reader.look(_load(images, places, readable, unreadable), _dots(images, places))
        done += len(places)
        if report is not None:
            report(done, total)
        if readable:
            hands.append((hand.vectors[0], hand.ink, PART * max(1, len(hand.vectors) - 1)))
            kept.append(tuple(readable))
    least = session.card.likelihood.least_amount if session.card.likelihood else 0.0
    enough = [i for i, (_, ink, _) in enumerate(hands) if ink >= least]
    if not enough:
        received = f"{len(hands)} with too little ink and {len(unreadable)} images that cannot be read"
        raise DataError(f"expected pages of handwriting, received {received}; check the set")
    vectors, inks, known = (np.array([hands[i][column] for i in enough]) for column in range(3))
    scanty = len(hands) - len(enough)
    return SeenPages(vectors, inks, known, tuple(kept[i] for i in enough), tuple(unreadable), scanty)


def measure_hand(
    name: str, card: Card, seen: SeenPages, writers: list[str], pages: list[str | None], *, times: int = TIMES
) -> HandFigures:
    """Measure what serving says of pages: named by Bayes' rule, searched by likeness, compared by calibrated ratios.

    The open set's threshold is that of serving where no other known hand is a rival: as many to one as hands are known.

    Args:
        name: of the figures.
        card: the encoder's.
        seen: the pages.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        times: resamples behind an interval.

    Raises:
        DataError: no two writers, or none has two pages.
    """
    assert card.likelihood is not None, "every reader of hands has one"
    scores = served_scores(seen, card.likelihood)
    known = max(1, len(set(writers)) // 2)
    return measure_hands(name, scores, writers, pages, threshold=float(np.log10(known)), times=times)


def measure_controls(
    images: LabelledImages, seen: SeenPages, *, report: Report | None = None, times: int = TIMES
) -> tuple[HandFigures, HandFigures]:
    """Measure the paper alone, and the pen's tone and width alone, on the pages that were seen.

    Raises:
        DataError: an image can no longer be read.
    """
    places = [place for page in seen.images for place in page]
    # Where lines were seen apart, each is a sample of its own here as well.
    of = [str(number) for number, page in enumerate(seen.images) for _ in page]
    found = control_vectors(images.subset(places), report=report)
    if found.unreadable:
        raise DataError(f"expected images that stay as they are while measured, received {found.unreadable[0]}")
    writers, pages = seen.names(images)
    labels = [images.labels[place] for place in places]
    paper, tone = (
        measure_hands(name, control_scores(page_means(vectors, labels, of)[0]), writers, pages, times=times)
        for name, vectors in ((PAPER, found.paper), (TONE, found.tone))
    )
    return paper, tone


def served_scores(seen: SeenPages, likelihood: Likelihood) -> ServedScores:
    """Return what serving says of all pages by pairs."""
    likeness = score_matrix(seen.vectors)
    naming, ratios = np.empty_like(likeness), np.empty_like(likeness)
    for row, (alike, ink) in enumerate(zip(likeness, seen.inks, strict=True)):
        naming[row] = likelihood.log10_ratio(alike, joint_amount(ink, seen.known))
        ratios[row] = likelihood.log10_ratio(alike, joint_amount(ink, seen.inks))
    return ServedScores(naming, likeness, ratios, likelihood.bounds)


def _pages(images: LabelledImages, apart: bool) -> list[list[int]]:
    """The places of each page's images, in the order of the first."""
    numbers = range(len(images)) if apart else number_pages(images.labels, images.groups).tolist()
    found: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        found.setdefault(number, []).append(place)
    return list(found.values())


def _load(images: LabelledImages, places: list[int], readable: list[int], unreadable: list[str]) -> Iterator[Page]:
    """Yield the pages of images one after the other, and note which can be read."""
    for place in places:
        try:
            for number, page in enumerate(load_pages(images.images[place], name=images.name(place))):
                yield page
                if not number:
                    readable.append(place)
        except ImageError as error:
            unreadable.append(str(error))


def _dots(images: LabelledImages, places: list[int]) -> float | None:
    """The dots to the inch that all images of a page say they have."""
    told = {find_resolution(images.images[place]) for place in places}
    return told.pop() if len(told) == 1 else None


def _doubled(report: Report | None, before: int, whole: int) -> Report | None:
    """A report of one of two passes over the same images."""
    return None if report is None else lambda done, _: report(before + done, 2 * whole)


def _notes(card: Card, source: str, images: LabelledImages, chosen: LabelledImages, seen: SeenPages) -> Iterator[str]:
    fitted = [each.name for each in card.data]
    if source.casefold() in (name.casefold() for name in fitted):
        yield f"The encoder was fitted to {source}: of what it has seen, figures are too good."
    yield f"The encoder was fitted to {', '.join(fitted)}; its ratios were calibrated on {_split(card)}."
    if len(chosen) < len(images):
        yield f"Measured on {len(chosen):,} of {len(images):,} images, taken evenly from all."
    if len(_pages(chosen, apart=False)) > MOST:
        yield f"Measured on {MOST:,} pages, taken evenly from all."
    if seen.unreadable:
        yield f"Images that could not be read, and are in no figure: {len(seen.unreadable):,}."
    if seen.scanty:
        yield f"Pages with too little ink for an answer, and in no figure: {seen.scanty:,}."
    if images.unlabelled:
        yield f"Rows of the table without a label, and in no figure: {images.unlabelled:,}."
    if all(group is None for group in images.groups):
        yield "No pages are known: each image is taken for a page of its own, and may share its sheet with others."


def _split(card: Card) -> str:
    return card.likelihood.split if card.likelihood else "nothing"
