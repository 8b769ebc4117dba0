"""How surely votes speak is fitted to lines and to pages."""

import numpy as np
import pytest

from duktus.hands.identification.votes import LINE, weigh
from duktus.hands.training.votes import Voted, fit_growth


def drawn(count: int, lines: int, seed: int, *, alike: bool) -> Voted:
    """Votes by four writers on documents of so many lines; ``alike`` lines all err as the first of them does."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, count)
    noise = rng.normal(0, 1, (count, 1 if alike else lines, 4)).mean(axis=1)
    scores = np.eye(4)[truth] + noise
    scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return Voted(scores.astype(np.float32), truth.astype(np.int64), np.full(count, LINE * lines))


def test_pages_of_independent_lines_are_surer() -> None:
    """Where a page's lines err each for itself its votes grow with them, and where all err alike they do not."""
    own, _ = fit_growth(drawn(800, 1, 1, alike=False), drawn(200, 9, 2, alike=False))
    same, _ = fit_growth(drawn(800, 1, 1, alike=True), drawn(200, 9, 2, alike=True))
    assert same < 0.25
    assert own > 0.5


def test_probabilities_are_what_happens() -> None:
    """On other lines answers are right as often as they say."""
    growth, temperature = fit_growth(drawn(2000, 1, 1, alike=False), drawn(400, 4, 2, alike=False))
    asked = drawn(2000, 1, 3, alike=False)
    powers = np.exp(weigh(asked.scores, asked.amounts, growth) / temperature)
    sure = (powers / powers.sum(axis=1, keepdims=True)).max(axis=1).mean()
    assert sure == pytest.approx((asked.scores.argmax(axis=1) == asked.truth).mean(), abs=0.05)


def test_a_few_that_are_all_right_are_not_certain() -> None:
    """One document more, said to be wrong, keeps the answer modest; a single writer is no question."""
    right = Voted(np.log(np.eye(4, dtype=np.float32) + 0.1), np.arange(4), np.full(4, LINE))
    _, temperature = fit_growth(right, right)
    assert temperature > 0.3
    alone = Voted(np.zeros((3, 1), np.float32), np.zeros(3, np.int64), np.full(3, LINE))
    assert fit_growth(alone, alone)[1] > 0
