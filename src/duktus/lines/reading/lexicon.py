"""Lists of words that a line may be: sorted, and searched by halving, so that a million of them need no tree."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from duktus.types import UsageError

MOST = 5_000_000
"""Entries of a list, at most."""


MOST_BYTES = 2**27
"""Bytes of a file of words, at most: a device has no end."""

LAST = "\U0010ffff"
"""The last of all characters: none comes after it."""


class Lexicon:
    """What a line may say; a ``beam.Constraint`` whose states are ranges of entries with one beginning.

    Args:
        entries: texts; empty ones and repetitions count for nothing.

    Raises:
        UsageError: there are none, or more than ``MOST``.

    >>> words = Lexicon(["ten", "two"])
    >>> state = words.step(words.start, "t")
    >>> words.accepts(state), words.step(state, "x"), words.accepts(words.step(words.step(state, "w"), "o"))
    (False, None, True)
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries = sorted({entry for entry in entries if entry})
        if not 0 < len(self.entries) <= MOST:
            expected = f"expected a list of 1 to {MOST:,} words, a line each"
            raise UsageError(f"words: {expected}, received {len(self.entries):,}; name another file")
        self.step = lru_cache(200_000)(self._step)

    def __reduce__(self) -> tuple[type["Lexicon"], tuple[list[str]]]:
        """Other processes are sent the entries."""
        return Lexicon, (self.entries,)

    @property
    def start(self) -> tuple[int, int, int]:
        """All entries, none of whose characters were read."""
        return 0, len(self.entries), 0

    @classmethod
    def of_file(cls, file: Path) -> "Lexicon":
        """Return the list in a text file, UTF-8, a word or line each.

        Raises:
            UsageError: it cannot be read, or has no words.
        """
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                expected = f"expected a file of at most {MOST_BYTES >> 20} MiB"
                raise UsageError(f"words: {expected}, received {file}, which is larger; name another file")
            return cls(line.strip() for line in content.decode("utf-8-sig").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            expected = f"words: expected {file} to be a text file in UTF-8, a word a line"
            raise UsageError(f"{expected}, received {error}") from error

    def _step(self, state: tuple[int, int, int], character: str) -> tuple[int, int, int] | None:
        low, high, depth = state
        for each in character:  # a model of strangers may call anything a character
            low = self._bound(low, high, depth, each)
            high = self._bound(low, high, depth, chr(ord(each) + 1)) if each < LAST else high
            if low >= high:
                return None
            depth += 1
        return low, high, depth

    def _bound(self, first: int, last: int, depth: int, character: str) -> int:
        """Return the first entry of a range whose character at a depth is no less than one."""
        while first < last:
            middle = (first + last) // 2
            entry = self.entries[middle]
            if len(entry) <= depth or entry[depth] < character:
                first = middle + 1
            else:
                last = middle
        return first

    def accepts(self, state: tuple[int, int, int]) -> bool:
        """Tell whether an entry ends here: it is the first of its range."""
        return len(self.entries[state[0]]) == state[2]
