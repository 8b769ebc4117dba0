"""Corrections of numbers and lines, written back into the table of readings."""

from pathlib import Path

from duktus.door.sessions import Place
from duktus.pages.tables.corrections import Corrections, apply_review


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
