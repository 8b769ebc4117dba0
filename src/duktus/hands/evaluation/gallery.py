"""A gallery of enrolled hands, measured on labelled pages that are not in it: are its writers named, others refused?

Each page is identified as ``duktus identify`` does it. A page with an image that is enrolled is left out. The controls
need the enrolled pages themselves, which a gallery does not keep: they are looked for where they were enrolled from,
and taken where they are the very same.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.gallery.store import Gallery
from duktus.hands.evaluation.controls import Vector, control_scores, paper_vector, tone_vector
from duktus.hands.evaluation.documents import MOST, load_document, nothing_written, pages_of, resolution
from duktus.hands.evaluation.figures import PAPER, SEED, TONE, HandFigures, HandResults
from duktus.hands.evaluation.measure import (
    HandMeasurement,
    as_many_strangers,
    as_served,
    likelihood_of,
    notes_on,
    page_controls,
)
from duktus.hands.evaluation.open_set import Answers, Decision, judge
from duktus.hands.evaluation.retrieval import Matrix, rank_figures
from duktus.hands.identification.candidates import Known
from duktus.hands.identification.hand import Hand
from duktus.hands.identification.notes import UPSIDE_DOWN
from duktus.hands.identification.reader import HandReader
from duktus.imaging.files.load import load_pages
from duktus.models.likelihood import Likelihood, joint_amount
from duktus.models.runtime import Session
from duktus.reporting.clusters import number_writers
from duktus.reporting.progress import Report, part_of, track
from duktus.types import DataError, DuktusError, Page

TOLD = 8
"""Pages that a note names."""


class _Answer(NamedTuple):
    """To one page: the rank of its writer, 0 where not enrolled, how sure the first is, and whether that is right."""

    rank: int
    sure: float
    right: bool


@dataclass(eq=False)
class _Asked:
    """The queried pages: the places of their images, and the answers; what was left out."""

    pages: list[tuple[int, ...]] = field(default_factory=list)
    answers: list[_Answer] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    scanty: int = 0
    enrolled: int = 0


def measure_hand_gallery(
    session: Session,
    gallery: Gallery,
    images: LabelledImages,
    *,
    source: str,
    limit: int | None = None,
    report: Report | None = None,
) -> HandMeasurement:
    """Measure a gallery of hands on labelled documents: label = writer, group = page; beside it, both controls.

    Args:
        session: the gallery's encoder.
        gallery: the known hands; writers of other names are unknown to it.
        images: the documents.
        source: what to call them.
        limit: measure on no more images than so many, taken evenly from all.
        report: called with how much of the work is done, and of how much.

    Raises:
        DataError: no page is left to ask.
        GalleryError: the gallery is empty.
        ModelError: the network is for another task.
    """
    known = HandReader(session).known(gallery)
    chosen = images.subset(choose_evenly(len(images), limit))
    asked = _ask(session, gallery, known, chosen, part_of(report, 0, 3))
    writers = [chosen.labels[places[0]] for places in asked.pages]
    hand = _figures("hand", asked.answers, writers, known, as_served(likelihood_of(session.card)))
    controls, without = _controls(gallery, known, chosen, asked.pages, hand, report)
    results = HandResults(
        title=f"gallery, by {session.card.name}",
        source=source,
        unit="page",
        samples=len(writers),
        writers=len(set(writers)),
        pages=len(writers),
        hand=hand,
        controls=controls,
        notes=(
            *notes_on(session.card, source, images, limit, (len(asked.unreadable), asked.scanty)),
            *_notes(asked, writers, known),
            *without,
        ),
        limits=session.card.limits,
    )
    return HandMeasurement(results, tuple(asked.unreadable))


def _ask(session: Session, gallery: Gallery, known: Known, images: LabelledImages, report: Report | None) -> _Asked:
    """Ask about all pages but those that are enrolled or have too little ink."""
    reader, found = HandReader(session), _Asked()
    likelihood, labels = likelihood_of(session.card), {label: i for i, label in enumerate(known.labels)}
    pages = pages_of(images)
    pages = [pages[i] for i in choose_evenly(len(pages), MOST)]
    for places in track(pages, report):
        readable: list[int] = []
        contents: list[str] = []
        loaded = _noted(load_document(images, places, readable, found.unreadable), contents)
        hand = reader.look(loaded, resolution(images, places))
        writer, there = images.labels[places[0]], gallery.known(contents)
        if there:
            found.enrolled += 1
            others = sorted(set(there.values()) - {writer})
            found.conflicts += [
                f"{images.name(places[0])} is enrolled as {label!r}, not {writer!r}" for label in others
            ]
        elif hand.ink < likelihood.least_amount:
            found.scanty += bool(readable)
        else:
            ratios = _ratios(reader, hand, known, likelihood)
            found.answers.append(_judge(ratios, labels.get(writer), as_served(likelihood)))
            found.pages.append(tuple(readable))
    if not found.pages and found.enrolled:
        received = f"{found.enrolled} that are enrolled, which measure nothing"
        raise DataError(f"expected pages that are not in the gallery, received {received}; give others")
    if not found.pages:
        raise nothing_written(found.scanty, len(found.unreadable))
    return found


def _noted(pages: Iterator[Page], contents: list[str]) -> Iterator[Page]:
    """The same pages; what each is known by in a gallery is noted."""
    for page in pages:
        contents.append(fingerprint(np.ascontiguousarray(page)))
        yield page


def _ratios(reader: HandReader, hand: Hand, known: Known, likelihood: Likelihood) -> Matrix:
    """The log10 ratios of a page and each known hand, without bounds, turned as it is identified."""
    turned = UPSIDE_DOWN in reader.identify(hand, known, top=1).notes
    scores = known.vectors @ (hand.upside_down if turned else hand.vectors[0])
    return likelihood.log10_ratio(scores, joint_amount(hand.ink, known.amounts))


def _judge(scores: Matrix, own: int | None, decision: Decision) -> _Answer:
    """An answer from (k,) scores of the known hands, the place of the right one among them."""
    rank = 0 if own is None else int((scores >= scores[own]).sum())
    return _Answer(rank, float(decision.confidence(scores[None])[0]), rank == 1)


def _figures(
    name: str, answers: Sequence[_Answer], writers: Sequence[str], known: Known, decision: Decision
) -> HandFigures:
    """The figures of the answers to all pages."""
    who = number_writers(writers)
    rank, sure, right = (np.array(column) for column in zip(*answers, strict=True))
    enrolled, rng = rank > 0, np.random.default_rng((SEED, 0))
    n, writers_known = int(enrolled.sum()), len(known.labels)
    closed = rank_figures(rank[enrolled], who[enrolled], writers_known, n=n, draws=0, rng=rng)
    sides = len(known.labels), len(set(writers) - set(known.labels))
    given = Answers.of((sure, enrolled, right, who, np.arange(len(who))))
    opened = judge(given, sides, 0, rng=np.random.default_rng((SEED, 2)), decision=decision)
    return HandFigures(name, closed, None, opened, None)


def _controls(
    gallery: Gallery,
    known: Known,
    images: LabelledImages,
    pages: Sequence[tuple[int, ...]],
    hand: HandFigures,
    report: Report | None,
) -> tuple[tuple[HandFigures, ...], tuple[str, ...]]:
    """The controls' figures; or none, and a note on which enrolled pages they lack."""
    enrolled = _enrolled_controls(gallery, part_of(report, 1, 3))
    lacking = [label for label in known.labels if label not in enrolled]
    if lacking:
        names = ", ".join(lacking[:TOLD]) + (" …" if len(lacking) > TOLD else "")
        said = f"The controls were not measured: no page of {names} is where it was enrolled from, or the same as then."
        return (), (said,)
    asked = page_controls(images, pages, part_of(report, 2, 3))
    places, decision = {label: i for i, label in enumerate(known.labels)}, as_many_strangers(hand)
    writers = [images.labels[page[0]] for page in pages]
    found = []
    for kind, name in enumerate((PAPER, TONE)):
        scores = control_scores(asked[kind], np.stack([enrolled[label][kind] for label in known.labels]))
        answers = [_judge(row, places.get(who), decision) for row, who in zip(scores, writers, strict=True)]
        found.append(_figures(name, answers, writers, known, decision))
    return tuple(found), ()


def _enrolled_controls(gallery: Gallery, report: Report | None) -> dict[str, tuple[Vector, Vector]]:
    """What paper, and tone and width, are like on the enrolled pages of each hand, as far as they can be found."""
    found: dict[str, list[tuple[Vector, Vector]]] = defaultdict(list)
    for source, labels in track(list(_sources(gallery).items()), report):
        with suppress(DuktusError):  # a hand without its pages is reported
            for page in load_pages(source):
                label = labels.get(fingerprint(np.ascontiguousarray(page)))
                if label is not None:
                    found[label].append((paper_vector(page), tone_vector(page)))
    kinds = {label: zip(*vectors, strict=True) for label, vectors in found.items()}
    means = {label: [np.mean(kind, axis=0) for kind in both] for label, both in kinds.items()}
    return {label: (paper, tone) for label, (paper, tone) in means.items()}


def _sources(gallery: Gallery) -> dict[str, dict[str, str]]:
    """For each source of a gallery the contents that came from it, with their labels."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for label in (each.label for each in gallery.labels()):
        for example in gallery.get(gallery.contents(label)):
            found[example.source][example.content] = label
    return found


def _notes(asked: _Asked, writers: Sequence[str], known: Known) -> Iterator[str]:
    if asked.enrolled:
        yield f"Pages that are enrolled, and in no figure: {asked.enrolled:,}."
    for conflict in asked.conflicts[:TOLD]:
        yield f"{conflict}: one of the two is wrong."
    yield "Enrolled pages are known by their content alone: another picture of one would be in the figures."
    if not set(writers) - set(known.labels):
        yield "All pages are by writers of the gallery: how many strangers would pass is not known."
    if not set(writers) & set(known.labels):
        yield "No page is by a writer of the gallery: how many of them it would know is not known."
