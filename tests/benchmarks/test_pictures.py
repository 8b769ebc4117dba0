"""Pictures that no training has seen come from their number alone."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import pictures
from duktus.pen.negatives import NEGATIVE_KINDS


def decoded(png: bytes) -> NDArray[np.uint8]:
    """The picture in grey."""
    page = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    return np.asarray(page, np.uint8)


@pytest.fixture
def zero() -> NDArray[np.uint8]:
    """A white ring on black, 28 × 28."""
    image = np.zeros((28, 28), np.uint8)
    cv2.ellipse(image, (14, 14), (6, 9), 0, 0, 360, 255, 2)
    return image


@pytest.mark.parametrize("kind", ["photo", "envelope", "binary", "mouse", "cheque", "scan", "screen"])
def test_same_number_same_picture(kind: str, zero: NDArray[np.uint8]) -> None:
    """A picture is repeatable, and another number gives another."""
    assert pictures.pen_digit(kind, 3) == pictures.pen_digit(kind, 3) != pictures.pen_digit(kind, 13)
    assert pictures.ink_in_scene(zero, kind, 3) == pictures.ink_in_scene(zero, kind, 3)


@pytest.mark.parametrize("kind", NEGATIVE_KINDS)
def test_every_kind_without_writing_can_be_made(kind: str) -> None:
    """The picture is one that any reader can decode."""
    assert decoded(pictures.no_writing(kind, 0)).size >= 64


def test_noise_has_the_size_of_mnist() -> None:
    """The published recipe is measured on noise of the size that it was measured on before."""
    assert decoded(pictures.noise("uniform", 0)).shape == (28, 28)
    assert decoded(pictures.noise("gaussian", 0)).std() > 30


def test_flat_page_is_flat() -> None:
    """A page of one grey has one value."""
    assert np.ptp(decoded(pictures.flat(4))) == 0


def test_half_is_a_part_of_the_whole(zero: NDArray[np.uint8]) -> None:
    """A half holds some of the ink, at its place, and not all of it."""
    for number in range(8):
        part = decoded(pictures.half(zero, "0", number))
        assert 0.2 < part.sum() / zero.sum() < 0.8
        assert np.array_equal(part[part > 0], zero[part > 0])


def test_letters_look_like_no_digit() -> None:
    """Neither digits nor what people mistake for them are among the letters."""
    assert not set(pictures.LETTERS) & set("0123456789OlIZSb")
    assert decoded(pictures.pen_letter(0)).size
