"""Dilation by running sums gives what OpenCV's own gives, and does not slow down with the rectangle."""

import time

import cv2
import numpy as np
import pytest

from duktus.imaging.ink.windows import close_mask, dilate, erode, open_mask


@pytest.mark.parametrize("shape", [(40, 60), (1, 200), (200, 1), (70, 33)])
@pytest.mark.parametrize("window", [(1, 33), (32, 1), (34, 40), (1, 300), (300, 1), (3, 3), (63, 5)])
def test_as_opencv_does(shape: tuple[int, int], window: tuple[int, int]) -> None:
    """Every pixel is the same, at the rim too, whether a side is even or odd, or longer than the picture."""
    rng, kernel = np.random.default_rng(0), np.ones(window, np.uint8)
    for share in (0.01, 0.5, 0.99):
        mask = (rng.random(shape) < share).astype(np.uint8)
        np.testing.assert_array_equal(dilate(mask, *window), cv2.dilate(mask, kernel).reshape(shape))
        np.testing.assert_array_equal(erode(mask, *window), cv2.erode(mask, kernel).reshape(shape))
        for ours, kind in ((open_mask, cv2.MORPH_OPEN), (close_mask, cv2.MORPH_CLOSE)):
            np.testing.assert_array_equal(ours(mask, *window), cv2.morphologyEx(mask, kind, kernel).reshape(shape))


def test_long_windows_take_no_longer() -> None:
    """A window of 6,000 rows takes less than ten times the time of one of 40."""
    mask = (np.random.default_rng(0).random((12_000, 200)) < 0.5).astype(np.uint8)
    seconds = []
    for length in (40, 6000):
        began = time.process_time()
        open_mask(mask, length, 1)
        seconds.append(time.process_time() - began)
    assert seconds[1] < 10 * seconds[0] + 0.05
