"""Lines of ink to text: the one door of this room."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.line import FramedLine, LineFrame, frame_line, padded_width, stack_strips, stretch
from duktus.lines.reading.beam import Weighted
from duktus.lines.reading.ctc import LogProbs, log_softmax
from duktus.lines.reading.decoder import Decoder
from duktus.lines.reading.language import KEY, CharacterModel
from duktus.lines.reading.options import GREEDY, Decoding
from duktus.lines.reading.transcript import Scored, make_transcript, nothing
from duktus.models.container import extract_text
from duktus.models.runtime import Session
from duktus.models.transcription import LineCalibration
from duktus.types import Ink, ModelError, Transcript

TASK = "line-transcriber"

BLANK_LINE, TOO_LONG = "blank", "longer than a line"

TOGETHER = 512
"""Lines that are framed before they are sorted by width and sent through the network."""

MOST_COLUMNS = 4096
"""Columns of all strips of a batch together: larger batches are slower, because they exceed the cache."""


class Strip(NamedTuple):
    """A strip, or a view of it, with its number and the view's among those that were given."""

    number: int
    view: int
    strip: NDArray[np.uint8]


class Transcriber:
    """An opened line-transcriber. Any thread may use it.

    Args:
        session: an opened model file.

    Attributes:
        frame: how lines are laid on strips.
        labels: the characters that it knows; output 0 of the network is the blank, output i the label i - 1.

    Raises:
        ModelError: the model is for another task.
    """

    def __init__(self, session: Session) -> None:
        card = session.card
        frame = card.preprocessing.line
        if card.task != TASK or frame is None:
            raise ModelError(f"{session.name}: expected a {TASK}, received a {card.task}; name another model")
        self.session, self.frame, self.labels = session, frame, card.labels
        self._temperature = card.calibration.temperature if card.calibration else 1.0

    def read(
        self, lines: Iterable[Ink], decoding: Decoding = GREEDY, *, heights: Sequence[float] | None = None
    ) -> list[Transcript]:
        """Return what lines say, in their order.

        Args:
            lines: (h, w) in [0, 1] each: the ink of one line, upright, as the written layer gives it.
            decoding: how scores become text.
            heights: of each line's text in pixels where it is known better than from the line alone (rows of the
                middle four fifths of its ink); 0 for unknown.

        Raises:
            UsageError: the decoding's pattern cannot be used.
            ModelError: the decoding asks for a language model and the model has none.
        """
        decoder = Decoder(decoding, self.labels, self._language if decoding.language else None)
        return [
            make_transcript(scored, decoder, self.session.card) if isinstance(scored, Scored) else scored
            for scored in self.score(lines, heights)
        ]

    @cached_property
    def _language(self) -> Weighted:
        session, scale = self.session, self.session.card.transcription or LineCalibration()
        packed = extract_text(session.content, KEY)
        if packed is None:
            advice = "read without it, or name a model that has one"
            raise ModelError(f"{session.name}: expected a model with an n-gram of its language, found none; {advice}")
        return Weighted(CharacterModel.unpack(packed, session.name), scale.language, scale.bonus)

    def score(self, lines: Iterable[Ink], heights: Sequence[float] | None = None) -> Iterator[Scored | Transcript]:
        """Yield each line's scores, or what is said of it where it has none: it is blank, or longer than a line."""
        held: list[FramedLine] = []
        for number, ink in enumerate(lines):
            held.append(frame_line(ink, self.frame, heights[number] if heights else 0.0))
            if len(held) == TOGETHER:
                yield from self._score(held)
                held = []
        yield from self._score(held)

    def _score(self, framed: list[FramedLine]) -> list[Scored | Transcript]:
        answers: list[Scored | Transcript] = [nothing(BLANK_LINE)] * len(framed)
        read = list[int]()
        for number, line in enumerate(framed):
            width = line.strip.shape[1]
            if width > self.frame.longest:
                answers[number] = nothing(TOO_LONG)
            elif width:
                read.append(number)
        found = score_strips(self.session, [framed[number].strip for number in read], self.frame, self._temperature)
        for number, (logs, *views) in zip(read, found, strict=True):
            answers[number] = Scored(framed[number], logs, tuple(views))
        return answers


def score_strips(
    session: Session, strips: Sequence[NDArray[np.uint8]], frame: LineFrame, temperature: float = 1.0
) -> list[list[LogProbs]]:
    """Return the logarithms of the probabilities of each strip, (steps, outputs), and of its further views.

    Args:
        session: of a transcriber.
        strips: (height, w) each, in any order.
        frame: of the strips.
        temperature: that scores are divided by.
    """
    views = [[strip, *(stretch(strip, share) for share in frame.views)] for strip in strips]
    found: list[list[LogProbs]] = [[np.zeros((0, 0))] * len(each) for each in views]
    groups: dict[int, list[Strip]] = {}
    for number, line in enumerate(views):
        for view, strip in enumerate(line):
            groups.setdefault(padded_width(strip.shape[1]), []).append(Strip(number, view, strip))
    for width, group in sorted(groups.items()):
        size = max(1, MOST_COLUMNS // width)
        for first in range(0, len(group), size):
            part = group[first : first + size]
            scores = session.run(stack_strips([each.strip for each in part], width))
            for each, rows in zip(part, scores, strict=True):
                steps = steps_of(each.strip.shape[1], frame)
                found[each.number][each.view] = log_softmax(rows[:steps] / np.float32(temperature))
    return found


def steps_of(width: int, frame: LineFrame) -> int:
    """Return how many answers a strip of so many columns has; those past it are of the paper that pads it."""
    return -(-width // frame.step)
