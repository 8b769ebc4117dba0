"""Which words of a document speak for a hand, and which against it: its likelihood ratio, shared out among its words.

Each word is left out in turn (Robnik-Sikonja and Kononenko, "Explaining classifications for individual instances",
IEEE Trans. KDE 20, 2008). What is lost without it says how a word differs from the rest of its document alone, since
the encoder sees shares and not amounts: on a page all by one hand half of the words would seem to speak against it. So
the ratio itself is shared out too, evenly by ink, and the worths of all words add up to the answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.contours import ContourSettings, Counts, count_directions, find_contours
from duktus.imaging.frames.words import find_words
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


def find_patches(
    ink: Ink, settings: ContourSettings, dots: float | None = None, height: float | None = None
) -> Patches:
    """Return the words of a page; none on paper.

    Args:
        ink: (h, w).
        settings: of contours.
        dots: the page's dots per inch, where known.
        height: of its text in pixels, where it is known better than from the ink alone.
    """
    words = find_words(ink, find_contours(ink, settings, dots, height))
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
    """Return how much of the log10 ratio for a hand each of n words bears, (n,): above 0 a word speaks for the hand.

    With what belongs to no word, which bears the rest, they add up to the document's ratio, before it is held within
    the calibration's bounds. What a word's absence changes is taken at the document's amount of writing, so that it
    is weighed by its form. The encoder runs once.

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
    shares, lost = patches.amounts / total, ratios[0] - ratios[1:]
    return np.asarray(ratios[0] * shares + lost - lost.sum() * shares)


def _likelihood(session: Session) -> Likelihood:
    if session.card.likelihood is None:
        raise ModelError(f"{session.card.name}: expected an encoder with likelihood ratios; fit it by 'duktus train'")
    return session.card.likelihood
