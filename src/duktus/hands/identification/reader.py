"""Whose hand: documents enrolled in a gallery, identified, verified in pairs, and searched.

A hand's vector is made of how directions follow each other along the edges of its strokes
(``imaging/frames/contours.py``), by a linear map that an encoder's file holds. A new writer needs a page and no
training.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.store import Added, Encoder, Example, Gallery, Snapshot, as_label
from duktus.hands.identification.candidates import Known, choose
from duktus.hands.identification.notes import CLEARER, TOO_COARSE, TURNED, find_rift, hand_notes, unfit
from duktus.hands.identification.verification import compare
from duktus.imaging.files.load import Source, load_pages
from duktus.imaging.files.resolution import find_resolution, reduce_scan
from duktus.imaging.frames.contours import (
    ContourSettings,
    Counts,
    count_directions,
    find_contours,
    part_contours,
    turn_over,
)
from duktus.imaging.ink.page import page_ink
from duktus.imaging.layout.patches import telling_patches
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.models.file import open_model_file
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.types import DuktusError, GalleryError, Identification, Likeness, ModelError, Page, Vectors, Verdict

PART = 60.0
"""A document's parts hold so much writing, in text heights of contour: two or three words."""

BATCH = 16
"""Pages that are written at once: so many are lost by a kill."""

THUMBNAILS = 3
"""Patches of a page that a gallery keeps for people to look at."""

WITHOUT_INK = "expected a page of handwriting, received one with too little ink; leave it out"

WITHOUT_DETAIL = f"expected text {TOO_COARSE:.0f} pixels high, received a coarser page; scan it at 300 dots to the inch"


@dataclass(frozen=True, eq=False)
class Document:
    """A page to be enrolled, whose hand it is in, where it came from, and its dots to the inch where known."""

    page: Page
    label: str
    source: str
    dots: float | None = None


@dataclass(frozen=True, eq=False)
class Hand:
    """How a document is written.

    Attributes:
        vectors: (n, d): the document's first, then, where it has more than one part, its parts' from top to bottom.
        turned: (d,) the vector of the document upside down.
        ink: how much was written, in text heights of contour; 0 where nothing was.
        rift: how much less alike its upper and lower part are than either is in itself, where they differ most.
        height: of its text on the page, in pixels; of its pages the middle one; 0 where nothing was written.
    """

    vectors: Vectors
    turned: Vectors
    ink: float
    rift: float
    height: float


class Counted(NamedTuple):
    """What is counted along the contours of a page.

    Attributes:
        counts: (parts, kinds, bins * bins), from top to bottom.
        amounts: (parts,) how much writing each is, in text heights.
        height: of its text on the page, in pixels; 0 where nothing is written.
    """

    counts: Counts
    amounts: NDArray[np.float64]
    height: float


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
    def encoder(self) -> Encoder:
        """What a gallery has to know of the encoder whose vectors it keeps."""
        told = fingerprint(np.frombuffer(self._session.content, np.uint8))
        return Encoder(self._session.card.name, told, int(self._session.output_shape[-1] or 0))

    def look(self, pages: Iterable[Page], dots: float | None = None, regions: Regions = EVERYWHERE) -> Hand:
        """Return how a document of one or several pages is written.

        Args:
            pages: of one document; a line or a word will do as a page.
            dots: their dots to the inch, where known.
            regions: of each page, what to look at.

        Raises:
            ImageError: a region lies beside a page.
        """
        found = [self.count(page, dots, regions) for page in pages]
        counts = np.concatenate([np.zeros((0, *self._contours.shape), np.float32), *(each.counts for each in found)])
        amounts = np.concatenate([np.zeros(0), *(each.amounts for each in found)])
        heights = [each.height for each in found if each.height]
        return self._hand(counts, amounts, float(np.median(heights)) if heights else 0.0)

    def count(self, page: Page, dots: float | None, regions: Regions = EVERYWHERE) -> Counted:
        """Return what is counted along the contours of a page: all that its hand is known by, and adds up over pages.

        Raises:
            ImageError: a region lies beside the page.
        """
        page, dots, factor = reduce_scan(page, dots)
        ink = regions.keep(page_ink(page, self._session.card.preprocessing.ink), factor)
        contours = find_contours(ink, self._contours, dots)
        parts = [part for part in part_contours(contours, PART) if len(part.points)]
        counts = np.zeros((len(parts), *self._contours.shape), np.float32)
        for place, part in zip(counts, parts, strict=True):
            place[:] = count_directions(part, self._contours)
        height = contours.height / contours.scale if contours.height else 0.0
        return Counted(counts, np.array([part.amount for part in parts], np.float64), height)

    def look_at(self, source: Source, regions: Regions = EVERYWHERE) -> Hand:
        """Return how the document in an image file is written, the regions of all its pages taken together.

        Raises:
            ImageError: it cannot be read, or a region lies beside a page.
        """
        return self.look(load_pages(source), find_resolution(source), regions)

    def enrol(
        self, gallery: Gallery, documents: Iterable[Document], failed: list[str], *, replace: bool = False
    ) -> Iterator[Added]:
        """Add pages to a gallery, some at a time; a kill loses no more than these.

        Args:
            gallery: of this encoder.
            documents: any number of them, taken as they are needed.
            failed: receives a message for each page with too little ink, or too coarse.
            replace: where a page is there under another label, take the new one.

        Yields:
            What became of each batch; a page that is there under another label is a conflict in it.

        Raises:
            GalleryError: the gallery cannot be written, or a label is no text.
        """
        remaining = iter(documents)
        while some := list(islice(remaining, BATCH)):
            contents = [fingerprint(document.page) for document in some]
            known = gallery.known(contents)
            fresh = [
                (content, document)
                for content, document in zip(contents, some, strict=True)
                if known.get(content) != as_label(document.label)
            ]
            examples = [self._example(*each) for each in fresh]
            failed += [
                f"{document.source}: {example}"
                for (_, document), example in zip(fresh, examples, strict=True)
                if isinstance(example, str)
            ]
            done = gallery.add((each for each in examples if isinstance(each, Example)), replace=replace)
            yield Added(done.added, done.known + len(some) - len(fresh), done.conflicts)

    def known(self, gallery: Gallery) -> Known:
        """Return the hands that a gallery knows.

        Raises:
            GalleryError: it is empty.
        """
        taught = _filled(gallery)
        parts = np.diff(taught.starts, append=len(taught.vectors)) - 1
        return Known.of(taught.vectors[taught.starts], PART * np.maximum(parts, 1), taught.labels)

    def identify(self, hand: Hand, known: Known, top: int = 5) -> Identification:
        """Tell whose hand a document is in, or that it is none of those that are known.

        Args:
            hand: the document's.
            known: the hands that it may be.
            top: how many matches to return.
        """
        notes = tuple(hand_notes(hand.rift, hand.height))
        if not hand.ink:
            return Identification((), False, "blank", 0.0, notes)
        upright, turned = (
            choose(vector, hand.ink, known, self._likelihood, top) for vector in (hand.vectors[0], hand.turned)
        )
        if turned.best > upright.best + CLEARER:
            upright, notes = turned, (*notes, TURNED)
        reason = unfit(hand.ink, hand.height, self._likelihood.least_amount) or upright.reason
        return Identification(upright.matches, not reason, reason, hand.ink, notes)

    def verify(self, first: Hand, second: Hand) -> Verdict:
        """Tell how much likelier one hand makes two documents than two hands do."""
        return compare(first, second, self._likelihood, self._session.card.limits)

    def search(self, hand: Hand, gallery: Gallery, top: int = 20) -> tuple[Likeness, ...]:
        """Return the documents of a gallery, the most alike first; none where the document is blank.

        Raises:
            GalleryError: it is empty.
        """
        taught = _filled(gallery)
        if not hand.ink:
            return ()
        scores = taught.vectors[taught.starts] @ hand.vectors[0]
        order = np.argsort(-scores, kind="stable")[:top]
        examples = gallery.get(taught.contents[i] for i in order)
        likeness = {taught.contents[i]: float(scores[i]) for i in order}
        return tuple(
            Likeness(each.content, each.label, each.source, likeness[each.content], rank)
            for rank, each in enumerate(examples, 1)
        )

    def _hand(self, counts: Counts, amounts: NDArray[np.float64], height: float) -> Hand:
        """Return the hand of a document whose parts were counted, (parts, kinds, bins * bins)."""
        whole = counts.sum(axis=0, keepdims=True)
        several = counts if len(counts) > 1 else counts[:0]
        vectors = self._session.run(np.concatenate([whole, turn_over(whole, self._contours), several]))
        rift = find_rift(counts, amounts, self._session, 4 * self._likelihood.least_amount)
        return Hand(np.delete(vectors, 1, 0), vectors[1], float(amounts.sum()), rift, height)

    def _example(self, content: str, document: Document) -> Example | str:
        """Return a page as an example of its hand, or why it is none."""
        hand = self.look([document.page], document.dots)
        reason = unfit(hand.ink, hand.height, self._likelihood.least_amount)
        if reason:
            return WITHOUT_DETAIL if reason == "too coarse" else WITHOUT_INK
        page, _, _ = reduce_scan(document.page, document.dots)
        ink = page_ink(page, self._session.card.preprocessing.ink)
        patches = tuple(telling_patches(ink, THUMBNAILS))
        return Example(content, document.label, hand.vectors, patches, document.source, datetime.now(UTC))


def _filled(gallery: Gallery) -> Snapshot:
    """Return what a gallery holds. Raises GalleryError where that is nothing."""
    taught = gallery.snapshot()
    if not taught.labels:
        raise GalleryError("expected a gallery with hands, received an empty one; 'duktus enrol' adds some")
    return taught


def open_hands(encoder: str | os.PathLike[str] = "hand-encoder", *, threads: int | None = None) -> HandReader:
    """Open an encoder of hands: a shipped model's name, or the path of a model file.

    Raises:
        ModelError: there is no such model, or it is for another task.
    """
    return HandReader(open_model_file(encoder, threads))


def documents_of(sources: Iterable[tuple[Source, str, str]], failed: list[str]) -> Iterator[Document]:
    """Yield the pages of image files to enrol; what cannot be read is told in ``failed``.

    Args:
        sources: each image, the label of its hand, and what messages call it.
        failed: receives a message for each file that cannot be read.
    """
    for source, label, name in sources:
        try:
            dots = find_resolution(source)
            for page in load_pages(source):
                yield Document(np.ascontiguousarray(page), label, name, dots)
        except DuktusError as error:
            failed.append(str(error))
