"""A copy of a drawing is told from another drawing, however it was turned, moved or scaled."""

import numpy as np
import pytest

from duktus.datasets.likeness import ANGLES, HARMONICS, RADII, originals, signature
from duktus.imaging.ink.extraction import extract_ink
from duktus.types import Page
from tests.datasets.drawings import bar, changed, drawing


def found(*pages: Page) -> list[int]:
    """The first drawing that shows what each shows."""
    signatures = [signature(extract_ink(page)) for page in pages]
    return list(originals(np.stack([one for one in signatures if one is not None])))


@pytest.mark.parametrize(
    "copy",
    [
        changed(drawing(1), 10),
        changed(drawing(1), -20),
        changed(drawing(1), scale=0.75),
        changed(drawing(1), shift=(4.5, -3)),
        changed(drawing(1), 15, 0.9, (2, 2.5)),
        drawing(1)[::-1, ::-1][::-1, ::-1] // 2 + 100,
        255 - drawing(1),
    ],
    ids=["turned", "turned back", "scaled", "moved", "all at once", "faint", "white on black"],
)
def test_a_copy_is_found_among_other_drawings(copy: Page) -> None:
    """Of five drawings, the copy is of the one that it was made of."""
    assert found(*map(drawing, range(5)), copy) == [0, 1, 2, 3, 4, 1]


def test_copies_of_copies_gather_around_the_first() -> None:
    """Turned by 20 degrees one way and the other, they are 40 degrees apart, and still one drawing."""
    pages = [changed(drawing(seed), degrees) for seed in (1, 2) for degrees in (20, -20, 0)]
    assert found(*pages) == [0, 0, 0, 3, 3, 3]


def test_a_drawing_on_its_head_is_another() -> None:
    """Turned by more than copies are, it may be another letter."""
    assert found(drawing(1), drawing(1)[::-1, ::-1].copy()) == [0, 1]


def test_strokes_that_everyone_draws_alike_do_not_become_one() -> None:
    """Sixty upright strokes, many as like as copies, keep apart so far that they can be divided."""
    sizes = np.bincount(found(*map(bar, range(60))))
    assert sizes.max() <= 20
    assert (sizes > 0).sum() >= 10


def test_a_signature_is_of_norm_one_and_none_without_ink() -> None:
    """Whatever the amount of ink; a blank picture has no signature, one dot has."""
    dot = np.zeros((9, 9), np.float32)
    assert signature(dot) is None
    dot[4, 4] = 1
    one = signature(dot)
    assert one is not None
    assert one.shape == (HARMONICS, RADII)
    assert np.linalg.norm(one) == pytest.approx(1)
    assert HARMONICS <= ANGLES // 2


def test_no_drawings_have_no_copies() -> None:
    """An empty label is no error."""
    assert originals(np.zeros((0, HARMONICS, RADII), np.complex64)).tolist() == []
