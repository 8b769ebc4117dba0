"""Ink to contours: the edges of strokes as closed curves, and how the directions along them go together.

Which directions follow each other along the edge of a stroke is what tells hands apart best of all that is counted and
not learnt (the contour hinge: Bulacu and Schomaker, "Text-independent writer identification and verification using
textural and allographic features", IEEE Trans. PAMI 29, 2007). Contours are traced at the scan's own resolution (a scan
of 600 dots to the inch or more was reduced before: ``resolution.reduce_scan``) and then measured off at equal steps, so
that a page of another resolution is counted alike without resampling its pixels, which would blur its edges. Tone,
colour and the paper are not seen at all.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.layout.text_height import LARGEST, text_height
from duktus.types import Ink

Counts = NDArray[np.float32]
"""(kinds, bins * bins): for each kind of pair of directions, how often each pair occurs."""

EDGE = 0.5
"""The edge of a stroke is where ink reaches this level."""

SHORTEST = 12
"""Contours of fewer pixels are specks."""

ROUND = 8
"""Contours of fewer steps are too short to have directions."""


@dataclass(frozen=True)
class ContourSettings:
    """How contours are traced and what is counted along them; lengths are pixels of a scan of 300 dots to the inch.

    Attributes:
        smoothing: standard deviation of the Gaussian that takes the stairs off a contour, in pixels of the page.
        legs: lengths of a hinge's two legs, a hinge each.
        gaps: distances along the contour of the two directions of a pair, a pair each.
        chord: length over which a direction of such a pair is taken.
        bins: of a full turn.
        lowest: text that is less high is enlarged to this height: its scan has fewer dots to the inch.
        highest: text that is higher is reduced to this height.
    """

    smoothing: float = 0.8
    legs: tuple[int, ...] = (4, 7, 12, 18)
    gaps: tuple[int, ...] = ()
    chord: int = 4
    bins: int = 24
    lowest: float = 32.0
    highest: float = 72.0

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the counts."""
        return len(self.legs) + len(self.gaps), self.bins**2


@dataclass(frozen=True, eq=False)
class Contours:
    """Closed curves, one after the other: ``points`` (n, 2) as x and y, ``lengths`` (k,) of each in points.

    ``height`` is that of the text, in the points' unit; 0 where there are none. ``scale`` is by how much the page's
    pixels were enlarged to this unit.
    """

    points: NDArray[np.float32]
    lengths: NDArray[np.intp]
    height: float
    scale: float = 1.0

    @property
    def amount(self) -> float:
        """How much writing it is: the length of all contours in text heights, for points a step of 1 apart."""
        return len(self.points) / self.height if self.height else 0.0

    def subset(self, chosen: NDArray[np.intp]) -> "Contours":
        """Return some of the curves."""
        ends = np.cumsum(self.lengths)
        parts = [self.points[ends[i] - self.lengths[i] : ends[i]] for i in chosen]
        return Contours(np.concatenate([self.points[:0], *parts]), self.lengths[chosen], self.height, self.scale)


def find_contours(ink: Ink, settings: ContourSettings, dots: float | None = None) -> Contours:
    """Return the contours of what is written, in steps of one pixel of a scan of 300 dots to the inch.

    Where the resolution is not known, the page is taken for such a scan, unless its text is too low or too high for
    one: then it is brought to the least or the greatest height that the settings allow. Only so a hand that writes
    large stays a hand that writes large.

    Args:
        ink: (h, w).
        settings: of the contours.
        dots: the page's dots to the inch, where known.
    """
    height = text_height(ink)
    traced = trace_contours(ink, LARGEST * height)
    if not len(traced.points) or not height:
        return Contours(traced.points[:0], traced.lengths[:0], 0.0)
    scale = 300 / dots if dots else 1.0
    scale *= float(np.clip(height * scale, settings.lowest, settings.highest)) / (height * scale)
    return walk(smooth(traced, settings.smoothing), scale, height)


def trace_contours(ink: Ink, highest: float) -> Contours:
    """Return the outer and inner contours of ink, pixel by pixel, without specks and what is over ``highest``."""
    mask = np.pad(ink >= EDGE, 1).view(np.uint8)
    found, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    kept = [each[:, 0] for each in found if len(each) >= SHORTEST and np.ptp(each[:, 0, 1]) <= highest]
    points = np.concatenate([np.zeros((0, 2), np.float32), *kept]).astype(np.float32)
    return Contours(points, np.array([len(each) for each in kept], np.intp), 0.0)


def smooth(contours: Contours, sigma: float) -> Contours:
    """Return contours whose points were averaged along them by a Gaussian of ``sigma`` points."""
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-6)) ** 2).astype(np.float32)
    weights /= weights.sum()
    points = np.zeros_like(contours.points)
    for offset, weight in zip(range(-reach, reach + 1), weights, strict=True):
        points += weight * contours.points[_along(contours.lengths, offset)]
    return Contours(points, contours.lengths, contours.height, contours.scale)


def walk(contours: Contours, scale: float, height: float) -> Contours:
    """Return contours enlarged by ``scale``, with points at steps of (very nearly) 1 along them.

    Args:
        contours: any, with points at any distances.
        scale: enlargement.
        height: of the text before it.
    """
    points, lengths = contours.points.astype(np.float64) * scale, contours.lengths
    starts = np.cumsum(lengths) - lengths
    ahead = points[_along(lengths, 1)] - points
    steps = np.hypot(ahead[:, 0], ahead[:, 1])
    girths = np.add.reduceat(steps, starts)
    # All contours lie behind one another on one axis, each with its first point once more at its end, and a gap.
    begins = np.concatenate(([0.0], np.cumsum(girths + 1)[:-1]))
    run = np.cumsum(steps) - steps
    axis = run - np.repeat(run[starts] - begins, lengths)
    ends = starts + lengths
    axis = np.insert(axis, ends, begins + girths)
    closed = np.insert(points, ends, points[starts], axis=0)
    counts = np.rint(girths).astype(np.intp)
    kept = counts >= ROUND
    counts = counts[kept]
    places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(begins[kept], counts) + places * np.repeat(girths[kept] / np.maximum(counts, 1), counts)
    walked = np.stack([np.interp(at, axis, closed[:, i]) for i in range(2)], axis=1).astype(np.float32)
    return Contours(walked, counts, height * scale if len(walked) else 0.0, contours.scale * scale)


def count_directions(contours: Contours, settings: ContourSettings) -> Counts:
    """Return how often directions go together along contours in steps of 1: ``settings.shape``.

    First the hinges, of which the two legs go from a point to the points before and behind it; then the pairs, of the
    directions at two points of a contour.
    """
    lengths, chord = contours.lengths, settings.chord
    turn = _angles(contours, chord)
    kinds = [
        *((_angles(contours, leg), _angles(contours, -leg), 2 * leg) for leg in settings.legs),
        *((turn, turn[_along(lengths, gap)], gap + chord) for gap in settings.gaps),
    ]
    counts = np.zeros((len(kinds), settings.bins**2))
    for count, (first, second, shortest) in zip(counts, kinds, strict=True):
        long = np.repeat(lengths, lengths) > shortest
        count[:] = _histogram(first[long], second[long], settings.bins)
    return counts.astype(np.float32)


def rotate_counts(counts: Counts, settings: ContourSettings) -> Counts:
    """Return the counts (..., kinds, bins * bins) of the same page upside down: every direction is the opposite one."""
    square = counts.reshape(*counts.shape[:-1], settings.bins, settings.bins)
    return np.roll(square, settings.bins // 2, (-2, -1)).reshape(counts.shape)


def part_contours(contours: Contours, amount: float) -> list[Contours]:
    """Return contours in parts of about this amount of writing each, from top to bottom; one part where it is less."""
    count = max(1, int(contours.amount // amount))
    ends = np.cumsum(contours.lengths)
    if count == 1 or not len(ends):
        return [contours]
    order = np.argsort(contours.points[ends - contours.lengths, 1], kind="stable")
    shares = (np.cumsum(contours.lengths[order]) - 1) * count // ends[-1]
    return [contours.subset(np.sort(order[shares == part])) for part in range(count) if (shares == part).any()]


def _along(lengths: NDArray[np.intp], offset: int) -> NDArray[np.intp]:
    """Return for each point the place of the point that lies ``offset`` points further along its contour."""
    ends = np.repeat(np.cumsum(lengths), lengths)
    spans = np.repeat(lengths, lengths)
    starts = ends - spans
    return np.asarray(starts + (np.arange(len(starts)) - starts + offset) % spans, np.intp)


def _angles(contours: Contours, offset: int) -> NDArray[np.float32]:
    """Return the directions from each point to the one ``offset`` points further, as shares of a turn in [0, 1)."""
    ways = contours.points[_along(contours.lengths, offset)] - contours.points
    return np.asarray(np.arctan2(ways[:, 1], ways[:, 0]) * np.float32(0.5 / np.pi) % 1, np.float32)


def _histogram(first: NDArray[np.float32], second: NDArray[np.float32], bins: int) -> NDArray[np.float64]:
    """Return how often two directions occur together, (bins * bins,), each shared among the four nearest bins."""
    total = np.zeros(bins * bins)
    places = [np.floor(each * bins).astype(np.int32) for each in (first, second)]
    shares = [each * bins - place for each, place in zip((first, second), places, strict=True)]
    for i in (0, 1):
        for j in (0, 1):
            cells = (places[0] + i) % bins * bins + (places[1] + j) % bins
            weights = (shares[0] if i else 1 - shares[0]) * (shares[1] if j else 1 - shares[1])
            total += np.bincount(cells, weights, bins * bins)
    return total
