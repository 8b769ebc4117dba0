"""Known hands, and which of them wrote a document, if any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from duktus.models.likelihood import Likelihood, joint_amount
from duktus.types import Match

Vector = NDArray[np.float32]

LN10 = float(np.log(10))

KNOWN = 0.5
"""Prior probability that a document is in one of the known hands; each of them is as likely as another."""

SURE = 0.5
"""A hand is named where its probability is above this."""

RIVAL = 0.1
"""A second hand is named beside the first from this share of the first's probability on."""


@dataclass(frozen=True, eq=False)
class Known:
    """The known hands: ``labels`` (k,), ``vectors`` (k, d) of length 1, ``amounts`` (k,) of writing behind each."""

    labels: tuple[str, ...]
    vectors: Vector
    amounts: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: Vector, amounts: NDArray[np.floating], labels: Sequence[str]) -> Self:
        """Join documents (n,) of the same label: their mean by the amount of writing."""
        names, places = np.unique(np.array(labels, object).astype(str), return_inverse=True)
        sums = np.zeros((len(names), vectors.shape[1]))
        np.add.at(sums, places, vectors * np.asarray(amounts)[:, None])
        lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        totals = np.bincount(places, amounts, len(names)).astype(np.float64)
        return cls(tuple(names.tolist()), (sums / lengths).astype(np.float32), totals)


@dataclass(frozen=True)
class Choice:
    """The best matches, the log10 ratio of the first without bounds, and why none is named; empty where one is."""

    matches: tuple[Match, ...]
    best: float
    reason: str


def choose(vector: Vector, ink: float, known: Known, likelihood: Likelihood, top: int) -> Choice:
    """Hold a document against known hands, by Bayes' rule with "none of them" as one more answer.

    Args:
        vector: (d,) the document's.
        ink: how much writing it is.
        known: the hands.
        likelihood: what a likeness says.
        top: how many matches to return.
    """
    scores = known.vectors @ vector
    ratios = likelihood.log10_ratio(scores, joint_amount(ink, known.amounts))
    order = np.argsort(-ratios, kind="stable")
    bounded = likelihood.bounded(ratios)
    matches = tuple(
        Match(known.labels[i], float(scores[i]), float(bounded[i]), rank) for rank, i in enumerate(order[:top], 1)
    )
    return Choice(matches, float(ratios[order[0]]), _reason(ratios[order], [known.labels[i] for i in order[:2]]))


def log_odds(ratios: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the log10 odds that the likeliest of k hands wrote a document, against all others and none of them.

    A hand is named where they are above those of ``SURE``: above 0.

    Args:
        ratios: (..., k) log10 likelihood ratios of a document and each hand, without bounds, k ≥ 1.
    """
    evidence = _evidence(ratios)
    likeliest = 1 + evidence[..., 1:].argmax(axis=-1, keepdims=True)
    others = evidence.copy()
    np.put_along_axis(others, likeliest, -np.inf, axis=-1)
    against = np.logaddexp.reduce(others, axis=-1)
    return np.asarray((np.take_along_axis(evidence, likeliest, axis=-1)[..., 0] - against) / LN10)


def _evidence(ratios: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the natural logarithms of prior times likelihood, up to one constant: of none of the hands, then each."""
    count = ratios.shape[-1]
    known = np.asarray(ratios, np.float64) * LN10 + np.log(KNOWN / count)
    return np.concatenate((np.full((*ratios.shape[:-1], 1), np.log(1 - KNOWN)), known), axis=-1)


def _reason(ratios: NDArray[np.float64], labels: list[str]) -> str:
    """Return why the first hand is not named, given all hands' log10 ratios, the greatest first; empty where it is."""
    evidence = _evidence(ratios)
    shares = np.exp(evidence - evidence.max())
    shares /= shares.sum()
    if shares[1] > SURE:
        return ""
    if shares[0] < SURE and len(labels) > 1 and shares[2] > RIVAL * shares[1]:
        return f"unsure: {labels[0]} or {labels[1]}"
    return "none of the known hands"
