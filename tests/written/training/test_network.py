"""The network's targets, and how its maps are read."""

import numpy as np
import pytest

from duktus.written.classes import PAPER, RULED, UNKNOWN, UNWRITTEN, WRITTEN
from duktus.written.outputs import CHANNELS, read_maps
from duktus.written.training.network import TARGETS, make_target


def test_what_is_unknown_counts_for_nothing() -> None:
    """Unknown pixels have no weight; ink that no hand wrote tells of handwriting and not of its kind."""
    darkness = np.ones((4, 4), np.float32)
    classes = np.array(
        [
            [WRITTEN] * 4,
            [WRITTEN] * 4,
            [UNKNOWN, UNKNOWN, UNWRITTEN, UNWRITTEN],
            [UNKNOWN, UNKNOWN, UNWRITTEN, UNWRITTEN],
        ],
        np.uint8,
    )
    target = make_target(darkness, classes, np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.float32))
    assert target.shape == (2, 2, TARGETS)
    assert target[0, 0, 0:4].tolist() == [1, 1, 1, 1]
    assert target[1, 0, 4:8].sum() == 0
    assert target[1, 1, 4:8].sum() == 4
    assert target[1, 1, 9] == 0


def test_kinds_are_those_of_the_darkest_pixel() -> None:
    """Of four pixels the darkest says what the place is."""
    darkness = np.array([[0.0, 0.0], [0.0, 0.9]], np.float32)
    classes = np.array([[PAPER, PAPER], [PAPER, RULED]], np.uint8)
    target = make_target(darkness, classes, np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.float32))
    assert target[0, 0, 8] == RULED - 1
    assert target[0, 0, 9] == 1


def test_maps_are_read_pixel_by_pixel() -> None:
    """The four written logits of a place become its four pixels, row by row."""
    raw = np.full((1, 1, CHANNELS), -9, np.float32)
    raw[0, 0, 1] = 9
    raw[0, 0, 9] = 1
    maps = read_maps(raw)
    assert (maps.written > 0.5).tolist() == [[False, True], [False, False]]
    assert maps.heights[0, 0] == pytest.approx(48)
