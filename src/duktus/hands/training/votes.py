"""How surely a hand classifier's votes speak: fitted to the lines and pages that it was chosen by."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.votes import agreement, vote, weigh
from duktus.hands.training.lines import PatchData
from duktus.hands.training.settings import HandClassifierRecipe
from duktus.imaging.frames.strip import patch_ink
from duktus.learning.calibration import ACCEPTED, middling
from duktus.models.card import Calibration
from duktus.models.confidence import fit_temperature, fit_threshold, softmax
from duktus.types import Scores

GROWTHS = tuple(np.linspace(0, 1, 21).tolist())
"""Powers of the amount of writing that are tried."""


@dataclass(frozen=True, eq=False)
class Voted:
    """Votes of documents: ``scores`` (n, writers), whose they are, ``truth`` (n,), and how much is written in each."""

    scores: Scores
    truth: NDArray[np.int64]
    amounts: NDArray[np.float64]

    def take(self, rows: NDArray[np.intp]) -> "Voted":
        """Return some of the documents, some perhaps several times."""
        return Voted(self.scores[rows], self.truth[rows], self.amounts[rows])

    def join(self, other: "Voted") -> "Voted":
        """Return the documents of both."""
        return Voted(
            np.concatenate((self.scores, other.scores)),
            np.concatenate((self.truth, other.truth)),
            np.concatenate((self.amounts, other.amounts)),
        )


def calibrate_votes(recipe: HandClassifierRecipe, scores: Scores, data: PatchData) -> Calibration:
    """Fit how surely votes speak, and the threshold, to the lines and the pages of the validation part.

    Args:
        recipe: of a hand classifier, its writers as its labels.
        scores: (n, writers) logits of the validation part's patches.
        data: with the validation part.
    """
    ink = patch_ink(data.validation.frames, recipe.patches.frame(raw=recipe.data.raw))
    lines, pages = (vote_on(scores, data, units, ink) for units in (data.calibrated.lines, data.calibrated.pages))
    growth, temperature = fit_growth(lines, pages)
    found = Calibration(temperature, 0.0, ACCEPTED, "validation, lines and pages", growth, len(pages.truth))
    return replace(found, threshold=fit_threshold(agreement(_alike(lines, pages).scores), ACCEPTED))


def vote_on(scores: Scores, data: PatchData, units: NDArray[np.intp], ink: NDArray[np.float64]) -> Voted:
    """Return the votes of the validation part's lines or pages, by the ``units`` (n,) that its patches come from."""
    of, first, places = np.unique(units, return_index=True, return_inverse=True)
    starts = np.unique(data.calibrated.lines, return_index=True)[1]
    amounts = np.bincount(places[starts], data.calibrated.amounts[starts], len(of))
    return Voted(vote(scores, units, ink).scores, data.validation.classes[first], np.asarray(amounts, np.float64))


def fit_growth(lines: Voted, pages: Voted) -> tuple[float, float]:
    """Return the growth and the temperature under which the writers of lines and pages are most probable.

    Lines and pages count alike, however many there are of either: so it is found by how much a page is surer than a
    line. Of either one document more is said to be wrong: where few are all right, nothing else keeps an answer modest.
    """
    both = _alike(_with_one_error(lines), _with_one_error(pages))
    found = []
    for growth in GROWTHS:
        scores = weigh(both.scores, both.amounts, growth)
        temperature = fit_temperature(scores, both.truth)
        likely = softmax(scores, temperature)[np.arange(len(scores)), both.truth]
        found.append((-float(np.log(np.maximum(likely, 1e-12)).mean()), growth, temperature))
    return min(found)[1:]


def _alike(lines: Voted, pages: Voted) -> Voted:
    """Return lines and pages together, each page so many times that there are about as many of either."""
    times = max(1, round(len(lines.truth) / len(pages.truth)))
    return lines.join(pages.take(np.repeat(np.arange(len(pages.truth)), times)))


def _with_one_error(voted: Voted) -> Voted:
    """Return documents with one more, the middling one said to be another's; as they are where there is one writer."""
    if voted.scores.shape[1] < 2:
        return voted
    row, second = middling(voted.scores)
    again = voted.take(np.array([row]))
    return voted.join(replace(again, truth=np.array([second])))
