"""Calibration on few examples: what keeps confidences modest where all of them are right."""

import numpy as np
from numpy.typing import NDArray

from duktus.types import Scores

ACCEPTED = 0.99
"""Share of the validation part that a classifier's threshold accepts."""


def add_one_error(scores: Scores, classes: NDArray[np.int64]) -> tuple[Scores, NDArray[np.int64]]:
    """Return scores with one more row, the middling one said to be wrong, and their truth.

    Where few examples are all right, no temperature is too low to explain them; Laplace's rule of succession counts one
    error among one more.
    """
    row, second = middling(scores)
    return np.concatenate([scores, scores[row : row + 1]]), np.append(classes, second)


def middling(scores: Scores) -> tuple[int, int]:
    """Return the row of (n, labels) scores whose best label leads by a middling distance, and its second label."""
    ranked = np.sort(scores, axis=1)
    row = int(np.argsort(ranked[:, -1] - ranked[:, -2], kind="stable")[len(ranked) // 2])
    return row, int(np.argsort(scores[row], kind="stable")[-2])
