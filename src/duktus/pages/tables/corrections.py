"""What a person corrected, written back into the table that was made of the readings."""

import csv
import io
import os
from dataclasses import dataclass
from pathlib import Path

from duktus.datasets.tables import csv_rows, harmless, heading_of, read_lines
from duktus.types import DataError

PLACE = ("page", "row", "column", "line", "x", "y", "w", "h")
"""Columns that say where a number stands in its file."""

CORRECTED = "corrected"
"""The reason of a row that a person corrected or confirmed; it is accepted."""


@dataclass(frozen=True)
class Corrections:
    """What became of a review: rows that were changed, those that were confirmed, and those that were not found."""

    changed: int
    confirmed: int
    missing: tuple[str, ...]


def apply_review(review: Path, table: Path, out: Path | None = None) -> Corrections:
    """Write the corrections of a review into a table of readings.

    Rows are the same where file, page, row, column, line and box are. Delimiter and byte-order mark stay as they are;
    the table is written beside and renamed.

    Args:
        review: the table of ``--review``, its column ``label`` filled in; rows without a label change nothing.
        table: CSV with one row a line, as ``duktus read --format csv`` writes it.
        out: where to write it; in place if not given.

    Raises:
        DataError: a table cannot be read or written, or is none of these.
    """
    said = _labels(review)
    lines = read_lines(table)
    delimiter = _delimiter(lines, table, ("file", "text"))
    rows = [record for _, record in csv_rows(lines, table, delimiter)]
    changed = confirmed = 0
    for record in rows:
        label = said.pop(_key(record, "file"), None)
        if label is None:
            continue
        if _plain(str(record.get("text") or "")) == label:
            confirmed += 1
        else:
            changed += 1
        record |= {"text": harmless(label), "accepted": "true", "reason": CORRECTED, "confidence": "1.0"}
    columns = heading_of(lines, table, delimiter)  # a quoted name may hold the end of a line
    _write(out or table, columns, rows, delimiter, marked=table.read_bytes().startswith(b"\xef\xbb\xbf"))
    return Corrections(changed, confirmed, tuple(" ".join(key) for key in said))


def _labels(review: Path) -> dict[tuple[str, ...], str]:
    """Return what a person says of each place."""
    lines = read_lines(review)
    delimiter = _delimiter(lines, review, ("label", "source"))
    said = {}
    for _, record in csv_rows(lines, review, delimiter):
        label = _plain(str(record.get("label") or "").strip())
        if label:
            said[_key(record, "source")] = label
    return said


def _key(record: dict[str, object], file: str) -> tuple[str, ...]:
    place = (str(record.get(name) or "").strip() for name in PLACE)
    # A line that no program numbered, and the first, are both identified by their box.
    return (os.path.normpath(_plain(str(record.get(file) or ""))), *place)


def _plain(cell: str) -> str:
    """Return a cell as it was before it was made harmless for spreadsheets."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@") else cell


def _delimiter(lines: list[str], path: Path, needed: tuple[str, ...]) -> str:
    heading = lines[0].strip() if lines else ""
    for mark in ",;\t|":
        if set(needed) <= set(heading_of([heading], path, mark)):
            return mark
    expected = f"a table with the columns {' and '.join(needed)}"
    raise DataError(f"{path}: expected {expected}, received {heading[:80]!r}; name the table that was written")


def _write(path: Path, columns: list[str], rows: list[dict[str, object]], delimiter: str, *, marked: bool) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_text(text.getvalue(), encoding="utf-8-sig" if marked else "utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        raise DataError(f"{path}: the table cannot be written ({error.strerror}); name another place") from error
