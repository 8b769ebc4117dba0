"""An encoder of hands measured on labelled documents: seen by the functions that serve, and held against each other.

All images of a page are one document, as ``HandReader.look`` pools them. Pages with too little ink for an answer are in
no figure. Images are opened one at a time; only the pages' vectors and their scores by pairs are held in memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.hands.evaluation.amounts import ByAmount, Score, accuracy_by_amount, mean_scores
from duktus.hands.evaluation.controls import control_scores, control_vectors, page_means
from duktus.hands.evaluation.documents import MOST, EncodedPages, encode_pages, pages_of, served_scores
from duktus.hands.evaluation.figures import PAPER, SEED, TONE, HandFigures, HandResults, attempt, measure_hands
from duktus.hands.evaluation.open_set import UNDECIDED, Decision
from duktus.hands.evaluation.pieces import Pieces, Plan, encode_pieces, hand_score, plan_pieces
from duktus.hands.identification.candidates import log_odds, named_from
from duktus.models.card import Card
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.reporting.clusters import TIMES
from duktus.reporting.notes import notes_on_images, trained_on
from duktus.reporting.progress import Report, part_of
from duktus.types import DataError

AMOUNT = "The amount of text"
"""What a note calls the protocol."""


def as_served(likelihood: Likelihood) -> Decision:
    """Return the decision by the odds of the best hand against all other answers, as ``duktus identify`` decides."""
    return Decision(partial(log_odds, likelihood=likelihood), threshold=named_from(likelihood))


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
        report: called with how many images are done, and of how many; the work is done in three parts.
        times: resamples behind an interval.

    Raises:
        DataError: no two writers have pages that can be read, or none has two.
        ModelError: the network is for another task.
        MissingExtraError: scikit-learn is not installed.
    """
    chosen = images.subset(choose_evenly(len(images), limit))
    seen = encode_pages(session, chosen, report=part_of(report, 0, 3))
    writers, pages = seen.names(chosen)
    hand = measure_hand("hand", session.card, seen, writers, pages, times=times)
    controls = measure_controls(chosen, seen, beside=hand, report=part_of(report, 1, 3), times=times)
    all_three = measure_amounts(session, chosen, seen, (hand, *controls), report=part_of(report, 2, 3), times=times)
    results = HandResults(
        title=session.card.name,
        source=source,
        unit="page",
        samples=len(writers),
        writers=len(set(writers)),
        pages=len(writers),
        hand=all_three[0],
        controls=all_three[1:],
        notes=tuple(notes_on(session.card, source, images, limit, (len(seen.unreadable), seen.scanty))),
        limits=session.card.limits,
    )
    return HandMeasurement(results, seen.unreadable)


def measure_hand(
    name: str, card: Card, seen: EncodedPages, writers: list[str], pages: list[str | None], *, times: int = TIMES
) -> HandFigures:
    """Measure serving: identification by Bayes' rule, retrieval by similarity, verification by calibrated ratios.

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
    scores = served_scores(seen, likelihood_of(card))
    return measure_hands(name, scores, writers, pages, decision=as_served(likelihood_of(card)), times=times)


def measure_controls(
    images: LabelledImages,
    seen: EncodedPages,
    *,
    beside: HandFigures,
    report: Report | None = None,
    times: int = TIMES,
) -> tuple[HandFigures, HandFigures]:
    """Measure the paper alone, and the pen's tone and width alone, on the pages that were seen.

    In the open set they decide at the threshold with the hand's false alarm rate.

    Args:
        images: that were seen.
        seen: what was seen of them.
        beside: the hand's figures.
        report: called with how many images are done, and of how many.
        times: resamples behind an interval.

    Raises:
        DataError: an image can no longer be read.
    """
    writers, pages = seen.names(images)
    decision = as_many_strangers(beside)
    paper, tone = (
        measure_hands(name, control_scores(vectors), writers, pages, decision=decision, times=times)
        for name, vectors in zip((PAPER, TONE), page_controls(images, seen.images, report), strict=True)
    )
    return paper, tone


def page_controls(
    images: LabelledImages, pages: Sequence[tuple[int, ...]], report: Report | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what paper, and tone and width, are like on pages, (n, 48) and (n, 32): the means of their images.

    Args:
        images: of the pages.
        pages: (n,) the places of each one's images.
        report: called with how many images are done, and of how many.

    Raises:
        DataError: an image can no longer be read.
    """
    places = [place for page in pages for place in page]
    of = [number for number, page in enumerate(pages) for _ in page]
    found = control_vectors(images.subset(places), report=report)
    if found.unreadable:
        raise DataError(f"expected images that stay as they are while measured, received {found.unreadable[0]}")
    return page_means(found.paper, of), page_means(found.tone, of)


def as_many_strangers(hand: HandFigures) -> Decision:
    """Return the decision by which a control has the hand's false alarm rate."""
    at = hand.open_set.at if hand.open_set else None
    share = at.false_alarms.value if at else float("nan")
    return Decision(allowing=share) if np.isfinite(share) else UNDECIDED


def measure_amounts(
    session: Session,
    images: LabelledImages,
    seen: EncodedPages,
    figures: tuple[HandFigures, HandFigures, HandFigures],
    *,
    report: Report | None = None,
    times: int = TIMES,
) -> tuple[HandFigures, ...]:
    """Measure how much text an answer takes, by the hand and by its controls.

    Args:
        session: the encoder.
        images: that were seen.
        seen: what was seen of them.
        figures: of the hand, the paper alone, and tone and width alone.
        report: called with how many images are done, and of how many.
        times: resamples behind an interval.

    Returns:
        The figures with these; with a note where pages are too short to be taken apart.
    """
    notes: list[str] = []

    def take_apart() -> tuple[Plan, Pieces]:
        plan = plan_pieces(images, seen, np.random.default_rng((SEED, 5)))
        return plan, encode_pieces(session, images, plan, report)

    taken = attempt(AMOUNT, take_apart, notes)
    if taken is None:
        return (replace(figures[0], notes=(*figures[0].notes, *notes)), *figures[1:])
    plan, pieces = taken
    scores = (
        hand_score(session, pieces, likelihood_of(session.card)),
        mean_scores(pieces.paper, control_scores),
        mean_scores(pieces.tone, control_scores),
    )

    def by_amount(score: Score) -> ByAmount:
        rng = np.random.default_rng((SEED, 6))
        found = accuracy_by_amount(score, pieces.writers, pieces.pages, rng=rng, amounts=plan.amounts, times=times)
        return ByAmount(plan.unit, float(np.median(pieces.inks)), found)

    found = [attempt(AMOUNT, partial(by_amount, score), notes) for score in scores]
    told = tuple(dict.fromkeys(notes))
    return tuple(
        replace(each, amounts=amounts, notes=(*each.notes, *told)) for each, amounts in zip(figures, found, strict=True)
    )


def likelihood_of(card: Card) -> Likelihood:
    """Return what an encoder of hands says of likenesses."""
    assert card.likelihood is not None, "every reader of hands has one"
    return card.likelihood


def notes_on(
    card: Card, source: str, images: LabelledImages, limit: int | None, left_out: tuple[int, int]
) -> Iterator[str]:
    """Yield what one has to know of figures on labelled documents.

    Args:
        card: the encoder's.
        source: what the documents are called.
        images: all of them.
        limit: images that were taken at most.
        left_out: images that could not be read, and pages with too little ink.
    """
    fitted, (unreadable, scanty) = [each.name for each in card.data], left_out
    chosen = images.subset(choose_evenly(len(images), limit))
    if trained_on(card, source):
        yield f"The encoder was fitted to {source}: figures on data it was fitted to are too good."
    yield f"The encoder was fitted to {', '.join(fitted)}; its ratios were calibrated on {likelihood_of(card).split}."
    if len(pages_of(chosen)) > MOST:
        yield f"Measured on {MOST:,} pages, taken evenly from all."
    if scanty:
        yield f"Pages with too little ink for an answer, and in no figure: {scanty:,}."
    ungrouped = "No pages are known: each image counts as a page of its own, and may share its sheet with others."
    yield from notes_on_images(images, len(chosen), unreadable, ungrouped)
