"""A hand classifier measured on labelled images, by the functions that serve.

Images are opened one at a time; of each patch its scores are held in memory, and of
each document the few patches that the report shows.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.hands.evaluation.documents import pages_of
from duktus.hands.evaluation.level_accuracy import accuracy_by_level, share_of_pages
from duktus.hands.evaluation.twins import TwinPairs, find_twin_pairs, join_seen, keep_surest
from duktus.hands.identification.classifier import Ballot, HandClassifier
from duktus.hands.identification.collage import Seen
from duktus.hands.identification.votes import vote
from duktus.imaging.files.load import load_pages
from duktus.models.runtime import Session
from duktus.reporting.confusion_matrix import count_confusions
from duktus.reporting.files import without_nan
from duktus.reporting.intervals import Estimate
from duktus.reporting.notes import notes_on_images, trained_on
from duktus.reporting.progress import Report, track
from duktus.types import JSON, DataError, Identification, ImageError

FIRST = 5
"""Among how many first answers the writer is looked for, beside the first alone."""

SEED = 0
"""Of all resamples."""

Levels = dict[str, Estimate]
"""Figures of "patches", "lines" and, where pages are known, "pages"."""


@dataclass(frozen=True)
class Mixed:
    """A writer whose lines are given to another: how often, of how many lines."""

    writer: str
    answered: str
    count: int
    of: int


@dataclass(frozen=True, eq=False)
class ClassifierResults:
    """An evaluation of a classifier of hands on one set.

    Attributes:
        title: the model's name.
        source: the set, in words.
        writers: how many of the model's writers have documents in the set, of ``known`` that it knows.
        right: how often the first answer is right, by level.
        among: how often the writer is among the first ``FIRST``, by level.
        accepted: the share of documents that serving accepts, each a page or, where none is known, an image.
        sure: the share of right answers among those that are accepted.
        strangers: the share of documents by writers that the model does not know that it refuses; None without any.
        mixed: which writers are taken for which, the most frequent first.
        confusion: (known, known) lines by their writer (rows) and the answer.
        labels: of its rows and columns.
        notes: sentences on how the figures came about.
        limits: sentences on what they do not say.
        twins: patches of two documents that are given to one writer.
    """

    title: str
    source: str
    writers: int
    known: int
    right: Levels
    among: Levels
    accepted: Estimate
    sure: Estimate
    strangers: Estimate | None
    mixed: tuple[Mixed, ...]
    confusion: NDArray[np.int64]
    labels: tuple[str, ...]
    notes: tuple[str, ...]
    limits: tuple[str, ...]
    twins: TwinPairs = field(default_factory=TwinPairs)

    def to_json(self) -> JSON:
        """Return all figures as a JSON object; the confusion as the pairs of ``mixed``."""
        shown = ("confusion", "labels", "twins")
        record = {name: value for name, value in asdict(self).items() if name not in shown}
        found: JSON = without_nan(record)
        return found


@dataclass(frozen=True, eq=False)
class ClassifierMeasurement:
    """The figures of a classifier of hands, and the errors of images that could not be read and are in no figure."""

    results: ClassifierResults
    unreadable: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Document:
    """A page, or a single image: its writer's place among the labels (-1: unknown), its scores and its answer.

    ``seen`` has its patches that the network is surest of.
    """

    writer: int
    ballot: Ballot
    found: Identification
    seen: Seen


def measure_hand_classifier(
    session: Session,
    images: LabelledImages,
    *,
    source: str,
    limit: int | None = None,
    report: Report | None = None,
) -> ClassifierMeasurement:
    """Measure a classifier of hands on labelled documents: label = writer, group = page.

    Args:
        session: the classifier.
        images: of pages, lines or words; those of one page are one document, as serving takes all pages of a file.
        source: what to call them.
        limit: measure on no more images than so many, taken evenly from all.
        report: called with how many pages are done, and of how many.

    Raises:
        DataError: no image with writing is by one of the model's writers.
        ModelError: the network is for another task.
    """
    reader = HandClassifier(session)
    chosen = images.subset(choose_evenly(len(images), limit))
    unreadable: list[str] = []
    documents = list(_documents(reader, chosen, unreadable, report))
    known = [each for each in documents if each.writer >= 0 and len(each.ballot.scores)]
    if not known:
        received = f"{len(documents)} documents of others or without, and {len(unreadable)} that cannot be read"
        raise DataError(f"expected writing of the writers that {session.card.name} knows, received {received}")
    notes = _notes(session, source, images, chosen, documents, unreadable)
    return ClassifierMeasurement(_results(reader, session, source, documents, known, tuple(notes)), tuple(unreadable))


def _documents(
    reader: HandClassifier,
    images: LabelledImages,
    unreadable: list[str],
    report: Report | None,
) -> Iterator[_Document]:
    """Yield the answer for each document; what cannot be read is reported and left out."""
    writers = {label: place for place, label in enumerate(reader.labels)}
    for places in track(pages_of(images), report):
        ballots, parts = [], []
        for place in places:
            try:
                ballot, seen = reader.see(load_pages(images.images[place], name=images.name(place)))
            except ImageError as error:
                unreadable.append(str(error))
                continue
            ballots.append(ballot)
            parts.append(keep_surest(seen, len(reader.labels)))
        if ballots:
            ballot = Ballot.join(ballots)
            seen = keep_surest(join_seen(parts), len(reader.labels))
            yield _Document(writers.get(images.labels[places[0]], -1), ballot, reader.identify(ballot), seen)


def _results(
    reader: HandClassifier,
    session: Session,
    source: str,
    documents: list[_Document],
    known: list[_Document],
    notes: tuple[str, ...],
) -> ClassifierResults:
    whole = Ballot.join([each.ballot for each in known])
    counts = [len(each.ballot.scores) for each in known]
    pages, truth = (np.repeat(column, counts) for column in (np.arange(len(known)), [each.writer for each in known]))
    scores = whole.scores[:, : len(reader.labels)]
    right, among = (
        accuracy_by_level(scores, truth, whole.lines, pages, whole.ink, rng=_rng(), first=first) for first in (1, FIRST)
    )
    taken = [each for each in known if each.found.accepted]
    strangers = [each for each in documents if each.writer < 0]
    confusion = _confuse(scores, truth, whole, len(reader.labels))
    return ClassifierResults(
        session.card.name,
        source,
        len({each.writer for each in known}),
        len(reader.labels),
        right,
        among,
        _share([each.found.accepted for each in known]),
        _share([each.found.matches[0].label == reader.labels[each.writer] for each in taken]),
        _share([not each.found.accepted for each in strangers]) if strangers else None,
        _mixed(confusion, reader.labels),
        confusion,
        reader.labels,
        notes,
        session.card.limits,
        find_twin_pairs([(each.writer, each.seen) for each in known], len(reader.labels), raw=reader.frame.raw),
    )


def _rng() -> np.random.Generator:
    return np.random.default_rng(SEED)


def _share(hits: list[bool]) -> Estimate:
    """Return a share of documents, each drawn by itself."""
    return share_of_pages(np.arange(len(hits)), np.array(hits, bool), _rng())


def _confuse(scores: NDArray[np.float32], truth: NDArray[np.intp], whole: Ballot, known: int) -> NDArray[np.int64]:
    """Return (known, known) how many lines of each writer (rows) are given to each."""
    votes = vote(scores, whole.lines, whole.ink)
    shown = truth[np.unique(whole.lines, return_index=True)[1]]
    return count_confusions(shown, votes.scores.argmax(axis=1), known)


def _mixed(confusion: NDArray[np.int64], labels: tuple[str, ...]) -> tuple[Mixed, ...]:
    """Return the writers that are taken for others, the most frequent first."""
    pairs = np.argwhere(confusion - np.diag(confusion.diagonal())).tolist()
    found = [Mixed(labels[a], labels[b], int(confusion[a, b]), int(confusion[a].sum())) for a, b in pairs]
    return tuple(sorted(found, key=lambda each: (-each.count, -each.count / each.of, each.writer)))


def _notes(
    session: Session,
    source: str,
    images: LabelledImages,
    chosen: LabelledImages,
    documents: list[_Document],
    unreadable: list[str],
) -> Iterator[str]:
    card = session.card
    yield f"Closed set: every document is compared with the {len(card.labels)} writers of the model."
    if trained_on(card, source):
        yield (
            f"The network was trained on {source}: figures on images that it was trained on are too good. The card has "
            "those of the test part."
        )
    blank = sum(not len(each.ballot.scores) for each in documents)
    if blank:
        yield f"Documents without writing, and in no figure of known writers: {blank:,}."
    unknown = sum(each.writer < 0 for each in documents)
    if unknown:
        yield f"Documents by writers that the model does not know: {unknown:,}; only their refusal is measured."
    ungrouped = "No pages are known: each image counts as a document of its own, and may share its sheet with others."
    yield from notes_on_images(images, len(chosen), len(unreadable), ungrouped)
