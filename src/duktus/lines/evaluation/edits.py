"""Edit distance (Levenshtein 1966) between texts, and what was taken for what."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SAME = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": ".", "\u00a0": " "}
)
"""Signs that no hand distinguishes."""


class Edit(NamedTuple):
    """What stands in the truth and what was read instead; one of them is empty where something was lost or added."""

    truth: str
    read: str


def plain_text(text: str) -> str:
    r"""Return a text as it is trained on and compared: composed, one kind of quotation mark and dash, single spaces.

    >>> plain_text("l’e\u0301te\u0301  –  “ici”")
    'l\'été - "ici"'
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(SAME).split())


def distance(truth: Sequence[object], read: Sequence[object]) -> int:
    """Return the least number of insertions, deletions and replacements that make one of the other.

    >>> distance("12.75", "1275"), distance("a b c".split(), "a c".split())
    (1, 1)
    """
    return int(_table(truth, read)[-1, -1])


def edits(truth: str, read: str) -> list[Edit]:
    """Return what was taken for what, from left to right; what is right is not among it.

    >>> edits("12.75", "1275")
    [Edit(truth='.', read='')]
    """
    table = _table(truth, read)
    i, j = len(truth), len(read)
    found = []
    while i or j:
        here = table[i, j]
        if i and j and here == table[i - 1, j - 1] + (truth[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            if truth[i] != read[j]:
                found.append(Edit(truth[i], read[j]))
        elif i and here == table[i - 1, j] + 1:
            i -= 1
            found.append(Edit(truth[i], ""))
        else:
            j -= 1
            found.append(Edit("", read[j]))
    return found[::-1]


def _table(truth: Sequence[object], read: Sequence[object]) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
    """Return the distances of all beginnings, (len(truth) + 1, len(read) + 1)."""
    numbers = {item: number for number, item in enumerate(dict.fromkeys((*truth, *read)))}
    first = np.array([numbers[item] for item in truth], np.int32)
    second = np.array([numbers[item] for item in read], np.int32)
    table = np.zeros((len(first) + 1, len(second) + 1), np.int32)
    ramp = np.arange(len(second) + 1, dtype=np.int32)
    table[0] = ramp
    for i, item in enumerate(first, 1):
        above = table[i - 1]
        row = np.concatenate(([i], np.minimum(above[1:] + 1, above[:-1] + (second != item)))).astype(np.int32)
        table[i] = np.minimum.accumulate(row - ramp) + ramp  # insertions, all at once
    return table
