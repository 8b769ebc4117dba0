"""Tests of duktus.imaging.layout.regions."""

import numpy as np
import pytest

from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.types import Box, ImageError

INK = np.ones((4, 6), np.float32)


def test_no_regions_change_nothing() -> None:
    """Where none are named, the very same ink comes back."""
    assert EVERYWHERE.keep(INK) is INK


@pytest.mark.parametrize(
    ("regions", "kept"),
    [
        (Regions((Box(0, 0, 2, 4),)), 8),
        (Regions((Box(0, 0, 2, 4), Box(1, 0, 2, 4))), 12),
        (Regions((), (Box(1, 1, 2, 2),)), 20),
        (Regions((Box(0, 0, 3, 4),), (Box(2, 0, 9, 9),)), 8),
        (Regions((Box(-5, -5, 6, 6),)), 1),
    ],
)
def test_what_is_kept(regions: Regions, kept: int) -> None:
    """Boxes to use are joined, those to leave out taken from them; what reaches over the page's edge is cut."""
    found = regions.keep(INK)
    assert found.sum() == kept
    assert found.dtype == np.float32


def test_boxes_on_a_page_that_was_reduced() -> None:
    """Boxes are in the page's pixels, of which several became one of the ink's; what they touch is theirs."""
    assert Regions((Box(3, 0, 6, 12),)).keep(INK, 3).tolist() == [[0, 1, 1, 0, 0, 0]] * 4
    assert Regions((Box(4, 1, 1, 1),)).keep(INK, 3).sum() == 1
    with pytest.raises(ImageError, match=r"on the page of 18 by 12 pixels"):
        Regions((Box(18, 0, 2, 2),)).keep(INK, 3)


@pytest.mark.parametrize("box", [Box(6, 0, 2, 2), Box(0, 4, 2, 2), Box(-3, 0, 3, 2)])
def test_a_box_beside_the_page(box: Box) -> None:
    """Such a box was meant for another page, which is said."""
    with pytest.raises(ImageError, match=r"on the page of 6 by 4 pixels"):
        Regions((), (box,)).keep(INK)
