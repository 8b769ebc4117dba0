"""Which images belong together: augmented copies of one drawing, recognised by their names and by their ink."""

import os
import re
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.likeness import Signature, originals

_WAYS = "rot(ated|ation)?|turn(ed)?|aug(mented)?|shift(ed)?|scaled?|zoom(ed)?|flip(ped)?|shear(ed)?|blur(red)?|copy"

_COPY = re.compile(rf"([\s_.(-]+({_WAYS})([\s_.(]*[+-]?\d+([.,]\d+)?(deg|px|x|°|%)?)*\)?)+$", re.IGNORECASE)
"""What stands behind the original's name in that of a copy: ``_rot10``, ``-rotated_-20deg``, `` - Copy (2)``."""


def find_copies(drawings: Sequence[tuple[Path | None, Signature | None]]) -> NDArray[np.intp]:
    """Return which drawings of one label are copies of which.

    Args:
        drawings: n files and signatures of their ink, None for one that is no file or is not to be compared.

    Returns:
        (n,) the index of the first drawing of the same set; its own for a drawing without copies.
    """
    alike: list[Hashable] = [None] * len(drawings)
    drawn = {index: one for index, (_, one) in enumerate(drawings) if one is not None}
    if drawn:
        for index, place in zip(drawn, originals(np.stack(list(drawn.values()))).tolist(), strict=True):
            alike[index] = place
    return together(alike, _named_alike([file for file, _ in drawings]))


def together(*marks: Iterable[Hashable]) -> NDArray[np.intp]:
    """Join items that share a mark, directly or through others (union-find).

    Args:
        *marks: lists of the same length (n,) with a mark for each item; None is no mark.

    Returns:
        (n,) the index of the first of each set.

    Example:
        >>> together(["a", "a", "b", None, None], [1, 2, 3, 3, None]).tolist()
        [0, 0, 2, 2, 4]
    """
    parents: dict[int, int] = {}

    def root(index: int) -> int:
        while (parent := parents.setdefault(index, index)) != index:
            parents[index] = index = parents[parent]
        return index

    for column in marks:
        first: dict[Hashable, int] = {}
        for index, mark in enumerate(column):
            one, other = root(index), root(index if mark is None else first.setdefault(mark, index))
            parents[max(one, other)] = min(one, other)
    return np.array([root(index) for index in sorted(parents)], np.intp)


def _named_alike(files: Sequence[Path | None]) -> list[Hashable]:
    """The original named by a copy's name; a name whose original is not there says nothing.

    Without that, ``sheet_scale_1.png`` and ``sheet_scale_2.png`` would be one drawing for being named alike.
    """
    bare = [None if file is None else os.path.splitext(file)[0] for file in files]
    there = set(bare)
    named = [None if name is None else _COPY.sub("", name) for name in bare]
    return [original if original in there else name for name, original in zip(bare, named, strict=True)]
