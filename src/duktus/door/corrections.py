"""Corrections of numbers and lines, written back into the table of readings."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from duktus.door.sessions import Place
from duktus.pages.tables.corrections import Corrections, apply_review
from duktus.types import DataError, Reading, Readings


def apply(review: Place, table: Place, *, out: Place | None = None) -> Corrections:
    """Write the corrections of a review into a table of readings.

    Args:
        review: the table that ``read_many(…, review=…)`` made of lines or cells, its column ``label`` filled in.
        table: CSV with one row a line, as ``duktus read --format csv`` writes it.
        out: where to write the corrected table; in place if not given.

    Returns:
        How many rows were changed and confirmed, and which places the table does not have.

    Raises:
        DataError: a table cannot be read or written, or is none of these.
    """
    return apply_review(Path(review), Path(table), None if out is None else Path(out))


def with_texts(readings: Readings, texts: Sequence[str]) -> Readings:
    """Return readings with the texts that a person gave them.

    Args:
        readings: of lines or cells, as ``read`` returns them for pages and tables.
        texts: one a reading, in order.

    Raises:
        DataError: there are more or fewer texts than readings.
    """
    if len(texts) != len(readings):
        raise DataError(f"expected {len(readings)} texts, one a line or cell, received {len(texts)}; read it again")
    given = iter(texts)
    pages = [(number, [_with_text(line, next(given)) for line in lines]) for number, lines in readings.pages]
    return Readings(pages, readings.previews, readings.sheets)


def _with_text(line: Reading, text: str) -> Reading:
    if line.text == text:
        return line
    return replace(line, text=text, confidence=1.0, accepted=True, reason="", alternatives=(), words=())
