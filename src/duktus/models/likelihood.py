"""How alike two documents' hands are, as a likelihood ratio: how much likelier one hand makes it than two."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.types import ModelError

LN10 = math.log(10)


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
            f"No log10 ratio below {low:+.1f} or above {high:+.1f} is told: it was calibrated on {self.same} writers, "
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
        return np.asarray((self.bias + self.amount_bias * grown + slope * likeness) / LN10)

    def bounded(self, ratios: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return log10 ratios within ``bounds``."""
        return np.asarray(np.clip(ratios, *self.bounds))


def joint_amount(first: NDArray[np.floating] | float, second: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """Return how much writing a comparison of two amounts rests on: the less of them counts most.

    The noise of a comparison is that of either document added up, and each falls as its amount grows.
    """
    return np.asarray(2 / (1 / np.maximum(first, 1e-3) + 1 / np.maximum(second, 1e-3)))
