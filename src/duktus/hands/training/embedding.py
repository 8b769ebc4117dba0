"""The linear embedding in which hands are compared: less of what differs within a hand, more of what separates them.

All is fitted in closed form: the principal components of what was counted along contours (Hotelling 1933), and in
them linear discriminant analysis with a shrunk scatter within hands (``learning/embedding.py``). A hand's scatter is
seen on documents of different lengths that were put together from its pieces.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.hands.training.pages import Writings
from duktus.hands.training.settings import HandSettings
from duktus.learning.embedding import fit_embedding
from duktus.types import DataError

Features = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class HandEmbedding:
    """A linear map of features (n, f) to numbers (n, d), features @ ``matrix`` + ``offset``, to be of length 1."""

    matrix: NDArray[np.float32]
    offset: NDArray[np.float32]

    def vectors(self, counts: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the (n, d) vectors of (n, kinds, bins * bins) counts."""
        values = features_of(counts) @ self.matrix + self.offset
        return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9), np.float32)


@dataclass(frozen=True, eq=False)
class Documents:
    """Documents put together from pieces: ``counts`` (n, kinds, bins * bins), ``amounts`` (n,), ``writers`` (n,)."""

    counts: NDArray[np.float32]
    amounts: NDArray[np.float64]
    writers: NDArray[np.str_]


def features_of(counts: NDArray[np.float32]) -> Features:
    """Return the (n, f) roots of the shares of what was counted, kind by kind: their products are Hellinger's."""
    shares = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-6)
    return np.asarray(np.sqrt(shares).reshape(len(counts), -1), np.float32)


def put_together(writings: Writings, settings: HandSettings, rng: np.random.Generator) -> Documents:
    """Return documents of 1 to ``settings.most`` pieces each, ``settings.documents`` a writer."""
    chosen, writers = [], []
    for writer in np.unique(writings.writers):
        own = np.flatnonzero(writings.writers == writer)
        most = min(settings.most, max(1, len(own) // 2))
        for number in range(settings.documents if len(own) > 1 else 1):
            chosen.append(rng.permutation(own)[: 1 + number % most])
            writers.append(writer)
    return _joined(writings, chosen, writers)


def two_documents(writings: Writings, settings: HandSettings, rng: np.random.Generator) -> tuple[Documents, Documents]:
    """Return pairs of documents of one sitting each that share no piece, of lengths that differ, for comparing."""
    first, second, writers = [], [], []
    for writer in np.unique(writings.writers):
        own = writings.writers == writer
        sittings = [np.flatnonzero(own & (writings.sittings == name)) for name in np.unique(writings.sittings[own])]
        longest = max(sittings, key=len)
        most = min(2 * settings.most, len(longest) // 2)
        for _ in range(settings.documents if most else 0):
            mixed = rng.permutation(longest)
            cut, end = (round(np.exp(rng.uniform(0, np.log(most)))) for _ in range(2))
            first.append(mixed[:cut])
            second.append(mixed[cut : cut + end])
            writers.append(writer)
    return _joined(writings, first, writers), _joined(writings, second, writers)


def fit_hand_embedding(documents: Documents, settings: HandSettings) -> HandEmbedding:
    """Fit the embedding to documents by known writers.

    Raises:
        DataError: there are too few writers or documents.
    """
    features = features_of(documents.counts)
    middle = features.mean(axis=0)
    components = min(settings.components, len(features) - 1)
    if components < settings.vector:
        expected = f"over {settings.vector} documents, for vectors of {settings.vector} numbers"
        raise DataError(f"expected {expected}, received {len(features)}; give more, or lower hands.vector")
    main = _principal(features - middle, components)
    places = np.unique(documents.writers, return_inverse=True)[1]
    found = fit_embedding((features - middle) @ main, places.astype(np.int64), settings.vector, settings.shrink)
    matrix = main @ found.matrix
    return HandEmbedding(matrix.astype(np.float32), (found.offset - middle @ matrix).astype(np.float32))


def _joined(writings: Writings, chosen: list[NDArray[np.intp]], writers: list[str]) -> Documents:
    counts = np.stack([writings.counts[pieces].sum(axis=0) for pieces in chosen])
    return Documents(counts, np.array([writings.amounts[pieces].sum() for pieces in chosen]), np.array(writers))


def _principal(centred: Features, components: int) -> NDArray[np.float32]:
    """Return the (f, components) directions of greatest variance, by the smaller of the two products."""
    values = centred.astype(np.float64)
    strength, turned = np.linalg.eigh(values @ values.T)
    kept = np.argsort(-strength)[:components]
    axes = values.T @ turned[:, kept]
    return np.asarray(axes / np.linalg.norm(axes, axis=0), np.float32)
