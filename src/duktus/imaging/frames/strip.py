"""Lines of text as strips at one scale, and the patches cut from them: the input of a network that distinguishes hands.

The way is ``page -> lines -> strips -> patches``, the same for training, which cuts patches at random, and for serving,
which lays them on a grid. Pure functions.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.extraction import InkSettings, extract_ink
from duktus.imaging.ink.grey import scale_down, to_grey
from duktus.imaging.ink.rulings import DRAWN, drop_rulings
from duktus.imaging.layout.lines import Line, find_lines
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.types import Ink, Page

Strip = NDArray[np.uint8]
"""(h, w), h and w at least a patch's: ink (255 = full), or, raw, the grey page itself."""

Patches = NDArray[np.uint8]
"""(n, h, w): squares of strips."""

FILLED, MAIN, HIGH = 0.75, 0.8, 1 / 3
"""An image was cut around one line where its ink has at least this share of its height, the line this share of the ink,
and the line this share of the height: what strays in from other lines is then left, as sets of lines leave it."""


MOST_PIXELS = 12_000_000
"""A larger page is reduced to this: A4 at 350 dots per inch."""


@dataclass(frozen=True)
class PatchFrame:
    """How a network sees lines of text; a hand classifier's card carries what its training used.

    Attributes:
        height: pixels to which a line is brought; 0 leaves it as it was scanned, a hand's size with it.
        side: pixels of a patch at that height.
        size: pixels to which a patch is brought.
        ink: share of the mean ink of a strip's patches that a patch must have; 0 takes all.
        raw: the network sees the page in grey as it is, and no ink.
    """

    height: int = 113
    side: int = 113
    size: int = 56
    ink: float = 0.5
    raw: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(h, w) of a patch as the network sees it."""
        return self.size, self.size


@dataclass(frozen=True, eq=False)
class LineStrip:
    """A line of a page at the network's scale, and the line itself as it stands there."""

    strip: Strip
    line: Line


def strips_of(
    page: Page, frame: PatchFrame, settings: InkSettings, regions: Regions = EVERYWHERE
) -> tuple[LineStrip, ...]:
    """Return the lines of a page, a line or a word as strips, from top to bottom; none where nothing is written.

    An image that was cut around one line is taken as it is. Of any other each line is cut out as tightly as data sets
    of lines cut theirs (IAM), without what its neighbours write into it.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        frame: of the patches.
        settings: how ink is extracted.
        regions: what to look at.

    Raises:
        ImageError: a region lies beside the page.
    """
    grey, ink = _bounded(to_grey(page), regions.keep(extract_ink(page, settings)), frame)
    lines = find_lines(ink)
    main = _only_line(ink, lines)
    if main is not None and not (frame.raw and regions != EVERYWHERE):
        return (LineStrip(strip_of(grey if frame.raw else _in_steps(ink), frame), main),)
    if len(lines) > 1 and settings.rulings and (bare := drop_rulings(ink)) is not ink:
        lines = find_lines(bare)
    return tuple(LineStrip(strip_of(_cut(grey, line, frame), frame), line) for line in lines)


def strip_of(values: NDArray[np.uint8], frame: PatchFrame) -> Strip:
    """Return a line at the network's scale, with paper around it where it is smaller than a patch.

    Args:
        values: (h, w) of the line: its ink, 255 = full, or, raw, the page in grey.
        frame: of the patches.
    """
    scale = frame.size / frame.side * (frame.height / values.shape[0] if frame.height else 1.0)
    rows, columns = (max(1, round(side * scale)) for side in values.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    strip = np.asarray(cv2.resize(values, (columns, rows), interpolation=way), np.uint8)
    lacking = [max(0, least - side) for least, side in zip(frame.shape, strip.shape, strict=True)]
    around = [(lack // 2, lack - lack // 2) for lack in lacking]
    return np.pad(strip, around, constant_values=255 if frame.raw else 0)


def cut_patches(strip: Strip, count: int, frame: PatchFrame, rng: np.random.Generator) -> Patches:
    """Return ``count`` patches of a strip from random places with enough ink; none of one without any ink.

    Args:
        strip: a line.
        count: how many.
        frame: of the patches.
        rng: where they are cut.
    """
    sums = _sums(strip, frame)
    if not sums.any():
        return np.zeros((0, *frame.shape), np.uint8)
    places = rng.choice(np.flatnonzero(sums >= frame.ink * sums.mean()), count)
    return _take(strip, np.stack(np.unravel_index(places, sums.shape), axis=1), frame)


def lay_patches(strip: Strip, frame: PatchFrame) -> Patches:
    """Return the patches of a strip on a grid, each half over the next, that have enough ink; none without any ink.

    Where no place on the grid has enough, the one with the most ink on the strip is taken.
    """
    sums = _sums(strip, frame)
    if not sums.any():
        return np.zeros((0, *frame.shape), np.uint8)
    rows, columns = (_steps(places, side) for places, side in zip(sums.shape, frame.shape, strict=True))
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    found = sums[grid[:, 0], grid[:, 1]]
    kept = grid[(found >= frame.ink * sums.mean()) & (found > 0)]
    if not len(kept):
        kept = np.array([np.unravel_index(int(sums.argmax()), sums.shape)])
    return _take(strip, kept, frame)


def patch_ink(patches: Patches, frame: PatchFrame) -> NDArray[np.float64]:
    """Return (n,) how much of each patch is ink, in (0, 1]; a patch of paper alone says next to nothing."""
    dark = patches.mean(axis=(1, 2)) / 255
    return np.asarray(np.maximum(1 - dark if frame.raw else dark, 1e-6))


def _bounded(grey: Page, ink: Ink, frame: PatchFrame) -> tuple[Page, Ink]:
    """Return a page and its ink, reduced where they are larger than any scan has to be; not where its pixels count."""
    if ink.size <= MOST_PIXELS or not frame.height:
        return grey, ink
    scale = (MOST_PIXELS / ink.size) ** 0.5
    return scale_down(grey, scale), scale_down(ink, scale)


def _only_line(ink: Ink, lines: tuple[Line, ...]) -> Line | None:
    """Return the line that an image was cut around; None where it was cut around none or several."""
    main = max(lines, key=lambda line: float(line.ink.sum()), default=None)
    if main is None or main.box.h < HIGH * len(ink) or main.ink.sum() < MAIN * ink.sum():
        return None
    rows = np.flatnonzero((ink >= DRAWN).any(axis=1))
    return main if rows[-1] + 1 - rows[0] >= FILLED * len(ink) else None


def _sums(strip: Strip, frame: PatchFrame) -> NDArray[np.float64]:
    """Return the ink of the patch at every place of a strip, by its upper left corner."""
    high, wide = frame.shape
    total = cv2.integral(np.invert(strip) if frame.raw else strip, sdepth=cv2.CV_64F)
    return np.asarray(total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide])


def _take(strip: Strip, corners: NDArray[np.intp], frame: PatchFrame) -> Patches:
    high, wide = frame.shape
    return np.stack([strip[row : row + high, column : column + wide] for row, column in corners])


def _steps(places: int, side: int) -> NDArray[np.intp]:
    """Return places from the first to the last, evenly, no further apart than half of a side."""
    count = 1 if places == 1 else 1 + -(-(places - 1) // max(1, side // 2))
    return np.rint(np.linspace(0, places - 1, count)).astype(np.intp)


def _in_steps(ink: Ink) -> Strip:
    return np.rint(255 * ink).astype(np.uint8)


def _cut(grey: Page, line: Line, frame: PatchFrame) -> Strip:
    """Return a line as it was cut out: its ink, or the page there with all that is not the line's painted white."""
    if not frame.raw:
        return _in_steps(line.ink)
    x, y, w, h = line.box
    near = cv2.dilate((line.ink >= DRAWN).view(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(np.asarray(near) > 0, grey[y : y + h, x : x + w], np.uint8(255))
