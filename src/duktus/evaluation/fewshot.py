"""Letters taught from a few examples: how often others of them are told right, over many draws of the examples.

The protocol of Lake, Salakhutdinov and Tenenbaum (2015) in the form of Snell, Swersky and Zemel (2017), all letters of
one alphabet in the running: ways are letters, shots the examples of each.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from duktus.evaluation.intervals import Estimate, Z
from duktus.models.card import Spread
from duktus.recognition.head import fit_head
from duktus.types import DataError

DRAWS = 20
"""Draws of examples whose mean is told, unless asked otherwise."""


def few_shot(
    vectors: NDArray[np.float32],
    labels: Sequence[str],
    spread: Spread,
    *,
    shots: int,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Estimate:
    """Return the mean accuracy over draws of ``shots`` examples a letter, all others of the letters being asked.

    Args:
        vectors: (n, d) of an encoder that never saw these letters.
        labels: (n,) the letter of each.
        spread: of the encoder's vectors.
        shots: examples of each letter.
        rng: draws the examples.
        draws: how many times.

    Returns:
        The mean; its interval is that of the mean of the draws by a normal distribution, ``n`` their number.

    Raises:
        DataError: a letter has not more drawings than ``shots``.
    """
    names, places = np.unique(np.array(labels, object).astype(str), return_inverse=True)
    fewest = int(np.bincount(places).min()) if len(places) else 0
    if fewest <= shots:
        raise DataError(f"expected more than {shots} drawings of each letter, received {fewest} of one; ask for fewer")
    found = [_one_draw(vectors, places, names.tolist(), spread, shots, rng) for _ in range(draws)]
    mean, reach = float(np.mean(found)), Z * float(np.std(found, ddof=min(1, draws - 1))) / draws**0.5
    return Estimate(mean, max(0.0, mean - reach), min(1.0, mean + reach), draws)


def _one_draw(
    vectors: NDArray[np.float32],
    places: NDArray[np.intp],
    names: list[str],
    spread: Spread,
    shots: int,
    rng: np.random.Generator,
) -> float:
    """Return the accuracy for one draw of the examples."""
    order = rng.permutation(len(places))
    # The rank of a drawing among those of its letter, in the order drawn.
    sorted_by_letter = order[np.argsort(places[order], kind="stable")]
    starts = np.searchsorted(places[sorted_by_letter], np.arange(len(names)))
    rank = np.arange(len(places)) - starts[places[sorted_by_letter]]
    taught, asked = sorted_by_letter[rank < shots], sorted_by_letter[rank >= shots]
    head = fit_head(vectors[taught], [names[i] for i in places[taught]], spread)
    best = head.scores(vectors[asked])[:, :-1].argmax(axis=1)
    return float((best == places[asked]).mean())
