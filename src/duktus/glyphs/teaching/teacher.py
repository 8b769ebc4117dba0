"""Letters taught from examples: pictures become vectors in a gallery, and the gallery becomes a reader."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.store import Added, Encoder, Example, Gallery, as_label
from duktus.glyphs.reading.head import Head, fit_head
from duktus.glyphs.teaching.confusions import Confusion, find_confusions
from duktus.glyphs.teaching.label_errors import NAMED, describe_label_errors, find_label_errors
from duktus.imaging.frames.augmentation import AugmentSettings, augment
from duktus.imaging.frames.glyph import GlyphFrame, single_glyph, stack_glyphs
from duktus.imaging.ink.extraction import InkSettings
from duktus.models.card import Spread
from duktus.models.runtime import Session
from duktus.types import DuktusError, GalleryError, Ink, ModelError, Page, Vectors
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import Job, Steps, answer_each

COPIES = 8
"""Varied copies by which a drawing is stretched: one shows one of many forms."""

FEW = 3
"""Examples of a letter below which they are stretched: copies help one example, and blur what several say."""

VARIED = AugmentSettings(
    rotate=6.0, scale=0.06, stretch=0.08, shear=0.1, shift=0.0, elastic=0.8, stroke=0.6, blur=0.3, noise=0.0, share=1.0
)
"""How far the copies differ from the example, for a frame of 40 pixels."""

BATCH = 64
"""Examples that are encoded and written at once: so many are lost by a kill, and no more are held in memory."""

MOST_CHECKED = 20_000
"""Examples of a gallery up to which each is held against all others after teaching, in a second or two."""

MOST_CONFUSED = 200
"""Labels of a gallery up to which it is worked out which are taken for each other, in a second."""

WITHOUT_INK = "expected a drawing of a letter, received a picture without ink; leave it out"


UNNAMED = "'the image': "
"""How a message begins on a page that came without its file's name."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """A picture of one letter, its label, and where it came from."""

    page: Page
    label: str
    source: str


class Teacher:
    """Turns pictures of letters into examples of a gallery. Any thread may use it.

    Args:
        session: a network that encodes glyphs.

    Raises:
        ModelError: the network is for another task, or its card does not say how its vectors scatter.
    """

    def __init__(self, session: Session) -> None:
        card = session.card
        if card.task != "glyph-encoder" or card.preprocessing.glyph is None or card.spread is None:
            expected = "expected an encoder of letters (glyph-encoder), whose vectors a gallery of letters keeps"
            lacking = " whose card lacks the spread of its vectors" if card.task == "glyph-encoder" else ""
            advice = "leave the model out beside a gallery, or name the encoder that the gallery was taught with"
            raise ModelError(f"{card.name}: {expected}, received a {card.task}{lacking}; {advice}")
        self._session = session
        self._frame: GlyphFrame = card.preprocessing.glyph
        self._spread = card.spread

    @property
    def encoder(self) -> Encoder:
        """What a gallery has to know of the network whose vectors it keeps."""
        content = fingerprint(np.frombuffer(self._session.content, np.uint8))
        return Encoder(self._session.card.name, content, len(self._spread.middle))

    def teach(
        self, gallery: Gallery, lessons: Iterable[Lesson], failed: list[str], *, replace: bool = False
    ) -> Iterator[Added]:
        """Add an example for each lesson to a gallery, some at a time; a kill loses no more than these.

        Args:
            gallery: of this encoder.
            lessons: any number of them, taken as they are needed.
            failed: receives a message for each picture without ink.
            replace: where a picture is there under another label, take the new one.

        Yields:
            What became of each batch.

        Raises:
            GalleryError: the gallery cannot be written, or a label is no text.
        """
        for some in _batches(lessons):
            contents = [fingerprint(lesson.page) for lesson in some]
            known = gallery.known(contents)
            pairs = zip(contents, some, strict=True)
            fresh = [(content, one) for content, one in pairs if known.get(content) != as_label(one.label)]
            inked = list(self._inked(fresh, failed))
            done = gallery.add(self._encode(inked), replace=replace)
            yield Added(done.added, done.known + len(some) - len(fresh), done.conflicts)

    def _inked(self, fresh: Sequence[tuple[str, Lesson]], failed: list[str]) -> Iterator[tuple[str, Lesson, Ink]]:
        """Yield lessons with their glyphs, each within the time that a page has; what has none goes to ``failed``."""
        job = Job(f"{__name__}:open_glyphs", (self._session.card.preprocessing.ink, self._frame))
        pages = [lesson.page for _, lesson in fresh]
        with closing(answer_in_bulk(pages, answer_each(self._glyph), 1, pool_starter(job, 1), batch=1)) as glyphs:
            for (content, lesson), glyph in zip(fresh, glyphs, strict=True):
                if isinstance(glyph, DuktusError):
                    failed.append(f"{lesson.source}: {str(glyph).removeprefix(UNNAMED)}")
                elif glyph.any():
                    yield content, lesson, glyph
                else:
                    failed.append(f"{lesson.source}: {WITHOUT_INK}")

    def head(self, gallery: Gallery) -> Head:
        """Return what a gallery has been taught.

        Raises:
            GalleryError: it is empty, or another encoder's.
        """
        taught = gallery.snapshot()
        if not taught.labels:
            raise GalleryError("expected a gallery with examples, received an empty one; 'duktus teach' adds some")
        last = np.append(taught.starts[1:], len(taught.vectors)) - 1
        rows = np.where(_are_few(taught.labels), last, taught.starts)
        return fit_head(taught.vectors[rows], taught.labels, self._spread)

    def label_errors(self, gallery: Gallery) -> list[str]:
        """Return what to know of a gallery's labels that look wrong, a sentence a line; nothing of a very large one.

        Raises:
            GalleryError: it cannot be read.
        """
        taught, scale = gallery.snapshot(), self._session.card.calibration
        if not 2 <= len(taught.labels) <= MOST_CHECKED:
            return []
        temperature = scale.temperature if scale else 1.0
        found = find_label_errors(taught.vectors[taught.starts], taught.labels, self._spread, temperature)
        worst = {taught.contents[place]: place for place in found.places[:NAMED]}
        names = {place: content[:12] for content, place in worst.items()}  # if another process removes one meanwhile
        names |= {worst[example.content]: example.source for example in gallery.get(worst)}
        return describe_label_errors(found, names)

    def confusions(self, gallery: Gallery) -> list[Confusion]:
        """Return which letters of a gallery would be taken for each other; nothing of a very large one.

        Raises:
            GalleryError: it cannot be read.
        """
        taught = gallery.snapshot()
        if not 2 <= len(set(taught.labels)) <= MOST_CONFUSED:
            return []
        last = np.append(taught.starts[1:], len(taught.vectors)) - 1
        rows = np.where(_are_few(taught.labels), last, taught.starts)
        return find_confusions(taught.vectors[rows], taught.labels, self._spread, np.random.default_rng(0))

    def vectors(self, pages: Sequence[Page]) -> Vectors:
        """Return (n, 2, d) unit vectors of pictures of one letter each: its own, and the mean with varied copies."""
        return np.stack(self._vectors([self._glyph(page) for page in pages], [True] * len(pages)))

    def _vectors(self, glyphs: Sequence[Ink], stretched: Sequence[bool]) -> list[Vectors]:
        """Return what glyphs are taught by, (1, d) or (2, d) each; all go through the network in one batch."""
        copies = [_copies(glyph) if wanted else () for glyph, wanted in zip(glyphs, stretched, strict=True)]
        batch = [each for glyph, some in zip(glyphs, copies, strict=True) for each in (glyph, *some)]
        vectors = self._session.run(stack_glyphs(batch, self._frame))
        ends = np.cumsum([1 + len(some) for some in copies])
        return [_with_mean(own) for own in np.split(vectors, ends[:-1])] if len(ends) else []

    def _encode(self, inked: Sequence[tuple[str, Lesson, Ink]]) -> list[Example]:
        """Return the examples of fingerprints, pictures and glyphs; a letter with enough of them is not stretched."""
        few = _are_few([as_label(lesson.label) for _, lesson, _ in inked]).tolist()
        vectors, made = self._vectors([glyph for _, _, glyph in inked], few), datetime.now(UTC)
        return [
            Example(content, lesson.label, own, (_thumbnail(glyph),), lesson.source, made)
            for (content, lesson, glyph), own in zip(inked, vectors, strict=True)
        ]

    def _glyph(self, page: Page) -> Ink:
        return single_glyph(page, self._session.card.preprocessing.ink, self._frame)


def open_glyphs(ink: InkSettings, frame: GlyphFrame) -> Steps:
    """Return the steps by which pages become glyphs, in a process of their own."""
    return answer_each(lambda page: single_glyph(page, ink, frame))


def fit_examples(own: Vectors, stretched: Vectors, labels: Sequence[str], spread: Spread) -> Head:
    """Fit a head to examples: by their own vectors, or where a letter has few, by the means with their copies.

    Args:
        own: (n, d) vectors of the examples themselves.
        stretched: (n, d) those with their copies.
        labels: (n,) what each shows.
        spread: of the encoder's vectors.

    Raises:
        GalleryError: as ``fit_head``.
    """
    return fit_head(np.where(_are_few(labels)[:, None], stretched, own), labels, spread)


def _batches(lessons: Iterable[Lesson]) -> Iterator[list[Lesson]]:
    remaining = iter(lessons)
    while some := list(islice(remaining, BATCH)):
        yield some


def _copies(glyph: Ink) -> Sequence[Ink]:
    """Return varied copies of a glyph, the same for the same glyph."""
    seed = np.frombuffer(np.ascontiguousarray(glyph * 255, np.uint8).tobytes()[:4096], np.uint8)
    rng = np.random.default_rng(seed.tolist())
    return list(augment(np.repeat(glyph[None], COPIES, axis=0), VARIED, rng))


def _with_mean(vectors: Vectors) -> Vectors:
    """Return a glyph's own vector and, where it has copies, the mean with theirs, of length 1."""
    if len(vectors) == 1:
        return vectors
    mean = vectors.mean(axis=0)
    return np.stack([vectors[0], mean / max(float(np.linalg.norm(mean)), 1e-9)])


def _are_few(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Return for each example whether its letter has so few that they are stretched."""
    counts = Counter(labels)
    return np.fromiter((counts[label] < FEW for label in labels), np.bool_, len(labels))


def _thumbnail(glyph: Ink) -> bytes:
    """Return a glyph as a PNG file, dark on white."""
    done, data = cv2.imencode(".png", np.rint(255 - 255 * glyph).astype(np.uint8))
    assert done, "OpenCV encodes every uint8 array as PNG"
    return data.tobytes()
