"""The ink of a page: shadows are looked through, rulings taken off, strokes and specks kept."""

import numpy as np
import pytest

from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.page import find_ink, page_ink
from tests.imaging.handwriting import INK, apart_aligned, character, glyph_of, on_paper


@pytest.mark.parametrize("reach", [0.3, 0.45, 0.6])
@pytest.mark.parametrize("soft", [8, 15])
def test_a_shadow_at_the_corner_is_looked_through(reach: float, soft: float) -> None:
    """Half the light is gone in a corner: what is written beside it is found as it is without."""
    page = on_paper(character("5", 3, margin=24), 240, 30)
    rows, columns = page.shape
    y, x = np.ogrid[:rows, :columns]
    light = 0.5 + 0.5 * np.clip((np.hypot(x - columns, y - rows) - reach * columns) / soft, 0, 1)
    assert apart_aligned(glyph_of(np.rint(page * light).astype(np.uint8)), glyph_of(page)) < 0.02


def test_writing_on_the_rim_is_no_shadow() -> None:
    """Broad strokes that the rim cuts stay, though they ink much of it."""
    page = on_paper(character("8", 2, height=90, width=0.22, margin=0), 240, 30)[10:-10]
    ink = find_ink(page, "dark", INK)
    assert (ink > 0.5)[page < 60].mean() > 0.97


def test_rulings_go_and_specks_stay() -> None:
    """A line across the page is taken off where the settings say so; a speck is no business of the ink."""
    drawn = np.pad(character("3", 1), 16)
    drawn[-8:-6] = 1
    drawn[4:7, 6:9] = 1
    page = on_paper(drawn)
    assert page_ink(page, InkSettings(rulings=False))[-7].mean() > 0.9
    ink = page_ink(page, INK)
    assert not ink[-8:-6].any()
    assert ink[5, 7] > 0.9


def test_light_ink_is_found() -> None:
    """The negative of a page has the same ink, within 0.01 in the mean."""
    page = on_paper(character("4", 2))
    assert np.abs(page_ink(page, INK) - page_ink(255 - page, INK)).mean() < 0.01
