"""Families of digits: every digit, each time another, none out of proportion."""

import numpy as np
import pytest

from duktus.pen.families import FAMILIES, sample_family


@pytest.mark.parametrize("digit", list(FAMILIES))
def test_forms_stand_on_the_line(digit: str) -> None:
    """All forms are about one high, stand on the baseline, and differ from each other."""
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        strokes = sample_family(digit, rng)
        assert strokes is not None
        points = np.concatenate(strokes)
        low, high = points.min(axis=0), points.max(axis=0)
        assert 0.85 < high[1] - low[1] < 1.4
        assert -0.15 < high[1] < 0.25
        assert high[0] - low[0] < 1.8
        assert min(map(len, strokes)) >= 2
        seen.add(points.tobytes())
    assert len(seen) == 200


def test_the_same_seed_gives_the_same_form() -> None:
    """Chance is an argument; what is no digit has no family."""
    one, two = (sample_family("9", np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(np.concatenate(one or []), np.concatenate(two or []))
    assert sample_family("a", np.random.default_rng(0)) is None
