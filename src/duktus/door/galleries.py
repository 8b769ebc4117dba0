"""Galleries: taught letters or enrolled hands in one file, known from the next call on, without training."""

from __future__ import annotations  # in help, the names of types and not what they stand for

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from duktus.door.documents import EVERYWHERE, Boxes, Looking, look_at, regions_of
from duktus.door.lessons import Images, Progress, as_list, checked, gather, letters_of, lookalikes, pages_of
from duktus.door.models import Model, ModelLike
from duktus.door.opened import Identify, Opened
from duktus.door.sessions import ENCODER, Place, open_hands, open_session
from duktus.gallery.integrity import Inspection, check_gallery, repair_gallery
from duktus.gallery.portable import export_gallery, import_gallery, read_export
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.store import Encoder, LabelSummary, as_label
from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.teaching.confusions import Confusion
from duktus.glyphs.teaching.teacher import Teacher
from duktus.hands.identification.documents import documents_of
from duktus.imaging.files.load import Source
from duktus.models.file import find_model, shipped_names
from duktus.models.runtime import Precision, Session
from duktus.types import Ranking, Taught, UsageError
from duktus.types.markup import card, picture, quiet, row, safe
from duktus.types.markup import label as name_tag
from duktus.workers.loading import PageLoader

GLYPHS = "glyph-encoder"
"""The shipped encoder of letters."""

MOST_SHOWN = 48
"""Labels that a notebook shows of a gallery."""


class Gallery(Opened):
    """A gallery of taught letters or of enrolled hands, one file; ``open_gallery`` opens it.

    The first ``teach`` or ``enrol`` makes the file and says which of the two it is. The file is opened for each call
    alone, so that several programs may use it at once.

    Attributes:
        path: of the file.

    >>> gallery = Gallery("runes.db")
    >>> [each.label for each in gallery.labels()]
    ['A', 'B', 'C']
    """

    def __init__(
        self,
        path: Place,
        *,
        encoder: ModelLike | None = None,
        threads: int | None = None,
        precision: Precision = "float32",
    ) -> None:
        self.path = Path(path)
        self._encoder = encoder.path if isinstance(encoder, Model) else encoder
        self._threads, self._precision = threads, precision
        self._reader: tuple[int, Reader] | None = None

    def labels(self) -> tuple[LabelSummary, ...]:
        """Return each label with how many examples it has and when the newest was added."""
        with SqliteGallery(self.path) as store:
            return store.labels()

    @property
    def encoder(self) -> Encoder:
        """The name and the fingerprint of the model whose vectors the gallery keeps."""
        with SqliteGallery(self.path) as store:
            return store.encoder

    @property
    def is_of_hands(self) -> bool:
        """Whether it holds hands, and not letters: by the encoder that was given, or else by the name of its own."""
        if self._encoder is not None:
            return Model(self._encoder).task == ENCODER
        return self.encoder.name == ENCODER

    @property
    def encoder_file(self) -> Place:
        """The model whose vectors the gallery keeps: the one that was given, or else the shipped one of that name."""
        if self._encoder is not None:
            return self._encoder
        name = self.encoder.name
        return name if name in shipped_names() else GLYPHS

    def teach(
        self, images: Images, *, label: str | None = None, replace: bool = False, progress: Progress | None = None
    ) -> Taught:
        """Teach letters from drawings: ``read`` knows them from then on; see ``duktus.teach``."""
        places, failed, notes = as_list(images), list[str](), list[str]()
        teacher = Teacher(self.session)
        with SqliteGallery.create(self.path, teacher.encoder) as store, PageLoader() as loader:
            lessons = letters_of(places, label, failed, notes, loader)
            added = teacher.teach(store, lessons, failed, replace=replace)
            taught = gather(added, store, failed, notes, progress)
            wrong = teacher.label_errors(store) if taught.added else ()
            notes = [*taught.notes, *lookalikes(store), *wrong]
        return checked(Taught(taught.added, taught.known, taught.conflicts, taught.failed, tuple(notes)), images)

    def enrol(
        self,
        images: Images,
        *,
        writer: str | None = None,
        together: bool = False,
        replace: bool = False,
        progress: Progress | None = None,
    ) -> Taught:
        """Enrol hands from pages: ``identify`` knows them from then on; see ``duktus.enrol``."""
        places, failed = as_list(images), list[str]()
        reader = open_hands(self._encoder or ENCODER)
        with SqliteGallery.create(self.path, reader.encoder) as store, PageLoader() as loader:
            documents = documents_of(pages_of(places, writer), failed, together=together, loader=loader)
            taught = gather(reader.enrol(store, documents, failed, replace=replace), store, failed, [], progress)
            notes = (*taught.notes, *reader.mixed_labels(store)) if taught.added else taught.notes
        return checked(dataclasses.replace(taught, notes=notes), images)

    @property
    def of_lines(self) -> tuple[Session, Head | None]:
        """The encoder, and what the gallery makes of its vectors."""
        reader = self.reader
        return reader.session, reader.head

    def _identifier(self, prior: float) -> tuple[Looking[Any], Identify]:
        reader = open_hands(self._encoder or ENCODER)
        with SqliteGallery(self.path, reader.encoder) as store:
            known = reader.known(store)
        return reader, lambda hand, top: reader.identify(hand, known, top, prior)

    def search(
        self, image: Source, *, top: int = 20, regions: Boxes = EVERYWHERE, without: Boxes = EVERYWHERE
    ) -> Ranking:
        """Rank the enrolled documents by similarity of hand; see ``duktus.search``."""
        reader = open_hands(self._encoder or ENCODER)
        with SqliteGallery(self.path, reader.encoder) as store:
            return Ranking(reader.search(look_at(reader, image, regions_of(regions, without)), store, top))

    def remove(self, label: str) -> int:
        """Remove a label with all its examples, and return how many these were."""
        with SqliteGallery(self.path) as store:
            return store.remove_label(label)

    def rename(self, label: str, to: str) -> int:
        """Give a label a new name, and return how many examples it has.

        Raises:
            GalleryError: the name exists; ``merge`` puts two labels together.
        """
        with SqliteGallery(self.path) as store:
            return store.rename(label, to)

    def merge(self, label: str, into: str) -> int:
        """Put all examples of a label under another that exists, and return how many these were.

        Raises:
            UsageError: the two are the same.
            GalleryError: the other has no examples.
        """
        if as_label(label) == as_label(into):
            raise UsageError(f"expected two labels to merge, received {label!r} twice")
        with SqliteGallery(self.path) as store:
            return store.merge(label, into)

    def export(self, path: Place) -> int:
        """Write all examples to a zip file of PNG images, labels and vectors; return how many there are."""
        with SqliteGallery(self.path) as store:
            return export_gallery(store, Path(path))

    def import_examples(self, path: Place, *, replace: bool = False) -> Taught:
        """Add the examples of an exported gallery; a missing gallery is created."""
        exported = read_export(Path(path))
        with SqliteGallery.create(self.path, exported.encoder) as store:
            return gather([import_gallery(store, exported, replace=replace)], store, [], [], None)

    def check(self, repair: Place | None = None) -> Inspection:
        """Check the whole file; copy what is intact of a damaged one into a new gallery, ``repair``.

        >>> Gallery("runes.db").check().passed
        True
        """
        return check_gallery(self.path) if repair is None else repair_gallery(self.path, Path(repair))

    @property
    def session(self) -> Session:
        """The encoder of the taught letters."""
        return open_session(find_model(self._encoder or GLYPHS), self._threads, self._precision)

    @property
    def reader(self) -> Reader:
        """What reads by the taught letters as they are now."""
        session = self.session
        teacher = Teacher(session)
        with SqliteGallery(self.path, teacher.encoder) as store:
            if self._reader is None or self._reader[0] != store.change:
                self._reader = store.change, Reader(session, teacher.head(store))
        return self._reader[1]

    def confusions(self) -> list[Confusion]:
        """Return which taught letters are easily confused, and what one more example would change."""
        teacher = Teacher(self.session)
        with SqliteGallery(self.path, teacher.encoder) as store:
            return teacher.confusions(store)

    def drawings(self, labels: Iterable[str]) -> dict[str, bytes]:
        """Return the first drawing of each of some labels, as PNG files."""
        with SqliteGallery(self.path) as store:
            examples = [store.get(store.contents(label)[:1]) for label in labels]
        return {one.label: one.thumbnails[0] for found in examples for one in found if one.thumbnails}

    def __repr__(self) -> str:
        return f"<Gallery {str(self.path)!r}>"

    def _repr_html_(self) -> str:
        if not self.path.exists():
            return card(name_tag(self.path.name, 18), quiet("empty; teach or enrol makes the file"))
        found = self.labels()
        drawn = self.drawings(one.label for one in found[:MOST_SHOWN])
        tiles = [
            f"<div>{picture(drawn.get(one.label, b''), one.label, 40)}<br>{name_tag(one.label)} "
            f"{quiet(f'{one.examples:,}')}</div>"
            for one in found[:MOST_SHOWN]
        ]
        note = f"{sum(one.examples for one in found):,} examples, {len(found):,} labels, by {safe(str(self.encoder))}"
        return card(name_tag(self.path.name, 18), quiet(note), row(tiles))


GalleryLike: TypeAlias = Gallery | Place
"""An opened gallery, or the path of its file."""


def open_gallery(
    path: Place, *, encoder: ModelLike | None = None, threads: int | None = None, precision: Precision = "float32"
) -> Gallery:
    """Open a gallery of letters or of hands; if the file is missing, the first ``teach`` or ``enrol`` creates it.

    Args:
        path: of the gallery's file.
        encoder: the model whose vectors it keeps; the shipped one if not given.
        threads: cores to use; None for all.
        precision: as in ``open_model``.

    >>> gallery = open_gallery("new.db")
    >>> gallery.teach("drawings/A/1.png", label="A").added
    1
    >>> gallery.read("drawings/A/2.png", layout="one").text
    'A'
    """
    return Gallery(path, encoder=encoder, threads=threads, precision=precision)


def as_gallery(
    gallery: GalleryLike, encoder: ModelLike | None = None, threads: int | None = None, precision: Precision = "float32"
) -> Gallery:
    """Return a gallery that was opened, or open one. Raises UsageError for another encoder beside an opened one."""
    if isinstance(gallery, Gallery):
        if encoder is not None:
            raise UsageError("expected an opened gallery alone, received an encoder beside it; give it to open_gallery")
        return gallery
    return Gallery(gallery, encoder=encoder, threads=threads, precision=precision)
