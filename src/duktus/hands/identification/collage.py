"""What a network of hands sees: the patches of a document, and which writer it gives each of them to."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.votes import first_writers
from duktus.imaging.frames.strip import Patches
from duktus.types import Scores

ROW = 18
"""Patches in a row of a collage; a longer line goes on in the next."""

MOST = 360
"""Patches that a collage shows, from the first on."""

EDGE, GAP = 4, 4
"""Pixels of the frame around a patch and of the paper between two."""

FOR, AGAINST = (47, 111, 159), (198, 83, 43)
"""Frames of patches that go to the writer of the answer and to others: RGB, as in other explanations."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Patches of a document and what a network says of them.

    Attributes:
        patches: (n, h, w): ink (255 = full), or, raw, the grey page itself.
        scores: (n, classes) logits.
        lines: (n,) the line that each comes from, rising.
    """

    patches: Patches
    scores: Scores
    lines: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Twins:
    """A patch of each of two documents that a network gives to one writer, (h, w) each.

    ``writer`` is its place among the labels, ``chance`` the smaller of the two probabilities.
    """

    one: NDArray[np.uint8]
    other: NDArray[np.uint8]
    writer: int
    chance: float


def find_twins(one: Seen, other: Seen, known: int, count: int) -> tuple[Twins, ...]:
    """Return pairs of patches, one of each document, that are given to one writer, the surest first.

    Args:
        one: a document.
        other: another.
        known: how many writers there are; further outputs stand for none of them.
        count: how many pairs at most; each patch stands in one of them.
    """
    (mine, sure), (theirs, surer) = (first_writers(each.scores, known) for each in (one, other))
    pairs = []
    for writer in np.intersect1d(mine, theirs).tolist():
        left, right = (
            places[np.argsort(-chances[places], kind="stable")]
            for places, chances in ((np.flatnonzero(mine == writer), sure), (np.flatnonzero(theirs == writer), surer))
        )
        pairs += [
            Twins(one.patches[i], other.patches[j], writer, float(min(sure[i], surer[j])))
            for i, j in zip(left.tolist(), right.tolist(), strict=False)
        ]
    return tuple(sorted(pairs, key=lambda pair: -pair.chance)[:count])


def draw_collage(seen: Seen, known: int, best: int, *, raw: bool = False) -> NDArray[np.uint8]:
    """Return all patches of a document side by side, (h, w, 3) RGB: each line begins a row.

    A frame is blue where the patch goes to the writer of the answer, orange where to another, and the paler the less
    sure that is.

    Args:
        seen: the document; it has patches.
        known: how many writers there are.
        best: the place of the answer's writer.
        raw: patches are of the page in grey, and not its ink.
    """
    writers, chances = first_writers(seen.scores, known)
    rows: list[list[NDArray[np.uint8]]] = []
    line = -1
    for place in range(min(len(writers), MOST)):
        if seen.lines[place] != line or len(rows[-1]) == ROW:
            rows.append([])
        line = int(seen.lines[place])
        rows[-1].append(_framed(seen.patches[place], writers[place] == best, float(chances[place]), raw))
    blank = np.full_like(rows[0][0], 255)
    wide = max(map(len, rows))
    return np.vstack([np.hstack([*row, *[blank] * (wide - len(row))]) for row in rows])


def on_paper(patch: NDArray[np.uint8], *, raw: bool) -> NDArray[np.uint8]:
    """Return a patch as dark ink on white paper."""
    return patch if raw else np.invert(patch)


def _framed(patch: NDArray[np.uint8], right: bool, chance: float, raw: bool) -> NDArray[np.uint8]:
    tone = np.array(FOR if right else AGAINST, np.float64)
    colour = 255 - (0.2 + 0.8 * chance) * (255 - tone)
    page = cv2.cvtColor(on_paper(patch, raw=raw), cv2.COLOR_GRAY2RGB)
    framed = cv2.copyMakeBorder(page, EDGE, EDGE, EDGE, EDGE, cv2.BORDER_CONSTANT, value=tuple(colour.tolist()))
    return np.asarray(np.pad(framed, ((0, GAP), (0, GAP), (0, 0)), constant_values=255), np.uint8)
