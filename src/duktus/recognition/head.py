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
from duktus.types import GalleryError

Vectors = NDArray[np.float32]
"""(n, d): directions, each of length 1."""


@dataclass(frozen=True, eq=False)
class Head:
    """Scores for k labels, as quadratic functions of a vector: ``square`` (d, k), ``linear`` (d, k), ``constant`` (k,).

    A score is the logarithm of how much likelier a label gives the vector than a letter that was never taught does.
    """

    labels: tuple[str, ...]
    square: NDArray[np.float32]
    linear: NDArray[np.float32]
    constant: NDArray[np.float32]

    def scores(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return (n, k + 1) scores of (n, d) vectors; the last, 0, is that of none of the labels."""
        found = vectors**2 @ self.square + vectors @ self.linear + self.constant
        return np.pad(found, ((0, 0), (0, 1)))


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
    names, places = np.unique(np.array(labels, object).astype(str), return_inverse=True)
    counts = np.bincount(places)[:, None]
    sums = np.zeros((len(names), len(middle)))
    np.add.at(sums, places, vectors - middle)
    # What the examples say of a letter's place, drawn towards the middle the more, the fewer they are.
    place = between * sums / (between * counts + within)
    precision = 1 / (within + within * between / (between * counts + within))
    nothing = 1 / (within + between)
    constant = 0.5 * (np.log(precision) - np.log(nothing) - precision * place**2).sum(axis=1)
    return Head(tuple(names.tolist()), *_about(middle, (nothing - precision) / 2, precision * place, constant))


def _about(
    middle: NDArray[np.float64], square: NDArray[np.float64], linear: NDArray[np.float64], constant: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the terms (d, k), (d, k), (k,) of the same functions of a vector whose middle is not taken off."""
    shifted = constant - linear @ middle + square @ middle**2
    linear = linear - 2 * square * middle
    return square.T.astype(np.float32), linear.T.astype(np.float32), shifted.astype(np.float32)
