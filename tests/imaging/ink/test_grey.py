"""A page in colour becomes grey so that its ink stands out."""

import numpy as np
import pytest

from duktus.imaging.ink.extraction import extract_ink
from duktus.imaging.ink.grey import to_grey
from tests.imaging.handwriting import character, on_paper


@pytest.mark.parametrize(
    ("ground", "pen"),
    [
        ((255, 255, 255), (255, 240, 0)),
        ((30, 60, 200), (220, 40, 30)),
        ((220, 40, 30), (30, 60, 200)),
        ((255, 235, 0), (255, 255, 255)),
        ((250, 250, 245), (20, 30, 120)),
    ],
    ids=["yellow on white", "red on blue", "blue on red", "white on yellow", "blue on paper"],
)
def test_colours(ground: tuple[int, ...], pen: tuple[int, ...]) -> None:
    """Ink that differs from its ground in colour alone is found like black on white."""
    drawn = character("5", 4)
    share = drawn[..., None]
    page = np.rint(np.array(ground) * (1 - share) + np.array(pen) * share).astype(np.uint8)
    np.testing.assert_allclose(extract_ink(page), extract_ink(on_paper(drawn)), atol=0.03)


def test_grey_pages_are_taken_as_they_are() -> None:
    """A grey page is not copied, and the same page in three equal channels gives the same grey."""
    page = on_paper(character("2"))
    assert to_grey(page) is page
    np.testing.assert_array_equal(to_grey(np.stack([page] * 3, -1)), page)
