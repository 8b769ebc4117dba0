"""Documents compared in pairs, and how their likeness becomes a likelihood ratio."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.models.likelihood import LN10, closeness, joint_amount
from duktus.reporting.intervals import Estimate, wilson

ROUNDS = 50
"""Newton's steps of the logistic regression; some ten are needed."""

RIDGE = 1e-3
"""Penalty on the regression's squared weights: keeps them finite where the writers are separated without error."""


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Pairs of documents: ``likeness`` (n,), joint ``amounts`` (n,), and whether one writer wrote both, ``same`` (n,).

    ``weights`` (n,) count each writer once among the same, and each pair of writers once among the different:
    ``people`` and ``couples`` of them. ``sets`` (n,) name the set of each pair. ``hits`` say of each first document
    whether its writer's second one was the most similar of the second documents, one a writer.
    """

    likeness: NDArray[np.float64]
    amounts: NDArray[np.float64]
    same: NDArray[np.bool_]
    weights: NDArray[np.float64]
    sets: NDArray[np.str_]
    hits: NDArray[np.bool_]
    people: int
    couples: int

    @classmethod
    def join(cls, parts: "list[Comparisons]") -> "Comparisons":
        """Return the comparisons of all parts, in which no writer occurs twice."""
        arrays = ("likeness", "amounts", "same", "weights", "sets", "hits")
        joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
        people, couples = sum(part.people for part in parts), sum(part.couples for part in parts)
        return cls(**joined, people=people, couples=couples)

    def equal_error_rate(self) -> Estimate:
        """Return the rate at which as many pairs of one writer as of two are mistaken, by likeness alone.

        The interval is that of a share among as many as there are writers: their pairs are not independent.
        """
        order = np.argsort(self.likeness)
        missed = np.cumsum(self.weights[order] * self.same[order]) / self.weights[self.same].sum()
        taken = 1 - np.cumsum(self.weights[order] * ~self.same[order]) / self.weights[~self.same].sum()
        place = int(np.argmin(np.abs(missed - taken)))
        rate = float(missed[place] + taken[place]) / 2
        spread = wilson(round(rate * self.people), self.people)
        return Estimate(rate, min(spread.low, rate), max(spread.high, rate), self.people)


def compare_documents(
    vectors: tuple[NDArray[np.float32], NDArray[np.float32]],
    amounts: tuple[NDArray[np.float64], NDArray[np.float64]],
    writers: NDArray[np.str_],
) -> Comparisons:
    """Compare documents: the two of each row with each other, and the firsts with other writers' seconds.

    Different writers are compared within a set alone (what stands before the slash of their names): two sets are told
    apart by more than the hand.

    Args:
        vectors: (n, d) of the first and of the second documents.
        amounts: (n,) of their writing.
        writers: (n,) whose documents the rows are.
    """
    names, places, counts = np.unique(writers, return_inverse=True, return_counts=True)
    sets = np.array([name.split("/", 1)[0] for name in names])[places]
    likeness = vectors[0].astype(np.float64) @ vectors[1].T
    own = np.eye(len(writers), dtype=bool)
    other = (places[:, None] != places) & (sets[:, None] == sets)
    kept = own | other
    pair_weights = 1 / (counts[places][:, None] * counts[places])
    weights = np.where(own, 1 / counts[places], pair_weights / 2)  # a pair of writers is met from either side
    couples = sum(
        int(n * (n - 1) // 2) for n in np.unique([name.split("/", 1)[0] for name in names], return_counts=True)[1]
    )
    return Comparisons(
        likeness[kept],
        joint_amount(amounts[0][:, None], amounts[1])[kept],
        own[kept],
        weights[kept],
        np.broadcast_to(sets[:, None], kept.shape)[kept],
        _hits(likeness, places, sets),
        len(names),
        couples,
    )


def fit_likelihood(held: Comparisons) -> tuple[float, float, float, float]:
    """Return the four weights of a ``Likelihood`` of closeness, with both kinds of pairs of each set counted alike.

    So what comes out is the logarithm of a likelihood ratio and not of the odds (Brümmer and du Preez 2006), and no set
    with many writers says alone what a likeness means.
    """
    grown, measured = np.log(np.maximum(held.amounts, 1.0)), closeness(held.likeness)
    measures = np.stack([np.ones_like(grown), measured, grown, grown * measured], axis=1)
    return tuple(map(float, logistic_regression(measures, held.same, even_weights(held))))  # type: ignore[return-value]  # there are four


def even_weights(held: Comparisons) -> NDArray[np.float64]:
    """Return (n,) weights of pairs by which each set, and in it one writer's and two writers', counts alike."""
    weights = held.weights.astype(np.float64).copy()
    for name in np.unique(held.sets):
        for kind in (False, True):
            chosen = (held.sets == name) & (held.same == kind)
            weights[chosen] /= max(weights[chosen].sum(), 1e-12)
    return weights / len(np.unique(held.sets))


def logistic_regression(
    measures: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the (d,) weights of a logistic regression by Newton's method, with a small penalty on their squares.

    Args:
        measures: (n, d).
        right: (n,) the true answers.
        weights: (n,) of the rows.
    """
    found = np.zeros(measures.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(measures @ found, -50, 50)))
        slope = measures.T @ (weights * (right - chance)) - RIDGE * found
        bend = (measures * (weights * chance * (1 - chance))[:, None]).T @ measures + RIDGE * np.eye(len(found))
        step = np.linalg.solve(bend, slope)
        found += step
        if np.abs(step).max() < 1e-9:
            break
    return found


def cost(ratios: NDArray[np.float64], same: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    """Return Cllr, the cost of log10 likelihood ratios in bits (Brümmer and du Preez 2006): 0 at best, 1 for none."""
    signs = np.where(same, -1.0, 1.0) * ratios * LN10
    costs = np.logaddexp(0, signs) / np.log(2)
    return float(sum(np.average(costs[same == kind], weights=weights[same == kind]) for kind in (False, True)) / 2)


def _hits(likeness: NDArray[np.float64], places: NDArray[np.intp], sets: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Return whether each first document's own is most similar of the n-th second documents of its set's writers."""
    turn = np.zeros(len(places), np.intp)
    for place in np.unique(places):
        turn[places == place] = np.arange((places == place).sum())
    rivals = (turn[:, None] == turn) & (sets[:, None] == sets)
    return np.asarray(np.where(rivals, likeness, -2).argmax(axis=1) == np.arange(len(places)))
