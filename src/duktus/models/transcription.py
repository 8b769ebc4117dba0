"""How far a line's text can be believed: one calibrated probability that all of it is right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.models.ranges import check_ranges

LEAST_DOUBT = 1e-6
"""Probabilities are taken to be no nearer to 0 and 1 than this."""


@dataclass(frozen=True)
class LineCalibration:
    """Logistic calibration of a line's probability (Platt 1999), and which probability is enough.

    The logit of the confidence is ``bias + whole * logit(P) + least * logit(p) - left * share``: P is the probability
    of the text by the network's scores, p that of its least certain character, ``share`` of the ink is left over.
    ``threshold`` is the least confidence that is accepted; ``accept`` the share of lines that are, and ``wrong`` the
    share of these that are not right, on the ``n`` lines of ``split``. ``language`` is the weight of the n-gram of the
    model's file where it is requested, ``bonus`` what each character of a text is given beside it.
    """

    bias: float = 0.0
    whole: float = 1.0
    least: float = 0.0
    left: float = 0.0
    threshold: float = 0.5
    accept: float | None = None
    wrong: float | None = None
    split: str = "not calibrated"
    n: int = 0
    language: float = 0.0
    bonus: float = 0.0

    def __post_init__(self) -> None:
        """Raises ModelError where a value is out of its range."""
        check_ranges(self, "transcription")

    def confidence(
        self, whole: NDArray[np.float64], least: NDArray[np.float64], left: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the probability that each text is right, (n,), from (n,) each."""
        score = self.bias + self.whole * logit(whole) + self.least * logit(least) - self.left * left
        return np.asarray(1 / (1 + np.exp(-np.clip(score, -50, 50))))


def logit(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log-odds of probabilities, bounded."""
    bounded = np.clip(shares, LEAST_DOUBT, 1 - LEAST_DOUBT)
    return np.asarray(np.log(bounded / (1 - bounded)))
