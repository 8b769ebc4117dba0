"""What a gallery is to learn from: labelled places walked, images opened, and what cannot be used named."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.lookalikes import find_lookalikes
from duktus.datasets.tables import TABLE_SUFFIXES
from duktus.gallery.store import Added, Conflict, Gallery, as_label
from duktus.glyphs.teaching.teacher import Lesson
from duktus.hands.identification.documents import Named
from duktus.imaging.files.formats import is_image
from duktus.imaging.files.load import name_of_stream
from duktus.pen.sources import draw_picture, find_drawing
from duktus.types import DataError, GalleryError, ImageError, MissingExtraError, StrokeError, Taught
from duktus.workers.loading import PageLoader, load_first

Images = Any
"""One image, folder or table, or an iterable of them."""

Progress = Callable[[int], None]
"""Called with how many examples are done."""


def letters_of(
    places: Iterable[Any], label: str | None, failed: list[str], notes: list[str], loader: PageLoader
) -> Iterator[Lesson]:
    """Yield the drawings of places that hold labels, or of images that show one.

    Args:
        places: folders and tables; with a label, images.
        label: what the images show.
        failed: receives a sentence for each drawing that cannot be taught.
        notes: receives sentences on what to know of the places.
        loader: of the drawings.
    """
    for place in places:
        if label is not None:
            yield from _lesson(place, label, _name_of(place), failed, loader)
            continue
        try:
            found = _load(place, "label")
        except DataError as error:
            failed.append(str(error))
            continue
        if found.unlabelled:
            notes.append(f"{place}: rows skipped, as their label is empty: {found.unlabelled:,}")
        for image, own, name in _each(found):
            yield from _lesson(image, own, name, failed, loader)


def pages_of(places: Iterable[Any], writer: str | None) -> Iterator[Named]:
    """Yield images of pages with their writers, and what messages call them.

    Args:
        places: folders and tables that hold the writers' names; with a writer, images and folders of them.
        writer: whose hand the images show.

    Raises:
        DataError: nothing labelled is found, or a folder holds no images.
    """
    for place in places:
        if writer is None:
            found = _load(place, "writer")
            for (image, own, name), document in zip(_each(found), found.groups, strict=True):
                yield Named(image if isinstance(image, (Path, bytes)) else bytes(image), own, name, document or "")
        elif isinstance(place, (str, Path)) and Path(place).is_dir():
            yield from (Named(path, writer, str(path), str(place)) for path in _images_in(Path(place)))
        else:
            yield Named(place, writer, _name_of(place))


def _name_of(image: Any) -> str:
    """Return what messages call an image: its path, the name of an opened file, or what else there is to say."""
    if _is_path(image):
        return os.fspath(image)
    return name_of_stream(image) if hasattr(image, "read") else "an image"


def _lesson(image: Any, label: str, name: str, failed: list[str], loader: PageLoader) -> Iterator[Lesson]:
    try:
        drawing = find_drawing(image)
        page = np.ascontiguousarray(draw_picture(drawing).page if drawing else load_first(loader, image))
        lesson = Lesson(page, as_label(label), name)
    except GalleryError as error:
        failed.append(f"{name}: {error}")
    except (ImageError, StrokeError, MissingExtraError) as error:
        failed.append(str(error))
    else:
        yield lesson


def _each(labelled: LabelledImages) -> Iterator[tuple[Any, str, str]]:
    """Yield each image with its label and what messages call it."""
    for i, label in enumerate(labelled.labels):
        yield labelled.images[i], label, labelled.name(i)


def _load(place: Any, what: str) -> LabelledImages:
    """Return the labelled images of a place. Raises DataError where it is an image that says nothing of its label."""
    if not isinstance(place, (str, Path)):
        raise DataError(f"expected a folder or a table with labels, received an image; say its {what}")
    return load_labelled(place)


def _images_in(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if is_image(path.name))
    if not found:
        raise DataError(f"{folder}: expected images in the folder, found none")
    return found


def _is_one(images: Images) -> bool:
    """Return whether images are a single one: a path, bytes, an array, or what can be read or is a picture."""
    single = (str, os.PathLike, bytes, bytearray)
    return isinstance(images, single) or any(hasattr(images, name) for name in ("read", "getbbox", "dtype"))


def as_list(images: Images) -> list[Any]:
    """Return images as a list, a single one as a list of it."""
    return [images] if _is_one(images) else list(images)


def checked(taught: Taught, images: Images) -> Taught:
    """Return what became of examples. Raises the error of a single image, as the whole door does for one input."""
    # A folder or a table holds many: what cannot be used of it is reported, and the rest was taught.
    if taught.failed and _is_one(images) and not (_is_path(images) and not _is_picture(Path(images))):
        raise ImageError(taught.failed[0])
    return taught


def _is_picture(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() not in TABLE_SUFFIXES


def _is_path(images: Images) -> TypeGuard[str | os.PathLike[str]]:
    return isinstance(images, (str, os.PathLike))


def gather(
    batches: Iterable[Added], store: Gallery, failed: Sequence[str], notes: list[str], progress: Progress | None
) -> Taught:
    """Take batches as they come, and return what became of them all."""
    added, known, done = 0, 0, 0
    conflicts: list[Conflict] = []
    for batch in batches:
        added, known = added + batch.added, known + batch.known
        conflicts += batch.conflicts
        done += batch.added + batch.known + len(batch.conflicts)
        if progress is not None:
            progress(done)
    sources = {one.content: one.source for one in store.get(each.content for each in conflicts)}
    sentences = [
        f"{sources.get(each.content) or each.content[:12]}: is there as {each.label!r}, was given as {each.offered!r}"
        for each in conflicts
    ]
    kept = {each.label for each in store.labels()} if conflicts else set()
    gone = sorted({each.label for each in conflicts} - kept)
    emptied = [f"{label!r} has no examples left and is no longer known" for label in gone]
    return Taught(added, known, tuple(sentences), tuple(failed), (*notes, *emptied))


def lookalikes(store: Gallery) -> Iterator[str]:
    """Say which labels are kept apart though they look alike."""
    for alike in find_lookalikes(each.label for each in store.labels()):
        named = " and ".join(map(_exact, alike))
        yield f"labels that look alike are kept apart: {named}; 'duktus gallery merge' puts them together"


def _exact(label: str) -> str:
    """A label with its code points, which distinguish those that look the same."""
    return repr(label) if label.isascii() else f"{label!r} ({' '.join(f'U+{ord(letter):04X}' for letter in label)})"
