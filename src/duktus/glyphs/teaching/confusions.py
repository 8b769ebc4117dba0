"""Which taught letters would be taken for each other, and what one more example would change.

The encoder's spread says how far drawings of one letter scatter, and so how well a few examples fix a letter's place.
Places and drawings are drawn from both, read by the head that the gallery gives, and counted: an expected confusion
matrix that needs no second set of drawings (parametric bootstrap, Efron and Tibshirani 1993, ch. 6.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.head import fit_head, places_of
from duktus.models.card import Spread
from duktus.types import Vectors

DRAWS, ROUNDS = 200, 24
"""Drawings that are drawn of each letter, and further examples that are tried of one that is confused."""

LEAST = 0.02
"""Share of a letter's drawings taken for another from which it is told."""


@dataclass(frozen=True)
class Confusion:
    """Two letters of which one is taken for the other.

    Attributes:
        label: what is drawn.
        other: what it is taken for.
        share: of its drawings that would be, in [0, 1].
        after: the same with one more example of the letter.
    """

    label: str
    other: str
    share: float
    after: float


def find_confusions(
    vectors: Vectors, labels: Sequence[str], spread: Spread, rng: np.random.Generator, most: int = 5
) -> list[Confusion]:
    """Return the letters that would be confused most, the worst first.

    Args:
        vectors: (n, d), one an example.
        labels: (n,) what each shows.
        spread: of the encoder's vectors.
        rng: draws places and drawings.
        most: how many to return.
    """
    places = _Places(vectors, labels, spread)
    head, width = fit_head(vectors, labels, spread), len(places.names)
    shares = np.zeros((width, width))
    for row in range(width):
        drawn = places.drawings(places.sample(row, DRAWS, rng), rng)
        found = head.scores(drawn)[:, :width].argmax(axis=1)
        shares[row] = np.bincount(found, minlength=width) / DRAWS
    np.fill_diagonal(shares, 0)
    worst = [divmod(int(place), width) for place in np.argsort(-shares, axis=None, kind="stable")[:most]]
    return [
        Confusion(places.names[a], places.names[b], float(shares[a, b]), places.after(a, b, rng))
        for a, b in worst
        if shares[a, b] >= LEAST
    ]


class _Places:
    """Where letters lie among an encoder's vectors, as far as their examples say.

    Args:
        vectors, labels, spread: as ``find_confusions`` takes them.
    """

    def __init__(self, vectors: Vectors, labels: Sequence[str], spread: Spread) -> None:
        self.names = sorted(set(labels))
        self._vectors, self._labels, self._spread = vectors, list(labels), spread
        self._within = np.array(spread.within)
        place, self._variance = places_of(vectors, np.searchsorted(self.names, self._labels), spread)
        self._mean = np.array(spread.middle) + place

    def sample(self, row: int, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return (count, d) places where a letter may lie."""
        scatter = rng.standard_normal((count, self._mean.shape[1]))
        return np.asarray(self._mean[row] + np.sqrt(self._variance[row]) * scatter)

    def drawings(self, places: NDArray[np.float64], rng: np.random.Generator) -> Vectors:
        """Return (n, d) vectors of a drawing at each of (n, d) places; letters scatter alike, whichever they are."""
        scattered: Vectors = (places + np.sqrt(self._within) * rng.standard_normal(places.shape)).astype(np.float32)
        return scattered

    def after(self, row: int, other: int, rng: np.random.Generator) -> float:
        """Return which share is taken for another letter once there is one more example."""
        wrong, labels = 0, [*self._labels, self.names[row]]
        for place in self.sample(row, ROUNDS, rng):
            further = self.drawings(place[None], rng)
            head = fit_head(np.concatenate([self._vectors, further]), labels, self._spread)
            drawn = self.drawings(np.repeat(place[None], ROUNDS, axis=0), rng)
            wrong += int((head.scores(drawn)[:, : len(self.names)].argmax(axis=1) == other).sum())
        return wrong / ROUNDS**2
