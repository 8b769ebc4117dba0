"""Vectors of writers for the tests: each writer about a place of his own, each page about a place near it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from duktus.hands.evaluation.amounts import ByAmount, accuracy_by_amount, mean_scores
from duktus.hands.evaluation.figures import PAPER, TONE, HandResults, measure_hands
from duktus.hands.evaluation.open_set import Decision
from duktus.hands.evaluation.retrieval import score_matrix


def draw_vectors(
    writers: int, pages: int, lines: int = 1, *, noise: float, seed: int = 0
) -> tuple[NDArray[np.float32], list[str], list[str]]:
    """(n, 16) vectors of length 1, the writer and the page of each; ``noise`` is that of a page and of a line."""
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(writers, 1, 1, 16)) + noise * rng.normal(size=(writers, pages, 1, 16))
    values = (places + noise * rng.normal(size=(writers, pages, lines, 16))).reshape(-1, 16)
    vectors = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
    names = [(f"w{w:02}", f"p{p}") for w in range(writers) for p in range(pages) for _ in range(lines)]
    return vectors, [name for name, _ in names], [page for _, page in names]


def draw_results() -> HandResults:
    """Figures of eight writers of three pages of two lines by the hand, and by two controls that know less."""
    every = []
    for name, noise in (("hand", 0.5), (PAPER, 3.0), (TONE, 1.2)):
        vectors, writers, pages = draw_vectors(8, 3, 2, noise=noise)
        figures = measure_hands(name, score_matrix(vectors), writers, pages, times=20, decision=Decision(threshold=0.9))
        score, rng = mean_scores(vectors, score_matrix), np.random.default_rng(2)
        lines = accuracy_by_amount(score, writers, pages, rng=rng, amounts=(1, 2), times=20)
        every.append(replace(figures, amounts=ByAmount("line", 150.0, lines)))
    return HandResults(
        "encoder <b>", "drawn & counted", "line", 48, 8, 24, every[0], tuple(every[1:]), ("A note.",), ("A limit.",)
    )
