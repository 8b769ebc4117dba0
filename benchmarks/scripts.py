"""Texts in many scripts: one person's drawings, some letters of an alphabet on one page, others on another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.omniglot import zipped_drawings
from duktus.hands.evaluation.controls import control_scores, tone_vector
from duktus.hands.training.embedding import features_of
from duktus.imaging.frames.contours import ContourSettings, Counts, count_directions, find_contours
from duktus.imaging.layout.text_height import text_height
from duktus.types import Ink, Page

SIDE, GAP, MARGIN = 105, 10, 20
"""Pixels of a drawing's side, between drawings, and of a page's margin."""

Scores = NDArray[np.floating[Any]]

Hands = Mapping[int, Mapping[int, Page]]
"""Of one alphabet: each drawer's letters, (105, 105) uint8 each."""


def load_scripts(folder: Path, without: Sequence[str] = ()) -> dict[str, Hands]:
    """Return the drawings of Omniglot by alphabet, sorted by name, without some of them.

    Raises:
        DataError: an archive is missing or broken.
    """
    found: dict[str, dict[int, dict[int, Page]]] = defaultdict(lambda: defaultdict(dict))
    for archive in ("images_background.zip", "images_evaluation.zip"):
        for each in zipped_drawings(folder / archive):
            if each.alphabet not in without:
                found[each.alphabet][each.drawer][each.character] = each.page
    return {alphabet: found[alphabet] for alphabet in sorted(found)}


def two_texts(hands: Hands, most: int | None, rng: np.random.Generator) -> list[list[Page]]:
    """Return two pages by each drawer, (drawers, 2): all the first of some letters, all the second of others.

    Args:
        hands: of one alphabet.
        most: letters of a page; half of the alphabet where it is None or less.
        rng: which letters.
    """
    letters = rng.permutation(sorted(set.intersection(*(set(drawn) for drawn in hands.values()))))
    size = min(most or len(letters), len(letters) // 2)
    both = letters[:size].tolist(), letters[size : 2 * size].tolist()
    return [[write_page([drawn[letter] for letter in some]) for some in both] for _, drawn in sorted(hands.items())]


def write_page(letters: Sequence[Page]) -> Page:
    """Return a page on which letters stand in rows, as many in each as there are rows, dark on white."""
    across = int(np.ceil(np.sqrt(len(letters))))
    pitch = SIDE + GAP
    page = np.full((-(-len(letters) // across) * pitch + 2 * MARGIN, across * pitch + 2 * MARGIN), 255, np.uint8)
    for place, letter in enumerate(letters):
        top, left = (MARGIN + number * pitch for number in divmod(place, across))
        page[top : top + SIDE, left : left + SIDE] = letter
    return page


def count_ink(ink: Ink, settings: ContourSettings) -> Counts:
    """Return what an encoder of hands is given of a page of unknown resolution: ``settings.shape``."""
    return count_directions(find_contours(ink, settings), settings)


def turn_quarter(counts: Counts) -> Counts:
    """Return the hinges (..., kinds, bins * bins) of the same writing turned by a quarter."""
    bins = round(counts.shape[-1] ** 0.5)
    square = counts.reshape(*counts.shape[:-1], bins, bins)
    return np.roll(square, bins // 4, (-2, -1)).reshape(counts.shape)


def mirror(counts: Counts) -> Counts:
    """Return the hinges (..., kinds, bins * bins) of the same writing mirrored, left for right.

    A contour is walked along with its ink on the same side, so in the mirror a hinge's legs change places.
    """
    bins = round(counts.shape[-1] ** 0.5)
    mirrored = (bins // 2 - np.arange(bins)) % bins
    square = counts.reshape(*counts.shape[:-1], bins, bins)[..., mirrored, :][..., mirrored]
    return np.ascontiguousarray(square.swapaxes(-1, -2)).reshape(counts.shape)


def hinge_scores(counts: Counts) -> Scores:
    """Return the likeness of pages by their hinges alone, nothing fitted: (n, n) by Hellinger's product."""
    features = features_of(counts)
    return features @ features.T


def pen_scores(pages: Sequence[Page]) -> Scores:
    """Return the likeness of pages by the pen's tone and width alone."""
    return control_scores(np.stack([tone_vector(page) for page in pages]))


def size_scores(inks: Sequence[Ink]) -> Scores:
    """Return the likeness of pages by the height of their writing alone."""
    heights = np.array([text_height(ink) for ink in inks])
    return np.asarray(-np.abs(heights[:, None] - heights))


def count_hits(scores: Scores) -> NDArray[np.intp]:
    """Return (drawers,) how often each is told by one page from the other, 0 to 2; a tie tells nobody.

    Args:
        scores: (2 drawers, 2 drawers), each drawer's two pages one after the other.
    """
    told = [
        (one > np.where(np.eye(len(one), dtype=bool), -np.inf, one).max(axis=1)[:, None]).diagonal()
        for one in (scores[::2, 1::2], scores[1::2, ::2])
    ]
    return np.asarray(np.sum(told, axis=0), np.intp)
