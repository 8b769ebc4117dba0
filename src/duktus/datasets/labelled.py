"""Labelled images of a person's own: a folder a label, labels in file names, a table, or idx files."""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.idx import find_mnist, load_mnist
from duktus.datasets.tables import read_table
from duktus.imaging.load import is_supported
from duktus.types import DataError

LAYOUTS = "label/image.png; label_anything.png; a table 'file,label[,group]' as .csv or .jsonl; or MNIST's idx files"
"""The layouts, in the words of a message."""


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images with what each shows.

    ``images`` are files, or (n, h, w) uint8 pages where the set came as arrays; each of them suits ``load_pages``.
    ``groups`` name the hand or the page that an image comes from, None where it is not known: images of one group
    belong on one side of a split.
    """

    images: Sequence[Path] | NDArray[np.uint8]
    labels: tuple[str, ...]
    groups: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> tuple[str, ...]:
        """The different labels, sorted."""
        return tuple(sorted(set(self.labels)))


def load_labelled(source: str | Path, *, part: Literal["train", "test"] = "train") -> LabelledImages:
    """Find labelled images, whichever way they are laid out; the images themselves are not opened.

    Args:
        source: a folder with a folder a label (``ᚠ/01.png``), or with the label in each file's name before the first
            underscore (``ᚠ_01.png``), or with MNIST's idx files; or a table (``read_table``). Hidden files and files
            that are no images are passed over.
        part: which part of a set that its makers have divided (MNIST); the other layouts have no parts.

    Returns:
        The images in the order of the table, or sorted by label and name. Labels taken from names are in Unicode's
        composed form (NFC), as file systems differ in it.

    Raises:
        DataError: nothing labelled is found, the layouts are mixed, or a table contradicts itself.
    """
    source = Path(source)
    if source.is_file():
        return _of_entries([(row.path, row.label, row.group) for row in read_table(source)])
    if not source.is_dir():
        raise DataError(f"{source}: expected a folder or a table, found nothing there; check the path")
    if any(find_mnist(source)):
        return _of_mnist(source, part)
    try:
        return _of_entries(sorted(_entries(source), key=lambda entry: (entry[1], entry[0])))
    except OSError as error:
        raise DataError(f"{error.filename}: the folder cannot be read ({error.strerror}); check your rights") from error


def _of_entries(entries: Sequence[tuple[Path, str, str | None]]) -> LabelledImages:
    paths, labels, groups = zip(*entries, strict=True)
    return LabelledImages(paths, labels, groups)


def _of_mnist(folder: Path, part: Literal["train", "test"]) -> LabelledImages:
    mnist = load_mnist(folder)
    train = part == "train"
    images, labels = (mnist.train_images, mnist.train_labels) if train else (mnist.test_images, mnist.test_labels)
    return LabelledImages(images, tuple(map(str, labels.tolist())), (None,) * len(labels))


def _entries(folder: Path) -> Iterator[tuple[Path, str, str | None]]:
    folders, files = _scan(folder)
    filled = [(place, images) for place in folders if (images := _images_of_label(place))]
    if filled and files:
        received = f"{filled[0][0].name}/ with images beside {files[0].name}"
        raise DataError(f"{folder}: expected one layout, received two ({received}); keep them in two folders")
    if not filled and not files:
        raise DataError(f"{folder}: expected labelled images ({LAYOUTS}), found no image; check the path")
    for place, images in filled:
        label = _label(place.name, place)
        yield from ((image, label, None) for image in images)
    for file in files:
        yield file, _label(file.name.split("_", 1)[0] if "_" in file.name else "", file), None


def _images_of_label(folder: Path) -> list[Path]:
    folders, files = _scan(folder)
    if folders:
        advice = f"give {folder} itself, or bring its images up"
        raise DataError(
            f"{folder}: expected images in a folder a label, received the folder {folders[0].name}; {advice}"
        )
    return files


def _scan(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folders and the images in a folder."""
    folders, files = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and not entry.name.startswith("."):
                folders.append(Path(entry.path))
            elif is_supported(entry.name):
                files.append(Path(entry.path))
    return sorted(folders), sorted(files)


def _label(name: str, path: Path) -> str:
    if not name:
        advice = "rename it, or sort the images into a folder a label"
        raise DataError(f"{path}: expected a label before an underscore (7_01.png), received none; {advice}")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataError(f"{os.fsencode(path)!r}: expected a name in UTF-8, received other bytes; rename it") from error
    return unicodedata.normalize("NFC", name)
