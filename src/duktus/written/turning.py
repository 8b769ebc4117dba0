"""Whether a page lies on its side or stands on its head: how its lines look to the segmenter, either way.

Across lines of text the segmenter finds bands as well, of words that stand one below the other; but these are short.
Of two directions along the lines, Latin script rises more often above its core band than it falls below it, and the
segmenter, which learnt upright text, is surer of its bands in the right one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.written.lines import Band, find_bands
from duktus.written.segmenter import Segmenter, Segments

PLAIN, RISING = 25.0, 0.25
"""Text whose bands are so many times as long as high, and which rises so much, lies as it should: no more is tried."""

LONGER = 0.3
"""Natural logarithm of how many times longer the bands of a page have to be on its side."""

TURNED = 0.6
"""Evidence from which a page is read upside down."""

SURENESS = 20.0
"""What a difference of 1 in the mean probability of bands weighs, against one of 1 in the logarithm of rise by fall."""

LEAST_LENGTH = 12.0
"""A page has to have bands so many times as long as high, all together, to be turned: a word says too little."""

INNER, OUTER = 0.7, 1.8
"""What lies between so many heights of the band from its middle is what rises or falls."""


@dataclass(frozen=True)
class Lie:
    """How a page's text lies, as the segmenter sees it.

    Attributes:
        aspect: mean length of bands in their heights, weighted by length.
        rise: natural logarithm of the ink above the core bands by that below.
        sureness: mean probability of what belongs to the bands.
        length: of all bands together, in their heights.
    """

    aspect: float = 0.0
    rise: float = 0.0
    sureness: float = 0.0
    length: float = 0.0


def measure_lie(segments: Segments) -> Lie:
    """Return how a page's text lies."""
    bands = find_bands(segments.maps.band)
    if not bands:
        return Lie()
    written = segments.written[::2, ::2]
    lengths = np.array([len(band.middle) for band in bands], np.float64)
    heights = np.array([max(2.0, band.thick) for band in bands])
    amounts = np.array([_above_and_below(band, written) for band in bands]).sum(axis=0)
    likely = segments.maps.band[segments.maps.band > 0.5]
    return Lie(
        float((lengths**2 / heights).sum() / lengths.sum()),
        float(np.log((amounts[0] + 1) / (amounts[1] + 1))),
        float(likely.mean()) if likely.size else 0.0,
        float((lengths / heights).sum()),
    )


def _above_and_below(band: Band, written: NDArray[np.uint8]) -> tuple[int, int]:
    """Return how much ink lies close above a core band and close below it."""
    height = max(2, int(band.thick))
    steps = np.arange(int(INNER * height) + 1, int(OUTER * height) + 1)[:, None]
    columns = np.arange(band.left, min(band.right + 1, written.shape[1]))
    rows = np.rint(band.middle[: len(columns)]).astype(int)
    places = (np.clip(rows + sign * steps, 0, written.shape[0] - 1) for sign in (-1, 1))
    above, below = (int(written[at, columns].sum()) for at in places)
    return above, below


def find_turn(grey: NDArray[np.uint8], segmenter: Segmenter, upright: Segments | None = None) -> tuple[int, Segments]:
    """Return how many quarters of a turn, against the clock, bring a page upright: 0 to 3; and its segments then.

    In doubt a page stays as it is.

    Args:
        grey: (h, w), dark ink on a lighter ground.
        segmenter: an opened model.
        upright: the page's segments as it lies, where they are known.
    """
    looks = _Looks(grey, segmenter, upright)
    quarters = _settle(looks)
    return quarters, looks.segments(quarters)


def _settle(looks: "_Looks") -> int:
    upright = looks.lie(0)
    if upright.aspect >= PLAIN and upright.rise >= RISING:
        return 0
    side = looks.lie(1)
    if side.length >= LEAST_LENGTH and side.aspect > np.exp(LONGER) * max(upright.aspect, 1e-6):
        return 1 if evidence(side, looks.lie(3)) >= 0 else 3
    if upright.rise >= RISING:
        return 0
    head = looks.lie(2)
    return 2 if head.length >= LEAST_LENGTH and evidence(head, upright) > TURNED else 0


def evidence(one: Lie, other: Lie) -> float:
    """Return what speaks for the one direction of lines against the other."""
    return one.rise - other.rise + SURENESS * (one.sureness - other.sureness)


class _Looks:
    """A page turned by quarters, segmented where it is looked at, and not again."""

    def __init__(self, grey: NDArray[np.uint8], segmenter: Segmenter, upright: Segments | None) -> None:
        self._grey, self._segmenter = grey, segmenter
        self._known: dict[int, Segments] = {} if upright is None else {0: upright}

    def segments(self, quarters: int) -> Segments:
        """Return the segments of the page turned."""
        if quarters not in self._known:
            self._known[quarters] = self._segmenter.segment(np.ascontiguousarray(np.rot90(self._grey, quarters)))
        return self._known[quarters]

    def lie(self, quarters: int) -> Lie:
        """Return how its text lies then."""
        return measure_lie(self.segments(quarters))
