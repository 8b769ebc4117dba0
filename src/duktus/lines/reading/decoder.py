"""Scores to texts: the most probable text, and others with their probabilities."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from duktus.lines.reading.beam import Anything, Both, Constraint, Weighted, search
from duktus.lines.reading.ctc import LogProbs, best_path, text_log_probs
from duktus.lines.reading.options import Decoding
from duktus.lines.reading.patterns import Pattern

WIDTH = 16
"""Texts that are kept side by side where the options ask for a beam without naming its width."""


UNLIKELY = -30.0
"""Logarithm below which no view of a line speaks against a text, be it too narrow to hold it."""


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

    def decode(self, logs: LogProbs, views: Sequence[LogProbs] = ()) -> list[Candidate]:
        """Return texts of a line, the most probable first; none where no text is allowed.

        Args:
            logs: of the line.
            views: the same line read at other widths: a text's probability is then the geometric mean over all. An
                n-gram is tuned for the line itself, and these are left out.
        """
        shown = (logs, *views) if self._language is None else (logs,)
        texts = list(dict.fromkeys(text for view in shown for text in self._texts(view)))
        if not texts:
            return []
        scores = text_log_probs([(view, text) for text in texts for view in shown]).reshape(len(texts), -1)
        means = (np.maximum(scores, UNLIKELY).mean(axis=1) if len(shown) > 1 else scores[:, 0]).tolist()
        found = [Candidate(text, mean) for text, mean in zip(texts, means, strict=True)]
        if self._language is None:
            found.sort(key=lambda each: -each.log_prob)
        return found[: 1 + self.decoding.alternatives]

    def _texts(self, logs: LogProbs) -> list[tuple[int, ...]]:
        """Return what may be read of one view as outputs, the most probable first."""
        if not self.bound and not self.decoding.beam and self._language is None:
            return [best_path(logs).outputs]
        found = search(logs, self.labels, self.decoding.beam or WIDTH, self._constraint, self._language)
        return [text for text, _ in found[: 1 + self.decoding.alternatives]]

    def text(self, outputs: Sequence[int]) -> str:
        """Return outputs as text."""
        return "".join(self.labels[output - 1] for output in outputs)
