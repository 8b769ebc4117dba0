"""Page to ink: background flattened, polarity found, tone stretched.

Each step is a pure function of the arrays it is given, so that each can be shown, tested and replaced by itself:
``to_grey`` → ``find_polarity`` → ``flatten`` → ``stretch``. ``extract_ink`` runs them all; what is drawn on the ink
but was not written by the hand is taken off in ``rulings.py``.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink, Page

Polarity = Literal["dark", "light"]
"""Whether the ink is darker or lighter than its ground."""

Picture = TypeVar("Picture", NDArray[np.uint8], NDArray[np.float32])

Darkness = NDArray[np.float32]
"""(h, w), how far each pixel stands off its ground, 0 = ground, 1 = as far as can be."""

GROUND_SIDE = 160
"""Longest side, in pixels, of the picture on which the ground is estimated: light changes slowly, so more is waste."""

REACH = 0.3
"""Strokes are narrower than this share of a picture's longest side."""

LEANS = 8
"""Levels, of 255, by which the paper differs within a picture before it is levelled."""

SMALL = 40
"""A picture with no longer side than this, in pixels, may be filled by one character."""

UNCLEAR = 0.13
"""Share of a small picture's variance left within its two tones from which they are not taken for ink and paper."""

FITTED = 32
"""Longest side, in pixels, of the picture to which the light is fitted."""

ROUNDS = 4
"""Fits of the light, each with less weight on what lies below the one before."""

SAMPLES = 4096
"""Pixels from which the noise of the paper is estimated; a larger page is thinned to about as many."""

LEVELS = 512
"""Steps of darkness that are told apart where the paper's noise is measured."""

STEPS = np.arange(LEVELS)
SQUARES = STEPS**2

TWO_CLASSES = 0.75
"""Share of the variance between Otsu's two classes from which there are two: a normal distribution cut in halves has
2/pi = 0.64."""

LUMA = np.array((0.299, 0.587, 0.114), np.float32)
"""Shares of red, green and blue in what the eye takes for brightness (ITU-R BT.601)."""

IMMERKAER = np.array(((1, -2, 1), (-2, 4, -2), (1, -2, 1)), np.float32)
"""The difference of two Laplacians: no answer on ramps and edges, six times the noise elsewhere."""

MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal variable over its median absolute deviation."""


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
        polarity = find_polarity(grey)[0]
    return stretch(flatten(grey, polarity), settings)


def to_grey(page: Page) -> NDArray[np.uint8]:
    """Return the page in grey, (h, w) uint8, along the colour axis in which ink and paper differ most.

    Luminance serves dark ink on light paper. Where it shows less than half the spread of the single channel that
    shows most (yellow pen on white, red on blue), that channel is taken instead.
    """
    if page.ndim == 2:
        return page
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    thin = page[:: max(1, page.shape[0] // 64), :: max(1, page.shape[1] // 64)].reshape(-1, 3)
    spread = _spread(thin)
    luminance = _spread(thin @ LUMA)
    channel = int(spread.argmax())
    if luminance < 0.5 * spread[channel]:
        return np.ascontiguousarray(page[:, :, channel])
    return np.asarray(grey, np.uint8)


def _spread(values: NDArray[Any]) -> NDArray[Any]:
    """Return how far apart the darkest and the brightest of some values lie along the first axis, outliers aside."""
    return np.asarray(np.ptp(np.percentile(values, (1, 99), axis=0), axis=0))


def find_polarity(grey: NDArray[np.uint8]) -> tuple[Polarity, float]:
    """Return whether the ink is dark or light, and how sure that is in [0, 1].

    Ink is the thinner of a picture's two tones (Otsu 1979), as strokes are; paper is what most of the rim and the
    corners show. In a picture large enough for slow changes of light, which are taken out first, the third moment tells
    on which side the sparse part lies. The sum of this evidence is the log-odds of light ink, its weights rounded from
    a logistic regression on simulated pictures of both kinds.
    """
    small = _reduce(grey, 64)
    values = small.astype(np.float32)
    uneven = max(grey.shape) > SMALL
    if uneven:
        values -= cv2.GaussianBlur(values, (0, 0), max(small.shape) / 6.0)
    mean, deviation = cv2.meanStdDev(values)
    values -= np.float32(mean[0, 0])
    sigma = float(deviation[0, 0])
    if sigma < 0.03:
        return "dark", 0.0
    rim = np.concatenate((values[0], values[-1], values[:, 0], values[:, -1]))
    middle = float(np.tanh(2.0 * np.partition(rim, rim.size // 2)[rim.size // 2] / sigma))
    corner, thinner = _corner(values) / sigma, _thinner(values)
    if uneven:
        skew = float(np.einsum("ij,ij,ij->", values, values, values)) / (values.size * sigma**3)
        evidence = 3.0 * float(np.tanh(skew)) - 1.3 * middle - 1.2 * corner - 2.1 * thinner
    else:
        evidence = -1.6 * middle - 2.9 * corner - 3.5 * thinner
    return ("light" if evidence > 0 else "dark"), float(np.tanh(abs(evidence) / 2))


def _corner(values: NDArray[np.float32]) -> float:
    """Return the mean of the two middle ones of a picture's four corners, each an eighth of it a side."""
    eighths = cv2.resize(values, (8, 8), interpolation=cv2.INTER_AREA)
    low, high = sorted(eighths[::7, ::7].ravel().tolist())[1:3]
    return (low + high) / 2


def _thinner(values: NDArray[np.float32]) -> float:
    """Return by how much the dark parts of a picture are thinner than the light ones: the log ratio of the depths.

    The depth of a part is the mean distance of its pixels to the other (Felzenszwalb & Huttenlocher 2012).
    """
    spread = cv2.normalize(values, np.empty(0), 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)
    light = np.asarray(cv2.threshold(spread, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)
    depths = []
    for part in (light, light ^ 1):
        distance = cv2.distanceTransform(part, cv2.DIST_L2, 3)
        depths.append(max(0.5, float(cv2.sumElems(distance)[0]) / max(1, cv2.countNonZero(part))))
    return float(np.log(depths[0] / depths[1]))


def flatten(grey: NDArray[np.uint8], polarity: Polarity, reach: float = REACH) -> Darkness:
    """Return how far each pixel stands off its local ground, as a share of what it could.

    ``reach`` is the width, as a share of the picture, up to which something dark is a stroke and not a ground.

    The ground is found on a reduced picture (``_ground``). Dark ink takes away a share of the light that the paper
    would return (Beer-Lambert), so it is divided by the ground; light ink on a dark ground adds to it, so the ground
    is subtracted.
    """
    rows, columns = grey.shape
    small = _reduce(grey if polarity == "dark" else np.invert(grey), GROUND_SIDE)
    if max(grey.shape) > GROUND_SIDE:
        small = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    ground = _ground(small, reach)
    if ground.shape != grey.shape:
        ground = np.asarray(cv2.resize(ground, (columns, rows), interpolation=cv2.INTER_LINEAR), np.uint8)
    if polarity == "light":
        return np.asarray(cv2.subtract(grey, cv2.bitwise_not(ground))).astype(np.float32) * np.float32(1 / 255)
    lit = np.maximum(ground, 1)
    return np.asarray(cv2.divide(cv2.subtract(lit, grey), lit, scale=1.0, dtype=cv2.CV_32F))


def _ground(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return the paper under dark strokes: a closing (Serra 1982) by a share of the picture, smoothed.

    At the rim a closing knows only the inner half of its window, and would lift the paper where the light falls off
    towards it. So the light's fall is taken out first, where there is any. In a small picture strokes may be broader
    than any window; if it has two clear tones, all its paper is taken for the lighter.
    """
    if max(picture.shape) <= SMALL:
        tone = _paper_tone(picture)
        if tone is not None:
            return np.full_like(picture, tone)
    rows, columns = picture.shape
    reach = max(3, round(max(rows, columns) * share)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    smooth = (reach // 2 | 1, reach // 2 | 1)
    ground = cv2.morphologyEx(picture, cv2.MORPH_CLOSE, kernel)
    inner = ground[reach // 2 : rows - reach // 2, reach // 2 : columns - reach // 2]
    if min(inner.shape) > 8 and np.ptp(inner) > LEANS:
        light = _fall_of_light(picture, ground)
        level = cv2.blur(cv2.morphologyEx(picture - light, cv2.MORPH_CLOSE, kernel), smooth) + light
        return np.asarray(np.rint(level).clip(0, 255), np.uint8)
    return np.asarray(cv2.blur(ground, smooth), np.uint8)


def _paper_tone(picture: NDArray[np.uint8]) -> int | None:
    """Return the mean of the lighter of a picture's two tones (Otsu 1979); None where there are not clearly two."""
    light = cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    _, spread = cv2.meanStdDev(picture)
    paper, uneven = cv2.meanStdDev(picture, mask=light)
    _, blotted = cv2.meanStdDev(picture, mask=light ^ 1)
    share = cv2.countNonZero(light) / picture.size
    within = share * float(uneven[0, 0]) ** 2 + (1 - share) * float(blotted[0, 0]) ** 2
    return round(float(paper[0, 0])) if within < UNCLEAR * float(spread[0, 0]) ** 2 else None


def _fall_of_light(picture: NDArray[np.uint8], ground: NDArray[np.uint8]) -> Darkness:
    """Return the light on a page as a surface of the second degree through its paper, (h, w) in its levels.

    It is fitted by least squares to a first guess of the ground, then again and again to the picture with less weight
    on what lies below, ink and shadows, by the measure of what lies above, the paper's noise (Huber 1981).
    """
    rows, columns = picture.shape
    small = _reduce(picture, FITTED).astype(np.float32)
    terms = _second_degree(*small.shape)
    flat = terms.reshape(-1, 6)
    values = small.ravel()
    found = np.linalg.lstsq(flat, _reduce(ground, FITTED).ravel().astype(np.float32), rcond=None)[0]
    for _ in range(ROUNDS):
        below = flat @ found - values
        above = -below[below < 0]
        scale = max(2.0, MAD_TO_SIGMA * float(np.median(above))) if above.size else 2.0
        weighted = flat * (np.minimum(1, np.float32(scale) / np.maximum(below, np.float32(1e-3))) ** 2)[:, None]
        found = np.linalg.lstsq(weighted.T @ flat, weighted.T @ values, rcond=None)[0]
    return np.asarray(_second_degree(rows, columns) @ found.astype(np.float32), np.float32)


def _second_degree(rows: int, columns: int) -> NDArray[np.float32]:
    """Return (rows, columns, 6): the terms of a surface of the second degree over a picture from -1 to 1 each way."""
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    return np.stack((np.ones_like(x), x, y, x * x, x * y, y * y), axis=-1).astype(np.float32)


def stretch(darkness: Darkness, settings: InkSettings) -> Ink:
    """Return ink in [0, 1]: the paper's own noise at 0 and written strokes at 1, faint ones lifted.

    Where nothing stands off the paper's noise, uneven light may have been taken for noise: then the noise between
    neighbouring pixels alone is asked.
    """
    step = max(1, int((darkness.size / SAMPLES) ** 0.5))
    paper, sigma = paper_noise(darkness[::step, ::step])
    tone = _tone(darkness, paper, sigma, settings)
    if tone is None:
        tone = _tone(darkness, paper, min(sigma, grain(darkness)), settings)
    if tone is None:
        return np.zeros_like(darkness)
    low, full = tone
    lifted = (darkness - np.float32(low)) * np.float32(1.0 / (full - low))
    np.clip(lifted, 0.0, 1.0, out=lifted)
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
    full = float(above[above >= min(float(above.mean()), float(above.max()))].mean())
    if full - paper < settings.min_contrast:
        return None
    return min(max(low, paper + settings.soft_floor * (full - paper)), full - 1e-3), full


def paper_noise(sample: Darkness) -> tuple[float, float]:
    """Return the level of the paper and the standard deviation of its noise, both as shares of full scale.

    They are the median and the median absolute deviation: of all pixels where one level prevails, as on a page with a
    few words, and of the lighter class (Otsu 1979) where there are clearly two, as in a picture cut tightly around a
    bold figure, half of which may be ink.
    """
    levels = (sample * np.float32(LEVELS - 1)).astype(np.int32).ravel()
    counts = np.bincount(levels, minlength=LEVELS)
    split, clarity = _two_classes(counts)
    if clarity > TWO_CLASSES:
        counts = counts[:split]
    centre = _median(counts)
    spread = np.bincount(np.abs(np.arange(counts.size) - centre), weights=counts)
    return centre / (LEVELS - 1), MAD_TO_SIGMA * _median(spread) / (LEVELS - 1)


def _two_classes(counts: NDArray[np.intp]) -> tuple[int, float]:
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


def _median(counts: NDArray[Any]) -> int:
    """Return the median level of a histogram: sorting is slow where most values are the same."""
    below = counts.cumsum()
    return int(np.searchsorted(below, below[-1] / 2, side="right"))


def _even_out(ink: Ink, floor: float) -> Ink:
    """Divide ink by the strongest ink nearby, no less than ``floor``, so that faint strokes count as much as bold."""
    small = _reduce(ink, GROUND_SIDE)
    reach = max(3, round(max(small.shape) * REACH)) | 1
    peak = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    if float(peak.min()) > 0.98:
        return ink
    peak = cv2.blur(np.maximum(peak, np.float32(floor)), (reach // 2 | 1, reach // 2 | 1))
    if peak.shape != ink.shape:
        peak = cv2.resize(peak, (ink.shape[1], ink.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.minimum(cv2.divide(ink, peak), np.float32(1))


def _reduce(picture: Picture, side: int) -> Picture:
    """Return the picture with its longest side at most ``side`` pixels, by area."""
    rows, columns = picture.shape
    longest = max(rows, columns)
    if longest <= side:
        return picture
    size = (max(1, round(columns * side / longest)), max(1, round(rows * side / longest)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), picture.dtype)
