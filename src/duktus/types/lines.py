"""What is written in a line: its text, with the place of each character and word."""

from dataclasses import dataclass

from duktus.types.readings import Alternative


@dataclass(frozen=True)
class Span:
    """A character or a word of a line, from column ``left`` up to ``right`` of the line's ink, in its pixels.

    ``confidence`` is the probability that ``text`` is right there.
    """

    text: str
    confidence: float
    left: float
    right: float


@dataclass(frozen=True)
class Transcript:
    """The text of a line.

    ``confidence`` is a calibrated probability in [0, 1] that all of ``text`` is right. A line that is not ``accepted``
    says why in ``reason`` ("blank", "unsure: 12.5 or 125", "ink left over", "does not match the pattern"); its text is
    then the best guess, and empty where there is none. ``alternatives`` are other texts, the most probable first.

    >>> line = Transcript("12", 0.98, True, "", (), (Span("1", 0.99, 4, 9), Span("2", 0.99, 15, 30)), ())
    >>> line.text, line.characters[1].left
    ('12', 15)
    """

    text: str
    confidence: float
    accepted: bool
    reason: str
    alternatives: tuple[Alternative, ...]
    characters: tuple[Span, ...]
    words: tuple[Span, ...]
