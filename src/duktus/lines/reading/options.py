"""How a line is decoded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duktus.lines.reading.lexicon import Lexicon


@dataclass(frozen=True)
class Decoding:
    """How scores become text.

    Attributes:
        beam: texts that are kept; 0 takes the most probable output at each step (greedy), where nothing else
            asks for a beam.
        pattern: a regular expression (``patterns.py`` says which part of the syntax) that a whole line must match;
            empty for none. What cannot match is not accepted.
        words: a line is one of these; None for any text.
        language: apply the character n-gram of the model's file, at the weight that the model was tuned for.
        alternatives: other texts that are reported, at most.
    """

    beam: int = 0
    pattern: str = ""
    words: "Lexicon | None" = None
    language: bool = False
    alternatives: int = 3


GREEDY = Decoding()
"""The most probable output at each step."""
