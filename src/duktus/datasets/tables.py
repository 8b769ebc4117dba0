"""Tables of labelled images: ``file,label[,group]`` as CSV or as one JSON object a line."""

import csv
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from duktus.types import DataError
from duktus.types.text import visible

_JSON_SUFFIXES, _CSV_SUFFIXES = (".jsonl", ".ndjson"), (".csv", ".tsv")

TABLE_SUFFIXES = _CSV_SUFFIXES + _JSON_SUFFIXES
"""Endings of the files that are read as tables, in lower case."""

MOST_LINES, MOST_CHARACTERS = 2_000_000, 100_000_000
"""Lines that a table has at most, and characters."""


@dataclass(frozen=True)
class Row:
    """One image of a table; ``group`` is the hand or the page that it comes from, None where it is not known."""

    path: Path
    label: str
    group: str | None


class Table(NamedTuple):
    """The rows of a table in their order, and how many were passed over for having no label yet."""

    rows: list[Row]
    unlabelled: int = 0


def harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a cell of text for a formula, and a terminal from taking it for an order.

    Single signs and numbers stay as they are.

    >>> harmless("=1+1"), harmless("-4"), harmless("ᚠ")
    ("'=1+1", '-4', 'ᚠ')
    """
    cell = "\n".join(map(visible, cell.split("\n")))
    if len(cell) < 2 or cell[0] not in "=+-@" or cell[1:].replace(".", "", 1).isdecimal():
        return cell
    return "'" + cell


def read_table(path: Path) -> Table:
    """Read a table of labelled images.

    Args:
        path: a ``.csv`` or ``.tsv`` file, whose first line names the columns ``file`` and ``label`` (or ``text``) and
            perhaps ``group`` (or ``document``), separated by commas, semicolons or tabs; or a ``.jsonl`` file of
            objects with these keys. UTF-8. Files are given from the table's own folder on, or by their whole path.
            Where a row has both a label and a text, the text is what was read and the label is a person's; if it is
            empty, nobody has said what the image shows, and the row is passed over.

    Returns:
        The rows in their order, one at least. Files that are missing are among them, unless all are: they are
        reported where the images are opened.

    Raises:
        DataError: the table cannot be read, a row lacks its file or label, one file is listed twice, or none exists.
    """
    lines = read_lines(path)
    if path.suffix.lower() in _JSON_SUFFIXES:
        records = _json_records(lines, path)
    elif path.suffix.lower() in _CSV_SUFFIXES:
        records = _csv_records(lines, path)
    else:
        raise DataError(
            f"{path}: expected a folder, or a table as .csv, .tsv or .jsonl, received {path.suffix or path}"
        )
    rows: dict[Path, Row] = {}
    unlabelled = 0
    for number, record in records:
        if _awaits_label(record):
            unlabelled += 1
            continue
        row = _row(record, path.parent, f"{path}, line {number}")
        if row.path in rows:
            what = f"{row.path.name} again (first as {rows[row.path].label!r}, now as {row.label!r})"
            raise DataError(f"{path}, line {number}: expected each file once, received {what}; remove one of the lines")
        rows[row.path] = row
    if not rows:
        received = f"{unlabelled:,} whose label is empty" if unlabelled else "none"
        raise DataError(f"{path}: expected a row 'file,label[,group]' at least, received {received}; fill the table")
    if not any(map(_is_file, rows)):
        received = f"{len(rows):,} names, none of which exists ({next(iter(rows))})"
        raise DataError(f"{path}: expected files, received {received}; paths count from the table's folder")
    return Table(list(rows.values()), unlabelled)


def _awaits_label(record: dict[str, object]) -> bool:
    """Return whether a row has what was read and no label yet."""
    label = record.get("label", "-")
    return "text" in record and (label is None or (isinstance(label, str) and not label.strip()))


def read_lines(path: Path) -> list[str]:
    """Return a text file's lines, their ends kept.

    Raises:
        DataError: the file cannot be read, is larger than any table, or is not in UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(islice(_bounded_lines(file), MOST_LINES + 1))
    except OSError as error:
        raise DataError(f"{path}: the table cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected text in UTF-8, received other bytes ({error}); save it as UTF-8") from error
    if len(lines) > MOST_LINES or sum(map(len, lines)) > MOST_CHARACTERS:
        most = f"at most {MOST_LINES:,} lines and {MOST_CHARACTERS:,} characters"
        raise DataError(f"{path}: expected a table of {most}, received more; split it")
    return lines


def _bounded_lines(file: TextIO) -> Iterator[str]:
    """Yield a file's lines until they hold more than a table may: a device has no end, nor need it have lines."""
    left = MOST_CHARACTERS
    while left >= 0 and (line := file.readline(left + 1)):
        left -= len(line)
        yield line


def heading_of(lines: list[str], path: Path, delimiter: str) -> list[str]:
    """Return the names of a table's columns, none where it is empty.

    Raises:
        DataError: its quotes are broken, or a name is longer than any.
    """
    try:
        return next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error as error:
        raise DataError(f"{path}: the first line cannot be read ({error}); check its quotes") from error


def _csv_records(lines: list[str], path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    heading = lines[0].strip() if lines else ""
    delimiter = next((mark for mark in ",;\t" if "file" in heading_of([heading], path, mark)), ",")
    names = set(heading_of([heading], path, delimiter))
    if "file" not in names or not names & {"label", "text"}:
        raise DataError(f"{path}: expected a first line 'file,label[,group]', received {heading[:80]!r}; add it")
    return csv_rows(lines, path, delimiter)


def csv_rows(lines: list[str], path: Path, delimiter: str = ",") -> Iterator[tuple[int, dict[str, object]]]:
    """Read a table's rows, each with the number of its line.

    Raises:
        DataError: a row has more values than columns, or its quotes are broken.
    """
    reader = csv.DictReader(lines, delimiter=delimiter, restkey="(more)", skipinitialspace=True, strict=True)
    try:
        for record in reader:
            if "(more)" in record:
                raise DataError(f"{path}, line {reader.line_num}: received more values than columns; quote the commas")
            yield reader.line_num, dict(record)
    except csv.Error as error:
        raise DataError(
            f"{path}, line {reader.line_num}: the row cannot be read ({error}); check its quotes"
        ) from error


def _json_records(lines: list[str], path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:  # also numbers of more digits than Python reads
            raise DataError(
                f"{path}, line {number}: expected a JSON object, received {error}; correct the line"
            ) from error
        if not isinstance(record, dict):
            raise DataError(
                f"{path}, line {number}: expected a JSON object, received {line.strip()[:40]}; correct the line"
            )
        yield number, record


def _row(record: dict[str, object], folder: Path, where: str) -> Row:
    label = record.get("label", record.get("text"))
    named = record.get("group", record.get("document"))
    file, label, group = (_text(value, where) for value in (record.get("file"), label, named))
    if not file or not label:
        raise DataError(f"{where}: expected a file and a label, received {record}; fill in what is missing")
    return Row(_existing(folder / file), label, group)


def _existing(path: Path) -> Path:
    """The path, its letters with their accents composed or apart, whichever the file system has."""
    forms = (path, *(Path(unicodedata.normalize(form, str(path))) for form in ("NFC", "NFD")))
    return next((form for form in forms if _is_file(form)), path)


def _is_file(path: Path) -> bool:
    """Tell whether there is a file; where a name is longer than any may be, there is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _text(value: object, where: str) -> str | None:
    """A value as text, a number as it is written; None for an empty one."""
    if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return str(value) if value not in (None, "") else None
    raise DataError(f"{where}: expected text, received {value!r}; put it in quotes")
