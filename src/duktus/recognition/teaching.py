"""Letters taught from examples: pictures become vectors in a gallery, and the gallery becomes a reader."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.store import Added, Encoder, Example, Gallery, as_label
from duktus.imaging.glyphs import GlyphFrame
from duktus.imaging.variation import AugmentSettings, augment
from duktus.imaging.writing import single_glyph, stack_glyphs
from duktus.models.file import open_model_file
from duktus.models.runtime import Precision, Session
from duktus.recognition.head import Head, Vectors, fit_head
from duktus.recognition.reader import Reader
from duktus.types import GalleryError, Ink, ModelError, Page

COPIES = 8
"""Varied copies of an example whose vectors are kept beside its own: one drawing shows one of many forms."""

VARIED = AugmentSettings(
    rotate=6.0, scale=0.06, stretch=0.08, shear=0.1, shift=0.0, elastic=0.8, stroke=0.6, blur=0.3, noise=0.0, share=1.0
)
"""How far the copies differ from the example, for a frame of 40 pixels."""

BATCH = 64
"""Examples that are encoded and written at once: so many are lost by a kill, and no more are held in memory."""

WITHOUT_INK = "expected a drawing of a letter, received a picture without ink; leave it out"


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
            raise ModelError(f"{card.name}: expected a glyph-encoder with a spread, received a {card.task}")
        self._session = session
        self._frame: GlyphFrame = card.preprocessing.glyph
        self._spread = card.spread

    @property
    def encoder(self) -> Encoder:
        """What a gallery has to know of the network whose vectors it keeps."""
        told = fingerprint(np.frombuffer(self._session.content, np.uint8))
        return Encoder(self._session.card.name, told, len(self._spread.middle))

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
            known = gallery.known(fingerprint(lesson.page) for lesson in some)
            fresh = [lesson for lesson in some if known.get(fingerprint(lesson.page)) != as_label(lesson.label)]
            inked = [(lesson, self._glyph(lesson.page)) for lesson in fresh]
            failed += [f"{lesson.source}: {WITHOUT_INK}" for lesson, glyph in inked if not glyph.any()]
            done = gallery.add(self._encode([pair for pair in inked if pair[1].any()]), replace=replace)
            yield Added(done.added, done.known + len(some) - len(fresh), done.conflicts)

    def head(self, gallery: Gallery) -> Head:
        """Return what a gallery has been taught.

        Raises:
            GalleryError: it is empty, or another encoder's.
        """
        taught = gallery.snapshot()
        if not taught.labels:
            raise GalleryError("expected a gallery with examples, received an empty one; 'duktus teach' adds some")
        return fit_head(_means(taught.vectors, taught.starts), taught.labels, self._spread)

    def _encode(self, inked: list[tuple[Lesson, Ink]]) -> list[Example]:
        """Return the examples of pictures and their glyphs, which go through the network in one batch."""
        batch = [copy for _, glyph in inked for copy in _copies(glyph)]
        vectors = self._session.run(stack_glyphs(batch, self._frame))
        made = datetime.now(UTC)
        return [
            Example(fingerprint(lesson.page), lesson.label, own, (_thumbnail(glyph),), lesson.source, made)
            for (lesson, glyph), own in zip(inked, np.split(vectors, max(1, len(inked))), strict=False)
        ]

    def _glyph(self, page: Page) -> Ink:
        return single_glyph(page, self._session.card.preprocessing.ink, self._frame)


def open_taught(
    gallery: str | os.PathLike[str],
    *,
    encoder: str | os.PathLike[str] = "glyph-encoder",
    threads: int | None = None,
    precision: Precision = "float32",
) -> Reader:
    """Open a gallery of taught letters for reading.

    Args:
        gallery: its file.
        encoder: the model whose vectors it keeps: a shipped model's name, or the path of a model file.
        threads: as in ``open_model``.
        precision: as in ``open_model``.

    Raises:
        GalleryError: there is no such gallery, it is empty, or another encoder's.
        ModelError: there is no such model, or it is for another task.
    """
    session = open_model_file(encoder, threads, precision)
    teacher = Teacher(session)
    with SqliteGallery(Path(gallery), teacher.encoder) as opened:
        return Reader(session, teacher.head(opened))


def _batches(lessons: Iterable[Lesson]) -> Iterator[list[Lesson]]:
    remaining = iter(lessons)
    while some := list(islice(remaining, BATCH)):
        yield some


def _copies(glyph: Ink) -> list[Ink]:
    """Return a glyph and its varied copies, which are the same for the same glyph."""
    seed = np.frombuffer(np.ascontiguousarray(glyph * 255, np.uint8).tobytes()[:4096], np.uint8)
    rng = np.random.default_rng(seed.tolist())
    return [glyph, *augment(np.repeat(glyph[None], COPIES, axis=0), VARIED, rng)]


def _means(vectors: Vectors, starts: NDArray[np.intp]) -> Vectors:
    """Return the mean vector of each example, (examples, d)."""
    counts = np.diff(starts, append=len(vectors))[:, None]
    return np.asarray(np.add.reduceat(vectors, starts, axis=0) / counts, np.float32)


def _thumbnail(glyph: Ink) -> bytes:
    """Return a glyph as a PNG file, dark on white."""
    done, data = cv2.imencode(".png", np.rint(255 - 255 * glyph).astype(np.uint8))
    assert done, "OpenCV encodes every uint8 array as PNG"
    return data.tobytes()
