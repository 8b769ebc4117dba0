"""Is it any of the known hands? Known writers are to be accepted and named, unknown ones refused.

In each draw half of the writers are known, one sample of each enrolled, and the others are not. Samples of the known
writers' other pages and all samples of the unknown writers are asked; the best score in the gallery decides whether an
answer is accepted. Figures are the field's: the detection and identification rate at a false alarm rate (Grother,
Micheals & Phillips 2003), and the area under the ROC curve of known against unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.evaluation.clusters import TIMES, bootstrap_writers
from duktus.evaluation.intervals import Estimate
from duktus.evaluation.levels import count_levels, roc_area
from duktus.evaluation.retrieval import DRAWS, Matrix, checked, draw_enrolled
from duktus.types import DataError

FALSE_ALARMS = (0.01, 0.05, 0.1)
"""Shares of unknown hands accepted at which the detection and identification rate is told."""


@dataclass(frozen=True)
class Detection:
    """What is found where so many unknown hands pass; answers above ``threshold``, taken from these very answers, do.

    ``rate`` is the share of known hands that are accepted and named right.
    """

    false_alarms: float
    threshold: float
    rate: Estimate


@dataclass(frozen=True)
class AtThreshold:
    """What a threshold chosen elsewhere does.

    ``found`` is the share of known hands accepted and named right, ``misnamed`` accepted and named wrong (the rest is
    refused), ``false_alarms`` the share of unknown hands accepted.
    """

    threshold: float
    found: Estimate
    misnamed: Estimate
    false_alarms: Estimate


@dataclass(frozen=True)
class OpenSet:
    """Answers where the writer may be unknown; ``at`` is None where no threshold was given.

    ``known`` and ``unknown`` count the writers on either side in a draw. The gallery then has ``known`` writers.
    """

    auroc: Estimate
    detections: tuple[Detection, ...]
    at: AtThreshold | None
    known: int
    unknown: int
    draws: int


@dataclass(frozen=True, eq=False)
class _Answers:
    """All answers of all draws, the surest first.

    (m,) each: the best score, whether the writer is known, whether named right, who was asked, by which sample.
    """

    best: NDArray[np.float64]
    known: NDArray[np.bool_]
    right: NDArray[np.bool_]
    who: NDArray[np.intp]
    samples: NDArray[np.intp]

    def count(self, known: bool) -> int:
        """How many different samples were asked of known or unknown writers."""
        return len(set(self.samples[self.known == known].tolist()))


def open_set(
    scores: Matrix,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    threshold: float | None = None,
    draws: int = DRAWS,
    times: int = TIMES,
) -> OpenSet:
    """Measure how known hands are told from unknown ones.

    Args:
        scores: (n, n), more = more alike.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        rng: draws who is known and enrolled, and the resamples of the intervals.
        threshold: a score from which answers are accepted, chosen on other writers.
        draws: how often writers are divided; the figures are over all.
        times: resamples behind an interval.

    Raises:
        DataError: the sizes do not fit, or there are not two writers of two pages and a third.
    """
    who, where = checked(scores, writers, pages)
    count = int(who.max()) + 1
    known = count // 2
    answers = _ask(scores, who, where, rng, draws)
    if known < 1 or not answers.known.any() or answers.known.all():
        raise DataError(f"expected known and unknown writers to ask, received {count} writers; add writers or pages")
    level = count_levels(answers.best)

    def area(drawn: NDArray[np.int64]) -> float:
        weights = drawn[answers.who]
        return roc_area(level.sums(weights * answers.known), level.sums(weights * ~answers.known))

    n = answers.count(known=True)
    asked = len(set(answers.samples.tolist()))
    auroc = bootstrap_writers(area, count, n=asked, rng=rng, times=times)
    detections = tuple(_detection(answers, share, count, n, rng, times) for share in FALSE_ALARMS)
    at = None if threshold is None else _at(answers, threshold, count, rng, times)
    return OpenSet(auroc, detections, at, known, count - known, draws)


def _ask(
    scores: Matrix, who: NDArray[np.intp], where: NDArray[np.intp], rng: np.random.Generator, draws: int
) -> _Answers:
    """The answers of all draws; writers of one page alone are asked only when they are unknown."""
    count = int(who.max()) + 1
    parts = []
    for _ in range(draws):
        known = np.zeros(count, bool)
        known[rng.permutation(count)[: count // 2]] = True
        enrolled = draw_enrolled(who, rng)
        queries = np.flatnonzero(~known[who] | (where != where[enrolled[who]]))
        gallery = np.flatnonzero(known)
        against = np.asarray(scores[np.ix_(queries, enrolled[gallery])], np.float64)
        best = against.argmax(axis=1)
        named = gallery[best] == who[queries]
        parts.append((against[np.arange(len(queries)), best], known[who[queries]], named, who[queries], queries))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    surest = np.argsort(-columns[0], kind="stable")
    return _Answers(*(column[surest] for column in columns))


def _detection(answers: _Answers, share: float, count: int, n: int, rng: np.random.Generator, times: int) -> Detection:
    """The rate at a false alarm rate; each resample has its own threshold, as the threshold is of these answers."""

    def rate(drawn: NDArray[np.int64]) -> float:
        weights = drawn[answers.who]
        known = weights * answers.known
        unknown = weights * ~answers.known
        if not known.any() or not unknown.any():
            return float("nan")
        passed = answers.right & (answers.best > _limit(answers.best, unknown, share))
        return float((known * passed).sum() / known.sum())

    limit = _limit(answers.best, (~answers.known).astype(np.int64), share)
    return Detection(share, limit, bootstrap_writers(rate, count, n=n, rng=rng, times=times))


def _limit(best: NDArray[np.float64], weights: NDArray[np.int64], share: float) -> float:
    """The lowest score, of falling ones, that no more than a share (below 1) of the weights lies above."""
    passed = weights.cumsum()
    return float(best[np.searchsorted(passed, share * passed[-1] + 1e-9, side="right")])


def _at(answers: _Answers, threshold: float, count: int, rng: np.random.Generator, times: int) -> AtThreshold:
    accepted = answers.best >= threshold

    def share(of: NDArray[np.bool_], among: NDArray[np.bool_], known: bool) -> Estimate:
        def statistic(drawn: NDArray[np.int64]) -> float:
            weights = drawn[answers.who] * among
            return float((weights * of).sum() / weights.sum()) if weights.any() else float("nan")

        return bootstrap_writers(statistic, count, n=answers.count(known), rng=rng, times=times)

    return AtThreshold(
        threshold,
        found=share(accepted & answers.right, answers.known, known=True),
        misnamed=share(accepted & ~answers.right, answers.known, known=True),
        false_alarms=share(accepted, ~answers.known, known=False),
    )
