"""Scores to texts: the likeliest text, and others with their probabilities."""

from collections.abc import Sequence
from typing import NamedTuple

from duktus.lines.reading.ctc import LogProbs, best_path, text_log_prob
from duktus.lines.reading.options import Decoding
from duktus.models.runtime import Session


class Candidate(NamedTuple):
    """A text as outputs, and the logarithm of its probability by the network alone."""

    outputs: tuple[int, ...]
    log_prob: float


class Decoder:
    """Decodes lines by one set of options.

    Args:
        decoding: the options.
        session: of the model, which may hold a character n-gram.
        labels: of the outputs after the blank.
    """

    def __init__(self, decoding: Decoding, session: Session, labels: Sequence[str]) -> None:
        self.decoding, self.labels = decoding, tuple(labels)
        self.session = session

    def decode(self, logs: LogProbs) -> list[Candidate]:
        """Return texts of a line, the likeliest first; none where no text can match."""
        outputs = best_path(logs).outputs
        return [Candidate(outputs, text_log_prob(logs, outputs))]

    def text(self, outputs: Sequence[int]) -> str:
        """Return outputs as text."""
        return "".join(self.labels[output - 1] for output in outputs)
