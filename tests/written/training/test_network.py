"""The network's targets, and how its maps are read."""

import numpy as np
import pytest

from duktus.written.classes import PAPER, RULED, UNKNOWN, UNWRITTEN, WRITTEN
from duktus.written.outputs import CHANNELS, TYPICAL, read_maps
from duktus.written.training.pool import encode_heights
from duktus.written.training.targets import TARGETS, loss, make_target


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
    target = make_target(darkness, classes, np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8))
    assert target.shape == (2, 2, TARGETS)
    assert target[0, 0, 0:4].tolist() == [1, 1, 1, 1]
    assert target[1, 0, 4:8].sum() == 0
    assert target[1, 1, 4:8].tolist() == [3, 3, 3, 3]
    assert target[1, 1, 9] == 0


def test_kinds_are_those_of_the_darkest_pixel() -> None:
    """Of four pixels the darkest says what the place is."""
    darkness = np.array([[0.0, 0.0], [0.0, 0.9]], np.float32)
    classes = np.array([[PAPER, PAPER], [PAPER, RULED]], np.uint8)
    target = make_target(darkness, classes, np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8))
    assert target[0, 0, 8] == RULED - 1
    assert target[0, 0, 9] == 3


def test_the_loss_is_least_where_the_maps_say_the_target() -> None:
    """Maps that say what is there cost little; each part said wrongly costs more."""
    ink = np.zeros((8, 8), np.float32)
    ink[2:6] = 1
    classes = np.where(ink > 0, np.uint8(WRITTEN), np.uint8(PAPER))
    classes[:, 4:] = np.where(ink[:, 4:] > 0, np.uint8(RULED), np.uint8(PAPER))
    band = np.zeros((8, 8), np.uint8)
    band[2:6, :4] = 1
    target = make_target(ink, classes, band, encode_heights(np.where(band, 48.0, 0.0).astype(np.float32)))[None]
    maps = np.zeros((1, 4, 4, CHANNELS), np.float32)
    maps[..., 0:4] = np.where(target[..., 0:4] > 0, 9, -9)
    maps[..., 4:8] = np.where(np.arange(4) == target[..., 8:9], 9, -9)
    maps[..., 8] = np.where(target[..., 10] == 3, 9, -9)
    maps[..., 9] = np.log2(48.0 / TYPICAL)
    least = float(loss(target, maps))
    assert least < 0.15
    for channels in (slice(0, 4), slice(4, 8), slice(8, 9), slice(9, 10)):
        worse = maps.copy()
        worse[..., channels] = -worse[..., channels]
        assert float(loss(target, worse)) > least + 0.2


def test_maps_are_read_pixel_by_pixel() -> None:
    """The four written logits of a place become its four pixels, row by row."""
    raw = np.full((1, 1, CHANNELS), -9, np.float32)
    raw[0, 0, 1] = 9
    raw[0, 0, 9] = 1
    maps = read_maps(raw)
    assert (maps.written > 0.5).tolist() == [[False, True], [False, False]]
    assert maps.heights[0, 0] == pytest.approx(48)
