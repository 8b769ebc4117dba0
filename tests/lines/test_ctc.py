"""Paths, probabilities and alignments of texts, against all paths counted one by one."""

from itertools import product

import numpy as np
import pytest

from duktus.lines.reading.ctc import align, best_path, log_softmax, peak_probs, text_log_prob, text_log_probs


def _logs(steps: int, outputs: int, seed: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return log_softmax(np.random.default_rng(seed).normal(0, 2, (steps, outputs)).astype(np.float32))


def _collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(p for p, before in zip(path, (0, *path), strict=False) if p and p != before)


@pytest.mark.parametrize("text", [(), (1,), (1, 2), (1, 1), (2, 1, 2), (1, 1, 1)])
def test_a_text_has_the_probability_of_all_its_paths(text: tuple[int, ...]) -> None:
    """The forward algorithm gives the sum over every path that collapses to the text."""
    logs = _logs(5, 3, 1)
    paths = [p for p in product(range(3), repeat=5) if _collapsed(p) == text]
    expected = np.logaddexp.reduce([sum(logs[i, o] for i, o in enumerate(p)) for p in paths])
    assert text_log_prob(logs, text) == pytest.approx(expected)


@pytest.mark.parametrize("text", [(1,), (1, 2), (1, 1), (2, 1, 2)])
def test_an_alignment_is_the_likeliest_path(text: tuple[int, ...]) -> None:
    """Viterbi finds the best of all paths that collapse to the text."""
    logs = _logs(5, 3, 2)
    paths = [p for p in product(range(3), repeat=5) if _collapsed(p) == text]
    best = max(paths, key=lambda p: sum(logs[i, o] for i, o in enumerate(p)))
    found = align(logs, text)
    assert found is not None
    assert found == best_path(np.eye(3)[list(best)])


def test_a_text_longer_than_the_strip_has_no_alignment() -> None:
    """Two equal characters need a blank between them."""
    logs = _logs(2, 3, 3)
    assert align(logs, (1, 1)) is None
    assert text_log_prob(logs, (1, 1)) < -1e20


def test_greedy_joins_repetitions_and_drops_blanks() -> None:
    """The path of 0 1 1 0 1 2 is 1 1 2, with its steps."""
    logs = np.log(np.eye(3)[[0, 1, 1, 0, 1, 2]] * 0.97 + 0.01)
    path = best_path(logs)
    assert (path.outputs, path.starts, path.ends) == ((1, 1, 2), (1, 4, 5), (3, 5, 6))
    assert peak_probs(logs, path) == pytest.approx([0.98] * 3)


def test_many_texts_at_once_have_the_probabilities_of_each() -> None:
    """Strips and texts of any lengths stand side by side; what has no path stays without."""
    rng = np.random.default_rng(4)
    pairs = [
        (_logs(int(rng.integers(1, 20)), 5, seed), tuple(rng.integers(1, 5, int(rng.integers(0, 6))).tolist()))
        for seed in range(40)
    ]
    together = text_log_probs(pairs)
    assert together == pytest.approx([text_log_prob(*pair) for pair in pairs], rel=1e-12)
    assert together.min() < -1e20
    assert together.max() > -1e3
