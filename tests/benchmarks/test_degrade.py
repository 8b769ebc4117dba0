"""The changed pictures are what their names say."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import degrade


@pytest.fixture
def five() -> NDArray[np.uint8]:
    """A white 5 on black, 28 × 28, its ink inside the middle 20 pixels."""
    picture = np.zeros((28, 28), np.uint8)
    cv2.putText(picture, "5", (7, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.75, 255, 2, cv2.LINE_AA)
    return picture


def centre(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The middle of the mass, (x, y) in pixels."""
    moments = cv2.moments(picture)
    return np.array([moments["m10"], moments["m01"]]) / moments["m00"]


def test_inverting_twice_changes_nothing(five: NDArray[np.uint8]) -> None:
    """Inversion is its own inverse, and makes the ground white."""
    assert degrade.invert(five)[0, 0] == 255
    assert np.array_equal(degrade.invert(degrade.invert(five)), five)


def test_shift_moves_the_centre(five: NDArray[np.uint8]) -> None:
    """The ink moves right and down by the pixels asked for, and none is lost inside the margin."""
    moved = degrade.shift(five, 3, -2)
    assert centre(moved) - centre(five) == pytest.approx([3, -2])
    assert moved.sum() == five.sum()


@pytest.mark.parametrize("factor", [0.4, 0.5, 0.6])
def test_scale_shrinks_about_the_middle(five: NDArray[np.uint8], factor: float) -> None:
    """The frame keeps its size, the ink's box shrinks by the factor."""
    small = degrade.scale(five, factor)
    assert small.shape == five.shape
    before, after = cv2.boundingRect(five)[3], cv2.boundingRect(small)[3]
    assert after == pytest.approx(before * factor, abs=2)


def test_tight_crop_leaves_no_margin(five: NDArray[np.uint8]) -> None:
    """Every edge of the cropped page has ink, and the ink is all there."""
    page = degrade.crop_tight(five)
    assert all(edge.any() for edge in (page[0], page[-1], page[:, 0], page[:, -1]))
    assert page.sum() == five.sum()


def test_tight_crop_of_a_blank_is_the_blank() -> None:
    """A picture without ink is not cropped to nothing."""
    assert degrade.crop_tight(np.zeros((28, 28), np.uint8)).shape == (28, 28)


def test_grey_ground_lifts_the_ground_alone(five: NDArray[np.uint8]) -> None:
    """Black becomes the grey that is named, white stays white."""
    page = degrade.grey_ground(five, 0.5)
    assert (page.min(), page.max()) == (128, 255)


def test_light_falls_off_from_side_to_side() -> None:
    """At the bright edge nothing is lost, at the dark edge the share that is named."""
    page = degrade.fade(np.full((28, 28), 200, np.uint8), 0.6, angle=0.0)
    assert (page[:, 0] == 200).all()
    assert (page[:, -1] == 80).all()


def test_rule_fills_one_row(five: NDArray[np.uint8]) -> None:
    """The line crosses the whole picture and nothing else changes."""
    page = degrade.rule(five, 24)
    assert (page[24] == 255).all()
    assert np.array_equal(np.delete(page, 24, axis=0), np.delete(five, 24, axis=0))


def test_strokes_grow_and_shrink(five: NDArray[np.uint8]) -> None:
    """Dilation covers the picture, which covers its erosion."""
    assert (degrade.dilate(five, 3) >= five).all()
    assert (degrade.erode(five, 3) <= five).all()
    assert degrade.dilate(five, 3).sum() > five.sum() > degrade.erode(five, 3).sum()


def test_turning_back_restores_the_picture(five: NDArray[np.uint8]) -> None:
    """A turn and its opposite leave the picture but for the blur of two resamplings."""
    page = degrade.turn(degrade.turn(five, 20), -20)
    assert np.abs(page.astype(int) - five).mean() < 8
    assert np.abs(degrade.turn(five, 20).astype(int) - five).mean() > 8


@pytest.mark.parametrize("change", degrade.suite(), ids=lambda change: change.name)
def test_suite_is_repeatable(five: NDArray[np.uint8], change: degrade.Change) -> None:
    """Every change gives a uint8 page, the same for the same seed, and leaves its input alone."""
    pictures = np.stack([five] * 3)
    first, second = (list(degrade.changed(pictures, change, seed=7)) for _ in range(2))
    assert all(page.dtype == np.uint8 and page.ndim == 2 for page in first)
    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))
    assert np.array_equal(pictures[0], five)


def test_suite_has_no_two_of_one_name() -> None:
    """The table's rows can be told apart."""
    names = [change.name for change in degrade.suite()]
    assert len(names) == len(set(names))


def test_png_holds_the_page(five: NDArray[np.uint8]) -> None:
    """The page survives its file unchanged."""
    decoded = cv2.imdecode(np.frombuffer(degrade.to_png(five), np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    assert np.array_equal(decoded, five)
