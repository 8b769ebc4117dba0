"""Connectionist temporal classification: what a strip's scores say, where, and how likely a text is.

Graves et al., "Connectionist temporal classification", 2006. A network answers each step of a strip with scores of all
characters and of the blank, output 0: "no new character here".
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLANK = 0
"""The output that stands for no new character."""

NEVER = -1e30
"""Logarithm of a probability that is none."""

LogProbs = NDArray[np.float64]
"""(steps, outputs), logarithms of probabilities."""


class Path(NamedTuple):
    """A text of a strip: its outputs in order, and the first step and the step past the last of each."""

    outputs: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def log_softmax(scores: NDArray[np.float32]) -> LogProbs:
    """Return logarithms of probabilities from scores, along the last axis."""
    shifted = scores.astype(np.float64)
    shifted -= shifted.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def best_path(logs: LogProbs) -> Path:
    """Return the text of the most probable output at each step: repetitions are one, blanks are none (greedy)."""
    return path_of(logs.argmax(axis=1))


def path_of(best: NDArray[np.intp]) -> Path:
    """Return the text that one output a step stands for."""
    if not len(best):
        return Path((), (), ())
    changes = np.flatnonzero(np.diff(best)) + 1
    starts = np.concatenate(([0], changes))
    ends = np.concatenate((changes, [len(best)]))
    shown = best[starts] != BLANK
    return Path(tuple(best[starts[shown]].tolist()), tuple(starts[shown].tolist()), tuple(ends[shown].tolist()))


def text_log_prob(logs: LogProbs, outputs: tuple[int, ...]) -> float:
    """Return the logarithm of the probability of a text, over all its paths (the forward algorithm)."""
    return float(text_log_probs([(logs, outputs)])[0])


def text_log_probs(scored: Sequence[tuple[LogProbs, tuple[int, ...]]]) -> NDArray[np.float64]:
    """Return ``text_log_prob`` of pairs of scores and texts, (n,), at least one; ``NEVER`` where a text has no path."""
    states = [_with_blanks(outputs) for _, outputs in scored]
    lengths = np.array([len(logs) for logs, _ in scored])
    # All texts stand in one row, two places that are never reached before each of them, so that shifts are views.
    first = np.cumsum([2, *(len(known) + 2 for known in states)])[:-1]
    last = first + [len(known) - 1 for known in states]
    emitted = np.full((int(lengths.max()), int(last[-1]) + 1), NEVER)
    shut = np.full(emitted.shape[1], NEVER)
    for (logs, _), known, at in zip(scored, states, first.tolist(), strict=True):
        emitted[: len(logs), at : at + len(known)] = logs[:, known]
        shut[at : at + len(known)][_skips(known)] = 0.0
    alpha = np.full(emitted.shape[1], NEVER)
    alpha[first] = emitted[0, first]
    second = first[last > first] + 1
    alpha[second] = emitted[0, second]
    reached, shut, begun = alpha[2:], shut[2:], 1
    ends = np.full(len(scored), NEVER)
    for end in np.unique(lengths).tolist():
        for row in emitted[begun:end, 2:]:
            moved = np.logaddexp(reached, alpha[1:-1])
            np.add(np.logaddexp(moved, alpha[:-2] + shut), row, out=reached)
        begun, here = end, np.flatnonzero(lengths == end)
        blank_last = np.where(last[here] > first[here], alpha[last[here] - 1], NEVER)
        ends[here] = np.maximum(np.logaddexp(alpha[last[here]], blank_last), NEVER)
    return ends


def align(logs: LogProbs, outputs: tuple[int, ...]) -> Path | None:
    """Return the most probable path of a given text (Viterbi); None where the strip has too few steps for it."""
    states = _with_blanks(outputs)
    skips = _skips(states)
    score = np.full(len(states), NEVER)
    score[: min(2, len(states))] = logs[0, states[:2]]
    came = np.zeros((len(logs), len(states)), np.int8)
    for step in range(1, len(logs)):
        moves = np.stack((score, _shifted(score, 1), np.where(skips, _shifted(score, 2), NEVER)))
        came[step] = moves.argmax(axis=0)
        score = moves.max(axis=0) + logs[step, states]
    at = len(states) - 1
    if len(states) > 1 and score[-2] > score[-1]:
        at -= 1
    if score[at] <= NEVER / 2:
        return None
    taken = np.zeros(len(logs), np.intp)
    for step in range(len(logs) - 1, -1, -1):
        taken[step] = at
        at -= int(came[step, at])
    starts = [int(np.searchsorted(taken, 2 * i + 1)) for i in range(len(outputs))]
    ends = [int(np.searchsorted(taken, 2 * i + 1, side="right")) for i in range(len(outputs))]
    return Path(tuple(outputs), tuple(starts), tuple(ends))


def peak_probs(logs: LogProbs, path: Path) -> NDArray[np.float64]:
    """Return the highest probability of each character of a path within its steps."""
    steps = zip(path.outputs, path.starts, path.ends, strict=True)
    return np.array([float(np.exp(logs[start:end, output].max())) for output, start, end in steps])


def _with_blanks(outputs: tuple[int, ...]) -> NDArray[np.intp]:
    states = np.full(2 * len(outputs) + 1, BLANK, np.intp)
    states[1::2] = outputs
    return states


def _skips(states: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which states may follow the one before the last: characters that are not the same as the one before."""
    skips = np.zeros(len(states), np.bool_)
    skips[3::2] = states[3::2] != states[1:-2:2]
    return skips


def _shifted(values: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    return np.concatenate((np.full(min(by, len(values)), NEVER), values[: max(0, len(values) - by)]))
