"""The open set: known writers are to be accepted and named right, unknown ones refused.

In each draw half of the writers are known, one sample of each enrolled, and the others are not. Samples of the known
writers' other pages and all samples of the unknown writers are queried; the confidence of the best answer decides
whether it is accepted. Figures are the field's: the detection and identification rate at a false alarm rate (Grother,
Micheals & Phillips 2003), and the area under the ROC curve of known against unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.hands.evaluation.retrieval import DRAWS, Matrix, checked, draw_enrolled
from duktus.reporting.clusters import TIMES, bootstrap_writers, shares_by_writer
from duktus.reporting.error_rates import count_levels, roc_area
from duktus.reporting.intervals import Estimate
from duktus.types import DataError

FALSE_ALARMS = (0.01, 0.05, 0.1)
"""False alarm rates at which the detection and identification rate is reported."""

POINTS = 30
"""Thresholds of a curve for either kind of answers."""


@dataclass(frozen=True)
class Detection:
    """The detection and identification rate at a false alarm rate; ``threshold`` is taken from these very answers.

    ``rate`` is the share of known hands that are accepted and named right.
    """

    false_alarms: float
    threshold: float
    rate: Estimate


@dataclass(frozen=True)
class AtThreshold:
    """What accepting the answers from a confidence threshold on does.

    ``found`` is the share of known hands accepted and named right, ``misnamed`` accepted and named wrong (the rest is
    refused), ``false_alarms`` the share of unknown hands accepted.
    """

    threshold: float
    found: Estimate
    misnamed: Estimate
    false_alarms: Estimate

    @property
    def refused(self) -> Estimate:
        """The share of unknown hands that are refused."""
        passed = self.false_alarms
        return Estimate(1 - passed.value, 1 - passed.high, 1 - passed.low, passed.n)


@dataclass(frozen=True)
class OpenSet:
    """Answers where the writer may be unknown; ``at`` is None where no decision was given.

    ``known`` and ``unknown`` count the writers on either side in a draw. The gallery then has ``known`` writers.
    ``curve`` goes through the thresholds, the lowest first. ``draws`` is 0 where a given gallery was queried.
    """

    auroc: Estimate
    detections: tuple[Detection, ...]
    at: AtThreshold | None
    curve: tuple[AtThreshold, ...]
    known: int
    unknown: int
    draws: int


Confidence: TypeAlias = Callable[[Matrix], NDArray[np.floating[Any]]]
"""Gives for (m, k) scores of queries and enrolled hands the confidence of each best answer, (m,)."""


def best_score(scores: Matrix) -> NDArray[np.floating[Any]]:
    """Return the best of (m, k) scores for each query, (m,)."""
    return np.asarray(scores.max(axis=1))


@dataclass(frozen=True)
class Decision:
    """Which answers are accepted: those with at least a threshold's confidence.

    Args:
        confidence: of the best answers.
        threshold: of it, chosen on other writers; None reports no threshold.
        allowing: instead, take the threshold at which no more than this share of the unknown hands is accepted: to
            compare two ways of scoring at the same false alarm rate.
    """

    confidence: Confidence = best_score
    threshold: float | None = None
    allowing: float | None = None


UNDECIDED = Decision()


@dataclass(frozen=True, eq=False)
class Answers:
    """The best answers to all queries, the most confident first.

    (m,) each: its confidence, whether the writer is known, whether named right, the queried writer and sample.
    """

    sure: NDArray[np.float64]
    known: NDArray[np.bool_]
    right: NDArray[np.bool_]
    who: NDArray[np.intp]
    samples: NDArray[np.intp]

    @classmethod
    def of(cls, columns: Sequence[NDArray[Any]]) -> Self:
        """Return answers that come in any order."""
        surest = np.argsort(-np.asarray(columns[0], np.float64), kind="stable")
        return cls(*(column[surest] for column in columns))

    @property
    def both(self) -> bool:
        """Whether known and unknown writers were queried."""
        return bool(self.known.any() and not self.known.all())

    def count(self, known: bool) -> int:
        """How many different samples of known or unknown writers were queried."""
        return len(set(self.samples[self.known == known].tolist()))


def open_set(
    scores: Matrix,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    decision: Decision = UNDECIDED,
    draws: int = DRAWS,
    times: int = TIMES,
) -> OpenSet:
    """Measure how well known hands are separated from unknown ones.

    Args:
        scores: (n, n), more = more similar.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        rng: draws who is known and enrolled, and the resamples of the intervals.
        decision: which answers are accepted.
        draws: how often writers are divided; the figures are over all.
        times: resamples behind an interval.

    Raises:
        DataError: the sizes do not fit, or there are not two writers of two pages and a third.
    """
    who, where = checked(scores, writers, pages)
    count = int(who.max()) + 1
    answers = _ask(scores, who, where, rng, draws, decision.confidence)
    if not answers.both:
        raise DataError(f"expected known and unknown writers to query, received {count} writers; add writers or pages")
    known = count // 2
    return judge(answers, (known, count - known), draws, rng=rng, decision=decision, times=times)


def judge(
    answers: Answers,
    sides: tuple[int, int],
    draws: int,
    *,
    rng: np.random.Generator,
    decision: Decision = UNDECIDED,
    times: int = TIMES,
) -> OpenSet:
    """Measure answers that were given; figures about known or unknown writers of whom there are none are NaN.

    Args:
        answers: of all draws.
        sides: known and unknown writers in a draw.
        draws: how often writers were divided; 0 where they were not.
        rng: draws the resamples of the intervals.
        decision: which answers are accepted.
        times: resamples behind an interval.
    """
    count = int(answers.who.max()) + 1
    level = count_levels(answers.sure)

    def area(drawn: NDArray[np.int64]) -> float:
        weights = drawn[answers.who]
        return roc_area(level.sums(weights * answers.known), level.sums(weights * ~answers.known))

    n, asked = answers.count(known=True), len(set(answers.samples.tolist()))
    auroc = bootstrap_writers(area, count, n=asked, rng=rng, times=times)
    shares = FALSE_ALARMS if answers.both else ()
    detections = tuple(_detection(answers, share, count, n, rng, times) for share in shares)
    threshold = _threshold(answers, decision)
    at = None if threshold is None else _at(answers, [threshold], rng, times)[0]
    curve = _at(answers, _thresholds(answers), rng, times)
    return OpenSet(auroc, detections, at, curve, *sides, draws)


def _ask(
    scores: Matrix,
    who: NDArray[np.intp],
    where: NDArray[np.intp],
    rng: np.random.Generator,
    draws: int,
    confidence: Confidence,
) -> Answers:
    """The answers of all draws; writers of one page alone are queried only when they are unknown."""
    count = int(who.max()) + 1
    parts = []
    for _ in range(draws):
        known = np.zeros(count, bool)
        known[rng.permutation(count)[: count // 2]] = True
        enrolled = draw_enrolled(who, rng)
        queries = np.flatnonzero(~known[who] | (where != where[enrolled[who]]))
        gallery = np.flatnonzero(known)
        against = np.asarray(scores[np.ix_(queries, enrolled[gallery])], np.float64)
        named = gallery[against.argmax(axis=1)] == who[queries]
        parts.append((confidence(against), known[who[queries]], named, who[queries], queries))
    return Answers.of([np.concatenate(column) for column in zip(*parts, strict=True)])


def _detection(answers: Answers, share: float, count: int, n: int, rng: np.random.Generator, times: int) -> Detection:
    """The rate at a false alarm rate; each resample has its own threshold, as the threshold is of these answers."""

    def rate(drawn: NDArray[np.int64]) -> float:
        weights = drawn[answers.who]
        known = weights * answers.known
        unknown = weights * ~answers.known
        if not known.any() or not unknown.any():
            return float("nan")
        passed = answers.right & (answers.sure > _limit(answers.sure, unknown, share))
        return float((known * passed).sum() / known.sum())

    limit = _limit(answers.sure, (~answers.known).astype(np.int64), share)
    return Detection(share, limit, bootstrap_writers(rate, count, n=n, rng=rng, times=times))


def _limit(sure: NDArray[np.float64], weights: NDArray[np.int64], share: float) -> float:
    """The lowest, of falling numbers, that no more than a share of the weights lies above."""
    passed = weights.cumsum()
    place = np.searchsorted(passed, share * passed[-1] + 1e-9, side="right")
    return float(sure[place]) if place < len(sure) else -np.inf


def _threshold(answers: Answers, decision: Decision) -> float | None:
    """The threshold of a decision, from which on answers are accepted."""
    if decision.allowing is None or answers.known.all():
        return decision.threshold
    above = _limit(answers.sure, (~answers.known).astype(np.int64), decision.allowing)
    return float(np.nextafter(above, np.inf))


def _thresholds(answers: Answers) -> list[float]:
    """Thresholds of a curve, rising: as many known as unknown answers lie between each two, as far as there are any."""
    steps = np.linspace(0, 1, POINTS)
    kinds = [answers.sure[answers.known == known] for known in (False, True)]
    return [float(each) for each in np.unique([np.quantile(kind, steps) for kind in kinds if len(kind)])]


def _at(answers: Answers, thresholds: Sequence[float], rng: np.random.Generator, times: int) -> tuple[AtThreshold, ...]:
    """What each threshold does."""
    accepted = [answers.sure >= threshold for threshold in thresholds]

    def shares(of: Sequence[NDArray[np.bool_]], known: bool) -> tuple[Estimate, ...]:
        kind = answers.known == known
        asked = np.bincount(answers.who, kind)
        sums = np.stack([np.bincount(answers.who, kind & each, len(asked)) for each in of], axis=1)
        return shares_by_writer(sums, asked, n=answers.count(known), rng=rng, times=times)

    found = shares([each & answers.right for each in accepted], known=True)
    misnamed = shares([each & ~answers.right for each in accepted], known=True)
    passed = shares(accepted, known=False)
    return tuple(AtThreshold(*each) for each in zip(thresholds, found, misnamed, passed, strict=True))
