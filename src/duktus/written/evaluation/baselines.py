"""Lines that were found against the baselines that people drew."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.lines.transcribed import read_lines
from duktus.imaging.files.load import load_pages
from duktus.imaging.ink.grey import to_grey
from duktus.reporting.intervals import Estimate, bootstrap
from duktus.written.page import read_page
from duktus.written.segmenter import Segmenter

OVERLAP = 0.5
"""Two baselines are one line if they share at least this part of the stretch that either covers,"""

OFF = 0.5
"""and lie no farther apart, on average, than this share of the distance from line to line."""

STEP = 4.0
"""Pixels from one place to the next at which the distance is taken."""

Points = NDArray[np.float32]


@dataclass(frozen=True)
class LineCounts:
    """Lines of one page: how many were found and are there, how many were found, how many are there."""

    right: int
    found: int
    there: int


def match_lines(found: list[Points], truth: list[Points]) -> LineCounts:
    """Return how many lines of a page were found; each is counted once.

    Args:
        found: baselines (n, 2), as they were found.
        truth: baselines, as they were drawn.
    """
    reach = OFF * line_distance(truth)
    pairs = []
    for i, one in enumerate(found):
        for j, other in enumerate(truth):
            apart = _apart(one, other)
            if apart is not None and apart <= reach:
                pairs.append((apart, i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(pairs):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
    return LineCounts(len(used[0]), len(found), len(truth))


def line_distance(lines: list[Points]) -> float:
    """Return the usual distance from a line to the next below it; 40 pixels where there is one line."""
    middles = np.sort([float(line[:, 1].mean()) for line in lines])
    gaps = np.diff(middles)
    gaps = gaps[gaps > 4]
    return float(np.median(gaps)) if len(gaps) else 40.0


def _apart(one: Points, other: Points) -> float | None:
    """Return the mean distance of two baselines where both run; None if they hardly do."""
    (a, b), (c, d) = (
        (float(one[:, 0].min()), float(one[:, 0].max())),
        (float(other[:, 0].min()), float(other[:, 0].max())),
    )
    low, high = max(a, c), min(b, d)
    if high - low < OVERLAP * (max(b, d) - min(a, c)):
        return None
    places = np.arange(low, high + STEP, STEP)
    return float(np.abs(_rows(one, places) - _rows(other, places)).mean())


def _rows(line: Points, places: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(line[:, 0], kind="stable")
    return np.asarray(np.interp(places, line[order, 0], line[order, 1]))


def f_score(pages: list[LineCounts], rng: np.random.Generator) -> Estimate:
    """Return F1, the harmonic mean of precision and recall over all lines, with its interval over pages."""
    values = np.array([(page.right, page.found, page.there) for page in pages], np.float64).reshape(-1, 3)

    def score(chosen: NDArray[np.intp]) -> float:
        right, found, there = values[chosen].sum(0)
        return float(2 * right / max(1.0, found + there))

    return bootstrap(score, len(values), rng=rng)


def measure_baselines(
    pages: Iterable[tuple[Path, Path]], segmenter: Segmenter, rng: np.random.Generator
) -> tuple[Estimate, list[LineCounts]]:
    """Return F1 of the lines found on transcribed pages, and the counts of each.

    Args:
        pages: image and ALTO file of each.
        segmenter: an opened model.
        rng: where the resamples of the interval come from.
    """
    counts = []
    for image, alto in pages:
        grey = next(iter(load_pages(image)))
        found = read_page(to_grey(grey), segmenter)
        truth = [line.baseline for line in read_lines(alto, image)]
        counts.append(match_lines([line.baseline for line in found.lines], truth))
    return f_score(counts, rng), counts
