"""A character n-gram: how likely a character is after those before it, from texts that were counted.

Probabilities are interpolated over all orders (Witten and Bell, "The zero-frequency problem", 1991). The counts travel
inside a model's file; rare n-grams of the higher orders are left out.
"""

import base64
import binascii
import json
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from duktus.types import ModelError

KEY = "duktus.language"
"""Name of the entry of a model file that holds the counts."""

ORDER = 5
"""Characters of the longest n-gram."""

RARE_ORDER, RARE = 4, 2
"""N-grams of so many characters and more that occur less often than this are left out."""

START, END = "\x02", "\x03"
"""Before the first character of a line, and after its last."""

MOST_BYTES = 16_000_000
"""Bytes of counts that are unpacked at most."""

MOST_COUNT = 10**15
"""An n-gram is counted no oftener: larger numbers are none that floats can tell apart."""


class CharacterModel:
    """Log-probabilities of characters.

    Args:
        counts: of n-grams of one character to ``ORDER``; ``START`` and ``END`` are among their characters.
    """

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._totals: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        for gram, count in counts.items():
            context = gram[:-1]
            self._totals[context] = self._totals.get(context, 0) + count
            self._kinds[context] = self._kinds.get(context, 0) + 1
        self._probability = lru_cache(maxsize=200_000)(self._interpolated)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "CharacterModel":
        """Count the n-grams of lines.

        >>> model = CharacterModel.of(["the hen", "the men"])
        >>> model.log_prob("th", "e") > model.log_prob("th", "n")
        True
        """
        counts: Counter[str] = Counter()
        for text in texts:
            line = f"{START}{text}{END}"
            for end in range(1, len(line)):
                counts.update(line[start : end + 1] for start in range(max(0, end + 1 - ORDER), end + 1))
        return cls({gram: n for gram, n in counts.items() if len(gram) < RARE_ORDER or n >= RARE})

    def log_prob(self, before: str, character: str) -> float:
        """Return the logarithm of a character's probability after the beginning of a line; ``END`` ends it."""
        return float(np.log(self._probability(f"{START}{before}"[1 - ORDER :], character)))

    def _interpolated(self, context: str, character: str) -> float:
        lower = 1 / 256 if not context else self._probability(context[1:], character)
        kinds = self._kinds.get(context, 0)
        if not kinds:
            return lower
        seen = self._counts.get(context + character, 0)
        return (seen + kinds * lower) / (self._totals[context] + kinds)

    def pack(self) -> str:
        """Return the counts as text."""
        grams = sorted(self._counts)
        content = json.dumps([grams, [self._counts[gram] for gram in grams]], ensure_ascii=False)
        return base64.b85encode(zlib.compress(content.encode(), 9)).decode()

    @classmethod
    def unpack(cls, packed: str, name: str) -> "CharacterModel":
        """Return what ``pack`` gave.

        Args:
            packed: the text.
            name: what messages call the model.

        Raises:
            ModelError: it is damaged.
        """
        try:
            inflater = zlib.decompressobj()
            content = inflater.decompress(base64.b85decode(packed), MOST_BYTES)
            grams, counts = json.loads(content)
            known = dict(zip(map(str, grams), map(int, counts), strict=True))
            if inflater.unconsumed_tail or not all(gram and 0 < n <= MOST_COUNT for gram, n in known.items()):
                raise ValueError("no n-grams with counts above 0, or larger ones than any")
        except (ValueError, TypeError, OverflowError, zlib.error, binascii.Error, RecursionError) as error:
            expected = "expected counts of n-grams in its file"
            raise ModelError(f"{name}: {expected}, received {error}; fetch the model again") from error
        return cls(known)
