"""Answers to records: JSON lines, CSV, workbooks, a table for people; one answer in memory at a time."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TextIO, TypeVar

from duktus.cli.inputs import Answer
from duktus.cli.terminal import is_terminal
from duktus.datasets.tables import harmless
from duktus.types import JSON, MissingExtraError, UsageError

Format = Literal["table", "jsonl", "csv"]

_ORDERS = re.compile("[\x7f-\x9f]")
"""Control characters that JSON may hold as they are, and a terminal may take for orders."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no cell may hold."""

LONGEST = 32_767
"""Characters that a cell may hold."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Layout(Generic[Found]):
    """How the answers of one command are written.

    Attributes:
        records: those of an answer, for programs; the keys stay as they are.
        columns: of the CSV file.
        flat: the rows of a record in it.
        table: writes answers for people.
    """

    records: Callable[[Answer[Found]], Iterator[JSON]]
    columns: tuple[str, ...]
    flat: Callable[[JSON], Iterator[JSON]]
    table: Callable[[Iterable[Answer[Found]]], None]


@dataclass(frozen=True)
class Table:
    """How a CSV file is written: what parts its cells, and whether a byte-order mark says that it is UTF-8."""

    delimiter: str = ","
    marked: bool = False


PLAIN = Table()


def write_answers(answers: Iterable[Answer[Found]], form: Format, layout: Layout[Found], table: Table = PLAIN) -> bool:
    """Write answers to standard output as they come; return whether all files could be read."""
    failed = False

    def watched() -> Iterator[Answer[Found]]:
        nonlocal failed
        for answer in answers:
            failed |= bool(answer.error)
            yield answer

    if form == "table":
        layout.table(watched())
    elif form == "jsonl":
        for answer in watched():
            write_json(*layout.records(answer))
    else:
        _write_csv(watched(), layout, table)
    return not failed


def write_json(*records: JSON) -> None:
    """Write records, each as a line; a file's name may hold what is no text, which standard output escapes."""
    sys.stdout.write(json_text(*records))
    sys.stdout.flush()


def harmless_row(row: JSON) -> JSON:
    """Return a row whose texts neither a spreadsheet nor a terminal takes for orders."""
    return {key: harmless(value) if isinstance(value, str) else value for key, value in row.items()}


def _write_csv(answers: Iterable[Answer[Found]], layout: Layout[Found], table: Table) -> None:
    writer = _writer(sys.stdout, layout, table)
    for answer in answers:
        writer.writerows(map(harmless_row, rows_of(answer, layout)))
        sys.stdout.flush()


def csv_text(answer: Answer[Found], layout: Layout[Found], table: Table) -> str:
    """Return one answer as a whole CSV file."""
    text = io.StringIO(newline="")
    writer = _writer(text, layout, table)
    writer.writerows(map(harmless_row, rows_of(answer, layout)))
    return text.getvalue()


def rows_of(answer: Answer[Found], layout: Layout[Found]) -> Iterator[JSON]:
    """Yield the rows of an answer, by the names of their columns."""
    for record in layout.records(answer):
        yield from layout.flat(record)


def _writer(file: TextIO, layout: Layout[Found], table: Table) -> "csv.DictWriter[str]":
    file.write("\ufeff" if table.marked else "")
    writer = csv.DictWriter(file, layout.columns, restval="", lineterminator="\n", delimiter=table.delimiter)
    writer.writeheader()
    return writer


def json_text(*records: JSON) -> str:
    """Return records as lines of JSON; what a file's name may hold that is no text is escaped by whoever writes it."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return "".join(_ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", encode(record)) + "\n" for record in records)


def write_workbook(answers: Iterable[Answer[Found]], layout: Layout[Found]) -> bool:
    """Write answers to standard output as one workbook; return whether all files could be read.

    Raises:
        MissingExtraError: openpyxl is not installed.
        UsageError: standard output is a terminal.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingExtraError("writing .xlsx needs openpyxl; install it by: pip install 'duktus[xlsx]'") from error
    if is_terminal(sys.stdout):
        raise UsageError("A workbook is no text; send it to a file: --format xlsx > table.xlsx.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("readings")
    sheet.append(list(layout.columns))
    failed = False
    for answer in answers:
        failed |= bool(answer.error)
        for row in rows_of(answer, layout):
            sheet.append([_cell(sheet, row.get(name, "")) for name in layout.columns])
    content = io.BytesIO()
    book.save(content)
    sys.stdout.flush()
    sys.stdout.buffer.write(content.getvalue())
    return not failed


def _cell(sheet: object, value: object) -> object:
    """Return a cell: numbers as numbers, all else as text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    cell = WriteOnlyCell(sheet, value="")
    cell.value = _UNFIT.sub("\ufffd", str(value))[:LONGEST]
    cell.data_type = "s"
    return cell
