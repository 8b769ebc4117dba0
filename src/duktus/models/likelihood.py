"""The similarity of two documents as a likelihood ratio: how much more probable it is of one hand than of two."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.types import ModelError

LN10 = math.log(10)

Measure: TypeAlias = Literal["likeness", "closeness"]
"""What a ratio is linear in: a cosine, or minus the logarithm of what it lacks to 1, which has no greatest value."""

UNSEEN = 0.02
"""What a cosine lacks to 1 at the least, for the closeness: two pages of one hand are never the same."""


@dataclass(frozen=True)
class OpenSet:
    """Is a document in any of k known hands? By logistic regression on galleries of known and unknown hands.

    Which hand is the most likely, and whether it is any of them, are two questions. For the second, the ratio of the
    best hand against two writers is not enough: among many hands a stranger's best is better than among few (as the
    cohorts of speaker recognition: Auckenthaler et al., Digital Signal Processing 10, 2000).

    Args:
        bias: the natural logarithm of the odds in a gallery of one hand, at ratios of 1 and even prior odds.
        best: its growth with the logarithm of the best hand's ratio.
        lead: its growth with the logarithm of the best hand's ratio over the second's, or over 1 where that is less.
        size: its growth with the logarithm of the number of hands, at most 0.
        sure: log10 odds from which on a hand is named, at even prior odds: of strangers, one in a hundred reaches them.
        known: documents of known hands by which it was fitted.
        unknown: documents of strangers.
    """

    bias: float
    best: float
    lead: float
    size: float
    sure: float
    known: int
    unknown: int

    def log_odds(self, ratios: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the log10 odds that a document is in the best of k hands rather than in none, at even prior odds.

        Args:
            ratios: (..., k) log10 likelihood ratios of the document and each hand, without bounds, k ≥ 1.
        """
        best, lead = leaders(ratios)
        size = self.size * math.log(ratios.shape[-1]) / LN10
        return np.asarray(self.bias / LN10 + self.best * best + self.lead * lead + size)


def leaders(ratios: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the best of (..., k) log10 ratios, and how far it is above the second, and above 0, whichever is less.

    Among few hands the second may be far behind by chance: what speaks for the best then is no more than its ratio.
    """
    values = np.asarray(ratios, np.float64)
    if values.shape[-1] == 1:
        return values[..., 0], values[..., 0]
    second, best = np.moveaxis(np.partition(values, -2, axis=-1)[..., -2:], -1, 0)
    return best, np.minimum(best - second, best)


@dataclass(frozen=True)
class Likelihood:
    """The calibration of an encoder of hands, by logistic regression with the amount of writing as a second measure.

    The more is written, the more a likeness says (as with the length of speech: Mandasari et al., "Quality measure
    functions for calibration of speaker recognition systems", IEEE Trans. ASLP 21, 2013).

    Args:
        bias: the natural logarithm of the ratio, at a likeness of 0 and an amount of 1.
        slope: its growth with the likeness.
        amount_bias: its growth with the logarithm of the amount.
        amount_slope: the growth of ``slope`` with the logarithm of the amount.
        least_amount: with less writing than this, in text heights of contour, nothing is said.
        most_amount: more writing than this counts as so much: beyond it no comparison was seen.
        same: comparisons of one writer's documents by which it was fitted, each writer counted once.
        different: comparisons of different writers', each pair of writers counted once.
        split: on whom it was fitted.
        measure: of how alike two documents are, which ``slope`` is the growth with.
        open_set: how it is decided whether a document is in any of many hands; None before format 8.
    """

    bias: float
    slope: float
    amount_bias: float
    amount_slope: float
    least_amount: float
    most_amount: float
    same: int
    different: int
    split: str
    measure: Measure = "likeness"
    open_set: OpenSet | None = None

    def __post_init__(self) -> None:
        """Raises ModelError where no comparison stands behind it, or none of any length."""
        if not self.most_amount >= 1:
            raise ModelError(f"field likelihood.most_amount: expected 1 or more, received {self.most_amount}")
        if self.same < 1 or self.different < 1:
            received = f"{self.same} and {self.different}"
            raise ModelError(f"field likelihood: expected comparisons of one and of two writers, received {received}")

    @property
    def bounds(self) -> tuple[float, float]:
        """The log10 ratios beyond which nothing is said: no more than one in as many as were compared.

        A writer counts once, and a pair of writers once, however many documents of theirs were compared: two documents
        of a pair say what two others of it say. Pairs that share a writer are not independent either, so that the upper
        bound is the most that may be claimed and not a cautious one.

        A ratio over the number of comparisons would rest on the tail of a fitted curve, where nothing was seen
        (compare Vergeer et al., "Numerical likelihood ratios outputted by LR systems are often based on extrapolation",
        Science & Justice 56, 2016).
        """
        return -math.log10(self.same + 1), math.log10(self.different + 1)

    @property
    def reach(self) -> str:
        """Why no ratio goes beyond ``bounds``, in a sentence."""
        low, high = self.bounds
        return (
            f"No log10 ratio below {low:+.1f} or above {high:+.1f} is reported: calibrated on {self.same} writers, "
            f"each compared with themselves, and {self.different} pairs of writers, and what none of so many showed "
            "may still happen once in as many."
        )

    def log10_ratio(self, likeness: NDArray[np.floating], amount: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """Return the log10 likelihood ratio that one hand wrote both documents against two hands, without bounds.

        Args:
            likeness: cosines of the two documents' vectors.
            amount: of both documents together (``joint_amount``).
        """
        grown = np.log(np.clip(np.asarray(amount, np.float64), 1.0, self.most_amount))
        slope = np.maximum(self.slope + self.amount_slope * grown, 0)  # a greater likeness never speaks against
        measured = likeness if self.measure == "likeness" else closeness(likeness)
        return np.asarray((self.bias + self.amount_bias * grown + slope * measured) / LN10)

    def bounded(
        self, ratios: NDArray[np.floating], amount: NDArray[np.floating] | float | None = None
    ) -> NDArray[np.float64]:
        """Return log10 ratios within ``bounds``, which less writing does not reach where closeness is measured.

        Args:
            ratios: log10 likelihood ratios.
            amount: of both documents together; as much as bears the bounds if not given.
        """
        low, high = self.bounds
        share = np.ones(())
        if amount is not None and self.measure == "closeness":
            share = np.log(np.clip(amount, 1.0, self.most_amount)) / np.log(max(self.most_amount, 2.0))
        return np.asarray(np.clip(ratios, low * share, high * share))


def closeness(likeness: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return minus the natural logarithm of what cosines lack to 1."""
    return -np.log(1 + UNSEEN - np.minimum(np.asarray(likeness, np.float64), 1.0))


def joint_amount(first: NDArray[np.floating] | float, second: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """Return how much writing a comparison of two amounts rests on: the less of them counts most.

    The noise of a comparison is that of either document added up, and each falls as its amount grows.
    """
    return np.asarray(2 / (1 / np.maximum(first, 1e-3) + 1 / np.maximum(second, 1e-3)))
