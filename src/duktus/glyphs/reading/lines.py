"""A written line read character by character: the text of it, with one probability for all."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from duktus.glyphs.reading.marks import place_characters
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.selection import BLANK, Answer
from duktus.pen.sources import take_page
from duktus.types import Box, Ink, Page, Span, Transcript
from duktus.types.units import reason_of

MARGIN = 8
"""Paper about the ink of a line, in pixels, for those who look for polarity and ground."""

BATCH = 24
"""Lines whose characters go through the network together."""


class CharacterLines:
    """Reads lines by what reads characters: a trained classifier, or a gallery of taught letters.

    Args:
        reader: of characters.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def read(self, lines: Sequence[Ink], *, heights: Sequence[float] | None = None) -> list[Transcript]:  # noqa: ARG002  # characters tell how high they are
        """Return what lines say, in their order.

        Args:
            lines: (h, w) in [0, 1] each, the ink of one line.
            heights: of their text, which characters say themselves.
        """
        found = list[Transcript]()
        for first in range(0, len(lines), BATCH):
            pictures = [take_page(_as_page(ink)) for ink in lines[first : first + BATCH]]
            drafts = [self.reader.draft(picture, "auto") for picture in pictures]
            answers = zip(pictures, self.reader.answer(drafts, "auto"), strict=True)
            numbers = self.reader.of_numbers
            found += [_transcript(answer, picture.scale, numbers=numbers) for picture, answer in answers]
        return found


def _as_page(ink: Ink) -> Page:
    """Return a line's ink as a page of its own, dark on white."""
    return np.pad(np.asarray(255 - 255 * np.clip(ink, 0, 1), np.uint8), MARGIN, constant_values=255)


def _transcript(answer: Answer, scale: float, *, numbers: bool) -> Transcript:
    """Return what the characters of a line say together, row after row where it was more than one."""
    placed = place_characters(answer, numbers=numbers)
    if not placed:
        return Transcript("", 1.0 if answer.reason == BLANK else 0.0, False, answer.reason, (), (), ())
    spans = [
        Span(each.decision.text, each.decision.confidence, _inner(each.box.x, scale), _inner(right_of(each.box), scale))
        for each in placed
    ]
    height = scale * max((row.height for row in answer.hypothesis.lattice.rows), default=1)
    words = list[Span]()
    for _, members in groupby(range(len(placed)), lambda i: placed[i].row):
        words += _words([spans[i] for i in members], height)
    reason = reason_of([each.decision.reason for each in placed if not each.decision.accepted])
    confidence = float(np.prod([each.decision.confidence for each in placed]))
    text = " ".join(word.text for word in words)
    return Transcript(text, confidence, not reason, reason, (), tuple(spans), tuple(words))


def right_of(box: Box) -> int:
    """Return the column beside a box's last."""
    return box.x + box.w


def _inner(column: int, scale: float) -> float:
    return column * scale - MARGIN


def _words(spans: Sequence[Span], height: float) -> list[Span]:
    """Return the words of a row: a gap wider than a character is high parts them."""
    words, held = list[Span](), [spans[0]]
    for span in spans[1:]:
        if span.left - held[-1].right > height:
            words.append(_word(held))
            held = []
        held.append(span)
    return [*words, _word(held)]


def _word(spans: Sequence[Span]) -> Span:
    text = "".join(span.text for span in spans)
    return Span(text, min(span.confidence for span in spans), spans[0].left, spans[-1].right)
