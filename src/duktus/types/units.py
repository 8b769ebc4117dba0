"""Readings of characters put together: to lines, and to what a whole file says."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Literal, TypeAlias

from duktus.types.pages import Word, join_boxes
from duktus.types.readings import Alternative, Reading, Readings, lines_of

Unit: TypeAlias = Literal["character", "line", "file"]
"""What one record is of."""

MOST_REASONS = 2
"""Reasons that a line gives: that a mark may stand in it goes before others."""


def by_unit(readings: Readings, unit: Unit, first: int = 0) -> Readings:
    """Return readings of lines, or one of each page, instead of those of characters.

    Args:
        readings: of characters or lines.
        unit: what is wanted.
        first: number of a page's first line, where lines before it are elsewhere.

    >>> from duktus.types import Box
    >>> one, two = (Reading(c, 0.9, True, "", (), Box(x, 0, 10, 20), line=0) for c, x in (("1", 0), ("4", 14)))
    >>> [(line.text, round(line.confidence, 2), line.box.w) for line in by_unit(Readings([(1, (one, two))]), "line")]
    [('14', 0.81, 24)]
    """
    if unit == "character":
        return readings
    pages = [
        (number, [as_line(line, at) for at, line in enumerate(lines_of(page), first)])
        for number, page in readings.pages
    ]
    if unit == "file":
        pages = [(number, [_as_page(lines)] if lines else []) for number, lines in pages]
    return Readings(pages, readings.previews, readings.sheets)


def as_line(characters: Sequence[Reading], number: int) -> Reading:
    """Return the characters of a line as one reading: accepted where all are, as probable as all together."""
    first = characters[0]
    if len(characters) == 1:
        return first if first.words else replace(first, line=number)
    words = _words(characters)
    text = " ".join(word.text for word in words)
    confidence = prod(one.confidence for one in characters)
    doubtful = [one for one in characters if not one.accepted]
    others = _alternatives(characters) if len(doubtful) < 2 else ()
    box = join_boxes([one.box for one in characters])
    reason = reason_of([one.reason for one in doubtful])
    return Reading(text, confidence, not doubtful, reason, others, box, line=number, words=words, cell=first.cell)


def reason_of(reasons: Sequence[str]) -> str:
    """Return why what stands together is not accepted: what may be a mark first."""
    told = list(dict.fromkeys(sorted(filter(None, reasons), key=lambda reason: not reason.endswith("?"))))
    return "; ".join(told[:MOST_REASONS]) + ("; …" if len(told) > MOST_REASONS else "")


def _words(characters: Sequence[Reading]) -> tuple[Word, ...]:
    """Return the words of a line: a gap wider than its characters are high parts them."""
    wide = sorted(one.box.h for one in characters)[len(characters) // 2]
    groups = [[characters[0]]]
    for one in characters[1:]:
        last = groups[-1][-1].box
        if one.box.x - last.x - last.w > wide:
            groups.append([])
        groups[-1].append(one)
    return tuple(
        Word(
            "".join(one.text for one in some),
            min(one.confidence for one in some),
            join_boxes([one.box for one in some]),
        )
        for some in groups
    )


def _alternatives(characters: Sequence[Reading]) -> tuple[Alternative, ...]:
    """Return the line with the character changed that is most in doubt."""
    least = min(range(len(characters)), key=lambda i: characters[i].confidence)
    rest = prod(one.confidence for i, one in enumerate(characters) if i != least)
    texts = [one.text for one in characters]
    return tuple(
        Alternative("".join([*texts[:least], other.text, *texts[least + 1 :]]), rest * other.confidence)
        for other in characters[least].alternatives
    )


def _as_page(lines: Sequence[Reading]) -> Reading:
    """Return the lines of a page as one reading, a line of text each."""
    if len(lines) == 1:
        return lines[0]
    return Reading(
        "\n".join(line.text for line in lines),
        prod(line.confidence for line in lines),
        all(line.accepted for line in lines),
        reason_of([line.reason for line in lines if not line.accepted]),
        (),
        join_boxes([line.box for line in lines]),
        words=tuple(word for line in lines for word in line.words),
    )
