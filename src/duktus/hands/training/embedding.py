"""The linear embedding in which hands are compared: less of what differs within a hand, more of what separates them.

All is fitted in closed form: the principal components of what was counted along contours (Hotelling 1933), and in
them linear discriminant analysis with a shrunk scatter within hands (``learning/embedding.py``). A hand's scatter is
seen on documents of different lengths that were put together from its pieces.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from duktus.hands.training.pages import Writings
from duktus.hands.training.settings import HandSettings
from duktus.learning.embedding import fit_embedding
from duktus.types import DataError

Features = NDArray[np.float32]

OVERSAMPLED, POWERS = 20, 3
"""Directions tried beyond those wanted, and rounds by which the random part of the space nears the principal one."""


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
    """Return documents of 1 to ``settings.most`` pieces each, ``settings.documents`` a writer and scale.

    A document is of one scale, and of one sitting: a page.
    """
    chosen, writers = [], []
    for writer, scale in product(np.unique(writings.writers), np.unique(writings.scales)):
        own = np.flatnonzero((writings.writers == writer) & (writings.scales == scale))
        sittings = [own[writings.sittings[own] == name] for name in np.unique(writings.sittings[own])]
        for number in range(settings.documents if len(own) > 1 else min(1, len(own))):
            pieces = sittings[number % len(sittings)]
            most = min(settings.most, len(pieces) if len(sittings) > 1 else (len(pieces) + 1) // 2)
            chosen.append(rng.permutation(pieces)[: 1 + int(rng.integers(most))])
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
    """Return the (f, components) directions of greatest variance, found in a random part of the space.

    Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 53, 2011.
    """
    rng = np.random.default_rng(0)
    width = min(components + OVERSAMPLED, *centred.shape)
    found = np.asarray(rng.normal(size=(len(centred), width)), np.float32)
    for _ in range(POWERS):
        axes = np.linalg.qr(centred.T @ found)[0]
        found = centred @ axes
    _, turned = np.linalg.eigh(found.T.astype(np.float64) @ found)
    return np.asarray(axes @ turned[:, ::-1][:, :components], np.float32)
