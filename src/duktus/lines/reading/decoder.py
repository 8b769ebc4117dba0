"""Scores to texts: the most probable text, and others with their probabilities."""

from collections.abc import Sequence
from typing import NamedTuple

from duktus.lines.reading.beam import Anything, Both, Constraint, Weighted, search
from duktus.lines.reading.ctc import LogProbs, best_path, text_log_prob
from duktus.lines.reading.options import Decoding
from duktus.lines.reading.patterns import Pattern

WIDTH = 16
"""Texts that are kept side by side where the options ask for a beam without naming its width."""


class Candidate(NamedTuple):
    """A text as outputs, and the logarithm of its probability by the network alone."""

    outputs: tuple[int, ...]
    log_prob: float


class Decoder:
    """Decodes lines by one set of options.

    Args:
        decoding: the options.
        labels: of the outputs after the blank.
        language: the model's n-gram, which the options ask for.

    Raises:
        UsageError: the pattern is none.
    """

    def __init__(self, decoding: Decoding, labels: Sequence[str], language: Weighted | None = None) -> None:
        self._language = language
        self.decoding, self.labels = decoding, tuple(labels)
        pattern: Constraint | None = Pattern(decoding.pattern) if decoding.pattern else None
        both = [each for each in (pattern, decoding.words) if each is not None]
        self.bound = bool(both)
        self._constraint: Constraint = Both(*both) if len(both) > 1 else both[0] if both else Anything()

    def decode(self, logs: LogProbs) -> list[Candidate]:
        """Return texts of a line, the most probable first; none where no text is allowed."""
        greedy = best_path(logs).outputs
        if not self.bound and not self.decoding.beam and self._language is None:
            return [Candidate(greedy, text_log_prob(logs, greedy))]
        found = search(logs, self.labels, self.decoding.beam or WIDTH, self._constraint, self._language)
        exact = [Candidate(text, text_log_prob(logs, text)) for text, _ in found[: 1 + self.decoding.alternatives]]
        return exact if self._language is not None else sorted(exact, key=lambda each: -each.log_prob)

    def text(self, outputs: Sequence[int]) -> str:
        """Return outputs as text."""
        return "".join(self.labels[output - 1] for output in outputs)
