"""Pages with lines, to be written and read again."""

from dataclasses import replace

from duktus.pages.formats.document import PageText
from duktus.types import Alternative, Box, Reading, Sheet, Word

ENTITIES = b'<!DOCTYPE PcGts [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def line(text: str, x: int = 10, y: int = 20, **changes: object) -> Reading:
    """A line of some words, 10 pixels a character, 20 high."""
    words, at = [], x
    for word in text.split():
        words.append(Word(word, 0.9, Box(at, y, 10 * len(word), 20)))
        at += 10 * len(word) + 10
    right = max(at - 10, x + 10)
    made = Reading(
        *(text, 0.8, True, "", (), Box(x, y, right - x + 1, 21)),
        line=0,
        words=tuple(words),
        baseline=((x, y + 15), (right, y + 15)),
        polygon=((x, y), (right, y), (right, y + 20), (x, y + 20)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of a reading, whatever their types


def sample(turned: int = 0) -> PageText:
    """A page of two blocks; one line has no words and two answers."""
    unsure = line("12,50", 300, 40, words=(), confidence=0.5, accepted=False, reason="unsure: 12,50 or 12.50", block=1)
    unsure = replace(unsure, alternatives=(Alternative("12.50", 0.25),))
    lines = (line("Ångström & <Söhne>"), line('the "second" line', y=60), unsure)
    numbered = tuple(replace(each, line=number) for number, each in enumerate(lines))
    return PageText("scans/a b.png", Sheet(1, 400, 200, turned, ("the page was turned",) if turned else ()), numbered)


def table() -> PageText:
    """A table of two rows and two columns."""
    cells = [
        replace(line(text, 10 + 100 * column, 20 + 40 * row), cell=(row + 1, column + 1), block=2 * row + column)
        for row, column, text in ((0, 0, "007"), (0, 1, "1,5"), (1, 0, "-3"), (1, 1, "4"))
    ]
    numbered = tuple(replace(each, line=number) for number, each in enumerate(cells))
    return PageText("table.png", Sheet(1, 300, 200), numbered)
