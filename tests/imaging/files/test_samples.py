"""Samples of any depth become 8 bits in order, and as wide as the depth that they use."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from duktus.imaging.files.samples import page_samples, scale_floats, scale_integers


@pytest.mark.parametrize("white", [255, 1023, 4095, 16383, 65535])
def test_the_largest_value_of_a_depth_is_white(white: int) -> None:
    """8, 10, 12, 14 and 16 bits inside 16 each run from black to white."""
    samples = np.array([[0, white // 2, white]], np.uint16)
    assert scale_integers(samples, full_range=False).tolist() == [[0, white // 2 * 255 // white, 255]]


def test_a_full_range_stays_full() -> None:
    """Where the format says what white is, dark samples stay dark."""
    samples = np.array([[0, 257, 65535]], np.uint16)
    assert scale_integers(samples, full_range=True).tolist() == [[0, 1, 255]]


@pytest.mark.parametrize("byte_order", "<>")
def test_the_order_of_bytes_does_not_matter(byte_order: str) -> None:
    """Samples of the other byte order give the same."""
    assert scale_integers(np.array([[0, 65535]], f"{byte_order}u2"), full_range=True).tolist() == [[0, 255]]


def test_integers_that_fit_no_depth_are_spread_over_their_own_range() -> None:
    """Negative and very large integers keep their order and contrast."""
    assert scale_integers(np.array([[-100, 0, 300]]), full_range=False).tolist() == [[0, 64, 255]]
    assert scale_integers(np.array([[0, 10**9]]), full_range=True).tolist() == [[0, 255]]
    assert scale_integers(np.array([[-5, -5]]), full_range=False).tolist() == [[0, 0]]


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_floats_are_read_by_the_usual_ranges(white: float) -> None:
    """Floats may run to 1, to 255 or to 65535."""
    assert scale_floats(np.array([[0, 0.2 * white, white]], np.float32)).tolist() == [[0, 51, 255]]


def test_floats_that_are_no_numbers_are_dark() -> None:
    """A sample that is missing or infinite counts as 0, or as the darkest."""
    assert scale_floats(np.array([[np.nan, 1.0, 0.0, np.inf]])).tolist() == [[0, 255, 0, 0]]
    assert scale_floats(np.array([[np.nan, 1.0, 0.2]])).tolist() == [[51, 255, 51]]
    assert scale_floats(np.full((1, 2), np.nan)).tolist() == [[0, 0]]
    assert scale_floats(np.array([[-1.0, 1.0]])).tolist() == [[0, 255]]


@given(hnp.arrays(np.uint16, (3, 4), elements=st.integers(0, 65535)), st.booleans())
def test_brighter_stays_brighter(samples: np.ndarray[tuple[int, ...], np.dtype[np.uint16]], full_range: bool) -> None:
    """Scaling never turns the order of two samples round."""
    page = scale_integers(samples, full_range=full_range)
    order = np.argsort(samples, axis=None)
    assert (np.diff(page.ravel()[order].astype(int)) >= 0).all()


def test_a_page_is_not_copied() -> None:
    """An array of 8 bits is handed on as it is."""
    array = np.zeros((2, 3), np.uint8)
    assert np.shares_memory(page_samples(array, "it"), array)


def test_rounding_beside_the_range_is_no_error() -> None:
    """Floats a hair outside [0, 1] are taken for its ends."""
    assert page_samples(np.array([[-1e-7, 1 + 1e-7]]), "it").tolist() == [[0, 255]]
