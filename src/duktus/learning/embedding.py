"""The linear embedding in which an encoder's vectors are compared: the scatter within classes is alike all round."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.models.card import Spread
from duktus.types import DataError

SHRINK = 0.1
"""Share of the mean variance towards which the scatter within classes is drawn: few examples show few directions."""


@dataclass(frozen=True, eq=False)
class LinearEmbedding:
    """A linear map of features (n, f) to numbers (n, d), features @ ``matrix`` + ``offset``, to be brought to length 1.

    ``spread`` is that of the vectors that come out.
    """

    matrix: NDArray[np.float32]
    offset: NDArray[np.float32]
    spread: Spread


def fit_embedding(
    features: NDArray[np.float32], classes: NDArray[np.int64], dimension: int, shrink: float = SHRINK
) -> LinearEmbedding:
    """Fit the map in which classes scatter alike in all directions, and keep the directions that separate them best.

    This is linear discriminant analysis (Fisher 1936; Rao 1948) with a shrunk scatter within classes (Friedman 1989),
    its result brought to length 1 as in Garcia-Romero and Espy-Wilson (2011).

    Args:
        features: (n, f) of examples of known classes, such as letters by several drawers.
        classes: (n,) their classes.
        dimension: of the vectors, no more than f.
        shrink: share of the mean variance towards which the scatter within classes is drawn.

    Raises:
        DataError: there are no two classes with two examples.
    """
    names, places, counts = np.unique(classes, return_inverse=True, return_counts=True)
    if (counts > 1).sum() < 2 or not 1 <= dimension <= features.shape[1]:
        received = f"{len(names)} classes of {len(classes)} examples, for {dimension} of {features.shape[1]} numbers"
        raise DataError(f"expected several examples of several classes, received {received}; give more")
    values = features.astype(np.float64)
    means = _means(values, places, counts)
    middle = means.mean(axis=0)
    within = _scatter(values - means[places], len(values) - len(names))
    within = (1 - shrink) * within + shrink * np.trace(within) / len(within) * np.eye(len(within))
    variance, axes = np.linalg.eigh(within)
    white = axes / np.sqrt(variance)
    strength, turned = np.linalg.eigh(_scatter((means - middle) @ white, len(names) - 1))
    matrix = white @ turned[:, np.argsort(-strength)[:dimension]]
    kept, offset = matrix.astype(np.float32), (-middle @ matrix).astype(np.float32)
    vectors = _unit(features @ kept + offset).astype(np.float64)
    return LinearEmbedding(kept, offset, _spread(vectors, places, counts))


def _spread(vectors: NDArray[np.float64], places: NDArray[np.intp], counts: NDArray[np.intp]) -> Spread:
    """Return the variances within and between classes, number by number (the moments of a one-way analysis)."""
    means = _means(vectors, places, counts)
    within = ((vectors - means[places]) ** 2).sum(axis=0) / (len(vectors) - len(counts))
    between = means.var(axis=0, ddof=1) - within * float((1 / counts).mean())
    kept = np.maximum(between, 1e-3 * within)
    return Spread(tuple(means.mean(axis=0).tolist()), tuple(within.tolist()), tuple(kept.tolist()))


def _means(values: NDArray[np.float64], places: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.float64]:
    sums = np.zeros((len(counts), values.shape[1]))
    np.add.at(sums, places, values)
    return sums / counts[:, None]


def _scatter(values: NDArray[np.float64], freedom: int) -> NDArray[np.float64]:
    return np.asarray(values.T @ values / max(1, freedom))


def _unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.maximum(np.linalg.norm(values, axis=1, keepdims=True), np.float32(1e-9))
    return np.asarray(values / lengths, np.float32)
