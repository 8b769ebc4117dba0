"""``duktus teach``: letters into a gallery, from drawings with their labels."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from cyclopts import Parameter

from duktus.cli.terminal import Bar, UsageError, complain
from duktus.types import DataError, GalleryError, ImageError, MissingExtraError

if TYPE_CHECKING:
    from duktus.datasets.labelled import LabelledImages
    from duktus.gallery.store import Added, Gallery
    from duktus.glyphs.teaching.teacher import Lesson


def teach(
    gallery: Annotated[Path, Parameter(name="GALLERY")],
    images: Annotated[list[Path], Parameter(name="IMAGE")],
    /,
    *,
    label: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    encoder: str = "glyph-encoder",
    replace: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Teach letters from drawings: the next reading with the gallery knows them.

    Args:
        gallery: The gallery's file; it is made where there is none.
        images: Drawings of one letter each, with --label; or folders and tables that hold the labels.
        label: What the images show.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file.
        replace: Where a drawing is there under another label, take the new one.
    """
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.glyphs.teaching.teacher import Teacher
    from duktus.models.file import open_model_file

    for place in images:
        _check_usage(place, label)
    teacher = Teacher(open_model_file(encoder))
    failed: list[str] = []
    notes: list[str] = []
    with SqliteGallery.create(gallery, teacher.encoder) as opened, Bar("teaching") as bar:
        lessons = (lesson for place in images for lesson in _lessons(place, label, failed, notes))
        totals = [0, 0, 0]
        for count, added in enumerate(teacher.teach(opened, lessons, failed, replace=replace), 1):
            bar.show(count)
            totals = [sum(pair) for pair in zip(totals, _tell(added), strict=True)]
        notes += [*_twins(opened), *(teacher.doubts(opened) if totals[0] else ())]
    for message in (*failed, *notes):
        complain(message)
    done, known, conflicts = totals
    complain(f"{done:,} examples taught, {known:,} were known, {conflicts:,} known under another label")
    return 1 if failed or (conflicts and not replace) else 0


def _tell(added: "Added") -> tuple[int, int, int]:
    """Complain about drawings that are known under another label; return the three counts."""
    for conflict in added.conflicts:
        complain(f"{conflict.content[:12]}: is known as {conflict.label!r}, was given as {conflict.offered!r}")
    return added.added, added.known, len(added.conflicts)


def _twins(gallery: "Gallery") -> Iterator[str]:
    """Say which labels are kept apart though they look alike."""
    from duktus.datasets.lookalikes import find_lookalikes

    for twins in find_lookalikes(each.label for each in gallery.labels()):
        named = " and ".join(map(_exact, twins))
        yield f"labels that look alike are kept apart: {named}; 'duktus gallery merge' brings them together"


def _exact(label: str) -> str:
    """A label with its code points, by which those that look the same are told apart."""
    return repr(label) if label.isascii() else f"{label!r} ({' '.join(f'U+{ord(letter):04X}' for letter in label)})"


def _check_usage(place: Path, label: str | None) -> None:
    from duktus.datasets.tables import TABLE_SUFFIXES

    if label is not None and place.is_dir():
        raise UsageError(f"{place}: --label is for images; expected images, received a folder")
    if label is None and place.is_file() and place.suffix.lower() not in (*TABLE_SUFFIXES, ".zip"):
        raise UsageError(f"{place}: expected --label, or a folder or table that holds the labels")


def _lessons(place: Path, label: str | None, failed: list[str], notes: list[str]) -> "Iterator[Lesson]":
    """Yield the drawings of one place; what cannot be taught is told in ``failed``, what to know of it in ``notes``."""
    from duktus.datasets.labelled import LabelledImages, load_labelled

    try:
        found = load_labelled(place) if label is None else LabelledImages((place,), (label,), (None,))
    except DataError as error:
        failed.append(str(error))
        return
    if found.unlabelled:
        notes.append(f"{place}: rows passed over, as their label is empty: {found.unlabelled:,}")
    yield from _drawings(found, failed)


def _drawings(found: "LabelledImages", failed: list[str]) -> "Iterator[Lesson]":
    from duktus.gallery.store import as_label
    from duktus.glyphs.teaching.teacher import Lesson
    from duktus.imaging.files.load import load_pages

    for i, label in enumerate(found.labels):
        try:
            page = np.ascontiguousarray(next(iter(load_pages(found.images[i]))))
            lesson = Lesson(page, as_label(label), found.name(i))
        except GalleryError as error:
            failed.append(f"{found.name(i)}: {error}")
        except (ImageError, MissingExtraError) as error:
            failed.append(str(error))
        else:
            yield lesson
