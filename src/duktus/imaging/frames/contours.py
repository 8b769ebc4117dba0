"""Ink to contours: the edges of strokes as closed curves, and how the directions along them go together.

Which directions follow each other along the edge of a stroke distinguishes hands best of all that is counted and
not learnt (the contour hinge: Bulacu and Schomaker, "Text-independent writer identification and verification using
textural and allographic features", IEEE Trans. PAMI 29, 2007). Contours are traced at the scan's own resolution (a scan
of 600 dots per inch or more was reduced before: ``resolution.reduce_scan``) and then measured off at equal steps, so
that a page of another resolution is counted alike without resampling its pixels, which would blur its edges. Tone,
colour and the paper are not seen at all.
"""

from dataclasses import dataclass
from functools import cache

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

FINE = 4
"""Directions are distinguished in steps of this part of a bin before they are shared between bins."""


@dataclass(frozen=True)
class ContourSettings:
    """How contours are traced and what is counted along them; lengths are pixels of a scan of 300 dots per inch.

    Attributes:
        smoothing: standard deviation of the Gaussian that takes the stairs off a contour, in pixels of the page.
        legs: lengths of a hinge's two legs, a hinge each.
        gaps: distances along the contour of the two directions of a pair, a pair each.
        chord: length over which a direction of such a pair is taken.
        bins: of a full turn.
        lowest: text that is less high is enlarged to this height: its scan has fewer dots per inch.
        highest: text that is higher is reduced to this height.
        written: only what a hand wrote is traced, and its lines tell the text's height; or else all ink of the page.
    """

    smoothing: float = 0.8
    legs: tuple[int, ...] = (4, 7, 12, 18)
    gaps: tuple[int, ...] = ()
    chord: int = 4
    bins: int = 24
    lowest: float = 32.0
    highest: float = 72.0
    written: bool = False

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


def find_contours(
    ink: Ink, settings: ContourSettings, dots: float | None = None, height: float | None = None
) -> Contours:
    """Return the contours of what is written, in steps of one pixel of a scan of 300 dots per inch.

    Where the resolution is not known, the page is taken for such a scan, unless its text is too low or too high for
    one: then it is brought to the least or the greatest height that the settings allow. Only so a hand that writes
    large stays a hand that writes large.

    Args:
        ink: (h, w).
        settings: of the contours.
        dots: the page's dots per inch, where known.
        height: of the text in pixels, where it is known better than from the ink alone.
    """
    height = text_height(ink) if height is None else height
    return measure_off(trace_contours(ink, LARGEST * height), settings, dots, height)


def measure_off(traced: Contours, settings: ContourSettings, dots: float | None, height: float) -> Contours:
    """Return traced contours in steps of one pixel of a scan of 300 dots per inch, as ``find_contours`` does.

    Args:
        traced: contours in pixels of the page.
        settings: of the contours.
        dots: the page's dots per inch, where known.
        height: of its text in pixels; 0 where there is none.
    """
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
    weights = np.exp(-0.5 * (np.arange(reach + 1) / max(sigma, 1e-6)) ** 2).astype(np.float32)
    weights /= weights[0] + 2 * weights[1:].sum()
    points = weights[0] * contours.points
    for offset, weight in enumerate(weights[1:], 1):
        ahead = _along(contours.lengths, offset)
        points += weight * contours.points[ahead]
        points[ahead] += weight * contours.points  # the point as far behind: the way back is a permutation
    return Contours(points, contours.lengths, contours.height, contours.scale)


def walk(contours: Contours, scale: float, height: float) -> Contours:
    """Return contours enlarged by ``scale``, with points at steps of (very nearly) 1 along them.

    Args:
        contours: any, with points at any distances.
        scale: enlargement.
        height: of the text before it.
    """
    points, lengths = contours.points * np.float32(scale), contours.lengths
    if not len(points):
        return Contours(points, lengths, 0.0, contours.scale * scale)
    starts = np.cumsum(lengths) - lengths
    ahead = points[_along(lengths, 1)] - points
    steps = np.hypot(ahead[:, 0], ahead[:, 1]).astype(np.float64)
    girths = np.add.reduceat(steps, starts)
    # All contours lie behind one another on one axis, with a gap of 1 between two of them.
    begins = np.concatenate(([0.0], np.cumsum(girths + 1)[:-1]))
    run = np.cumsum(steps) - steps
    axis = run - np.repeat(run[starts] - begins, lengths)
    counts = np.rint(girths).astype(np.intp)
    kept = counts >= ROUND
    counts = counts[kept]
    places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(begins[kept], counts) + places * np.repeat(girths[kept] / np.maximum(counts, 1), counts)
    before = np.searchsorted(axis, at, side="right") - 1
    shares = ((at - axis[before]) / np.maximum(steps[before], 1e-9)).astype(np.float32)[:, None]
    walked = points[before] + shares * ahead[before]
    return Contours(walked, counts, height * scale if len(walked) else 0.0, contours.scale * scale)


def count_directions(contours: Contours, settings: ContourSettings) -> Counts:
    """Return how often directions go together along contours in steps of 1: ``settings.shape``.

    First the hinges, of which the two legs go from a point to the points before and behind it; then the pairs, of the
    directions at two points of a contour.
    """
    if not len(contours.points):
        return np.zeros(settings.shape, np.float32)
    hinges = [_count_hinges(contours, leg, settings.bins) for leg in settings.legs]
    turn = _angles(contours.points[_along(contours.lengths, settings.chord)] - contours.points, settings.bins)
    pairs = [_count_pairs(contours, turn, gap, settings) for gap in settings.gaps]
    return np.stack([*hinges, *pairs]).astype(np.float32)


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
    total, ends = int(lengths.sum()), np.cumsum(lengths)
    places = np.arange(offset, total + offset)
    long = lengths > offset
    last = (ends[long][:, None] - offset + np.arange(offset)).ravel()  # their points lie at the contour's start
    places[last] -= np.repeat(lengths[long], offset)
    if not long.all():
        short = np.repeat(~long, lengths)
        starts, spans = np.repeat(ends - lengths, lengths)[short], np.repeat(lengths, lengths)[short]
        places[short] = starts + (np.flatnonzero(short) - starts + offset) % spans
    return np.asarray(places, np.intp)


def _count_hinges(contours: Contours, leg: int, bins: int) -> NDArray[np.float32]:
    onward = _along(contours.lengths, leg)
    ahead = _angles(contours.points[onward] - contours.points, bins)
    behind = np.empty_like(ahead)
    behind[onward] = (ahead + FINE * bins // 2) % (FINE * bins)  # the way back is the opposite of the way there
    long = np.repeat(contours.lengths > 2 * leg, contours.lengths)
    return _histogram(ahead[long], behind[long], bins)


def _count_pairs(
    contours: Contours, turn: NDArray[np.intp], gap: int, settings: ContourSettings
) -> NDArray[np.float32]:
    long = np.repeat(contours.lengths > gap + settings.chord, contours.lengths)
    return _histogram(turn[long], turn[_along(contours.lengths, gap)][long], settings.bins)


def _angles(ways: NDArray[np.float32], bins: int) -> NDArray[np.intp]:
    """Return the directions of (n, 2) ways in steps of a full turn's ``FINE * bins``-th part."""
    steps = FINE * bins
    across, down = np.ascontiguousarray(ways[:, 0]), np.ascontiguousarray(ways[:, 1])
    turns = np.asarray(cv2.phase(across, down)).ravel() * np.float32(steps / (2 * np.pi))
    return np.minimum(turns.astype(np.intp), steps - 1)


def _histogram(first: NDArray[np.intp], second: NDArray[np.intp], bins: int) -> NDArray[np.float32]:
    """Return how often two directions occur together, (bins * bins,), each shared between the two nearest bins."""
    steps = FINE * bins
    counts = np.bincount(first * steps + second, minlength=steps * steps).reshape(steps, steps).astype(np.float32)
    shares = _shares(bins)
    return np.asarray((shares @ counts @ shares.T).ravel(), np.float32)


@cache
def _shares(bins: int) -> NDArray[np.float32]:
    """Return (bins, FINE * bins): how a direction's fine step is shared between the bins at either side of it."""
    places = (np.arange(FINE * bins) + 0.5) / FINE
    lower, columns = places.astype(np.intp), np.arange(FINE * bins)
    shares = np.zeros((bins, FINE * bins), np.float32)
    shares[lower, columns] = lower + 1 - places
    shares[(lower + 1) % bins, columns] = places - lower
    return shares
