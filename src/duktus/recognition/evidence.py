"""Which words of a document speak for a hand, and which against it: each is left out in turn.

What a word is worth is what the log10 likelihood ratio of the whole document loses without it, so what is shown is the
answer's own evidence and no second measure (Robnik-Sikonja and Kononenko, "Explaining classifications for individual
instances", IEEE Trans. KDE 20, 2008). Words speak together: their worths need not add up to the answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.contours import ContourSettings, Counts, count_directions, find_contours
from duktus.imaging.words import find_words
from duktus.models.likelihood import Likelihood, joint_amount
from duktus.models.runtime import Session
from duktus.types import Box, Ink, ModelError

MOST = 400
"""Words that are weighed, those with the most ink; the others count with what is always there."""


@dataclass(frozen=True, eq=False)
class Patches:
    """The words of a page and how directions follow each other along their contours.

    Attributes:
        boxes: of the n words, in pixels of the page.
        owners: (h, w) to which word a pixel belongs, 1 to n; 0 for paper and for what is not weighed.
        counts: (n, kinds, bins * bins).
        amounts: (n,) of writing, in text heights of contour.
        rest: (kinds, bins * bins) the counts of what belongs to no word that is weighed.
        rest_amount: of it.
    """

    boxes: tuple[Box, ...]
    owners: NDArray[np.int32]
    counts: Counts
    amounts: NDArray[np.float64]
    rest: Counts
    rest_amount: float


def find_patches(ink: Ink, settings: ContourSettings, dots: float | None = None) -> Patches:
    """Return the words of a page of ink (h, w), at its ``dots`` to the inch where known; none on paper."""
    words = find_words(ink, find_contours(ink, settings, dots))
    amounts = np.array([each.amount for each in words.contours])
    weighed = np.sort(np.argsort(-amounts, kind="stable")[:MOST])
    counts = np.zeros((len(amounts), *settings.shape), np.float32)
    for place, contours in zip(counts, words.contours, strict=True):
        place[:] = count_directions(contours, settings)
    left = np.delete(np.arange(len(amounts)), weighed)
    numbers = np.zeros(len(amounts) + 1, np.int32)
    numbers[weighed + 1] = np.arange(1, len(weighed) + 1)
    rest = count_directions(words.others, settings) + counts[left].sum(axis=0)
    return Patches(
        tuple(words.boxes[i] for i in weighed),
        numbers[words.owners],
        counts[weighed],
        amounts[weighed],
        rest,
        words.others.amount + float(amounts[left].sum()),
    )


def weigh(patches: Patches, vector: NDArray[np.float32], amount: float, session: Session) -> NDArray[np.float64]:
    """Return what the log10 ratio for a hand loses without each of n words, (n,): above 0 a word speaks for the hand.

    It is taken at the whole document's amount of writing, so that a word is weighed by its form and not by its being
    there, and without bounds, which would hide what is worth something beyond them. Without its only word a document
    says nothing: a ratio of 1. The encoder is asked once.

    Args:
        patches: of the document.
        vector: (d,) of the hand, or of another document.
        amount: how much writing stands behind it.
        session: the encoder.

    Raises:
        ModelError: it has no likelihood ratios.
    """
    if not len(patches.boxes):
        return np.zeros(0)
    whole = patches.counts.sum(axis=0) + patches.rest
    vectors = session.run(np.concatenate([whole[None], np.maximum(whole - patches.counts, 0)]))
    total = float(patches.amounts.sum()) + patches.rest_amount
    ratios = _likelihood(session).log10_ratio(vectors @ vector, joint_amount(total, amount))
    ratios[1:][total - patches.amounts < 1] = 0
    return np.asarray(ratios[0] - ratios[1:])


def _likelihood(session: Session) -> Likelihood:
    if session.card.likelihood is None:
        raise ModelError(f"{session.card.name}: expected an encoder with likelihood ratios; fit it by 'duktus train'")
    return session.card.likelihood
