"""A transcriber's n-gram: counted in the texts that it is trained on, its weight chosen on lines that are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from duktus.imaging.frames.line import LineFrame, padded_width, stack_strips
from duktus.lines.evaluation.edits import distance
from duktus.lines.reading.beam import Anything, Weighted, search
from duktus.lines.reading.ctc import LogProbs, best_path, log_softmax
from duktus.lines.reading.decoder import WIDTH
from duktus.lines.reading.language import KEY, CharacterModel
from duktus.lines.reading.transcriber import steps_of
from duktus.lines.training.feed import Drawn
from duktus.models.container import embed_text
from duktus.models.runtime import Session
from duktus.models.transcription import LineCalibration

WEIGHTS = (0.2, 0.4, 0.6, 0.8)
"""Weights that are tried."""

BONUSES = (1.0, 1.6, 2.2)
"""What a character is given, in weights: about what an n-gram takes from it on average, more and less."""

TRIED = 120
"""Lines on which they are tried."""

LONG = 12
"""Characters of what two texts share where one was copied from the other, or both from a third."""

FEWEST = 300
"""Lines of text under which nothing is counted."""


@dataclass(frozen=True, eq=False)
class Tuned:
    """An n-gram with its weight and bonus."""

    model: CharacterModel
    weight: float
    bonus: float

    def into(self, content: bytes, scale: LineCalibration) -> tuple[bytes, LineCalibration]:
        """Return a model file's content with the n-gram, and its calibration with the weights."""
        packed = embed_text(content, KEY, self.model.pack())
        return packed, replace(scale, language=self.weight, bonus=self.bonus)


def of_their_own(texts: Sequence[str], kept: Sequence[str]) -> list[str]:
    """Return texts of which no more than half stands in the kept ones: several people copied one text, or one address.

    An n-gram that has counted what it is measured on knows it by heart.

    >>> of_their_own(["a quick brown fox", "a lazy dog"], ["quick brown foxes"])
    ['a lazy dog']
    """
    known = {part for text in kept for part in _parts(text)}
    return [text for text in texts if sum(part in known for part in _parts(text)) <= 0.5 * len(_parts(text))]


def _parts(text: str) -> list[str]:
    return [text[start : start + LONG] for start in range(max(1, len(text) - LONG + 1))]


def tune_language(
    session: Session, texts: Sequence[str], drawn: Sequence[Drawn], frame: LineFrame, labels: Sequence[str]
) -> Tuned | None:
    """Return an n-gram of texts at the weight at which least is read wrong; None where it makes nothing better.

    Args:
        session: the exported network.
        texts: that were trained on, a line each.
        drawn: lines that were left out.
        frame: of their strips.
        labels: of the outputs after the blank.
    """
    if len(texts) < FEWEST or not drawn:
        return None
    model = CharacterModel.of(texts)
    scored = [(_logs(session, each, frame), each.outputs) for each in drawn[:TRIED]]
    best = (sum(distance(truth, best_path(logs).outputs) for logs, truth in scored), 0.0, 0.0)
    for weight in WEIGHTS:
        for bonus in BONUSES:
            language = Weighted(model, weight, bonus * weight)
            wrong = sum(distance(truth, _best(logs, labels, language)) for logs, truth in scored)
            best = min(best, (wrong, weight, bonus * weight))
    return Tuned(model, best[1], best[2]) if best[1] else None


def _logs(session: Session, each: Drawn, frame: LineFrame) -> LogProbs:
    width = each.strip.shape[1]
    return log_softmax(session.run(stack_strips([each.strip], padded_width(width)))[0][: steps_of(width, frame)])


def _best(logs: LogProbs, labels: Sequence[str], language: Weighted) -> tuple[int, ...]:
    found = search(logs, labels, WIDTH, Anything(), language)
    return found[0][0] if found else ()
