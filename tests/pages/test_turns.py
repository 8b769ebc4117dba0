"""Which way a page is read: numbers look alike either way to a segmenter, and not to what reads them."""

import numpy as np
import pytest

from duktus.door.models import Model
from duktus.types import Page
from tests.pages.drawn import number, put

ROWS = ("1203 4561", "7890 128", "9021 7450")


def sheet_of_numbers(seed: int) -> Page:
    """A sheet of some lines of numbers."""
    page = np.full((420, 700), 245, np.uint8)
    for row, text in enumerate(ROWS):
        put(page, number(text, 44, 10 * seed + row), 60, 60 + 110 * row)
    return page


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("model", ["numbers", "digits"])
def test_numbers_are_not_turned(seed: int, model: str) -> None:
    """An upright sheet of numbers stays as it is."""
    readings = Model(model, threads=1).read(sheet_of_numbers(seed), layout="page")
    assert readings.sheets[0].turned == 0
    right = [read == row.replace(" ", "") for read, row in zip(readings.text.splitlines(), ROWS, strict=True)]
    assert any(right)
