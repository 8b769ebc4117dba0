"""Families of digits: every digit, each time another, none out of proportion."""

import itertools

import numpy as np
import pytest

from duktus.pen.families import FAMILIES, sample_family, sample_noughts


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


@pytest.mark.parametrize("count", [2, 3, 5])
def test_noughts_in_one_stroke_lead_into_each_other(count: int) -> None:
    """Each stroke ends where the next begins, and stands about as high as a digit."""
    for seed in range(20):
        strokes, pitch = sample_noughts(count, np.random.default_rng(seed))
        assert len(strokes) == count
        assert pitch > 0.2
        for one, other in itertools.pairwise(strokes):
            assert np.allclose(one[-1], other[0] + (pitch, 0), atol=1e-5)
        rows = np.concatenate(strokes)[:, 1]
        assert rows.min() > -1.3
        assert rows.max() < 0.3
        assert np.ptp(rows) > 0.4
