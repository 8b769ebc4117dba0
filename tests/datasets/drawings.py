"""Drawings, and copies of them as augmentation makes them, for the tests."""

import cv2
import numpy as np

from duktus.types import Page


def drawing(seed: int, side: int = 64) -> Page:
    """A letter of its own for each seed: black strokes on white, with room to be turned."""
    points = np.random.default_rng(seed).uniform(0.2, 0.8, (6, 1, 2)) * side * 16
    page = np.full((side, side), 255, np.uint8)
    cv2.polylines(page, [points.astype(np.int32)], False, (0,), max(2, side // 20), cv2.LINE_AA, 4)
    return page


def bar(seed: int) -> Page:
    """An upright stroke as anybody draws it: all that tells two apart is a little length and width."""
    page = np.full((64, 64), 255, np.uint8)
    top, bottom, width = np.random.default_rng(seed).integers((10, 45, 3), (16, 55, 6))
    cv2.line(page, (32, int(top)), (32, int(bottom)), (0,), int(width), cv2.LINE_AA)
    return page


def changed(page: Page, degrees: float = 0.0, scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0)) -> Page:
    """A copy turned, scaled and moved, filled up with what stands at the edge."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, scale)
    matrix[:, 2] += np.array(shift)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
