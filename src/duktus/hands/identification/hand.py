"""How a document is written, as it is compared with others, and what is counted of it on the way."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.contours import Counts
from duktus.types import Vectors


@dataclass(frozen=True, eq=False)
class Hand:
    """How a document is written.

    Attributes:
        vectors: (n, d): the document's first, then, where it has more than one part, its parts' from top to bottom.
        upside_down: (d,) the vector of the document upside down.
        ink: how much was written, in text heights of contour; 0 where nothing was.
        heterogeneity: how much less alike its upper and lower part are than either in itself, where most.
        height: of its text on the page, in pixels; of its pages the middle one; 0 where nothing was written.
    """

    vectors: Vectors
    upside_down: Vectors
    ink: float
    heterogeneity: float
    height: float


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
