"""How far an answer can be believed: calibrated probabilities, refusal, and the fitting of both.

A card carries two numbers that turn a network's logits into decisions. The *temperature* divides the logits, so that
the softmax says how often an answer is right (Guo et al. 2017, "On Calibration of Modern Neural Networks"). The
*threshold* is the confidence from which an answer is accepted (Chow 1970, "On optimum recognition error and reject
tradeoff"). A network may have one output more than its card has labels: ``other``, "this is no character".

Training, evaluation and serving all call the functions of this module, so a report measures what a reader does.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.types import Alternative, DataError, ModelError

Probabilities = NDArray[np.float64]

NOT_A_CHARACTER = "not a character"
COLDEST, HOTTEST = 0.05, 20.0
"""The temperatures between which ``fit_temperature`` searches."""

_FEW = 32
"""Labels up to which sorting a row whole is faster than cutting its best ones out first."""

_STEPS = 40
"""Halvings of the searched interval: 400-fold in temperature, brought below one part in 10^11."""


class Decision(NamedTuple):
    """What is answered for one glyph: a ``Reading`` without its box, so ``Reading(*decision, box)`` makes one."""

    text: str
    confidence: float
    accepted: bool
    reason: str
    alternatives: tuple[Alternative, ...]


class Judgement(NamedTuple):
    """The same answers as arrays, (n,) each, where many are counted and none is shown."""

    best: NDArray[np.intp]
    """The label with the highest score, as a column; the best guess even where the glyph is no character."""
    confidence: Probabilities
    """The calibrated probability of that label, over all outputs."""
    other: NDArray[np.bool_]
    """Where the ``other`` output beats every label."""

    @property
    def rank(self) -> Probabilities:
        """The confidence by which answers are accepted first, 0 where ``other`` won: those are accepted never."""
        return np.where(self.other, 0.0, self.confidence)

    def accepted(self, threshold: float) -> NDArray[np.bool_]:
        """Which answers stand at ``threshold``."""
        return ~self.other & (self.confidence >= threshold)


def softmax(scores: NDArray[Any], temperature: float = 1.0) -> Probabilities:
    """Return the probabilities of (n, outputs) logits at ``temperature``: rows that sum to 1.

    Raises:
        ModelError: The temperature is not above 0, or a score is not a number.
    """
    if not temperature > 0:
        raise ModelError(f"Expected a temperature above 0, got {temperature}. Calibrate the model again.")
    powers: Probabilities = np.divide(scores, temperature, dtype=np.float64)
    powers -= powers.max(axis=1, keepdims=True)
    np.exp(powers, out=powers)
    powers /= powers.sum(axis=1, keepdims=True)
    if np.isnan(powers).any():
        raise ModelError("Expected finite scores, got NaN or infinity from the network. The model file is unusable.")
    return powers


Alike: TypeAlias = Sequence[Sequence[int]]
"""Groups of columns whose labels one shape may show."""


def alike_columns(labels: Sequence[str], alike: Sequence[Sequence[str]]) -> Alike:
    """Return groups of labels that one shape may show as groups of their columns."""
    places = {label: place for place, label in enumerate(labels)}
    return [[places[label] for label in group] for group in alike]


def as_alike(probabilities: Probabilities, alike: Alike) -> Probabilities:
    """Return (n, outputs) probabilities in which the most probable label of each group stands for all of its group.

    The others of a group keep their own, so that they are still named as alternatives.
    """
    if not alike:
        return probabilities
    joined = probabilities.copy()
    for group in alike:
        columns = np.array(group)
        best = columns[probabilities[:, columns].argmax(axis=1)]
        joined[np.arange(len(joined)), best] = probabilities[:, columns].sum(axis=1)
    return joined


def judge(scores: NDArray[Any], classes: int, temperature: float = 1.0, alike: Alike = ()) -> Judgement:
    """Answer (n, ``classes`` or ``classes`` + 1) logits as arrays; the last column, if one more, is ``other``.

    With ``alike``, the confidence is that of the best label's group.

    Raises:
        ModelError: The scores have another number of columns, the temperature is not above 0, or a score is NaN.
    """
    probabilities = as_alike(softmax(_checked(scores, classes), temperature), alike)
    best = probabilities[:, :classes].argmax(axis=1)
    confidence = probabilities[np.arange(len(best)), best]
    return Judgement(best, confidence, _is_other(probabilities, confidence, classes))


def decide(
    scores: NDArray[Any],
    labels: Sequence[str],
    *,
    temperature: float = 1.0,
    threshold: float = 0.0,
    alternatives: int = 3,
    least: float = 0.001,
    alike: Alike = (),
) -> list[Decision]:
    """Answer (n, outputs) logits, a decision a row, by the rule that every reader follows.

    Probabilities are the softmax over all outputs, and the confidence is that of the best label. Where ``other`` beats
    it, the answer is refused as "not a character"; where the confidence is below ``threshold``, as "unsure: 4 or 9";
    else it is accepted.

    Args:
        scores: (n, k) logits, or (n, k + 1) where the last output is ``other``.
        labels: The k labels, in the order of the outputs.
        temperature: The card's temperature.
        threshold: The card's threshold, a probability.
        alternatives: How many further answers a decision lists at most.
        least: The probability under which a further answer is not listed.
        alike: Groups of columns whose labels one shape may show; the confidence is then that of the whole group.

    Raises:
        ModelError: The scores do not fit the labels, the temperature is not above 0, or a score is NaN.
    """
    classes = len(labels)
    probabilities = as_alike(softmax(_checked(scores, classes), temperature), alike)
    order, ranked = _best(probabilities[:, :classes], max(alternatives, 1) + 1)
    other = _is_other(probabilities, ranked[:, 0], classes)
    listed = (ranked[:, 1 : alternatives + 1] >= least).sum(axis=1)
    rows = zip(order.tolist(), ranked.tolist(), other.tolist(), listed.tolist(), strict=True)
    return [_decision(columns, values, labels, threshold, no, further) for columns, values, no, further in rows]


def fit_temperature(scores: NDArray[Any], truth: NDArray[np.integer[Any]]) -> float:
    """Return the temperature under which the held-out ``truth`` is most probable, between 0.05 and 20.

    The negative log-likelihood is convex in 1 / temperature, so its slope has one zero, and bisection finds it.

    Args:
        scores: (n, outputs) logits of images that the network was not trained on.
        truth: (n,) the column that is right in each row; for an image that is no character, that of ``other``.

    Raises:
        DataError: No rows, or a truth that is no column of the scores.
    """
    logits = np.asarray(scores, np.float64)
    truth = np.asarray(truth)
    if not len(logits) or truth.shape != logits.shape[:1] or truth.min() < 0 or truth.max() >= logits.shape[1]:
        raise DataError(
            f"Expected one column of the {logits.shape} scores as truth for each row, got {truth.shape} truths from "
            f"{truth.min(initial=0)} to {truth.max(initial=0)}. Leave out images that have no output of their own."
        )
    right = logits[np.arange(len(logits)), truth].mean()
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        expected = (softmax(logits, float(np.exp(middle))) * logits).sum(axis=1).mean()
        low, high = (middle, high) if expected > right else (low, middle)
    return float(np.exp((low + high) / 2))


def fit_threshold(confidences: NDArray[np.floating[Any]], accept: float = 0.99) -> float:
    """Return the highest threshold at which at least the share ``accept`` of characters is accepted.

    Args:
        confidences: (n,) of held-out characters, 0 where ``other`` won: ``Judgement.rank``.
        accept: A share in (0, 1].

    Raises:
        DataError: No confidences, or a share outside (0, 1].
    """
    if not len(confidences) or not 0 < accept <= 1:
        raise DataError(
            f"Expected confidences of characters and a share in (0, 1] to accept, got {len(confidences)} confidences "
            f"and {accept}. Hold out more images, or set the share to 0.99."
        )
    refused = int(np.floor((1 - accept) * len(confidences) + 1e-9))
    return float(np.partition(np.asarray(confidences, np.float64), refused)[refused])


def _checked(scores: NDArray[Any], classes: int) -> NDArray[Any]:
    if classes < 1 or scores.ndim != 2 or scores.shape[1] not in (classes, classes + 1):
        raise ModelError(
            f"Expected scores of shape (n, {classes}) or (n, {classes + 1}) for {classes} labels, got {scores.shape}. "
            "The card's labels do not belong to this network."
        )
    return scores


def _is_other(probabilities: Probabilities, confidence: Probabilities, classes: int) -> NDArray[np.bool_]:
    if probabilities.shape[1] == classes:
        return np.zeros(len(probabilities), np.bool_)
    return np.asarray(probabilities[:, classes] > confidence)


def _best(known: Probabilities, most: int) -> tuple[NDArray[np.intp], Probabilities]:
    """The ``most`` highest columns of each row, best first, and their values."""
    rows = np.arange(len(known))[:, None]
    if known.shape[1] <= _FEW:
        order = (-known).argsort(axis=1, kind="stable")[:, :most]
    else:
        columns = (-known).argpartition(most, axis=1)[:, :most]
        order = columns[rows, (-known[rows, columns]).argsort(axis=1, kind="stable")]
    return order, known[rows, order]


def _decision(
    columns: list[int], values: list[float], labels: Sequence[str], threshold: float, other: bool, further: int
) -> Decision:
    text, confidence = labels[columns[0]], values[0]
    others = tuple([Alternative(labels[columns[i]], values[i]) for i in range(1, further + 1)]) if further else ()
    if other:
        return Decision(text, confidence, False, NOT_A_CHARACTER, others)
    if confidence >= threshold:
        return Decision(text, confidence, True, "", others)
    reason = "unsure: " + " or ".join([labels[column] for column in columns[:2]])
    return Decision(text, confidence, False, reason, others)
