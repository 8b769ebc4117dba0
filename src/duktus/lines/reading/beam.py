"""Prefix beam search: the most probable texts of a strip, of those that are allowed.

Hannun et al., "First-pass large vocabulary continuous speech recognition using bi-directional recurrent DNNs", 2014.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from duktus.lines.reading.ctc import BLANK, NEVER, LogProbs
from duktus.lines.reading.language import END, CharacterModel

LEAST = -9.0
"""Logarithm of the least probability of a character at a step that is followed up, where others are likelier."""

SURE = -0.002
"""Logarithm of the probability of a blank above which nothing else is followed up at a step."""

MOST = 12
"""Characters followed up at a step, at most, where all texts are allowed."""

LEADERS = 4
"""Beginnings of each state of what is allowed that are kept beside the best."""

State = Any
"""Where a text stands in a constraint; hashable."""


class Constraint(Protocol):
    """What texts are allowed, read from left to right."""

    @property
    def start(self) -> State:
        """The state before the first character."""
        ...

    def step(self, state: State, character: str) -> State | None:
        """Return the state after one more character; None where no text goes on so."""
        ...

    def accepts(self, state: State) -> bool:
        """Tell whether a text may end in a state."""
        ...


class Anything:
    """Allows any text."""

    start = 0

    def step(self, state: State, character: str) -> State | None:  # noqa: ARG002  # the protocol's argument
        """Return the one state that there is."""
        return state

    def accepts(self, state: State) -> bool:  # noqa: ARG002  # likewise
        """Return True."""
        return True


@dataclass(frozen=True)
class Both:
    """Allows what two constraints allow."""

    first: Constraint
    second: Constraint

    @property
    def start(self) -> State:
        """The states of both."""
        return self.first.start, self.second.start

    def step(self, state: State, character: str) -> State | None:
        """Return the states of both, None where one has none."""
        one, two = self.first.step(state[0], character), self.second.step(state[1], character)
        return None if one is None or two is None else (one, two)

    def accepts(self, state: State) -> bool:
        """Tell whether both accept."""
        return self.first.accepts(state[0]) and self.second.accepts(state[1])


class Beam(NamedTuple):
    """A beginning of texts: the logarithms of its probability with a blank at its end, and with its last character."""

    blank: float
    shown: float

    @property
    def total(self) -> float:
        """The logarithm of its whole probability."""
        return _sum(self.blank, self.shown)


class Weighted(NamedTuple):
    """A language model with its weight, and what each character is given beside it."""

    model: CharacterModel
    weight: float
    bonus: float

    def add(self, said: float, before: str, character: str) -> float:
        """Return what is said of a text that is longer by a character."""
        return said + self.weight * self.model.log_prob(before, character) + self.bonus


def search(
    logs: LogProbs, labels: Sequence[str], width: int, constraint: Constraint, language: Weighted | None = None
) -> list[tuple[tuple[int, ...], float]]:
    """Return allowed texts as outputs with the logarithms of their probabilities, the most probable first.

    Args:
        logs: (steps, outputs).
        labels: of the outputs after the blank.
        width: beginnings that are kept at each step.
        constraint: what is allowed; where it allows little, less likely characters are followed up.
        language: what it says is added to a text's logarithm where texts are ranked and returned.
    """
    states: dict[tuple[int, ...], State] = {(): constraint.start}
    beams: dict[tuple[int, ...], Beam] = {(): Beam(0.0, NEVER)}
    said = _Said(labels, language)
    free = isinstance(constraint, Anything)
    for row in logs.tolist():
        if free and row[BLANK] > SURE:
            beams = {text: Beam(beam.total + row[BLANK], NEVER) for text, beam in beams.items()}
            continue
        order = sorted(range(1, len(row)), key=row.__getitem__, reverse=True)
        chosen = [o for o in (order[:MOST] if free else order) if row[o] > LEAST or not free]
        found: dict[tuple[int, ...], list[float]] = {}
        for text, beam in beams.items():
            _extend(found, text, beam, row, chosen, states, labels, constraint)
        ranked = sorted(found, key=lambda each: -(_sum(*found[each]) + said(each)))
        beams = {text: Beam(*found[text]) for text in _kept(ranked, states, width)}
        states = {text: states[text] for text in beams}
    ended = [
        (text, beam.total + said(text, ended=True)) for text, beam in beams.items() if constraint.accepts(states[text])
    ]
    return sorted(ended, key=lambda each: -each[1])


class _Said:
    """What a language model says of beginnings of texts, each queried once."""

    def __init__(self, labels: Sequence[str], language: Weighted | None) -> None:
        self._labels, self._language = labels, language
        self._known: dict[tuple[int, ...], tuple[float, str]] = {(): (0.0, "")}

    def __call__(self, text: tuple[int, ...], *, ended: bool = False) -> float:
        if self._language is None:
            return 0.0
        score, words = self._of(text)
        return self._language.add(score, words, END) - self._language.bonus if ended else score

    def _of(self, text: tuple[int, ...]) -> tuple[float, str]:
        if text not in self._known:
            assert self._language is not None
            score, words = self._of(text[:-1])
            character = self._labels[text[-1] - 1]
            self._known[text] = self._language.add(score, words, character), words + character
        return self._known[text]


def _kept(ranked: list[tuple[int, ...]], states: dict[tuple[int, ...], State], width: int) -> list[tuple[int, ...]]:
    """Return the best beginnings, and beside them the best ``LEADERS`` of each state of what is allowed.

    Else a pattern's later parts, which the network thinks unlikely at first, would never be reached.
    """
    best, others = ranked[:width], list[tuple[int, ...]]()
    seen = Counter(states[text] for text in best)
    for text in ranked[width:]:
        if len(others) == 2 * width:
            break
        seen[states[text]] += 1
        if seen[states[text]] <= LEADERS:
            others.append(text)
    return best + others


def _extend(  # noqa: PLR0913, PLR0917  # one step of one loop, apart for its length
    found: dict[tuple[int, ...], list[float]],
    text: tuple[int, ...],
    beam: Beam,
    row: list[float],
    chosen: list[int],
    states: dict[tuple[int, ...], State],
    labels: Sequence[str],
    constraint: Constraint,
) -> None:
    """Add what a beginning becomes by one more step."""
    total = beam.total
    _add(found, text, 0, total + row[BLANK])
    if text:
        _add(found, text, 1, beam.shown + row[text[-1]])
    for output in chosen:
        longer = (*text, output)
        if longer not in states:
            state = constraint.step(states[text], labels[output - 1])
            if state is None:
                continue
            states[longer] = state
        score = (beam.blank if text and text[-1] == output else total) + row[output]
        _add(found, longer, 1, score)


def _add(found: dict[tuple[int, ...], list[float]], text: tuple[int, ...], place: int, score: float) -> None:
    values = found.setdefault(text, [NEVER, NEVER])
    values[place] = _sum(values[place], score)


def _sum(one: float, other: float) -> float:
    """Return the logarithm of the sum of two numbers that are given by their logarithms."""
    high, low = (one, other) if one > other else (other, one)
    return high + math.log1p(math.exp(low - high)) if low > NEVER else high
