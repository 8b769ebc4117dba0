"""Controls that do not read the hand: descriptors of the paper alone, and of the pen's tone and width alone.

A page of a writer was often written with one pen on one sheet and scanned in one go, so a score for hands may be a
score for stationery. These two vectors are measured as a hand's vector is, and stand beside every figure about hands.
Neither sees a form: from the paper the ink is masked out with a margin, from the ink only the distributions of its
greys and widths are taken. Widths and textures are in pixels: the scanner's resolution is theirs as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.imaging.files.load import load_pages
from duktus.imaging.ink.extraction import extract_ink
from duktus.imaging.ink.grey import to_grey
from duktus.reporting.progress import Report, track
from duktus.types import DataError, ImageError, Page

LAGS = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (0, 4), (4, 0), (0, 8), (8, 0))
"""Steps (down, across), in pixels, at which the paper's grain is compared with itself."""

PERCENTILES = (2, 10, 25, 50, 75, 90, 98)
WIDTHS = (0.0, 2.0, 3.0, 4.0, 5.0, 6.5, 8.0, 10.0, 13.0, 1e9)
"""Bounds of the classes of stroke width, in pixels."""

PALE, FULL = 0.05, 0.5
"""Ink from which a pixel is no bare paper, and from which it is of a stroke."""

MARGIN = 4
"""Pixels around the ink that are masked out with it."""

ENOUGH = 64
"""Pixels of bare paper, or of ink, below which it is not described."""

LARGEST = 4096
"""Pixels a side of the middle of a page beyond which nothing is looked at: A4 at 300 dots per inch is seen whole."""

_GREYS = 16
"""Classes of grey of the paper's histogram."""

_RING = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
"""Neighbours in the order in which they surround a pixel."""

Vector = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ControlVectors:
    """Both controls of a set's images.

    Attributes:
        paper: (n, 48) ``paper_vector``.
        tone: (n, 32) ``tone_vector``.
        kept: (n,) the places of the images that could be read.
        unreadable: a message for each of the others.
    """

    paper: Vector
    tone: Vector
    kept: NDArray[np.intp]
    unreadable: tuple[str, ...]


def control_vectors(images: LabelledImages, *, report: Report | None = None) -> ControlVectors:
    """Describe paper and pen of each image of a set; an image that cannot be read is reported and left out.

    Args:
        images: the set; of a file with several pages the first counts.
        report: called with how many images are done, and of how many.

    Raises:
        DataError: no image can be read.
    """
    rows, kept, unreadable = [], [], []
    for index in track(range(len(images)), report):
        try:
            page = next(load_pages(images.images[index], name=images.name(index)))
            rows.append((paper_vector(page), tone_vector(page)))
            kept.append(index)
        except ImageError as error:
            unreadable.append(str(error))
    if not rows:
        raise DataError(f"expected images that can be read, received {len(images)} that cannot; check the set")
    paper, tone = (np.stack(column) for column in zip(*rows, strict=True))
    return ControlVectors(paper, tone, np.array(kept, np.intp), tuple(unreadable))


def page_means(vectors: NDArray[np.floating[Any]], pages: Sequence[int]) -> Vector:
    """Return the means (p, d) of the vectors (n, d) of each page, by the (n,) numbers of the pages, 0 to p - 1."""
    sums = np.zeros((max(pages) + 1, vectors.shape[1]))
    np.add.at(sums, list(pages), vectors)
    return (sums / np.bincount(pages)[:, None]).astype(np.float32)


def paper_vector(page: Page) -> Vector:
    """Describe the bare paper of a page: its greys, noise, grain and tint, and nothing of what is written.

    Args:
        page: (h, w) or (h, w, 3), uint8.

    Returns:
        (48,) float32, not normed (``control_scores`` does that); zeros where too little paper is bare.
    """
    page = _middle(page)
    grey, ink = to_grey(page), extract_ink(page)
    side = 2 * MARGIN + 1
    bare = cv2.dilate(np.asarray(ink > PALE, np.uint8), np.ones((side, side), np.uint8)) == 0
    if bare.sum() < ENOUGH:
        return np.zeros(48, np.float32)
    values = grey[bare].astype(np.float32)
    return _joined(
        np.percentile(values, PERCENTILES),
        np.bincount(grey[bare] // (256 // _GREYS), minlength=_GREYS) / len(values),
        [values.std(), _slow(grey, bare)],
        _noise(grey, bare),
        _grain(grey, bare),
        _patterns(grey, bare),
        _tint(page, bare),
    )


def tone_vector(page: Page) -> Vector:
    """Describe the strokes of a page by the distributions of their widths and greys, and nothing of their forms.

    Args:
        page: (h, w) or (h, w, 3), uint8.

    Returns:
        (32,) float32, not normed (``control_scores`` does that); zeros where there is too little ink.
    """
    page = _middle(page)
    grey, ink = to_grey(page), extract_ink(page)
    stroke = ink > FULL
    if stroke.sum() < ENOUGH or stroke.all():
        return np.zeros(32, np.float32)
    widths = stroke_widths(stroke)
    values = grey[stroke].astype(np.float32)
    paper = float(np.median(grey[ink <= PALE])) if (ink <= PALE).any() else 255.0
    return _joined(
        np.percentile(widths, PERCENTILES),
        np.histogram(widths, WIDTHS)[0] / len(widths),
        [widths.mean(), widths.std()],
        np.percentile(values, PERCENTILES),
        [values.mean() - paper, values.std(), ((ink > PALE) & ~stroke).sum() / stroke.sum()],
        [np.corrcoef(ink[stroke], values)[0, 1] if np.ptp(values) and np.ptp(ink[stroke]) else 0.0],
        _tint(page, stroke),
        [np.log(stroke.mean())],
    )


def stroke_widths(stroke: Mask) -> NDArray[np.float32]:
    """Return the widths in pixels at the ridges of the strokes: twice the distance to the nearest paper."""
    depth = cv2.distanceTransform(np.pad(stroke, 1).astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    return np.asarray(2 * depth[ridge], np.float32)


def control_scores(
    vectors: NDArray[np.floating[Any]], enrolled: NDArray[np.floating[Any]] | None = None
) -> NDArray[np.float32]:
    """Return (n, m) scores of controls: negated city-block distances of their standardised numbers.

    Args:
        vectors: (n, d); a page of several images has the mean of their vectors. Each number is divided by its spread
            over all, which knows no labels.
        enrolled: (m, d) that they are compared with; with one another if not given.
    """
    asked = np.asarray(vectors, np.float32)
    others = asked if enrolled is None else np.asarray(enrolled, np.float32)
    every = asked if enrolled is None else np.concatenate([asked, others])
    middle, spread = every.mean(axis=0), every.std(axis=0)
    asked, others = ((values - middle) / np.where(spread > 0, spread, 1) for values in (asked, others))
    return np.stack([-np.abs(others - one).mean(axis=1) for one in asked])


def _middle(page: Page) -> Page:
    """The middle of a page that is larger than need be."""
    top, left = (max(0, (side - LARGEST) // 2) for side in page.shape[:2])
    return page[top : top + LARGEST, left : left + LARGEST]


def _joined(*parts: ArrayLike) -> Vector:
    return np.concatenate([np.asarray(part, np.float32) for part in parts])


def _slow(grey: NDArray[np.uint8], bare: Mask) -> float:
    """The spread of the paper's tone over squares of 32 pixels: light and folds."""
    small = (max(1, grey.shape[1] // 32), max(1, grey.shape[0] // 32))
    weight = cv2.resize(bare.astype(np.float32), small, interpolation=cv2.INTER_AREA)
    tone = cv2.resize(np.where(bare, grey, 0).astype(np.float32), small, interpolation=cv2.INTER_AREA)
    seen = weight > 0.05
    return float((tone[seen] / weight[seen]).std()) if seen.any() else 0.0


def _noise(grey: NDArray[np.uint8], bare: Mask) -> list[float]:
    """The spread of the differences of neighbours, across and down."""
    values = grey.astype(np.float32)
    found = []
    for axis in (0, 1):
        both = np.delete(bare, -1, axis) & np.delete(bare, 0, axis)
        found.append(float(np.diff(values, axis=axis)[both].std()) if both.any() else 0.0)
    return found


def _grain(grey: NDArray[np.uint8], bare: Mask) -> list[float]:
    """The paper's correlation with itself some pixels on."""
    values = grey.astype(np.float32)
    values -= values[bare].mean()
    variance = float(values[bare].var()) + 1e-6
    found = []
    for down, across in LAGS:
        rows, columns = grey.shape[0] - down, grey.shape[1] - across
        both = bare[:rows, :columns] & bare[down:, across:]
        product = values[:rows, :columns] * values[down:, across:]
        found.append(float(product[both].mean()) / variance if both.any() else 0.0)
    return found


def _patterns(grey: NDArray[np.uint8], bare: Mask) -> NDArray[np.float64]:
    """The histogram of uniform local binary patterns, blind to rotation (Ojala, Pietikäinen & Mäenpää 2002)."""
    inner = bare[1:-1, 1:-1]
    if not inner.any():
        return np.zeros(10)
    h, w = grey.shape
    middle = grey[1:-1, 1:-1]
    signs = np.stack([grey[1 + y : h - 1 + y, 1 + x : w - 1 + x][inner] >= middle[inner] for y, x in _RING])
    changes = (signs != np.roll(signs, 1, axis=0)).sum(axis=0)
    pattern = np.where(changes <= 2, signs.sum(axis=0), 9)
    return np.asarray(np.bincount(pattern, minlength=10) / inner.sum())


def _tint(page: Page, where: Mask) -> list[float]:
    """How red and how blue it is, against its green."""
    if page.ndim == 2:
        return [0.0, 0.0]
    red, green, blue = page[where].astype(np.float32).mean(axis=0).tolist()
    return [red - green, blue - green]
