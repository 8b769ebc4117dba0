"""Answers to records: JSON lines, CSV, and a table for people. One answer in memory at a time, however many come."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

from duktus.cli.terminal import columns_of, is_terminal, pad, visible
from duktus.datasets.tables import harmless
from duktus.types import JSON, Reading

Format = Literal["table", "jsonl", "csv"]

CSV_COLUMNS = (
    *("file", "page", "index", "x", "y", "w", "h"),
    *("text", "confidence", "accepted", "reason", "alternatives", "error"),
)

_DIGITS = 6
"""Decimals of a confidence in a record: more than any calibration can vouch for."""

_FIRST_ROWS = 50
"""Rows of a table from which the widths of its columns are taken; the rest stream in these."""

_HEADINGS = ("file", "text", "sure", "")
_NARROWEST, _WIDEST_FILE, _WIDEST_TEXT = (8, 12, 5), 60, 40


@dataclass(frozen=True)
class Answer:
    """What came of one file: pages with their numbers from 1 and their readings, or an error in their place."""

    file: str
    pages: tuple[tuple[int, tuple[Reading, ...]], ...] = ()
    error: str = ""


def write_answers(answers: Iterable[Answer], form: Format) -> bool:
    """Write answers to standard output as they come; return whether all files could be read."""
    failed = False

    def watched() -> Iterator[Answer]:
        nonlocal failed
        for answer in answers:
            failed |= bool(answer.error)
            yield answer

    _WRITERS[form](watched())
    return not failed


def records(answer: Answer) -> Iterator[JSON]:
    """Yield the records of an answer, as ``--format jsonl`` promises them to programs."""
    for page, readings in answer.pages:
        for index, reading in enumerate(readings):
            yield {
                "file": answer.file,
                "page": page,
                "index": index,
                "box": reading.box,
                "text": reading.text,
                "confidence": round(reading.confidence, _DIGITS),
                "accepted": reading.accepted,
                "reason": reading.reason,
                "alternatives": [
                    {"text": other.text, "confidence": round(other.confidence, _DIGITS)}
                    for other in reading.alternatives
                ],
            }
    if answer.error:
        yield {"file": answer.file, "error": answer.error}


def _write_jsonl(answers: Iterable[Answer]) -> None:
    # Names that are not UTF-8 hold lone surrogates; standard output escapes them as JSON does.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for answer in answers:
        for record in records(answer):
            sys.stdout.write(encode(record) + "\n")
        sys.stdout.flush()


def _write_csv(answers: Iterable[Answer]) -> None:
    writer = csv.DictWriter(sys.stdout, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for answer in answers:
        for record in records(answer):
            writer.writerow(_flat(record))
        sys.stdout.flush()


def _flat(record: JSON) -> JSON:
    row = {key: harmless(value) if isinstance(value, str) else value for key, value in record.items()}
    if "box" in row:
        row |= zip("xywh", row.pop("box"), strict=True)
        row["accepted"] = str(row["accepted"]).lower()
        row["alternatives"] = harmless("; ".join(f"{o['text']} {o['confidence']}" for o in record["alternatives"]))
    return row


def _write_table(answers: Iterable[Answer]) -> None:
    rows = chain.from_iterable(map(_rows, answers))
    first = list(islice(rows, _FIRST_ROWS))
    cells = zip(*((row.file, row.text, row.sure) for row in first), strict=True) if first else ((), (), ())
    most = (_WIDEST_FILE, _WIDEST_TEXT, 5)
    widths = [
        max(least, min(limit, max(map(columns_of, column), default=0)))
        for column, least, limit in zip(cells, _NARROWEST, most, strict=True)
    ]
    paint = _paint if is_terminal(sys.stdout) else _leave
    print(paint("  ".join(map(pad, _HEADINGS, (*widths, 0))).rstrip(), "1"))
    for row in chain(first, rows):
        cells_of_row = "  ".join(map(pad, (row.file, row.text, row.sure), widths))
        print(f"{cells_of_row}  {paint(row.note, row.colour)}".rstrip())


@dataclass(frozen=True)
class _Row:
    """A row of the table: one written line of a page, or an error."""

    file: str
    text: str = ""
    sure: str = ""
    note: str = ""
    colour: str = "33"


def _rows(answer: Answer) -> Iterator[_Row]:
    file = visible(answer.file)
    for page, readings in answer.pages:
        place = file if page == 1 else f"{file} p. {page}"
        if not readings:
            yield _Row(place, note="blank")
        for line in lines_of(readings):
            least = min(reading.confidence for reading in line)
            yield _Row(place, visible(text_of(line)), f"{least:.3f}", _note(line))
    if answer.error:
        yield _Row(file, note=_without_name(visible(answer.error), file), colour="31")


def _without_name(error: str, file: str) -> str:
    """An error without the name that the row begins with."""
    return "error: " + error.removeprefix(f"{file}: ")


def lines_of(readings: tuple[Reading, ...]) -> list[list[Reading]]:
    """Part a page's readings, in reading order, into written lines: a new one goes back to the left, or beneath."""
    lines: list[list[Reading]] = []
    for reading in readings:
        box = reading.box
        if lines and box.x >= lines[-1][-1].box.x and box.y < max(other.box.y + other.box.h for other in lines[-1]):
            lines[-1].append(reading)
        else:
            lines.append([reading])
    return lines


def text_of(line: list[Reading]) -> str:
    """Return a line as text: "?" where a reading was refused, a space where a gap is wider than a glyph is high."""
    wide = sorted(reading.box.h for reading in line)[len(line) // 2]
    text, end = "", line[0].box.x
    for reading in line:
        box = reading.box
        shown = reading.text if reading.accepted else "?" if reading.text else ""
        text += (" " if text and box.x - end > wide else "") + shown
        end = box.x + box.w
    return text


def _note(line: list[Reading]) -> str:
    """Why readings of a line were refused, each reason once."""
    reasons = [reading.reason for reading in line if not reading.accepted]
    counted = {reason: reasons.count(reason) for reason in reasons}
    return visible("; ".join(reason if n == 1 else f"{reason} (×{n})" for reason, n in counted.items()))


def _paint(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if text else ""


def _leave(text: str, _colour: str) -> str:
    return text


_WRITERS: dict[Format, Callable[[Iterable[Answer]], None]] = {
    "table": _write_table,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
}
