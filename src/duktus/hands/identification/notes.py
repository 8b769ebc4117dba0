"""What else is seen of a document, beside whose hand it is in: parts that differ, and text that is too coarse."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.contours import Counts
from duktus.models.likelihood import Likelihood
from duktus.models.runtime import Session
from duktus.written.page import NO_HANDWRITING

UPSIDE_DOWN = "matched upside down"
"""The note on a document that was recognised the other way up."""

ENROLLED = "this page is enrolled itself"
"""The note on a document whose pages are in the gallery themselves."""

WORDS = ((30.0, "a word or two"), (150.0, "less than a line"), (600.0, "some lines"), (1500.0, "part of a page"))
"""Up to which amount of writing, in text heights of contour, it is how much; more is a page."""

UPSIDE_DOWN_MARGIN = 1.0
"""By so much a log10 ratio has to be greater upside down for a document to be matched upside down."""

HETEROGENEOUS = 0.14
"""Parts of a document are said to differ where they are less alike, by so much, than either is in itself.

Chosen on half of the writers of DHSD and of the French wills, in spaces fitted without those that are compared, so that
at most one in twenty documents by one hand has the note. Hands that look alike are missed; a clerk's hand, a stamp or
print beside the testator's is noted as well.
"""

MOST_CUTS = 64
"""Cuts of a document that are tried: of a long one not every place between two parts."""

TOO_COARSE = 8.0
"""Pixels of the text's height below which no hand is known: at 50 dots per inch, text is some 4 to 7 pixels high.

Four pages of the pen's, reduced to that, were as alike to another's as to their writer's own page.
"""

WITHOUT_INK = "expected a page of handwriting, received one with too little ink; leave it out"

WITHOUT_DETAIL = f"expected text {TOO_COARSE:.0f} pixels high, received a coarser page; scan it at 300 dots per inch"

COARSE = 12.0
"""Pixels of the text's height below which a hand is less like itself: by some 0.1 to 0.3 of likeness, by the same."""

CLEAR = 20.0
"""Pixels of the text's height from which on unlikeness is evidence of two hands.

Of 12 volunteers' pages reduced to 72 dots per inch, text of 9 to 17 pixels, three seemed to be in another hand than
their writer's other page.
"""


def find_heterogeneity(counts: Counts, amounts: NDArray[np.float64], session: Session, least: float) -> float:
    """Return the heterogeneity of a document: how much less alike its upper and lower part are than either in itself.

    That is where they differ most, of all cuts that leave enough on either side. Either part is divided into its odd
    and its even pieces: so what is compared within a part holds as much as what is compared across the cut, and a
    page that is written or scanned unevenly is no more alike in itself.

    Args:
        counts: (n, kinds, bins * bins) of the document's pieces from top to bottom.
        amounts: (n,) of their writing.
        session: the encoder.
        least: writing that either side has to have, in text heights of contour.

    Returns:
        A difference of likenesses, 0 or less where the parts are one hand's; 0 where there is too little to compare.
    """
    above = np.cumsum(amounts)
    places = np.arange(2, len(amounts) - 1)  # two pieces on either side
    enough = places[np.minimum(above[places - 1], above[-1:] - above[places - 1]) >= least]
    if not len(enough):
        return 0.0
    cuts = enough[np.unique(np.linspace(0, len(enough) - 1, MOST_CUTS).astype(np.intp))]
    odd = (np.arange(len(counts)) % 2 == 1)[:, None, None]
    sums = [np.cumsum(np.where(odd == kind, counts, 0), axis=0) for kind in (False, True)]
    quarters = [each for total in sums for each in (total[cuts - 1], total[-1] - total[cuts - 1])]
    vectors = session.run(np.concatenate(quarters).astype(np.float32)).astype(np.float64)
    even_top, even_end, odd_top, odd_end = np.split(vectors, 4)
    within = np.minimum(_alike(even_top, odd_top), _alike(even_end, odd_end))
    across = [_alike(top, end) for top in (even_top, odd_top) for end in (even_end, odd_end)]
    return float((within - np.mean(across, axis=0)).max())


def unfit(ink: float, height: float, least: float, left_out: bool = False) -> str:
    """Return why nothing can be said of a document's hand; empty where something can.

    Args:
        ink: how much is written, in text heights of contour.
        height: of its text in pixels of the page.
        least: with less writing nothing is said.
        left_out: whether there was ink that no hand wrote.
    """
    if not ink:
        return NO_HANDWRITING if left_out else "blank"
    if height < TOO_COARSE:
        return "too coarse"
    return "too little ink" if ink < least else ""


def trust(ratios: NDArray[np.floating], height: float) -> NDArray[np.float64]:
    """Return log10 ratios drawn towards 0, where the lower text of two is only so many pixels high.

    What is coarse looks less like itself, which would speak for two hands: it is no evidence of them.
    """
    spoken_for, against = (np.clip((height - TOO_COARSE) / (fine - TOO_COARSE), 0.0, 1.0) for fine in (COARSE, CLEAR))
    return np.asarray(ratios * np.where(np.asarray(ratios) < 0, against, spoken_for))


def amount_in_words(ink: float) -> str:
    """Return how much an amount of writing is, in words.

    >>> amount_in_words(480)
    'some lines'
    """
    return next((words for most, words in WORDS if ink < most), "a page")


def amount_notes(ink: float, likelihood: Likelihood) -> Iterator[str]:
    """Yield a note where more writing would say more: less than bears the greatest ratios."""
    if 0 < ink < likelihood.most_amount / 4:
        yield f"{amount_in_words(ink)} of writing: more text would give a clearer answer"


def hand_notes(heterogeneity: float, height: float) -> Iterator[str]:
    """Yield what to know of a document: ``find_heterogeneity`` of it, and the height of its text in pixels."""
    if heterogeneity > HETEROGENEOUS:
        yield "parts of the document differ as much as two hands do, or a hand and a stamp; identify them separately"
    if TOO_COARSE <= height < COARSE:
        yield f"its text is {height:.0f} pixels high: scan it at 300 dots per inch for a clearer answer"


def _alike(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the likeness of each two vectors (k, d), (k,)."""
    return np.asarray((first * second).sum(axis=1))
