"""A gallery's vectors in memory: grown as the store grows, searched exactly by one matrix product.

100,000 vectors of 256 numbers take 100 MB; a product with one vector reads them once, in some 10 ms on one core.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Neighbours, Snapshot, Vectors
from duktus.types import GalleryError

MOST_SCORES = 2**22
"""Most scores in memory at once (16 MB); more vectors to ask about go through in parts."""

_UNIT = 1e-3  # how far the square of a vector's length may be from 1: hundreds of roundings in float32


class Memory:
    """The vectors of a store that only adds; one that removed or renamed anything is read again.

    Args:
        dimension: numbers of a vector.

    Attributes:
        last: the store's number of the last example that is here, 0 before there is any.
    """

    def __init__(self, dimension: int) -> None:
        self._buffer = np.empty((0, dimension), np.float32)
        self._contents: list[str] = []
        self._labels: list[str] = []
        self._starts: list[int] = []
        self._n = 0
        self.last = 0

    def extend(self, rows: Sequence[tuple[int, str, str, bytes]]) -> None:
        """Add examples after those that are here.

        Args:
            rows: one or more examples: the store's number, content, label, and vectors (n, d) of length 1 as
                little-endian float32.

        Raises:
            GalleryError: the bytes are no such vectors; nothing is then added.
        """
        size = 4 * self._buffer.shape[1]
        blobs = [blob for *_, blob in rows]
        if not all(blob and len(blob) % size == 0 for blob in blobs):
            raise GalleryError("its vectors are not as long as its encoder's")
        vectors = np.frombuffer(b"".join(blobs), "<f4").reshape(-1, self._buffer.shape[1])
        if not (np.abs(np.einsum("ij,ij->i", vectors, vectors) - 1) < _UNIT).all():  # nor where one is no number
            raise GalleryError("some of its vectors are not of length 1")
        counts = [len(blob) // size for blob in blobs]
        self._contents += [content for _, content, _, _ in rows]
        self._labels += [label for _, _, label, _ in rows]
        self._starts += (self._n + np.cumsum([0, *counts[:-1]])).tolist()
        self._append(vectors)
        self.last = rows[-1][0]

    def _append(self, vectors: NDArray[np.float32]) -> None:
        """Copies vectors behind those that are here, where no snapshot looks: earlier ones stay valid."""
        end = self._n + len(vectors)
        if end > len(self._buffer):
            grown = np.empty((max(end, 2 * len(self._buffer)), self._buffer.shape[1]), np.float32)
            grown[: self._n] = self._buffer[: self._n]
            self._buffer = grown
        self._buffer[self._n : end] = vectors
        self._n = end

    def snapshot(self, change: int) -> Snapshot:
        """What is here now, as the state of a store that counts ``change``; the vectors are not copied."""
        vectors = self._buffer[: self._n]
        vectors.flags.writeable = False
        starts = np.array(self._starts, np.intp)
        return Snapshot(change, tuple(self._contents), tuple(self._labels), starts, vectors)


def search(snapshot: Snapshot, queries: Vectors, k: int) -> Neighbours:
    """Find the ``k`` ≥ 1 most similar examples to each of (n, d) vectors of length 1, as ``Gallery.nearest`` does."""
    k = min(k, len(snapshot.contents))
    scores = np.empty((len(queries), k), np.float32)
    places = np.empty((len(queries), k), np.intp)
    step = max(1, MOST_SCORES // max(1, len(snapshot.vectors)))
    for start in range(0, len(queries) if k else 0, step):
        for i, row in enumerate(_score_examples(snapshot, queries[start : start + step]), start):
            places[i] = _best(row, k)
            scores[i] = row[places[i]]
    rows = places.tolist()
    return Neighbours(
        tuple(tuple(snapshot.contents[place] for place in row) for row in rows),
        tuple(tuple(snapshot.labels[place] for place in row) for row in rows),
        np.clip(scores, -1, 1),  # rounding may take a cosine past 1 by 1e-7
    )


def _score_examples(snapshot: Snapshot, queries: Vectors) -> NDArray[np.float32]:
    """(n, examples): the cosine with that vector of the example that is nearest."""
    scores = queries @ snapshot.vectors.T
    if len(snapshot.starts) == len(snapshot.vectors):
        return scores
    nearest: NDArray[np.float32] = np.maximum.reduceat(scores, snapshot.starts, axis=1)
    return nearest


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """The places of the ``k`` highest scores, the highest first; of equal ones the first."""
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    candidates = np.flatnonzero(scores >= least)
    return candidates[np.argsort(-scores[candidates], kind="stable")[:k]]
