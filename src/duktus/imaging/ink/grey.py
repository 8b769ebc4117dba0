"""Page to grey, along the colour axis that shows the ink, and to the size at which something is to be told of it."""

from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Page

Picture = TypeVar("Picture", NDArray[np.uint8], NDArray[np.float32])

LUMA = np.array((0.299, 0.587, 0.114), np.float32)
"""Shares of red, green and blue in what the eye takes for brightness (ITU-R BT.601)."""


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


def reduce(picture: Picture, side: int) -> Picture:
    """Return a picture, grey or in colours, with its longest side at most ``side`` pixels, by area."""
    return scale_down(picture, side, max(picture.shape[:2]))


def scale_down(picture: Picture, scale: float, divisor: float = 1.0) -> Picture:
    """Return a picture at ``scale / divisor`` of its size, by area; the same array where that is 1 or more."""
    if scale >= divisor:
        return picture
    rows, columns = (max(1, round(side * scale / divisor)) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA), picture.dtype)
