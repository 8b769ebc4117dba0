"""Tests of samples as pictures in a page."""

import base64

import cv2
import numpy as np
import pytest

from duktus.reporting.pictures import data_address, find_picture, to_page
from duktus.types import DataError


def test_ink_becomes_dark_on_white() -> None:
    """Full ink is black, paper white, with or without the axis of channels."""
    ink = np.array([[0.0, 0.5, 1.0]], np.float32)

    assert to_page(ink).tolist() == to_page(ink[:, :, None]).tolist() == [[255, 128, 0]]


def test_ink_out_of_range_is_clipped() -> None:
    """Values beyond [0, 1] and NaN give a picture all the same."""
    assert to_page(np.array([[-1.0, 2.0, np.nan]])).tolist() == [[255, 0, 255]]


def test_a_large_page_is_made_small_with_its_proportions() -> None:
    """The longest side is 160 pixels; no side vanishes."""
    assert to_page(np.zeros((400, 800, 3), np.uint8)).shape == (80, 160, 3)
    assert to_page(np.zeros((1, 8000), np.uint8)).shape == (1, 160)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)])
def test_the_address_holds_the_very_picture(shape: tuple[int, ...]) -> None:
    """Grey or RGB, what is decoded from the address is what was put in."""
    page = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    head, _, body = data_address(page).partition(",")

    read = cv2.imdecode(np.frombuffer(base64.b64decode(body), np.uint8), cv2.IMREAD_UNCHANGED)

    assert head == "data:image/png;base64"
    assert read is not None
    assert ((read[:, :, ::-1] if page.ndim == 3 else read) == page).all()


@pytest.mark.parametrize("shape", [(0, 5), (3,), (4, 5, 2)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    """No pixels, or another number of axes, is an error that says so."""
    with pytest.raises(DataError, match="picture of shape"):
        to_page(np.zeros(shape))


def test_pictures_may_be_an_array_a_list_or_only_some() -> None:
    """A picture is found by its sample's index; one that is not there is none."""
    array = np.arange(8.0).reshape(2, 2, 2)
    kinds = (array, list(array), {1: array[1]})

    assert [np.array_equal(array[1], find_picture(kind, 1)) for kind in kinds] == [True] * 3  # type: ignore[arg-type] # None would be unequal
    assert [find_picture(kind, 5) for kind in (*kinds, None)] == [None] * 4
