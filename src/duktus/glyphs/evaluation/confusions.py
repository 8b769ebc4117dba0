"""Confused labels with their pictures, and labels that need more examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.metrics import NO_CHARACTER, Evaluation, Truth, typical_sample
from duktus.models.confidence import Alike, judge

MOST_PAIRS = 40
"""Pairs of labels that are listed, the most confused first."""

MOST_EXAMPLES = 5
"""Misread pictures of a pair that are shown."""

FEW = 5
"""A label taught from fewer examples is listed, whether or not it was misread."""

PRIOR = 2.0
"""Pseudo-counts: answers at the overall error rate that are added to the few of each label."""


@dataclass(frozen=True)
class Confusion:
    """One label taken for another.

    Attributes:
        shown: what is on the pictures.
        answered: what is read.
        count: how often.
        share: of all pictures that show it.
        examples: indices of such pictures, the most confident first.
        typical: the picture of either label that is read right with the highest confidence, None where none is.
    """

    shown: str
    answered: str
    count: int
    share: float
    examples: tuple[int, ...]
    typical: tuple[int | None, int | None]


@dataclass(frozen=True)
class Wanted:
    """A label that needs more examples, its need relative to others, and why."""

    label: str
    need: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Letters:
    """The confused pairs of labels, and the labels that need more examples."""

    confusions: tuple[Confusion, ...]
    wanted: tuple[Wanted, ...]


def find_confusions(
    scores: NDArray[Any],
    truth: Truth,
    labels: Sequence[str],
    temperature: float = 1.0,
    *,
    most: int = MOST_PAIRS,
    alike: Alike = (),
) -> tuple[Confusion, ...]:
    """Return the pairs of labels that are confused, the most frequent first; those of equal count by their share.

    Args:
        scores: (n, k or k + 1) logits, as ``evaluate_scores`` takes them.
        truth: (n,) the label of each sample as its place in ``labels``, or -1 for an image of none of them.
        labels: the k labels.
        temperature: of the card.
        most: how many pairs.
        alike: groups of labels, by their places, that one shape may show, as ``evaluate_scores`` takes them.
    """
    judged = judge(scores, len(labels), temperature, alike)
    wrong = np.flatnonzero((truth != NO_CHARACTER) & (judged.best != truth))
    by_pair: dict[tuple[int, int], list[int]] = {}
    for i in wrong[np.argsort(-judged.confidence[wrong], kind="stable")].tolist():
        by_pair.setdefault((int(truth[i]), int(judged.best[i])), []).append(i)
    shown = np.bincount(truth[truth != NO_CHARACTER], minlength=len(labels))
    ranked = sorted(by_pair.items(), key=lambda item: (-len(item[1]), -len(item[1]) / shown[item[0][0]], item[0]))
    read_right = {place for place in range(len(labels)) if (judged.best[truth == place] == place).any()}
    typical = {place: typical_sample(judged, truth, place) for place in read_right}
    return tuple(
        Confusion(
            shown=labels[a],
            answered=labels[b],
            count=len(samples),
            share=len(samples) / int(shown[a]),
            examples=tuple(samples[:MOST_EXAMPLES]),
            typical=(typical.get(a), typical.get(b)),
        )
        for (a, b), samples in ranked[:most]
    )


def rank_wanted(evaluation: Evaluation, taught: Mapping[str, int] | None = None) -> tuple[Wanted, ...]:
    """Return the labels that need more examples, the neediest first; those that need none are left out.

    More examples of a letter help against its errors, those missed and those falsely answered, and the more, the fewer
    it has: a place in an encoder's space that is known from n examples is off by 1 / √n. So the need is the share of
    wrong answers among all that concern the letter, drawn towards that of all letters where these are few, over √n.

    Args:
        evaluation: of a model or of a gallery.
        taught: how many examples each label has; None where that is not known, as of a trained model.
    """
    answers, wrong = int(evaluation.confusion.sum()), int(evaluation.confusion.sum() - evaluation.confusion.trace())
    usual = wrong / max(1, answers)
    found = []
    for place, figures in enumerate(evaluation.classes):
        examples = None if taught is None else taught.get(figures.label, 0)
        row, column = evaluation.confusion[place], evaluation.confusion[:, place]
        missed, false = int(row.sum() - row[place]), int(column.sum() - column[place])
        reasons = tuple(_reasons(evaluation, place, examples))
        if missed or false or (examples is not None and examples < FEW):
            share = (missed + false + PRIOR * usual) / (int(row.sum()) + false + PRIOR)
            found.append(Wanted(figures.label, share / max(1, examples or 1) ** 0.5, reasons))
    return tuple(sorted(found, key=lambda each: -each.need))


def _reasons(evaluation: Evaluation, place: int, examples: int | None) -> list[str]:
    """State why a label needs more examples."""
    row, column = evaluation.confusion[place].copy(), evaluation.confusion[:, place].copy()
    shown, right = int(row.sum()), int(row[place])
    row[place] = column[place] = 0
    reasons = [f"{examples} example{'s' * (examples != 1)}"] if examples is not None else []
    reasons.append(f"{right} of {shown} read right" if shown else "never shown")
    if row.any():
        reasons.append(f"taken for {evaluation.labels[int(row.argmax())]} ×{int(row.max())}")
    if column.any():
        reasons.append(f"falsely read ×{int(column.sum())}, most for {evaluation.labels[int(column.argmax())]}")
    return reasons
