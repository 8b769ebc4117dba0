"""Lists of words that a line may be, as one trie in flat arrays: a million entries take seconds and some 100 MB."""

from collections.abc import Iterable


class Lexicon:
    """What a line may say.

    Args:
        entries: texts; empty ones and repetitions count for nothing.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = tuple(sorted({entry for entry in entries if entry}))
