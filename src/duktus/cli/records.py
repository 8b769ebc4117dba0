"""Answers to records: JSON lines, CSV, and a table for people. One answer in memory at a time, however many come."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from duktus.cli.inputs import Answer
from duktus.datasets.tables import harmless
from duktus.types import JSON

Format = Literal["table", "jsonl", "csv"]

_ORDERS = re.compile("[\x7f-\x9f]")
"""Control characters that JSON may hold as they are, and a terminal may take for orders."""

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


def write_answers(answers: Iterable[Answer[Found]], form: Format, layout: Layout[Found]) -> bool:
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
        _write_csv(watched(), layout)
    return not failed


def write_json(*records: JSON) -> None:
    """Write records, each as a line; a file's name may hold what is no text, which standard output escapes."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for record in records:
        sys.stdout.write(_ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", encode(record)) + "\n")
    sys.stdout.flush()


def harmless_row(row: JSON) -> JSON:
    """Return a row whose texts neither a spreadsheet nor a terminal takes for orders."""
    return {key: harmless(value) if isinstance(value, str) else value for key, value in row.items()}


def _write_csv(answers: Iterable[Answer[Found]], layout: Layout[Found]) -> None:
    writer = csv.DictWriter(sys.stdout, layout.columns, restval="", lineterminator="\n")
    writer.writeheader()
    for answer in answers:
        for record in layout.records(answer):
            writer.writerows(map(harmless_row, layout.flat(record)))
        sys.stdout.flush()
