"""Letters taught from examples: pictures become vectors in a gallery, and the gallery becomes a reader."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.store import Encoder, Example, Gallery
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

    def examples(self, lessons: Iterable[Lesson]) -> Iterator[Example]:
        """Yield an example for each lesson, encoded some at a time.

        Raises:
            GalleryError: a picture shows no ink, or a label is no text.
        """
        some: list[Lesson] = []
        for lesson in lessons:
            some.append(lesson)
            if len(some) == BATCH:
                yield from self._encode(some)
                some = []
        yield from self._encode(some)

    def head(self, gallery: Gallery) -> Head:
        """Return what a gallery has been taught.

        Raises:
            GalleryError: it is empty, or another encoder's.
        """
        taught = gallery.snapshot()
        if not taught.labels:
            raise GalleryError("expected a gallery with examples, received an empty one; 'duktus teach' adds some")
        return fit_head(_means(taught.vectors, taught.starts), taught.labels, self._spread)

    def _encode(self, lessons: list[Lesson]) -> Iterator[Example]:
        glyphs = [self._glyph(lesson) for lesson in lessons]
        batch = [copy for glyph in glyphs for copy in _copies(glyph)]
        vectors = self._session.run(stack_glyphs(batch, self._frame)).reshape(len(lessons), COPIES + 1, -1)
        made = datetime.now(UTC)
        for lesson, glyph, own in zip(lessons, glyphs, vectors, strict=True):
            yield Example(fingerprint(lesson.page), lesson.label, own, (_thumbnail(glyph),), lesson.source, made)

    def _glyph(self, lesson: Lesson) -> Ink:
        glyph = single_glyph(lesson.page, self._session.card.preprocessing.ink, self._frame)
        if not glyph.any():
            raise GalleryError(f"{lesson.source}: expected a letter, received a picture without ink; leave it out")
        return glyph


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
