"""Letters taught from a few examples: accuracy on drawings by other drawers, over many draws of the teaching drawers.

The protocol of Lake, Salakhutdinov and Tenenbaum (2015) in the form of Snell, Swersky and Zemel (2017), all letters of
one alphabet as candidates: ways are letters, shots the drawers whose drawings are the examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.head import Head
from duktus.glyphs.teaching.teacher import fit_examples
from duktus.models.card import Spread
from duktus.reporting.intervals import Estimate, mean_share
from duktus.types import DataError

DRAWS = 20
"""Draws of examples whose mean is reported, by default."""


@dataclass(frozen=True, eq=False)
class Drawings:
    """The drawings of one alphabet, encoded by an encoder that was not trained on it.

    Attributes:
        own: (n, d) vectors of the drawings themselves.
        stretched: (n, d) those with varied copies, for letters of which few examples are taught; the same without.
        labels: (n,) the letter of each.
        drawers: (n,) who drew it; a number of its own for each where it is not known.
    """

    own: NDArray[np.float32]
    stretched: NDArray[np.float32]
    labels: Sequence[str]
    drawers: Sequence[str]


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw: the head fitted to its examples, and the drawings left as queries."""

    head: Head
    queries: NDArray[np.intp]


def few_shot(
    drawings: Drawings, spread: Spread, *, shots: int, rng: np.random.Generator, draws: int = DRAWS
) -> Estimate:
    """Return the mean accuracy over draws of ``shots`` drawers who teach a letter, queried by all drawings of others.

    Args:
        drawings: of one alphabet.
        spread: of the encoder's vectors.
        shots: examples of each letter, each by another drawer; the same drawers for all letters where they drew all.
        rng: draws the drawers.
        draws: how many times.

    Returns:
        The mean; its interval is that of the mean of the draws by a normal distribution, ``n`` their number.

    Raises:
        DataError: a letter has not more drawings than ``shots``.
    """
    return mean_share([_accuracy(drawings, draw_examples(drawings, spread, shots, rng)) for _ in range(draws)])


def draw_examples(drawings: Drawings, spread: Spread, shots: int, rng: np.random.Generator) -> Draw:
    """Return a head fitted to each letter by ``shots`` drawers, drawn anew, and the drawings of all other drawers.

    Raises:
        DataError: a letter has not more drawings than ``shots``, or no drawer is left for queries.
    """
    places = np.unique(np.array(drawings.labels, object).astype(str), return_inverse=True)[1]
    drawers = np.unique(np.array(drawings.drawers, object).astype(str), return_inverse=True)[1]
    fewest = int(np.bincount(places).min()) if len(places) else 0
    if fewest <= shots:
        raise DataError(
            f"expected more than {shots} drawings of each letter, received {fewest} of one; use fewer shots"
        )
    turn = rng.permutation(int(drawers.max()) + 1)[drawers]
    order = np.lexsort((turn, places))
    starts = np.searchsorted(places[order], np.arange(int(places.max()) + 1))
    examples = order[np.arange(len(order)) - starts[places[order]] < shots]
    queries = np.flatnonzero(~np.isin(drawers, drawers[examples]))
    if not len(queries):
        raise DataError(f"expected drawers beside the {shots} who teach a letter, received none; use fewer examples")
    labels = [drawings.labels[i] for i in examples]
    return Draw(fit_examples(drawings.own[examples], drawings.stretched[examples], labels, spread), queries)


def _accuracy(drawings: Drawings, draw: Draw) -> float:
    """Return the share of a draw's queries that are read right."""
    best = draw.head.scores(drawings.own[draw.queries])[:, :-1].argmax(axis=1)
    right = [draw.head.labels[place] == drawings.labels[i] for place, i in zip(best, draw.queries, strict=True)]
    return float(np.mean(right))
