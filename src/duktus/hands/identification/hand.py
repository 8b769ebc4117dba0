"""How a document is written, as it is compared with others, and what is counted of it on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.contours import Contours, Counts
from duktus.types import Vectors

UNLIKE = 1.6
"""A page's text is as high as the document's unless it differs by this factor: then it was scanned otherwise."""


@dataclass(frozen=True, eq=False)
class Hand:
    """How a document is written.

    Attributes:
        vectors: (n, d): the document's first, then, where it has more than one part, its parts' from top to bottom.
        upside_down: (d,) the vector of the document upside down.
        ink: how much was written, in text heights of contour; 0 where nothing was.
        heterogeneity: how much less alike its upper and lower part are than either in itself, where most.
        height: of its text on the page, in pixels; of its pages the middle one; 0 where nothing was written.
        contents: the hashes of its pages, where all of each was looked at.
        notes: what to know of its pages: what was left out, and why.
    """

    vectors: Vectors
    upside_down: Vectors
    ink: float
    heterogeneity: float
    height: float
    contents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Traced(NamedTuple):
    """The contours of what is written on a page.

    Attributes:
        contours: in pixels of the page.
        height: of its text, in pixels; 0 where nothing is written.
        dots: its dots per inch, where known.
        content: the page's hash; empty where only a part of it was looked at.
        notes: what to know of the page: what was left out, and why.
    """

    contours: Contours
    height: float
    dots: float | None
    content: str = ""
    notes: tuple[str, ...] = ()


def text_heights(pages: Sequence[Traced]) -> list[float]:
    """Return the height of the text on each page of a document, in its pixels.

    That of a line or a word alone is uncertain, so the usual one of the document counts, for pages whose own is not
    far from it: another page may have been scanned at another resolution.
    """
    heights = np.array([page.height for page in pages])
    amounts = np.array([len(page.contours.points) for page in pages], np.float64)
    if not amounts[heights > 0].sum():
        return [float(height) for height in heights]
    order = np.argsort(heights)
    total = np.cumsum(amounts[order])
    usual = float(heights[order][np.searchsorted(total, total[-1] / 2)])
    near = (heights > usual / UNLIKE) & (heights < usual * UNLIKE)
    return [float(height) for height in np.where(near, usual, heights)]


class Counted(NamedTuple):
    """What is counted along the contours of a page.

    Attributes:
        counts: (parts, kinds, bins * bins), from top to bottom.
        amounts: (parts,) how much writing each is, in text heights.
        height: of its text on the page, in pixels; 0 where nothing is written.
    """

    counts: Counts
    amounts: NDArray[np.float64]
    height: float
