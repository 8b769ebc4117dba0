"""Page to ink: background flattened, polarity found, tone stretched.

Each step is a pure function of the arrays it is given, so that each can be shown, tested and replaced alone:
``to_grey`` → ``settle_polarity`` → ``flatten`` → ``stretch``. ``extract_ink`` runs them all; what is drawn on the ink
but was not written by the hand is taken off in ``rulings.py``.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.grey import reduce, to_grey
from duktus.imaging.ink.ground import MAD_TO_SIGMA, REACH, find_ground, two_tones
from duktus.imaging.ink.polarity import Polarity, find_polarity, parts_of
from duktus.types import Ink, Page

Darkness = NDArray[np.float32]
"""(h, w), how far each pixel stands off its ground, 0 = ground, 1 = as far as can be."""

GROUND_SIDE = 160
"""Longest side, in pixels, of the picture on which the ground is estimated: light changes slowly, so more is waste."""

SAMPLES = 4096
"""Pixels from which the noise of the paper is estimated; a larger page is thinned to about as many."""

LEVELS = 512
"""Steps of darkness that are distinguished where the paper's noise is measured."""

STEPS = np.arange(LEVELS, dtype=np.float64)
SQUARES = STEPS**2

TWO_CLASSES = 0.75
"""Share of the variance between Otsu's two classes from which there are two: a normal distribution cut in halves has
2/pi = 0.64."""

CLEAR = 0.99
"""Certainty from which a polarity is believed at once; else both are tried."""

TRIED, LONGER = 64, 32
"""Shorter side, in pixels, of the picture on which both polarities are tried, and how many of it the other has at most:
on less, a line or a page of text is a grey haze."""

SURELY_TWO = 0.79
"""Share of that variance from which the lighter class is paper: noise of which every level is alike has 0.75."""

REACHES = 3.5
"""The lighter of two such classes ends, at this many deviations from its middle, no later than the darker begins."""

IMMERKAER = np.array(((1, -2, 1), (-2, 4, -2), (1, -2, 1)), np.float32)
"""The difference of two Laplacians: no answer on ramps and edges, six times the noise elsewhere."""


@dataclass(frozen=True)
class InkSettings:
    """How ink is extracted; a model's card carries what its training used.

    Attributes:
        min_contrast: ink must stand off its ground by this share of full scale, or the page is blank.
        noise_floor: ink must stand off the paper's own noise by this many standard deviations.
        soft_floor: what stands off by less than this share of full ink counts as paper.
        gain_floor: faint strokes are lifted to full ink where they have at least this share of the page's full ink.
        rulings: whether ruled lines and cell borders are taken off.
        speck: a piece with less than this share of the largest piece's ink is a speck.
    """

    min_contrast: float = 0.05
    noise_floor: float = 3.5
    soft_floor: float = 0.08
    gain_floor: float = 0.4
    rulings: bool = True
    speck: float = 0.015


def extract_ink(page: Page, settings: InkSettings | None = None, polarity: Polarity | None = None) -> Ink:
    """Return the ink of a page, float32 (h, w) in [0, 1], all zeros where the page is blank.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        settings: thresholds; the defaults serve most pages.
        polarity: forces dark or light ink; ``None`` finds out.
    """
    settings = settings or InkSettings()
    grey = to_grey(page)
    if polarity is None:
        polarity = settle_polarity(grey)[0]
    return stretch(flatten(grey, polarity), settings)


def settle_polarity(grey: NDArray[np.uint8]) -> tuple[Polarity, float]:
    """Return whether the ink is dark or light, and how sure that is in [0, 1]; in doubt, both are tried.

    Of two inks the likelier one stands off its ground in two clear tones, is thin, keeps off the rim and hangs
    together. The sum of this evidence and of what the page alone shows (``find_polarity``) is the log-odds of light
    ink, its weights rounded from a logistic regression on simulated pictures of both kinds. Of a very long picture the
    log-odds are the mean of those of its parts that show anything.
    """
    parts = parts_of(grey)
    if len(parts) > 1:
        odds = [_log_odds(*settle_polarity(part)) for part in parts]
        mean = sum(odds) / max(1, sum(each != 0.0 for each in odds))
        return ("light" if mean > 0 else "dark"), float(np.tanh(abs(mean) / 2))
    polarity, certainty = find_polarity(grey)
    if certainty >= CLEAR or certainty == 0.0:
        return polarity, certainty
    small = reduce(grey, min(LONGER * TRIED, round(TRIED * max(grey.shape) / min(grey.shape))))
    unclear, depth, rim, pieces = _marks(flatten(small, "light")) - _marks(flatten(small, "dark"))
    page = _log_odds(polarity, certainty)
    evidence = float(0.6 * page - 1.3 * unclear - 2.5 * depth - 1.3 * rim - 1.8 * pieces)
    return ("light" if evidence > 0 else "dark"), float(np.tanh(abs(evidence) / 2))


def _log_odds(polarity: Polarity, certainty: float) -> float:
    """Return the log-odds of light ink, within what a number can tell from certainty."""
    return float(2 * np.arctanh(min(certainty, 1 - 1e-9))) * (1 if polarity == "light" else -1)


def _marks(darkness: Darkness) -> NDArray[np.float64]:
    """Return what tells ink from a ground that was taken for ink.

    These are the variance left within its two tones, its depth, the inked share of its rim, and its pieces; all but the
    share as logarithms.
    """
    mask, unclear = two_tones((darkness.clip(0, 1) * np.float32(255)).astype(np.uint8))
    count = cv2.countNonZero(mask)
    depth = float(cv2.sumElems(cv2.distanceTransform(mask, cv2.DIST_L2, 3))[0]) / max(1, count)
    pieces = cv2.connectedComponents(mask)[0] - 1
    rim = np.concatenate((mask[0], mask[-1], mask[:, 0], mask[:, -1])).mean()
    return np.array((np.log(max(unclear, 1e-3)), np.log(max(depth, 0.5)), rim, np.log(max(pieces, 1))))


def flatten(grey: NDArray[np.uint8], polarity: Polarity, reach: float = REACH) -> Darkness:
    """Return how far each pixel stands off its local ground, as a share of what it could.

    ``reach`` is the width, as a share of the picture, up to which something dark is a stroke and not a ground.

    The ground is found on a reduced picture (``_ground``). Dark ink takes away a share of the light that the paper
    would return (Beer-Lambert), so it is divided by the ground; light ink on a dark ground adds to it, so the ground
    is subtracted.
    """
    rows, columns = grey.shape
    small = reduce(grey if polarity == "dark" else np.invert(grey), GROUND_SIDE)
    if max(grey.shape) > GROUND_SIDE:
        small = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    ground = find_ground(small, reach)
    if ground.shape != grey.shape:
        ground = np.asarray(cv2.resize(ground, (columns, rows), interpolation=cv2.INTER_LINEAR), np.uint8)
    if polarity == "light":
        return np.asarray(cv2.subtract(grey, cv2.bitwise_not(ground))).astype(np.float32) * np.float32(1 / 255)
    lit = np.maximum(ground, 1)
    return np.asarray(cv2.divide(cv2.subtract(lit, grey), lit, scale=1.0, dtype=cv2.CV_32F))


def stretch(darkness: Darkness, settings: InkSettings) -> Ink:
    """Return ink in [0, 1]: the paper's own noise at 0 and written strokes at 1, faint ones lifted.

    Where nothing stands off the paper's noise, uneven light may have been taken for noise: then the noise between
    neighbouring pixels alone is measured.
    """
    step = max(1, int((darkness.size / SAMPLES) ** 0.5))
    paper, sigma = paper_noise(darkness[::step, ::step])
    tone = _tone(darkness, paper, sigma, settings)
    if tone is None:
        tone = _tone(darkness, paper, min(sigma, grain(darkness)), settings)
    if tone is None:
        return np.zeros_like(darkness)
    low, full = tone
    lifted = darkness - np.float32(low)
    lifted *= np.float32(1.0 / (full - low))
    cv2.threshold(lifted, 0.0, 0.0, cv2.THRESH_TOZERO, lifted)
    cv2.threshold(lifted, 1.0, 1.0, cv2.THRESH_TRUNC, lifted)
    return _even_out(lifted, settings.gain_floor)


def grain(darkness: Darkness) -> float:
    """Return the standard deviation of the noise from pixel to pixel, blind to slow changes (Immerkaer 1996)."""
    if min(darkness.shape) < 3:
        return 0.0
    mixed = cv2.filter2D(darkness, cv2.CV_32F, IMMERKAER)[1:-1, 1:-1]
    return float((np.pi / 2) ** 0.5 / 6.0 * cv2.norm(mixed, cv2.NORM_L1) / mixed.size)


def _tone(darkness: Darkness, paper: float, sigma: float, settings: InkSettings) -> tuple[float, float] | None:
    """Return the darkness at which ink begins and at which it is full; None where nothing stands off the paper."""
    low = paper + settings.noise_floor * sigma
    above = darkness[darkness > low + 0.5 * settings.min_contrast]
    if above.size == 0:
        return None
    full = _mean(above[above >= min(_mean(above), cv2.minMaxLoc(darkness)[1])])
    if full - paper < settings.min_contrast:
        return None
    return min(max(low, paper + settings.soft_floor * (full - paper)), full - 1e-3), full


def _mean(values: Darkness) -> float:
    """Return the mean of some values, to the bit what their own, slower ``mean`` gives."""
    return float(values.sum() / values.size)


def paper_noise(sample: Darkness) -> tuple[float, float]:
    """Return the level of the paper and the standard deviation of its noise, both as shares of full scale.

    They are the median and the median absolute deviation: of all pixels where one level prevails, as on a page with a
    few words, and of the lighter class (Otsu 1979) where there are clearly two, as in a picture cut tightly around a
    bold figure, half of which may be ink. There soft edges widen the lighter class, and it ends where the other begins.
    """
    levels = (sample * np.float32(LEVELS - 1)).astype(np.int32).ravel()
    if 2 * np.count_nonzero(levels) < levels.size:  # then both medians are 0, whether there are two classes or one
        return 0.0, 0.0
    counts = np.bincount(levels, minlength=LEVELS).astype(np.float64)
    split, clarity = _two_classes(counts)
    if clarity > TWO_CLASSES:
        counts = counts[:split]
    centre = _median(counts)
    sigma = MAD_TO_SIGMA * _median(np.bincount(np.abs(np.arange(counts.size) - centre), weights=counts))
    if clarity > SURELY_TWO:
        sigma = min(sigma, (split - centre) / REACHES)
    return centre / (LEVELS - 1), sigma / (LEVELS - 1)


def _two_classes(counts: NDArray[np.float64]) -> tuple[int, float]:
    """Return Otsu's split of a histogram (the first level of the upper class), and the share of variance between."""
    below = counts.cumsum()
    moment = (counts * STEPS).cumsum()
    total = int(below[-1])
    mean = float(moment[-1]) / total
    variance = float(counts @ SQUARES) / total - mean * mean
    if variance < 1.0:
        return counts.size, 0.0
    below, moment = below[:-1], moment[:-1]
    between = (mean * below - moment) ** 2 / np.maximum(below * (total - below), 1)
    best = int(between.argmax())
    return best + 1, float(between[best]) / variance


def _median(counts: NDArray[np.number[Any]]) -> int:
    """Return the median level of a histogram: sorting is slow where most values are the same."""
    below = counts.cumsum()
    return int(below.searchsorted(below[-1] / 2, side="right"))


def _even_out(ink: Ink, floor: float) -> Ink:
    """Divide ink by the strongest ink nearby, no less than ``floor``, so that faint strokes count as much as bold."""
    small = reduce(ink, GROUND_SIDE)
    reach = max(3, round(max(small.shape) * REACH)) | 1
    peak = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    if cv2.minMaxLoc(peak)[0] > 0.98:
        return ink
    peak = cv2.blur(np.maximum(peak, np.float32(floor)), (reach // 2 | 1, reach // 2 | 1))
    if peak.shape != ink.shape:
        peak = cv2.resize(peak, (ink.shape[1], ink.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.threshold(cv2.divide(ink, peak), 1.0, 1.0, cv2.THRESH_TRUNC)[1])
