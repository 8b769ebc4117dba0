"""Pictures without a character."""

import numpy as np
import pytest

from duktus.pen.negatives import NEGATIVE_KINDS, blots, draw_negative


@pytest.mark.parametrize("kind", NEGATIVE_KINDS)
def test_same_seed_same_bytes(kind: str) -> None:
    """A seed gives the same picture again."""
    first, again = (draw_negative(np.random.default_rng(7), kind) for _ in range(2))
    assert first.shape == again.shape
    assert first.tobytes() == again.tobytes()


@pytest.mark.parametrize("kind", NEGATIVE_KINDS)
def test_pictures_are_pages(kind: str) -> None:
    """Every kind gives 8-bit pages, grey or RGB, and a new one from every seed."""
    pages = [draw_negative(np.random.default_rng(seed), kind) for seed in range(20)]
    assert all(page.dtype == np.uint8 and (page.ndim == 2 or page.shape[2] == 3) for page in pages)
    assert all(min(page.shape[:2]) >= 6 for page in pages)
    assert len({page.tobytes() for page in pages}) == 20


@pytest.mark.parametrize("kind", ["uniform", "clouds", "wood", "view", "checks"])
def test_side_is_kept(kind: str) -> None:
    """The larger side is as long as asked."""
    assert max(draw_negative(np.random.default_rng(0), kind, side=77).shape[:2]) == 77


def test_unknown_kind_names_the_known_ones() -> None:
    """A kind that there is not is refused with the kinds that there are."""
    with pytest.raises(ValueError, match=r"uniform.*received 'sea'"):
        draw_negative(np.random.default_rng(0), "sea")


def test_blots_are_ink() -> None:
    """Blots cover some of the paper and leave some bare."""
    for seed in range(20):
        ink = blots(np.random.default_rng(seed), 80)
        assert ink.shape == (80, 80)
        assert ink.dtype == np.float32
        assert 0 == ink.min() < 0.5 < ink.max() <= 1
        assert 0.002 < ink.mean() < 0.5
