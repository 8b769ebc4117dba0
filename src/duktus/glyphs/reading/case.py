"""Letters whose shape does not distinguish them: decided by their size, their place and their neighbours in a row.

A c and a C are one shape, an o, an O and a 0 are. Beside letters whose shape says how high they stand, the size of the
doubtful one says which it is; so do the kinds of characters about it, a digit among digits being a 0. One that stands
alone keeps its alternatives.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from duktus.glyphs.reading.marks import Placed
from duktus.models.confidence import Decision
from duktus.types import Alternative

LOW = frozenset("acemnorsuvwxzäöü")
"""Letters without ascender and descender."""

HANGING = frozenset("gpqy")
"""Letters of which a part hangs below the line."""

TALL, SMALL, HUNG = 1.0, 0.62, 0.95
"""Usual heights: of capitals, digits and ascenders; of ``LOW``; of ``HANGING``."""

SPREAD, SUNK = 0.17, 0.13
"""Standard deviations about what is usual in a row: of the logarithm of a character's height, and of where it stands
below the line, in heights of a capital."""

BELOW = 0.33
"""How far ``HANGING`` letters reach below the line, in heights of a capital."""

FEWEST = 2
"""Characters of a row whose shapes are certain, from which its scale is taken."""

KIND = 1.2
"""What a neighbour's kind says for the same kind, as the logarithm of a ratio."""


def settle_case(placed: Sequence[Placed], alike: Sequence[Sequence[str]]) -> list[Placed]:
    """Return characters of which those that look alike are decided by the others of their row.

    Args:
        placed: in reading order.
        alike: groups of labels that one shape may show.
    """
    groups = {label: tuple(group) for group in alike for label in group}
    if not groups:
        return list(placed)
    rows = (list(row) for _, row in groupby(placed, key=lambda each: each.row))
    return [each for row in rows for each in _settle_row(row, groups)]


def usual_height(character: str) -> float:
    """Return how high a character usually is, a capital being 1."""
    if character in LOW:
        return SMALL
    return HUNG if character in HANGING else TALL


def _settle_row(row: list[Placed], groups: Mapping[str, tuple[str, ...]]) -> list[Placed]:
    certain = [each for each in row if each.decision.text not in groups and each.decision.accepted]
    scales = sorted(each.box.h / usual_height(each.decision.text) for each in certain)
    scale = scales[len(scales) // 2] if len(scales) >= FEWEST else 0.0
    feet = sorted(_foot(each) - scale * _below(each.decision.text) for each in certain)
    line = feet[len(feet) // 2] if feet else 0.0
    settled = []
    for place, each in enumerate(row):
        group, chosen = groups.get(each.decision.text, ()), each.decision.text
        if group:
            chosen = _likeliest(each, group, (scale, line), _neighbours(row, place, groups))
        settled.append(each._replace(decision=_as(each.decision, chosen)))
    return settled


def _neighbours(row: Sequence[Placed], place: int, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the nearest certain characters on either side."""
    for side in (range(place - 1, -1, -1), range(place + 1, len(row))):
        for other in side:
            if row[other].decision.text not in groups and row[other].decision.accepted:
                yield row[other].decision.text
                break


def _foot(each: Placed) -> float:
    return float(each.box.y + each.box.h)


def _below(character: str) -> float:
    return BELOW if character in HANGING else 0.0


def _likeliest(each: Placed, group: Sequence[str], row: tuple[float, float], neighbours: Iterator[str]) -> str:
    """Return which label of a group a character is: by its own probabilities, size, place and neighbours.

    ``row`` is the height of a capital, 0 where it is not known, and where the line runs.
    """
    scale, line = row
    known = {one.text: one.confidence for one in each.decision.alternatives}
    # The answer's confidence is that of its group: what is left of it is its own.
    known[each.decision.text] = max(1e-3, each.decision.confidence - sum(known.get(label, 0.0) for label in group))
    beside = list(neighbours)

    def score(label: str) -> float:
        found = math.log(max(known.get(label, 0.0), 1e-3))
        if scale and each.box.h:
            found -= 0.5 * (math.log(each.box.h / (scale * usual_height(label))) / SPREAD) ** 2
            found -= 0.5 * (((_foot(each) - line) / scale - _below(label)) / SUNK) ** 2
        return found + sum(KIND for other in beside if _kind(other) == _kind(label))

    return max(group, key=score) if scale or beside else each.decision.text


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "capital" if character.isupper() else "small"


def _as(decision: Decision, text: str) -> Decision:
    """Return a decision for another label of its group; the label that it had becomes an alternative."""
    if text == decision.text:
        return decision
    own = decision.confidence - sum(one.confidence for one in decision.alternatives)
    others = [one for one in decision.alternatives if one.text != text]
    first = Alternative(decision.text, max(0.0, own))
    return decision._replace(text=text, alternatives=(first, *others))
