"""What a run of the measurements is given: the model, how much of the data, where things lie."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAIRS = 7
"""Timed runs of each side, in turns: the range of seven covers their median in 98 of 100 cases."""


def to_standard_error(line: str) -> None:
    """Report a line of progress where it does not mix with results."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Setting:
    """A run of the measurements.

    Attributes:
        model: name or path of the model that is measured.
        encoder: the same of a glyph encoder that never saw the alphabets on which it is measured.
        hands: the same of an encoder of hands.
        limit: most pictures of each set, evenly from all; None for all.
        pairs: timed runs of each side; None for what the section itself takes.
        workers: processes that read pictures where nothing is timed.
        isolated: each timed engine runs in a process of its own; only tests do without.
        root: of the checkout: recipes, locks.
        runs: folder for what is trained on the way.
        trained: model files of one recipe with several seeds.
        report: receives each line of progress.
    """

    model: str = "digits"
    encoder: str = "glyph-encoder"
    hands: str = "hand-encoder"
    limit: int | None = None
    pairs: int | None = None
    workers: int = 1
    isolated: bool = True
    root: Path = ROOT
    runs: Path = ROOT / "runs"
    trained: tuple[str, ...] = ()
    report: Callable[[str], None] = to_standard_error

    def count(self, n: int) -> int:
        """Return how many of ``n`` pictures are taken."""
        return n if self.limit is None else min(n, self.limit)
