"""Measured on composed pages, of which every pixel is known: handwriting found, print and rules left out, height."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.reporting.intervals import Estimate, bootstrap, wilson
from duktus.written.classes import OTHER, PRINTED, RULED, WRITTEN
from duktus.written.page import mask_of, read_page
from duktus.written.segmenter import Segmenter
from duktus.written.training.composites import Composite

NEAR = 0.15
"""A height within this share of the truth is right."""

SEEN = 0.25
"""Pixels darker than this, in units of the page's ink, are ink: what is fainter nobody sees."""

KINDS = {"printed": PRINTED, "ruled": RULED, "other": OTHER}


@dataclass(frozen=True)
class PageFigures:
    """What was found on one page, in pixels.

    Attributes:
        both: written, and found to be.
        either: written, or found to be.
        left: of each class that is not written, how many pixels were left out.
        of: of how many.
        height: found against the truth; NaN where nothing is written.
        empty: whether nothing was written.
        refused: whether the answer was "no handwriting".
    """

    both: int
    either: int
    left: dict[str, int]
    of: dict[str, int]
    height: float
    empty: bool
    refused: bool


def measure_page(composite: Composite, segmenter: Segmenter) -> PageFigures:
    """Return what a segmenter finds on a composed page."""
    found = read_page(composite.page, segmenter)
    shape = composite.page.shape
    inked = cv2.resize(found.segments.darkness, shape[::-1], interpolation=cv2.INTER_LINEAR) > SEEN
    mask = (mask_of(found.segments, shape) > 0) & (not found.reason)
    truth = composite.classes == WRITTEN
    both = int((truth & mask & inked).sum())
    either = int(((truth | (mask & ~_edge(truth))) & inked).sum())
    left, of = {}, {}
    for name, kind in KINDS.items():
        there = (composite.classes == kind) & inked & ~_edge(truth)
        of[name], left[name] = int(there.sum()), int((there & ~mask).sum())
    height = found.height / composite.height if composite.height else float("nan")
    return PageFigures(both, either, left, of, height, not truth.any(), bool(found.reason))


def _edge(truth: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return written pixels and those about them: a stroke's edge is half paper, and whose it is cannot be said."""
    return np.asarray(cv2.dilate(truth.view(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def measure_composed(pages: Iterable[Composite], segmenter: Segmenter, rng: np.random.Generator) -> dict[str, Estimate]:
    """Return the figures of composed pages, each with its interval over pages."""
    found = [measure_page(page, segmenter) for page in pages]
    written = [page for page in found if not page.empty]
    figures = {"handwriting, intersection over union": _ratio([(p.both, p.either) for p in written], rng)}
    for name in KINDS:
        pairs = [(page.left[name], page.of[name]) for page in found]
        figures[f"{name}: share of its pixels left out"] = _ratio(pairs, rng)
    right = [abs(page.height - 1) <= NEAR for page in written]
    figures["text height within 15 %"] = wilson(sum(right), len(right))
    empty = [page.refused for page in found if page.empty]
    figures["nothing written: 'no handwriting'"] = wilson(sum(empty), len(empty))
    figures["written: 'no handwriting'"] = wilson(sum(page.refused for page in written), len(written))
    return figures


def _ratio(pairs: list[tuple[int, int]], rng: np.random.Generator) -> Estimate:
    """Return the ratio of two sums with its interval over pages."""
    values = np.array([pair for pair in pairs if pair[1]], np.float64).reshape(-1, 2)
    if not len(values):
        return Estimate(float("nan"), 0.0, 1.0, 0)

    def ratio(chosen: NDArray[np.intp]) -> float:
        return float(values[chosen, 0].sum() / values[chosen, 1].sum())

    return bootstrap(ratio, len(values), rng=rng)
