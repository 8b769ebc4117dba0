"""Galleries of known hands, and documents by them and by strangers: how it is decided whether a hand is any of many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.hands.training.pair_scores import logistic_regression
from duktus.models.likelihood import LN10, Likelihood, OpenSet, joint_amount, leaders

SIZES = (2, 5, 10, 20, 50, 100, 300)
"""Hands of a gallery; where there are fewer writers, half of them."""

DRAWS = 30
"""Galleries of each size that are drawn."""

FALSE_ALARMS = 0.01
"""Share of strangers that reach the odds from which on a hand is named."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Two documents each of writers that were not fitted to, row by row.

    ``vectors`` are (n, d) of the first and of the second ones, ``amounts`` (n,) their writing, ``writers`` (n,).
    """

    vectors: tuple[NDArray[np.float32], NDArray[np.float32]]
    amounts: tuple[NDArray[np.float64], NDArray[np.float64]]
    writers: NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class _Answers:
    """To each queried document: the measures (n, 4), whether the best hand is its writer's, and whether he is known."""

    measures: NDArray[np.float64]
    right: NDArray[np.bool_]
    known: NDArray[np.bool_]


def fit_open_set(folds: list[HeldOut], likelihood: Likelihood, rng: np.random.Generator) -> OpenSet | None:
    """Fit the odds that a document is in any of the known hands, on galleries drawn from held-out writers.

    Args:
        folds: documents, each fold's by the embedding that was fitted without its writers.
        likelihood: of the encoder, calibrated.
        rng: draws the galleries.

    Returns:
        None where there are too few writers for known and unknown ones.
    """
    drawn = [_ask(fold, likelihood, size, rng) for fold in folds for size in _sizes(fold) for _ in range(DRAWS)]
    if not drawn:
        return None
    measures, right, known = (
        np.concatenate([getattr(each, name) for each in drawn]) for name in ("measures", "right", "known")
    )
    kinds = np.where(known, known.sum(), (~known).sum())
    weights = logistic_regression(measures, right, 1 / kinds)
    weights[1:3], weights[3] = np.maximum(weights[1:3], 0), min(weights[3], 0)  # more likeness never speaks against
    bias, best, lead, size = (float(each) for each in weights)
    sure = float(np.quantile((measures @ weights)[~known], 1 - FALSE_ALARMS)) / LN10
    return OpenSet(bias, best, lead, size, max(sure, 0.0), int(known.sum()), int((~known).sum()))


def _sizes(fold: HeldOut) -> list[int]:
    count = len(np.unique(fold.writers))
    return sorted({min(size, count // 2) for size in SIZES} - {0})


def _ask(fold: HeldOut, likelihood: Likelihood, size: int, rng: np.random.Generator) -> _Answers:
    """Enrol one document each of so many writers, and ask one of each known and of as many unknown ones.

    Each set's writers are as likely to be drawn as another's, however many they are.
    """
    writers = np.unique(fold.writers)
    sets = np.array([writer.split("/", 1)[0] for writer in writers])
    shares = 1 / np.unique(sets, return_counts=True)[1][np.unique(sets, return_inverse=True)[1]]
    writers = rng.choice(writers, len(writers), replace=False, p=shares / shares.sum())
    known, unknown = writers[:size], writers[size : 2 * size]
    enrolled = np.array([rng.choice(np.flatnonzero(fold.writers == writer)) for writer in known])
    asked = np.array([rng.choice(np.flatnonzero(fold.writers == writer)) for writer in (*known, *unknown)])
    likeness = fold.vectors[1][asked].astype(np.float64) @ fold.vectors[0][enrolled].T
    amounts = joint_amount(fold.amounts[1][asked][:, None], fold.amounts[0][enrolled])
    ratios = likelihood.log10_ratio(likeness, amounts)
    best, lead = leaders(ratios)
    right = known[ratios.argmax(axis=1)] == fold.writers[asked]
    measures = np.stack([np.ones(len(asked)), best * LN10, lead * LN10, np.full(len(asked), np.log(size))], axis=1)
    return _Answers(measures, right, np.isin(fold.writers[asked], known))
