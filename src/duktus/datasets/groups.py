"""Groups that are read off the names of files, where a set says nothing of hands or pages."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from duktus.datasets.labelled import LabelledImages

_NUMBER = re.compile(r"(?:^|[_\- ])(\d+)$")
"""The number at the end of a name: ``ᚠ_07.png``, or ``ᚠ/07.png`` in one folder per label."""

_COMMON = 0.5
"""Share of the labels in which the median number has to occur to be taken for a drawer's."""


def group_by_number(images: LabelledImages) -> LabelledImages:
    """Return images with the number at the end of each file's name as its group, where none is known."""
    groups = (known or _number(images, i) for i, known in enumerate(images.groups))
    return replace(images, groups=tuple(groups))


def may_be_drawers(images: LabelledImages) -> tuple[str, str] | None:
    """Return the first and the last number of file names that may be those of drawers, None where they may not.

    They may where no group is known, all images have a number, no number stands twice with one label, and the numbers
    return from label to label.
    """
    if any(images.groups):
        return None
    numbers = [_number(images, i) for i in range(len(images))]
    pairs = set(zip(images.labels, numbers, strict=True))
    counts = sorted(Counter(number for _, number in pairs).values())
    if None in numbers or len(pairs) < len(images) or not 1 < len(counts) < len(images):
        return None
    if counts[len(counts) // 2] < max(2, _COMMON * len(images.classes)):
        return None
    found = sorted({number for number in numbers if number}, key=int)
    return found[0], found[-1]


def _number(images: LabelledImages, index: int) -> str | None:
    image = images.images[index]
    found = _NUMBER.search(image.stem) if isinstance(image, Path) else None
    return found[1] if found else None
