"""What a few examples teach: from the vectors of taught letters to scores for another, and for none of them.

An encoder's vectors of one letter scatter about the letter's own place, and the places of letters about a middle. Both
scatters are taken for normal distributions whose variances the encoder's card holds (the two-covariance form of
probabilistic linear discriminant analysis: Ioffe 2006; Brümmer and de Villiers 2010). Bayes' rule then says of each
taught letter how likely it gives a vector, given one example or many, and how likely a letter gives it of which there
is no example: so "none of these" needs none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.models.card import Spread
from duktus.types import GalleryError, Vectors


@dataclass(frozen=True, eq=False)
class Head:
    """Scores for k labels, as quadratic functions of a vector: ``square`` (d, k), ``linear`` (d, k), ``constant`` (k,).

    A score is the logarithm of a likelihood ratio, of the vector given the label to that given a letter that was never
    taught, shifted by the spread's offset. Its terms nearly cancel, so it is summed in float64: in float32 it would
    depend on how many vectors are requested together.
    """

    labels: tuple[str, ...]
    square: NDArray[np.float64]
    linear: NDArray[np.float64]
    constant: NDArray[np.float64]

    def scores(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return (n, k + 1) scores of (n, d) vectors; the last, 0, is that of none of the labels."""
        exact = vectors.astype(np.float64)
        found = exact**2 @ self.square + exact @ self.linear + self.constant
        return np.pad(found.astype(np.float32), ((0, 0), (0, 1)))


def fit_head(vectors: Vectors, labels: Sequence[str], spread: Spread) -> Head:
    """Fit the scores of labels to examples.

    Args:
        vectors: (n, d), one an example; the mean of its vectors where it was stretched by augmentation.
        labels: (n,) what each example shows.
        spread: of the encoder's vectors.

    Returns:
        The head; its labels are sorted.

    Raises:
        GalleryError: there is no example, or the vectors are not as long as the spread says.
    """
    middle, within, between = (np.array(each) for each in (spread.middle, spread.within, spread.between))
    if not len(vectors) or vectors.shape[1:] != middle.shape:
        expected = f"expected examples with vectors of {len(middle)} numbers"
        raise GalleryError(f"{expected}, received {' x '.join(map(str, vectors.shape))}; teach some letters first")
    names = sorted(set(labels))
    columns = {name: column for column, name in enumerate(names)}
    rows = np.fromiter((columns[label] for label in labels), np.intp, len(labels))
    place, variance = places_of(vectors, rows, spread)
    precision = 1 / (within + variance)
    nothing = 1 / (within + between)
    constant = 0.5 * (np.log(precision) - np.log(nothing) - precision * place**2).sum(axis=1) + spread.offset
    return Head(tuple(names), *_about(middle, (nothing - precision) / 2, precision * place, constant))


def places_of(
    vectors: Vectors, labels: NDArray[np.intp], spread: Spread
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what examples say of where each label lies: drawn towards the middle the more, the fewer they are.

    Args:
        vectors: (n, d), one an example.
        labels: (n,) which label each shows, from 0; every label has an example.
        spread: of the encoder's vectors.

    Returns:
        The places (labels, d), counted from the middle of all vectors, and their variances (labels, d).
    """
    middle, within, between = (np.array(each) for each in (spread.middle, spread.within, spread.between))
    counts = np.bincount(labels)[:, None]
    sums = _sums(vectors, labels, len(counts)) - counts * middle
    certain = between * counts + within
    return between * sums / certain, within * between / certain


def _sums(vectors: Vectors, places: NDArray[np.intp], labels: int) -> NDArray[np.float64]:
    """Return the sum of each label's vectors, (labels, d); every label has one at least.

    Adds whole labels, or the first of each label, the second of each and so on, whichever takes fewer steps.
    """
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(labels))
    counts = np.diff(starts, append=len(places))
    sums = np.zeros((labels, vectors.shape[1]))
    if labels < counts.max():
        for label, (start, count) in enumerate(zip(starts.tolist(), counts.tolist(), strict=True)):
            sums[label] = vectors[order[start : start + count]].sum(axis=0, dtype=np.float64)
        return sums
    for rank in range(int(counts.max())):
        having = np.flatnonzero(counts > rank)
        sums[having] += vectors[order[starts[having] + rank]]
    return sums


def _about(
    middle: NDArray[np.float64], square: NDArray[np.float64], linear: NDArray[np.float64], constant: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the terms (d, k), (d, k), (k,) of the same functions of a vector whose middle is not taken off."""
    shifted = constant - linear @ middle + square @ middle**2
    linear = linear - 2 * square * middle
    return np.ascontiguousarray(square.T), np.ascontiguousarray(linear.T), shifted
