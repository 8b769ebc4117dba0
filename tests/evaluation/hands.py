"""Vectors of writers for the tests: each writer about a place of his own, each page about a place near it."""

import numpy as np
from numpy.typing import NDArray


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
