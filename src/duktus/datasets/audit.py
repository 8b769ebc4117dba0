"""What is in a labelled set, before anything is trained on it: its classes, its hands, and what is wrong with it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.copies import find_copies, together
from duktus.datasets.labelled import LabelledImages
from duktus.datasets.likeness import Signature, signature
from duktus.imaging.files.load import load_pages
from duktus.imaging.ink.extraction import extract_ink
from duktus.imaging.ink.grey import reduce
from duktus.types import ImageError, MissingExtraError

FEW = 10
"""Images of a class below which what is measured on it says little."""

SIDE = 192
"""Longest side, in pixels, of the picture on which drawings are compared."""


class Conflict(NamedTuple):
    """One picture under several labels."""

    names: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Audit:
    """What a labelled set holds.

    Attributes:
        usable: images that can be read, are not blank, stand once and under one label. Of images that repeat each
            other the first is here; of a picture under several labels none, as nobody can say which label is right.
        copies: (len(usable),) the same number for drawings that are copies of each other (turned, moved, scaled, or
            named so), as ``split`` takes it. Images whose group is known are not compared.
        sides: (len(usable),) pixels on the longer side.
        found: images in the set, usable or not.
        classes: usable images of each label, sorted by label; 0 where none is.
        unreadable: a message for each image that cannot be read.
        blank: names of images without ink.
        duplicates: names of images of one label with the same pixels, the first of which is usable.
        conflicts: pictures that stand under several labels.
    """

    usable: LabelledImages
    copies: NDArray[np.intp]
    sides: NDArray[np.intp]
    found: int
    classes: dict[str, int]
    unreadable: tuple[str, ...]
    blank: tuple[str, ...]
    duplicates: tuple[tuple[str, ...], ...]
    conflicts: tuple[Conflict, ...]


class _Look(NamedTuple):
    """What is kept of an image: a digest of its pixels, its longer side, whether it is blank."""

    digest: bytes
    side: int
    blank: bool


def audit(images: LabelledImages, *, copies: bool = True, report: Callable[[int, int], None] | None = None) -> Audit:
    """Audit every image of a labelled set once; an image that is not in order is listed, and never ends the run.

    Images repeat each other where their decoded pixels are the same: the same drawing saved twice differs in its
    bytes by the time, the program and the packing, and whether it can be decoded has to be known anyway.

    Args:
        images: the set. Of a file with several pages the first counts.
        copies: look for copies of one drawing, half a millisecond to two for an image.
        report: called with how many images are done, and of how many.
    """
    looks: dict[int, _Look] = {}
    errors: dict[int, str] = {}
    first = np.arange(len(images))
    for places in _by_label(images.labels):
        compared: list[tuple[Path | None, Signature | None]] = []
        for index in places:
            image, one = images.images[index], None
            ungrouped = copies and images.groups[index] is None
            try:
                looks[index], one = _look(images, index, ungrouped)
            except (ImageError, MissingExtraError) as error:
                errors[index] = str(error)
            compared.append((image if isinstance(image, Path) and ungrouped else None, one))
            if report is not None:
                report(len(looks) + len(errors), len(images))
        first[places] = np.array(places)[find_copies(compared)]
    return _judge(images, looks, errors, first)


def _by_label(labels: Sequence[str]) -> Iterable[list[int]]:
    """The places of each label, in order: drawings are compared within one, and forgotten before the next."""
    places = defaultdict(list)
    for index, label in enumerate(labels):
        places[label].append(index)
    return places.values()


def _look(images: LabelledImages, index: int, compare: bool) -> tuple[_Look, Signature | None]:
    """What is kept of an image, and what it is compared by, if it is to be."""
    name = short_name(images.name(index))
    page = next(load_pages(images.images[index], name=name), None)
    if page is None:
        raise ImageError(f"{name}: expected an image, received a file without a page; leave it out")
    if page.ndim == 3 and (page == page[:, :, :1]).all():
        page = np.ascontiguousarray(page[:, :, 0])  # grey that was saved in colour
    digest = hashlib.blake2b(repr(page.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(page).data)
    ink = extract_ink(reduce(page, SIDE))
    blank = not ink.any() and not extract_ink(page).any()  # a small letter on a large page is lost when reduced
    return _Look(digest.digest(), max(page.shape[:2]), blank), signature(ink) if compare else None


def _judge(images: LabelledImages, looks: dict[int, _Look], errors: dict[int, str], first: NDArray[np.intp]) -> Audit:
    alike: dict[bytes, list[int]] = defaultdict(list)
    for index in sorted(looks):
        if not looks[index].blank:
            alike[looks[index].digest].append(index)
    labels, name = images.labels, images.name
    agreed = [same for same in alike.values() if len({labels[i] for i in same}) == 1]
    disputed = [same for same in alike.values() if len({labels[i] for i in same}) > 1]
    usable = sorted(same[0] for same in agreed)
    counts = Counter(labels[i] for i in usable)
    classes = {label: counts[label] for label in images.classes}
    return Audit(
        usable=images.subset(usable),
        copies=together(first[usable].tolist()),
        sides=np.array([looks[i].side for i in usable], np.intp),
        found=len(images),
        classes=classes,
        unreadable=tuple(errors[i] for i in sorted(errors)),
        blank=tuple(name(i) for i in sorted(looks) if looks[i].blank),
        duplicates=tuple(tuple(map(name, same)) for same in agreed if len(same) > 1),
        conflicts=tuple(
            Conflict(tuple(map(name, same)), tuple(sorted({labels[i] for i in same}))) for same in disputed
        ),
    )


def short_name(name: str) -> str:
    """Return a path's last two parts, which tell an image from the others of its set.

    >>> short_name("/home/anna/runes/ᚠ/01.png")
    'ᚠ/01.png'
    """
    return "/".join(Path(name).parts[-2:])
