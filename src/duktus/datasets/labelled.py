"""Labelled images of a person's own: one folder per label, labels in file names, a table, idx files, or Omniglot."""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.idx import find_mnist, load_mnist
from duktus.datasets.omniglot import (
    Drawing,
    alphabets_of,
    omniglot_archives,
    unzipped_drawings,
    zipped_drawings,
)
from duktus.datasets.tables import TABLE_SUFFIXES, read_table
from duktus.datasets.writers import find_hands
from duktus.imaging.files.formats import is_hidden, is_image, is_supported
from duktus.types import DataError

LAYOUTS = (
    "label/image.png; label_anything.png; a table 'file,label[,group]' as .csv or .jsonl; MNIST's idx files; "
    "Omniglot's zip files; IAM with ascii/forms.txt; or DHSD with data.csv"
)
"""The layouts, in the words of a message."""


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images with what each shows.

    ``images`` are files, the bytes of files, or (n, h, w) uint8 pages where the set came as arrays; each of them suits
    ``load_pages``. ``groups`` name the hand or the page that an image comes from, None where it is not known: images
    of one group belong on one side of a split. ``names`` say what messages call the images that are no files.
    ``unlabelled`` counts the rows of a table that were skipped because their label is empty.
    """

    images: Sequence[Path | bytes] | NDArray[np.uint8]
    labels: tuple[str, ...]
    groups: tuple[str | None, ...]
    names: tuple[str, ...] = ()
    unlabelled: int = 0

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> tuple[str, ...]:
        """The different labels, sorted."""
        return tuple(sorted(set(self.labels)))

    def name(self, index: int) -> str:
        """What messages call an image: its path, or its name in the archive, or its number, counted from 0."""
        if self.names:
            return self.names[index]
        image = self.images[index]
        return str(image) if isinstance(image, Path) else f"image {index}"

    def subset(self, indices: Iterable[int]) -> "LabelledImages":
        """Return the images at some places, in the order of ``indices``, under the names that they have here."""
        places = [int(index) for index in indices]
        whole = isinstance(self.images, np.ndarray)
        return LabelledImages(
            self.images[places] if isinstance(self.images, np.ndarray) else tuple(self.images[i] for i in places),
            tuple(self.labels[i] for i in places),
            tuple(self.groups[i] for i in places),
            tuple(self.name(i) for i in places) if whole or self.names else (),
        )


def load_labelled(source: str | Path, *, part: Literal["train", "test"] = "train") -> LabelledImages:
    """Find labelled images, whichever way they are laid out; the images themselves are not opened.

    Args:
        source: a folder with one folder per label (``ᚠ/01.png``), or with the label in each file's name before the
            first underscore (``ᚠ_01.png``), or with MNIST's idx files, or with a set of hands (``find_hands``: IAM,
            DHSD, the wills); a table (``read_table``); one of Omniglot's archives or a folder that holds them, zipped
            or not. One alphabet of Omniglot is chosen as if the archive were a folder:
            ``images_evaluation.zip/Tengwar``. Hidden files and files that are no images are passed over.
        part: which part of a set that its makers have divided (MNIST); the other layouts have no parts.

    Returns:
        The images in the order of the table or archive, or sorted by label and name. Labels and groups are in
        Unicode's composed form (NFC), in which file systems differ; a label's case stays. Of Omniglot, the label is
        ``Greek/character07`` and the group is the drawer within the alphabet, ``Greek/15``. Of a set of hands, the
        label is the writer and the group is the page.

    Raises:
        DataError: nothing labelled is found, the layouts are mixed, an archive is broken, or a table contradicts
            itself.
    """
    try:
        return _load(Path(source), part)
    except OSError as error:
        raise DataError(f"{error.filename or source}: cannot be read ({error.strerror}); check the path") from error


def _load(source: Path, part: Literal["train", "test"]) -> LabelledImages:
    archives = omniglot_archives(source)
    listed = _listed(source, archives)
    if listed is not None:
        return listed
    if not source.exists():
        return _of_drawings(_alphabet(source))
    if source.is_dir() and any(find_mnist(source)):
        return _of_mnist(source, part)
    if archives:
        _check_unmixed(source, archives)
        return _of_drawings(drawing for archive in archives for drawing in zipped_drawings(archive))
    if drawings := unzipped_drawings(source):
        return _of_drawings(drawings)
    return _of_entries(sorted(_entries(source), key=lambda entry: (entry[1], entry[0])))


def _listed(source: Path, archives: Sequence[Path]) -> LabelledImages | None:
    """What the tables of a set of hands list, or a table of one's own; None where there is neither."""
    if hands := find_hands(source):
        return _of_entries([(hand.image, hand.writer, hand.page) for hand in hands])
    if not source.is_file() or archives:
        return None
    if is_image(source.name):
        expected = "expected a folder, a table or an archive of labelled images"
        raise DataError(f"{source}: {expected}, received a single image; give the folder that holds it")
    table = read_table(source)
    entries = [(row.path, row.label, row.group) for row in table.rows]
    return replace(_of_entries(entries), unlabelled=table.unlabelled)


def _alphabet(source: Path) -> Iterator[Drawing]:
    """The drawings of one alphabet, named as if the archive, or the folder with the archives, held its folder."""
    place = next(parent for parent in source.parents if parent.exists())
    archives = omniglot_archives(place) if place.is_file() or place == source.parent else []
    if not archives:
        raise DataError(f"{source}: expected a folder, a table or an archive, found nothing there; check the path")
    known = {alphabet: archive for archive in archives for alphabet in sorted(alphabets_of(archive))}
    if source.name not in known:
        expected = f"one of its alphabets ({', '.join(sorted(known))})"
        raise DataError(f"{place}: expected {expected}, received {source.name!r}; write {place}/{next(iter(known))}")
    return zipped_drawings(known[source.name], source.name)


def _check_unmixed(source: Path, archives: Sequence[Path]) -> None:
    """Raise where label images of one's own lie beside Omniglot's archives."""
    if source.is_file():
        return
    folders, files = _scan(source)
    own = next((images[0] for images in (files, *(_scan(folder)[1] for folder in folders)) if images), None)
    if own is not None:
        received = f"{archives[0].name} beside {own.relative_to(source)}"
        raise DataError(f"{source}: expected one layout, received two ({received}); keep them in two folders")


def _of_drawings(drawings: Iterable[Drawing]) -> LabelledImages:
    images, names, _, _, _, labels, groups = zip(*drawings, strict=True)
    return LabelledImages(images, labels, groups, names)


def _of_entries(entries: Sequence[tuple[Path, str, str | None]]) -> LabelledImages:
    paths, labels, groups = zip(*entries, strict=True)
    return LabelledImages(
        paths, tuple(map(_composed, labels)), tuple(group if group is None else _composed(group) for group in groups)
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _of_mnist(folder: Path, part: Literal["train", "test"]) -> LabelledImages:
    mnist = load_mnist(folder)
    images, labels = mnist[:2] if part == "train" else mnist[2:]
    return LabelledImages(images, tuple(map(str, labels.tolist())), (None,) * len(labels))


def _entries(folder: Path) -> Iterator[tuple[Path, str, str | None]]:
    folders, files = _scan(folder)
    filled = [(place, images) for place in folders if (images := _images_of_label(place))]
    if filled:  # a stray drawing of a format that is not read says nothing of the layout
        files = [file for file in files if is_supported(file.name)]
    if filled and files:
        received = f"{filled[0][0].name}/ with images beside {files[0].name}"
        raise DataError(f"{folder}: expected one layout, received two ({received}); keep them in two folders")
    if not filled and not files:
        advice = _advice(folder, "check the path")
        raise DataError(f"{folder}: expected labelled images ({LAYOUTS}), found no image; {advice}")
    for place, images in filled:
        label = _label(place.name, place)
        yield from ((image, label, None) for image in images)
    for file in files:
        yield file, _label(file.name.split("_", 1)[0] if "_" in file.name else "", file), None


def _images_of_label(folder: Path) -> list[Path]:
    folders, files = _scan(folder)
    if folders:
        advice = _advice(folder.parent, f"give {folder} itself, or bring its images up")
        raise DataError(
            f"{folder}: expected images in one folder per label, received the folder {folders[0].name}; {advice}"
        )
    return files


def _scan(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folders and the images in a folder; those of formats that are not read too, whose errors are reported."""
    folders, files = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and not is_hidden(entry.name):
                folders.append(Path(entry.path))
            elif is_image(entry.name):
                files.append(Path(entry.path))
    return sorted(folders), sorted(files)


def _label(name: str, path: Path) -> str:
    if not name:
        advice = _advice(path.parent, "rename it, or sort the images into one folder per label")
        raise DataError(f"{path}: expected a label before an underscore (7_01.png), received none; {advice}")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataError(f"{os.fsencode(path)!r}: expected a name in UTF-8, received other bytes; rename it") from error
    return _composed(name)


def _advice(folder: Path, otherwise: str) -> str:
    """What to do about a folder that cannot be understood: a table in it may be what its owner meant."""
    table = next((file for file in sorted(folder.iterdir()) if file.suffix.lower() in TABLE_SUFFIXES), None)
    return f"give the table {table} itself, or {otherwise}" if table else otherwise
