"""From a page to what a hand wrote on it: the one door of the written layer."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.extraction import CLEAR, InkSettings
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.page import find_ink
from duktus.imaging.ink.polarity import Polarity, find_polarity
from duktus.types import Ink, Page
from duktus.written.classes import RULED
from duktus.written.lines import TextLine, find_bands, measure_lines, usual_height
from duktus.written.segmenter import Segmenter, Segments

GROWN = 3
"""Side of the square, in pixels of the segmenter's picture, by which what was written is grown: an edge of a stroke is
half paper."""

NO_HANDWRITING, TOO_COARSE = "no handwriting", "too coarse"

COARSE = 6.0
"""Height in pixels below which text is a grey haze to any reader."""

LITTLE = 0.004
"""A page of print has some ink that the segmenter takes for written; less of the ink than this says nothing."""


RULE = 30
"""Pixels of the segmenter's picture from which what looks ruled is a rule, and no sign: a letter and a half."""

SOME = 100.0
"""Text that is seen in less pixels than this on a first look says little of which tone is ink."""


@dataclass(frozen=True, eq=False)
class Written:
    """What a hand wrote on a page.

    Attributes:
        ink: (h, w) in [0, 1], the page's size: only what a hand wrote, whole strokes.
        classes: (h', w') uint8, of each pixel of the segmenter's picture, an index of ``classes.NAMES``.
        factor: that picture's size against the page's.
        shares: of the page's ink that each class has: written, printed, ruled, other.
        height: of the text, in pixels of the page: the median of its lines' by their ink; 0 without.
        lines: the lines of writing, from top to bottom.
        reason: why there is nothing to read: "no handwriting", "too coarse"; empty where there is.
    """

    ink: Ink
    classes: NDArray[np.uint8]
    factor: float
    shares: dict[str, float]
    height: float
    lines: tuple[TextLine, ...]
    reason: str


@dataclass(frozen=True, eq=False)
class PageReading:
    """What is known of a page before its ink is: segments, lines, the text's height, and why there may be nothing."""

    segments: Segments
    lines: tuple[TextLine, ...]
    height: float
    reason: str


def find_written(page: Page, segmenter: Segmenter, settings: InkSettings | None = None) -> Written:
    """Return what a hand wrote on a page.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        segmenter: an opened model.
        settings: of the ink.
    """
    grey = to_grey(page)
    return to_written(grey, *look_at(grey, segmenter), settings)


def to_written(
    grey: NDArray[np.uint8], polarity: Polarity, found: PageReading, settings: InkSettings | None = None
) -> Written:
    """Return what a hand wrote on a page that was looked at (``look_at``).

    Args:
        grey: (h, w), the page.
        polarity: whether its ink is darker or lighter than its ground.
        found: what is known of it.
        settings: of the ink.
    """
    segments = found.segments
    if found.reason == NO_HANDWRITING:
        ink = np.zeros(grey.shape, np.float32)
    else:
        ink = find_ink(grey, polarity, settings or InkSettings()) * mask_of(segments, grey.shape)
    return Written(ink, segments.classes, segments.factor, segments.shares, found.height, found.lines, found.reason)


def without_rules(
    grey: NDArray[np.uint8], polarity: Polarity, segments: Segments, settings: InkSettings | None = None
) -> Ink:
    """Return the ink of a page, (h, w) in [0, 1], without its rules, guides and frames; what is short may be a sign.

    Args:
        grey: (h, w), the page.
        polarity: whether its ink is darker or lighter than its ground.
        segments: what the segmenter sees on it.
        settings: of the ink.
    """
    ruled = (segments.classes == RULED).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ruled, connectivity=8)
    long = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= RULE
    long[0] = False
    kept = np.where(long[np.asarray(labels)], 0, (segments.classes > 0)).astype(np.uint8)
    # An edge is half paper: what stays is grown, and what goes takes with it all that does not touch what stays.
    mask = _enlarged(np.asarray(cv2.dilate(kept, np.ones((GROWN, GROWN), np.uint8)), np.uint8), grey.shape)
    return find_ink(grey, polarity, settings or InkSettings()) * mask


def look_at(grey: NDArray[np.uint8], segmenter: Segmenter) -> tuple[Polarity, PageReading]:
    """Return whether ink is dark or light, and the page read so.

    In doubt a first look at both tells: the log-odds of the polarity, and how many times more text is seen.
    """
    polarity, certainty = find_polarity(grey)
    negative = np.invert(grey)
    if certainty >= CLEAR:
        return polarity, read_page(grey if polarity == "dark" else negative, segmenter)
    dark, light = (segmenter.find_scale(picture) for picture in (grey, negative))
    evidence = (2 if polarity == "light" else -2) * np.arctanh(certainty)
    if evidence + np.log((light.found + SOME) / (dark.found + SOME)) > 0:
        return "light", reading_of(segmenter.segment_at(negative, light))
    return "dark", reading_of(segmenter.segment_at(grey, dark))


def read_page(grey: NDArray[np.uint8], segmenter: Segmenter) -> PageReading:
    """Return where on a page what is written.

    Args:
        grey: (h, w), dark ink on a lighter ground.
        segmenter: an opened model.
    """
    return reading_of(segmenter.segment(grey))


def reading_of(segments: Segments) -> PageReading:
    """Return what a page's segments say of it."""
    lines = lines_of(segments)
    height = usual_height(lines)
    reason = _reason(segments, height)
    if reason == NO_HANDWRITING:
        return PageReading(segments, (), 0.0, reason)
    return PageReading(segments, tuple(lines), height, reason)


def _reason(segments: Segments, height: float) -> str:
    if not height or segments.shares["written"] < LITTLE:
        return NO_HANDWRITING
    return TOO_COARSE if height < COARSE else ""


def lines_of(segments: Segments) -> list[TextLine]:
    """Return the lines of writing on a page, in its pixels."""
    bands = find_bands(segments.maps.band)
    half = segments.written[::2, ::2]
    return measure_lines(bands, half, 2 / segments.factor)


def mask_of(segments: Segments, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return 1 where a hand wrote, at the page's size (h, w): grown by a pixel of the segmenter's picture."""
    return _enlarged(np.asarray(cv2.dilate(segments.written, np.ones((GROWN, GROWN), np.uint8)), np.uint8), shape)


def _enlarged(mask: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return a mask at the page's size, 0 or 1."""
    if mask.shape == tuple(shape):
        return mask.astype(np.float32)
    full = cv2.resize(mask * np.uint8(255), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.asarray(full) >= 128, np.float32)
