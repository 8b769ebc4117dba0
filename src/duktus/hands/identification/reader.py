"""Whose hand: documents enrolled in a gallery, identified, verified in pairs, and searched.

A hand's vector is made of how directions follow each other along the edges of its strokes
(``imaging/frames/contours.py``), by a linear map that an encoder's file holds. A new writer needs a page and no
training.
"""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.store import Added, Encoder, Example, Gallery
from duktus.hands.identification.candidates import PRIOR, Known, choose, put_first
from duktus.hands.identification.documents import Document
from duktus.hands.identification.enrolled import PART, fresh, known_hands, mixed_labels, nearest_documents
from duktus.hands.identification.hand import Counted, Hand, Traced, text_heights
from duktus.hands.identification.notes import (
    ENROLLED,
    UPSIDE_DOWN,
    UPSIDE_DOWN_MARGIN,
    WITHOUT_DETAIL,
    WITHOUT_INK,
    amount_notes,
    find_heterogeneity,
    hand_notes,
    unfit,
)
from duktus.hands.identification.tracing import contents_of, count_page, trace_page
from duktus.hands.identification.verification import compare
from duktus.imaging.files import budget
from duktus.imaging.files.load import DocumentSource, load_pages, reopenable
from duktus.imaging.files.resolution import find_resolution
from duktus.imaging.frames.contours import (
    ContourSettings,
    Counts,
    rotate_counts,
)
from duktus.imaging.layout.patches import patch_thumbnails
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.models.file import open_model_file
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.types import DuktusError, Identification, Likeness, ModelError, Page, Verdict
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import Job, Steps, answer_each

PAGES = 4
"""Pages that a process takes at once."""

BATCH = 16
"""Pages that are written at once: so many are lost by a kill."""

THUMBNAILS = 3
"""Patches of a page that a gallery keeps for people to look at."""


class HandReader:
    """Tells hands apart by an encoder. Any thread may use it.

    Args:
        session: an encoder of hands.

    Raises:
        ModelError: the network is for another task, or its card does not say what likenesses mean.
    """

    def __init__(self, session: Session) -> None:
        card = session.card
        if card.task != "hand-encoder" or card.preprocessing.contours is None or card.likelihood is None:
            expected = "expected a hand-encoder with likelihood ratios, whose vectors a gallery of hands keeps"
            raise ModelError(f"{card.name}: {expected}, received a {card.task}; name another, or none beside a gallery")
        self._session = session
        self._contours: ContourSettings = card.preprocessing.contours
        self._likelihood: Likelihood = card.likelihood

    @property
    def _opened(self) -> tuple[bytes, str]:
        """What another process opens the encoder with."""
        return self._session.content, self._session.name

    @property
    def encoder(self) -> Encoder:
        """What a gallery has to know of the encoder whose vectors it keeps."""
        told = fingerprint(np.frombuffer(self._session.content, np.uint8))
        return Encoder(self._session.card.name, told, int(self._session.output_shape[-1] or 0))

    def look(self, pages: Iterable[Page], dots: float | None = None, regions: Regions = EVERYWHERE) -> Hand:
        """Return how a document of one or several pages is written.

        Args:
            pages: of one document; a line or a word will do as a page.
            dots: their dots per inch, where known.
            regions: of each page, what to look at.

        Raises:
            ImageError: a region lies beside a page.
        """
        return self._join([self._trace(page, dots, regions) for page in pages])

    def _join(self, pages: Sequence[Traced]) -> Hand:
        """Return the hand of a document of some pages."""
        found = self._count(pages)
        counts = np.concatenate([np.zeros((0, *self._contours.shape), np.float32), *(each.counts for each in found)])
        amounts = np.concatenate([np.zeros(0), *(each.amounts for each in found)])
        heights = [each.height for each in found if each.height]
        hand = self._hand(counts, amounts, float(np.median(heights)) if heights else 0.0)
        notes = tuple(dict.fromkeys(note for page in pages for note in page.notes))
        return replace(hand, contents=contents_of(pages), notes=notes)

    def count(self, pages: Iterable[Page], dots: float | None, regions: Regions = EVERYWHERE) -> list[Counted]:
        """Return what is counted along the contours of each page of a document: what its hand is known by, and adds up.

        Raises:
            ImageError: a region lies beside a page.
        """
        return self._count([self._trace(page, dots, regions) for page in pages])

    def _count(self, pages: Sequence[Traced]) -> list[Counted]:
        return [
            count_page(page, height, self._contours, PART)
            for page, height in zip(pages, text_heights(pages), strict=True)
        ]

    def _trace(self, page: Page, dots: float | None, regions: Regions) -> Traced:
        return trace_page(page, dots, self._session.card.preprocessing.ink, self._contours, regions)[0]

    def look_at(self, source: DocumentSource, regions: Regions = EVERYWHERE) -> Hand:
        """Return how the document in an image file, or in several, is written, all pages' regions taken together.

        Raises:
            ImageError: one cannot be read, or a region lies beside a page.
        """
        traced: list[Traced] = []
        for file in source if isinstance(source, tuple) else (source,):
            opened, name = reopenable(file), os.fspath(file) if isinstance(file, (str, os.PathLike)) else ""
            dots = find_resolution(opened)
            traced += [self._trace(page, dots, regions) for page in load_pages(opened, name=name)]
        return self._join(traced)

    def look_at_many(
        self, sources: Iterable[DocumentSource], regions: Regions = EVERYWHERE
    ) -> Generator[Hand | DuktusError]:
        """Yield how each of many documents is written, as ``look_at`` does, in order; errors stand in their place.

        Where there is work for more than a second or two, a process is started for each core that the encoder was
        opened with. Close the generator to stop early.
        """
        job, cores = Job(f"{__name__}:open_documents", (*self._opened, regions)), self._session.threads
        steps = answer_each(lambda source: self.look_at(source, regions))
        return answer_in_bulk(sources, steps, cores, pool_starter(job, cores), batch=PAGES)

    def enrol(
        self, gallery: Gallery, documents: Iterable[Document], failed: list[str], *, replace: bool = False
    ) -> Iterator[Added]:
        """Add pages to a gallery, some at a time; a kill loses no more than these.

        Many pages are encoded by a process for each core that the encoder was opened with.

        Args:
            gallery: of this encoder.
            documents: any number of them, taken as they are needed.
            failed: receives a message for each page with too little ink, too coarse, or at which its process died.
            replace: where a page is there under another label, take the new one.

        Yields:
            What became of each batch; a page that is there under another label is a conflict in it.

        Raises:
            GalleryError: the gallery cannot be written, or a label is no text.
        """
        with closing(self._examples(gallery, documents)) as found:
            while some := list(islice(found, BATCH)):
                failed += [each for each in some if isinstance(each, str)]
                done = gallery.add((each for each in some if isinstance(each, Example)), replace=replace)
                yield Added(done.added, done.known + some.count(None), done.conflicts)

    def _examples(self, gallery: Gallery, documents: Iterable[Document]) -> Generator[Example | str | None]:
        """Yield each page as an example, or why it is none; None where the gallery has it under its label."""
        order: deque[str | None] = deque()
        steps, cores = answer_each(self.example), self._session.threads
        starter = pool_starter(Job(f"{__name__}:open_enrolment", self._opened), cores, carry=lambda document: document)
        with closing(answer_in_bulk(fresh(gallery, documents, order), steps, cores, starter, batch=PAGES)) as answers:
            for each in answers:
                while (source := order.popleft()) is None:
                    yield None
                yield f"{source}: {each}" if isinstance(each, str) else each if isinstance(each, Example) else str(each)
        yield from order

    def known(self, gallery: Gallery) -> Known:
        """Return the hands that a gallery knows. Raises GalleryError where it is empty."""
        return known_hands(gallery)

    def mixed_labels(self, gallery: Gallery) -> Iterator[str]:
        """Yield a sentence for each label of which two pages are in two hands, as far as their likeness says."""
        return mixed_labels(gallery, self._likelihood)

    def identify(self, hand: Hand, known: Known, top: int = 5, prior: float = PRIOR) -> Identification:
        """Identify the writer of a document, or say that none of the known hands wrote it.

        A document whose pages are themselves enrolled, all under one label, is that hand's.

        Args:
            hand: the document's.
            known: the hands that it may be.
            top: how many matches to return.
            prior: the probability, beforehand, that the document is in one of the known hands.
        """
        notes = (*hand.notes, *hand_notes(hand.heterogeneity, hand.height), *amount_notes(hand.ink, self._likelihood))
        if not hand.ink:
            return Identification((), False, unfit(0.0, 0.0, 0.0, bool(hand.notes)), 0.0, notes)
        upright, turned = (
            choose(vector, hand.ink, known, self._likelihood, len(known.labels), prior)
            for vector in (hand.vectors[0], hand.upside_down)
        )
        if turned.best > upright.best + UPSIDE_DOWN_MARGIN:
            upright, notes = turned, (*notes, UPSIDE_DOWN)
        reason = unfit(hand.ink, hand.height, self._likelihood.least_amount) or upright.reason
        matches, label = upright.matches, known.enrolled(hand.contents)
        if label is not None:
            matches, reason, notes = put_first(matches, label), "", (*notes, ENROLLED)
        return Identification(matches[:top], not reason, reason, hand.ink, notes)

    def verify(self, first: Hand, second: Hand) -> Verdict:
        """Compare two documents: how much more probable the similarity is if one hand wrote both than if two did."""
        return compare(first, second, self._likelihood, self._session.card.limits)

    def search(self, hand: Hand, gallery: Gallery, top: int = 20) -> tuple[Likeness, ...]:
        """Return the documents of a gallery, the most alike first; none where the document is blank.

        Raises:
            GalleryError: it is empty.
        """
        found = nearest_documents(hand.vectors[0], gallery, top)
        return found if hand.ink else ()

    def _hand(self, counts: Counts, amounts: NDArray[np.float64], height: float) -> Hand:
        """Return the hand of a document whose parts were counted, (parts, kinds, bins * bins)."""
        whole = counts.sum(axis=0, keepdims=True)
        several = counts if len(counts) > 1 else counts[:0]
        vectors = self._session.run(np.concatenate([whole, rotate_counts(whole, self._contours), several]))
        heterogeneity = find_heterogeneity(counts, amounts, self._session, 4 * self._likelihood.least_amount)
        return Hand(np.delete(vectors, 1, 0), vectors[1], float(amounts.sum()), heterogeneity, height)

    def example(self, document: Document) -> Example | str:
        """Return a page as an example of its hand, or why it is none."""
        settings = self._session.card.preprocessing.ink, self._contours
        traced = []
        for number, page in enumerate(document.pages, 1):
            budget.begin_page(document.source, number)
            traced.append(trace_page(page, document.dots, *settings))
        hand = self._join([each for each, _ in traced])
        reason = unfit(hand.ink, hand.height, self._likelihood.least_amount)
        if reason:
            return WITHOUT_DETAIL if reason == "too coarse" else WITHOUT_INK
        patches = tuple(patch_thumbnails(max((ink for _, ink in traced), key=np.sum), THUMBNAILS))
        return Example(document.content, document.label, hand.vectors, patches, document.source, datetime.now(UTC))


def open_hands(encoder: str | os.PathLike[str] = "hand-encoder", *, threads: int | None = None) -> HandReader:
    """Open an encoder of hands: a shipped model's name, or the path of a model file.

    Raises:
        ModelError: there is no such model, or it is for another task.
    """
    return HandReader(open_model_file(encoder, threads))


def open_documents(content: bytes, name: str, regions: Regions) -> Steps:
    """Open an encoder's content on one core; return the steps of ``HandReader.look_at_many``."""
    reader = HandReader(Session(content, 1, name=name))
    return answer_each(lambda source: reader.look_at(source, regions))


def open_enrolment(content: bytes, name: str) -> Steps:
    """Open an encoder's content on one core; return the steps by which pages become examples."""
    return answer_each(HandReader(Session(content, 1, name=name)).example)
