"""A classifier's figures, from its scores and the truth.

The path is ``scores -> Judgement -> figures -> Evaluation``. Every share has its 95 % Wilson interval, every curve is
stored as the points that a plot shows, and nothing here draws.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.rejection import OutOfAlphabet, Refusal, measure_out_of_alphabet, measure_refusal
from duktus.models.card import Calibration, Metric
from duktus.models.confidence import Alike, Judgement, judge
from duktus.reporting.calibration import Reliability, reliability
from duktus.reporting.confusion_matrix import Counts, count_confusions
from duktus.reporting.files import without_nan
from duktus.reporting.intervals import Estimate, wilson
from duktus.types import JSON, DataError

NO_CHARACTER = -1
"""The truth of an out-of-alphabet image."""

MOST_MISTAKES = 60
"""Mistakes that are kept for the report, the most confident first."""

ACCEPT = 0.99
"""The share of characters to accept where a card does not say."""

UNCALIBRATED = Calibration(temperature=1.0, threshold=0.0, accept=None, split="none")
"""What a card without calibration comes to: logits as they are, and everything accepted that is a character."""

Truth = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class ClassFigures:
    """How well one label is read; ``precision.n`` counts the answers with it, ``recall.n`` the images that show it."""

    label: str
    precision: Estimate
    recall: Estimate
    f1: float


@dataclass(frozen=True)
class Mistake:
    """A wrong answer: which sample, what it shows (None: no character), what was answered, with which confidence."""

    index: int
    truth: str | None
    answer: str
    confidence: float
    accepted: bool


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All figures of one model on one set of samples.

    Accuracy, ``classes``, ``confusion`` and both reliability curves are about the characters among the samples and
    take the best label of each, as if nothing might be refused. ``decisions`` counts what a reader would answer.
    """

    labels: tuple[str, ...]
    calibration: Calibration
    accuracy: Estimate
    classes: tuple[ClassFigures, ...]
    confusion: Counts
    """(k, k): rows are what is shown, columns the best label."""
    decisions: Counts
    """(k or k + 1, k + 1): the last column counts the refused, the last of k + 1 rows what is no character."""
    reliability: Reliability
    """Over bins of equal width."""
    reliability_by_mass: Reliability
    """Over bins with equally many answers."""
    refusal: Refusal
    out_of_alphabet: OutOfAlphabet | None
    """None where every sample is a character."""
    mistakes: tuple[Mistake, ...]
    """Misread characters, the most confident first."""
    intruders: tuple[Mistake, ...]
    """Accepted out-of-alphabet images, the most confident first."""
    examples: tuple[int | None, ...] = ()
    """(k,) a sample of each label to show it by: the most confident that is read right, else any; None without one."""
    folded: Estimate | None = None
    """Accuracy where labels that look alike count as one; None where no labels do."""

    def to_json(self) -> JSON:
        """Return everything but the pictures as a JSON object; matrices as (shown, answered, count) where not 0."""
        shown, answered = (*self.labels, None), (*self.labels, None)
        return {
            "labels": list(self.labels),
            "calibration": asdict(self.calibration),
            **{name: without_nan(asdict(getattr(self, name))) for name in _FIGURES},
            "foreign": without_nan(asdict(self.out_of_alphabet)) if self.out_of_alphabet else None,
            "classes": [without_nan(asdict(figures)) for figures in self.classes],
            "confusion": _sparse(self.confusion, shown, answered),
            "decisions": _sparse(self.decisions, shown, answered),
            "mistakes": [asdict(mistake) for mistake in self.mistakes],
            "intruders": [asdict(mistake) for mistake in self.intruders],
        }

    def to_metrics(self, split: str) -> tuple[Metric, ...]:
        """Return the head figures as a card lists them, measured on ``split``."""
        figures = {
            "accuracy": self.accuracy,
            **({"accuracy, labels that look alike counted as one": self.folded} if self.folded else {}),
            "expected calibration error": self.reliability.error,
            "characters accepted": self.refusal.accepted,
            "accuracy of the accepted": self.refusal.accuracy,
        }
        if self.out_of_alphabet:
            figures["foreign images accepted"] = self.out_of_alphabet.accepted
        return tuple(Metric(name, f.value, f.low, f.high, f.n, split) for name, f in figures.items() if f.n)


_FIGURES = ("accuracy", "reliability", "reliability_by_mass", "refusal")


def evaluate_scores(
    scores: NDArray[Any],
    truth: Truth,
    labels: Sequence[str],
    other: bool,
    calibration: Calibration | None,
    alike: Alike = (),
) -> Evaluation:
    """Measure a classifier by its scores.

    Args:
        scores: (n, k) logits, or (n, k + 1) with ``other`` last.
        truth: (n,) the label of each sample as its place in ``labels``, or -1 for an image of none of them.
        labels: The k labels, in the order of the outputs.
        other: Whether the network has the output "this is no character".
        calibration: The card's temperature, threshold, and rate of acceptance (0.99 if it records none).
        alike: Groups of labels, by their places, that one shape may show.

    Raises:
        DataError: No sample shows a character, or scores, truth and labels do not fit one another.
        MissingExtraError: scikit-learn is not installed.
    """
    truth = _checked(scores, np.asarray(truth), len(labels) + other, len(labels))
    rng, calibration = np.random.default_rng(0), calibration or UNCALIBRATED
    known = truth != NO_CHARACTER
    judged = judge(scores, len(labels), calibration.temperature, alike)
    characters, others = _part(judged, known), _part(judged, ~known)
    right = characters.best == truth[known]
    shapes = _shapes(len(labels), alike)
    same = shapes[characters.best] == shapes[truth[known]]
    confusion = count_confusions(truth[known], characters.best, len(labels))
    confidence, threshold = characters.confidence, calibration.threshold
    return Evaluation(
        labels=tuple(labels),
        calibration=calibration,
        accuracy=wilson(int(right.sum()), len(right)),
        classes=_per_class(confusion, labels),
        confusion=confusion,
        decisions=_decisions(truth, judged, threshold, len(labels)),
        reliability=reliability(confidence, same, rng=rng),
        reliability_by_mass=reliability(confidence, same, rng=rng, equal_mass=True),
        refusal=measure_refusal(characters, same, threshold),
        out_of_alphabet=None
        if known.all()
        else measure_out_of_alphabet(characters, others, threshold, calibration.accept or ACCEPT),
        mistakes=_worst(np.flatnonzero(known & (judged.best != truth)), judged, truth, labels, threshold),
        intruders=_worst(np.flatnonzero(~known & judged.accepted(threshold)), judged, truth, labels, threshold),
        examples=tuple(typical_sample(judged, truth, place) for place in range(len(labels))),
        folded=wilson(int(same.sum()), len(same)) if alike else None,
    )


def _shapes(labels: int, alike: Alike) -> NDArray[np.intp]:
    """Return which shape each label has: that of the first of its group."""
    shapes = np.arange(labels)
    for group in alike:
        shapes[list(group)] = group[0]
    return shapes


def typical_sample(judged: Judgement, truth: Truth, place: int) -> int | None:
    """Return the most confident sample of a label that is read right, else its first; None without one."""
    shown = np.flatnonzero(truth == place)
    rank = np.where(judged.best[shown] == place, judged.confidence[shown], -1.0)
    return int(shown[rank.argmax()]) if len(shown) else None


def _checked(scores: NDArray[Any], truth: Truth, outputs: int, classes: int) -> Truth:
    if scores.ndim != 2 or scores.shape[1] != outputs or truth.shape != scores.shape[:1]:
        raise DataError(
            f"Expected (n, {outputs}) scores and (n,) truths, got {scores.shape} and {truth.shape}. "
            "Give one truth a row, and the labels of the network that made the scores."
        )
    if truth.size and not NO_CHARACTER <= truth.min() <= truth.max() < classes:
        raise DataError(f"Expected truths from -1 to {classes - 1}, got {truth.min()} to {truth.max()}.")
    if not (truth != NO_CHARACTER).any():
        raise DataError(f"Expected samples that show a label, got none among {len(truth)}. Give labelled characters.")
    return truth


def _part(judged: Judgement, chosen: NDArray[np.bool_]) -> Judgement:
    return Judgement(judged.best[chosen], judged.confidence[chosen], judged.other[chosen])


def _decisions(truth: Truth, judged: Judgement, threshold: float, classes: int) -> Counts:
    shown = np.where(truth == NO_CHARACTER, classes, truth)
    answered = np.where(judged.accepted(threshold), judged.best, classes)
    counts = count_confusions(shown, answered, classes + 1)
    return counts if (truth == NO_CHARACTER).any() else counts[:classes]


def _per_class(confusion: Counts, labels: Sequence[str]) -> tuple[ClassFigures, ...]:
    hits, shown, answered = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    counts = zip(labels, hits.tolist(), shown.tolist(), answered.tolist(), strict=True)
    return tuple(
        ClassFigures(label, wilson(hit, of_answered), wilson(hit, of_shown), _f1(hit, of_shown, of_answered))
        for label, hit, of_shown, of_answered in counts
    )


def _f1(hits: int, shown: int, answered: int) -> float:
    return 2 * hits / (shown + answered) if shown + answered else float("nan")


def _worst(
    wrong: NDArray[np.intp], judged: Judgement, truth: Truth, labels: Sequence[str], threshold: float
) -> tuple[Mistake, ...]:
    surest = wrong[np.argsort(-judged.confidence[wrong], kind="stable")][:MOST_MISTAKES].tolist()
    accepted = judged.accepted(threshold)
    return tuple(
        Mistake(
            index=i,
            truth=None if truth[i] == NO_CHARACTER else labels[truth[i]],
            answer=labels[judged.best[i]],
            confidence=float(judged.confidence[i]),
            accepted=bool(accepted[i]),
        )
        for i in surest
    )


def _sparse(counts: Counts, shown: Sequence[str | None], answered: Sequence[str | None]) -> list[list[Any]]:
    rows, columns = np.nonzero(counts)
    cells = zip(rows.tolist(), columns.tolist(), counts[rows, columns].tolist(), strict=True)
    return [[shown[row], answered[column], count] for row, column, count in cells]
