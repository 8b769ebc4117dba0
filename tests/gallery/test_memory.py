"""Vectors in memory: grown without disturbing what was handed out, searched exactly."""

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.gallery.memory import MOST_SCORES, Memory, search
from duktus.gallery.store import as_unit
from duktus.types import GalleryError


def rows(vectors: NDArray[np.float32], first: int) -> list[tuple[int, str, str, bytes]]:
    """A row of the store for each vector, numbered from ``first``."""
    return [(first + i, f"c{first + i}", "ab"[(first + i) % 2], row.tobytes()) for i, row in enumerate(vectors)]


def unit(n: int, dimension: int = 4) -> NDArray[np.float32]:
    """(n, dimension): random directions."""
    return as_unit(np.random.default_rng(n).standard_normal((n, dimension)))


def test_growth_leaves_snapshots_alone() -> None:
    """However often the memory grows, an earlier snapshot holds what it held."""
    vectors, memory, seen = unit(500), Memory(4), []
    for i in range(0, 500, 7):
        memory.extend(rows(vectors[i : i + 7], i))
        seen.append(memory.snapshot(i))
    for snapshot in seen:
        n = len(snapshot.contents)
        np.testing.assert_array_equal(snapshot.vectors, vectors[:n])
        assert snapshot.contents == tuple(f"c{i}" for i in range(n))
    assert memory.last == 499


def test_growth_copies_rarely() -> None:
    """Adding one by one to many does not copy all of them each time."""
    memory = Memory(4)
    memory.extend(rows(unit(100), 0))
    places = set()
    for i in range(100, 400):
        memory.extend(rows(unit(1), i))
        places.add(memory.snapshot(0).vectors.__array_interface__["data"][0])
    assert len(places) <= 3


@pytest.mark.parametrize(
    ("blob", "said"),
    [
        (b"", "not as long as its encoder's"),
        (bytes(15), "not as long as its encoder's"),
        (np.full(4, np.nan, "<f4").tobytes(), "not of length 1"),
        (np.full(4, 0.6, "<f4").tobytes(), "not of length 1"),
    ],
)
def test_damaged_vectors_are_refused(blob: bytes, said: str) -> None:
    """Bytes that are no vectors are an error, and nothing of their batch is added."""
    memory = Memory(4)
    memory.extend(rows(unit(3), 1))
    with pytest.raises(GalleryError, match=said):
        memory.extend([*rows(unit(2), 4), (6, "c6", "a", blob)])
    assert (len(memory.snapshot(0).contents), len(memory.snapshot(0).vectors), memory.last) == (3, 3, 3)


def test_many_questions_are_answered_in_parts() -> None:
    """More scores than fit in memory at once give the answers that each question gets alone."""
    memory = Memory(4)
    memory.extend(rows(unit(50_000), 0))
    queries = unit(2 * MOST_SCORES // 50_000 + 3)
    found = search(memory.snapshot(0), queries, 2)
    for i in (0, len(queries) // 2, len(queries) - 1):
        alone = search(memory.snapshot(0), queries[i : i + 1], 2)
        assert (alone.contents, alone.labels) == (found.contents[i : i + 1], found.labels[i : i + 1])
        np.testing.assert_allclose(alone.scores[0], found.scores[i], atol=1e-6)


def test_scores_are_cosines() -> None:
    """Rounding never takes a score past 1."""
    vectors = unit(2000, 37)
    memory = Memory(37)
    memory.extend(rows(vectors, 0))
    scores = search(memory.snapshot(0), vectors, 1).scores
    assert scores.max() == 1
    assert scores.min() > 1 - 1e-6
