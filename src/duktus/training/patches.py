"""Squares of a line of text, cut at random where the ink is: what a network that tells hands apart looks at.

The way is ``page -> strip -> patches``. A strip is a line at the scale at which the network sees it, in 256 steps; a
patch is a square of it, (size, size). Pure functions with an explicit ``rng``.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.grey import to_grey
from duktus.imaging.ink import InkSettings, extract_ink
from duktus.types import Page

Strip = NDArray[np.uint8]
"""(h, w), h and w at least a patch's size: ink (255 = full), or, raw, the grey page itself."""

SPLITS = ("page", "line")
"""What stands on one side of a split: a page with all its lines, or each line by itself."""


@dataclass(frozen=True)
class PatchSettings:
    """How patches are cut from images of lines, and how the images are divided.

    Attributes:
        height: pixels to which an image of a line is brought; 0 leaves it as it was scanned, a hand's size with it.
        side: pixels of a patch at that height.
        size: pixels to which a patch is brought.
        count: patches cut of each image for training; an epoch shows ``data.pool_share`` of them.
        asked: patches cut of each image to choose by and to measure on.
        ink: share of the mean ink of an image's patches that a patch must have; 0 takes all.
        split: "page" or "line" (``SPLITS``); by line, lines of one page stand on both sides, as published recipes do.
        test: share of the images that is measured on.
    """

    height: int = 113
    side: int = 113
    size: int = 56
    count: int = 40
    asked: int = 20
    ink: float = 0.5
    split: str = "page"
    test: float = 0.2


def patch_faults(settings: PatchSettings) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the settings, and whether it is."""
    return (
        (settings.height < 0 or min(settings.side, settings.size) < 8, "patches.side and size: at least 8 pixels"),
        (min(settings.count, settings.asked) < 1, "patches.count and asked: at least 1"),
        (not 0 <= settings.ink <= 1, "patches.ink: from 0 to 1"),
        (settings.split not in SPLITS, f"patches.split: {' or '.join(SPLITS)}"),
        (not 0 < settings.test < 1, "patches.test: between 0 and 1"),
    )


def strip_of(page: Page, settings: PatchSettings, ink: InkSettings, *, raw: bool = False) -> Strip:
    """Return a line at the network's scale, paper added where it is smaller than a patch.

    Args:
        page: (h, w) or (h, w, 3), uint8: one line of text.
        settings: of the patches.
        ink: how ink is extracted.
        raw: take the page in grey as it is, and no ink.
    """
    values = to_grey(page) if raw else np.rint(255 * extract_ink(page, ink)).astype(np.uint8)
    scale = settings.size / settings.side * (settings.height / page.shape[0] if settings.height else 1.0)
    rows, columns = (max(1, round(side * scale)) for side in values.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    strip = np.asarray(cv2.resize(values, (columns, rows), interpolation=way), np.uint8)
    lacking = [max(0, settings.size - side) for side in strip.shape]
    around = [(lack // 2, lack - lack // 2) for lack in lacking]
    return np.pad(strip, around, constant_values=255 if raw else 0)


def cut_patches(
    strip: Strip, count: int, settings: PatchSettings, rng: np.random.Generator, *, raw: bool = False
) -> NDArray[np.uint8]:
    """Return (count, size, size) squares of a strip from random places with enough ink; none of one without any ink.

    Args:
        strip: a line.
        count: how many.
        settings: of the patches.
        rng: where they are cut.
        raw: whether the strip is a grey page, ink dark on it.
    """
    size = settings.size
    total = cv2.integral(np.invert(strip) if raw else strip, sdepth=cv2.CV_64F)
    sums = total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    if not sums.any():
        return np.zeros((0, size, size), np.uint8)
    places = rng.choice(np.flatnonzero(sums >= settings.ink * sums.mean()), count)
    corners = zip(*np.unravel_index(places, sums.shape), strict=True)
    return np.stack([strip[row : row + size, column : column + size] for row, column in corners])
