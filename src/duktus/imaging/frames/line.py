"""A line of ink as a transcriber sees it: a strip of one height, any width, its text of one size."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink

DRAWN = 0.25
"""Ink from which a pixel counts as drawn."""

THIN = 3.5
"""A line's text is at least so many stroke widths high: a dash alone is not written larger than numbers are."""

CORE = (0.1, 0.9)
"""Shares of a line's ink above and below its core: the rows between hold the middle four fifths."""

MOST_VIEWS = 8
"""Further views of a line, at most."""

COARSEST = 64.0
"""Ink is not enlarged by more: what is so small says nothing."""


@dataclass(frozen=True)
class LineFrame:
    """How a line is laid on a strip; lengths in pixels of the strip.

    Attributes:
        height: of the strip.
        core: what the rows that hold the middle four fifths of the ink take.
        margin: paper before the first and after the last ink.
        step: columns of the strip that one answer of the network stands for.
        longest: columns of the widest strip; a longer line is none.
        views: further widths at which a strip is read, as shares of its own: what is read is what all make likeliest.
    """

    height: int = 48
    core: float = 20.0
    margin: int = 8
    step: int = 4
    longest: int = 12288
    views: tuple[float, ...] = ()


class FramedLine(NamedTuple):
    """A strip (height, w) uint8, 255 = full ink, and where it lies: column x of it is ``left + x / scale`` of the ink.

    ``strip`` has no columns where there is no ink.
    """

    strip: NDArray[np.uint8]
    left: float
    scale: float


def stretch(strip: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return a strip (height, w) at another width, ``share`` of its own."""
    size = max(1, round(strip.shape[1] * share)), strip.shape[0]
    return np.asarray(
        cv2.resize(strip, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR), np.uint8
    )


def frame_line(ink: Ink, frame: LineFrame, text_height: float = 0.0) -> FramedLine:
    """Lay a line's ink on a strip.

    Args:
        ink: (h, w) of one line, upright.
        frame: of the strip.
        text_height: rows that hold the middle four fifths of its ink where that is known better, in pixels of the ink;
            0 to measure it.
    """
    drawn = ink >= DRAWN
    columns = np.flatnonzero(drawn.any(axis=0)) if ink.size else np.zeros(0, np.intp)
    if not len(columns):
        return FramedLine(np.zeros((frame.height, 0), np.uint8), 0.0, 1.0)
    first, last = int(columns[0]), int(columns[-1]) + 1
    low, high = core_rows(drawn[:, first:last])
    core = max(text_height or high - low, 0.4 * (high - low), THIN * stroke_width(drawn[:, first:last]))
    scale = min(frame.core / core, COARSEST, frame.longest * 4 / (last - first))
    width = max(1, round((last - first) * scale))
    middle = (low + high) / 2
    shift = np.array(
        ((scale, 0, frame.margin + (0.5 - first) * scale - 0.5), (0, scale, frame.height / 2 - middle * scale)),
        np.float64,
    )
    laid = _resample(ink, shift, (width + 2 * frame.margin, frame.height), scale)
    return FramedLine(laid, first - frame.margin / scale, scale)


def core_rows(drawn: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the rows between which the middle four fifths of the ink lie; the second is past the last."""
    counts = np.cumsum(drawn.sum(axis=1))
    low, high = np.searchsorted(counts, np.array(CORE) * counts[-1])
    return float(low), float(high) + 1


def stroke_width(drawn: NDArray[np.bool_]) -> float:
    """Return the usual width of strokes: twice the area against the length of the edge."""
    ink = int(drawn.sum())
    edge = int((drawn[:, 1:] != drawn[:, :-1]).sum()) + int((drawn[1:] != drawn[:-1]).sum())
    edge += int(drawn[0].sum() + drawn[-1].sum() + drawn[:, 0].sum() + drawn[:, -1].sum())
    return 2 * ink / max(1, edge) * 1.2


def _resample(ink: Ink, shift: NDArray[np.float64], size: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    """Return ink moved and scaled; where it is reduced, each pixel is the mean of what it covers."""
    values = np.rint(np.clip(ink, 0, 1) * 255).astype(np.uint8)
    if scale < 1:
        reduced = cv2.resize(
            values,
            None,
            fx=max(scale, 1 / values.shape[1]),
            fy=max(scale, 1 / values.shape[0]),
            interpolation=cv2.INTER_AREA,
        )
        ratio = np.array((reduced.shape[1] / values.shape[1], reduced.shape[0] / values.shape[0]))
        values = np.asarray(reduced, np.uint8)
        inner = shift[[0, 1], [0, 1]] / ratio
        shift = np.column_stack((np.diag(inner), shift[:, 2]))
    laid = cv2.warpAffine(values, shift, size, flags=cv2.INTER_LINEAR)
    return np.asarray(laid, np.uint8)


def padded_width(width: int) -> int:
    """Return the width to which a strip is padded: few widths, so that strips share batches, and little paper.

    >>> [padded_width(width) for width in (1, 100, 300, 900)]
    [16, 112, 320, 960]
    """
    step = max(16, 1 << max(0, width - 1).bit_length() >> 4)
    return -(-max(1, width) // step) * step


def stack_strips(strips: list[NDArray[np.uint8]], width: int) -> NDArray[np.float32]:
    """Return strips of one height with paper to their right, (n, height, width, 1) in [0, 1]."""
    stacked = np.zeros((len(strips), strips[0].shape[0], width, 1), np.float32)
    for row, strip in zip(stacked, strips, strict=True):
        np.multiply(strip, np.float32(1 / 255), out=row[:, : strip.shape[1], 0])
    return stacked
