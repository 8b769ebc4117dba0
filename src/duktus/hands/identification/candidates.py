"""Known hands, and which of them wrote a document, if any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from duktus.models.likelihood import Likelihood, joint_amount, leaders
from duktus.types import Match

Vector = NDArray[np.float32]

LN10 = float(np.log(10))

PRIOR = 0.5
"""Prior probability that a document is in one of the known hands; each of them is as likely as another."""

RIVAL = 0.1
"""A second hand is named beside the first from this share of the first's probability on."""

TWINS = 0.5
"""From this share on the first is not named at all, however sure it is that it is one of them."""

NONE = "none of the known hands"


@dataclass(frozen=True, eq=False)
class Known:
    """The known hands: ``labels`` (k,), ``vectors`` (k, d) of length 1, ``amounts`` (k,) of writing behind each.

    ``pages`` says of each enrolled page's or document's hash under which label it is there.
    """

    labels: tuple[str, ...]
    vectors: Vector
    amounts: NDArray[np.float64]
    pages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        vectors: Vector,
        amounts: NDArray[np.floating],
        labels: Sequence[str],
        pages: Mapping[str, str] | None = None,
    ) -> Self:
        """Join documents (n,) of the same label: their mean by the amount of writing."""
        names, places = np.unique(np.array(labels, object).astype(str), return_inverse=True)
        sums = np.zeros((len(names), vectors.shape[1]))
        np.add.at(sums, places, vectors * np.asarray(amounts)[:, None])
        lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        totals = np.bincount(places, amounts, len(names)).astype(np.float64)
        return cls(tuple(names.tolist()), (sums / lengths).astype(np.float32), totals, pages or {})

    def enrolled(self, contents: Sequence[str]) -> str | None:
        """Return the one label under which some of a document's pages are enrolled, by their hashes; None without."""
        found = {self.pages[content] for content in contents if content in self.pages}
        return found.pop() if len(found) == 1 else None


def put_first(matches: tuple[Match, ...], label: str) -> tuple[Match, ...]:
    """Return matches with a label's before the others, ranked anew."""
    order = sorted(matches, key=lambda match: match.label != label)
    return tuple(replace(match, rank=rank) for rank, match in enumerate(order, 1))


@dataclass(frozen=True)
class Choice:
    """The best matches, the log10 ratio of the first without bounds, and why none is named; empty where one is."""

    matches: tuple[Match, ...]
    best: float
    reason: str


def choose(vector: Vector, ink: float, known: Known, likelihood: Likelihood, top: int, prior: float = PRIOR) -> Choice:
    """Hold a document against known hands, with "none of them" as one more answer.

    There are three answers: a hand, where its odds against all else are beyond those that one stranger in a hundred
    reaches; probably a hand, where it is more likely than all else together; or none of them.

    Args:
        vector: (d,) the document's.
        ink: how much writing it is.
        known: the hands.
        likelihood: what a likeness says.
        top: how many matches to return.
        prior: the probability, before it is looked at, that the document is in one of the hands.
    """
    scores = known.vectors @ vector
    ratios = likelihood.log10_ratio(scores, joint_amount(ink, known.amounts))
    order = np.argsort(-ratios, kind="stable")
    bounded = likelihood.bounded(ratios, joint_amount(ink, known.amounts))
    matches = tuple(
        Match(known.labels[i], float(scores[i]), float(bounded[i]), rank) for rank, i in enumerate(order[:top], 1)
    )
    labels = [known.labels[i] for i in order[:2]]
    return Choice(matches, float(ratios[order[0]]), _reason(ratios[order], labels, likelihood, prior))


def log_odds(
    ratios: NDArray[np.floating], likelihood: Likelihood | None = None, prior: float = PRIOR
) -> NDArray[np.float64]:
    """Return the log10 odds that the most probable of k hands wrote a document, against all others and none of them.

    By the calibration on galleries, where the encoder has one, or else by Bayes' rule. A hand is named where they are
    beyond ``named_from``.

    Args:
        ratios: (..., k) log10 likelihood ratios of a document and each hand, without bounds, k ≥ 1.
        likelihood: of the encoder.
        prior: the probability that the document is in one of the hands.
    """
    before = np.log10(prior) - np.log10(1 - prior)
    if likelihood is None or likelihood.open_set is None:
        return _bayes_odds(np.asarray(ratios, np.float64) * LN10, before * LN10) / LN10
    odds = likelihood.open_set.log_odds(ratios) + before
    lead = leaders(ratios)[1]
    has_twin = (lead < -np.log10(TWINS)) & (np.shape(ratios)[-1] > 1)
    return np.asarray(np.where(has_twin, np.minimum(odds, 0.0), odds))


def _bayes_odds(ratios: NDArray[np.float64], before: float) -> NDArray[np.float64]:
    """Return the natural logarithms of the odds by Bayes' rule, each of k hands as likely as another beforehand."""
    values = -np.sort(-ratios, axis=-1) + before - np.log(ratios.shape[-1])
    others = np.concatenate([np.zeros((*values.shape[:-1], 1)), values[..., 1:]], axis=-1)
    return np.asarray(values[..., 0] - np.logaddexp.reduce(others, axis=-1))


def named_from(likelihood: Likelihood) -> float:
    """Return the log10 odds from which on a hand is named."""
    return likelihood.open_set.sure if likelihood.open_set else 0.0


def _reason(ratios: NDArray[np.float64], labels: list[str], likelihood: Likelihood, prior: float) -> str:
    """Return why the first hand is not named, given all hands' log10 ratios, the greatest first; empty where it is."""
    odds = float(log_odds(ratios, likelihood, prior))
    if odds > named_from(likelihood):
        return ""
    if odds > 0:
        return f"probably {labels[0]}: {10 ** min(odds, 6):,.0f} times more likely than not"
    either = float(log_odds(np.delete(ratios, 1), likelihood, prior)) if len(labels) > 1 else odds
    if either > 0 and ratios[1] - ratios[0] > np.log10(RIVAL):
        return f"unsure: {labels[0]} or {labels[1]}"
    return NONE
