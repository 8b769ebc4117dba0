"""Lines found are held against lines drawn, one to one."""

import numpy as np
import pytest

from duktus.written.evaluation.baselines import LineCounts, f_score, match_lines


def line(row: float, left: float = 0, right: float = 500) -> np.ndarray:
    """A level baseline."""
    return np.array(((left, row), (right, row)), np.float32)


def test_a_line_is_found_once() -> None:
    """Of two lines that were found on one, one counts; a line far off or half as long does not."""
    truth = [line(100), line(150), line(200)]
    found = [line(103), line(106), line(205, 0, 200), line(240)]
    assert match_lines(found, truth) == LineCounts(right=1, found=4, there=3)


def test_all_found_is_one() -> None:
    """F1 is 1 where every line is found, and between where some are."""
    rng = np.random.default_rng(0)
    assert f_score([LineCounts(3, 3, 3)] * 4, rng).value == 1.0
    assert f_score([LineCounts(1, 3, 1)], rng).value == pytest.approx(0.5)
