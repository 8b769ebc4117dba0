"""What is written in files, as records and as a table."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from duktus.cli.inputs import Answer
from duktus.cli.records import Layout
from duktus.cli.terminal import paint, stream_columns, visible
from duktus.door.records import lost_pages, reading_records
from duktus.types import JSON, Reading, Readings
from duktus.types.readings import lines_of, text_of
from duktus.types.units import Unit

CHARACTER_COLUMNS = (
    *("file", "page", "index", "x", "y", "w", "h"),
    *("text", "confidence", "accepted", "reason", "alternatives", "line", "error"),
)

LINE_COLUMNS = (
    *("text", "confidence", "accepted", "reason", "file", "page", "row", "column", "line"),
    *("x", "y", "w", "h", "alternatives", "error"),
)

_YELLOW, _RED = "33", "31"


def records(answer: Answer[Readings], unit: Unit = "character") -> Iterator[JSON]:
    """Yield the records of an answer, as ``--format jsonl`` promises them to programs."""
    if answer.found:
        yield from reading_records(answer.file, answer.found, unit)
    if answer.error:
        yield {"file": answer.file, "error": answer.error}


def _flat(record: JSON) -> Iterator[JSON]:
    row = {key: value for key, value in record.items() if key not in ("words", "baseline", "polygon", "turned")}
    if "box" in row:
        row |= zip("xywh", row.pop("box"), strict=True)
        row["accepted"] = str(row["accepted"]).lower()
        row["alternatives"] = "; ".join(f"{o['text']} {o['confidence']}" for o in record["alternatives"])
    yield row


def _flat_line(record: JSON) -> Iterator[JSON]:
    yield from ({key: value for key, value in row.items() if key != "index"} for row in _flat(record))


def _flat_character(record: JSON) -> Iterator[JSON]:
    yield from ({key: value for key, value in row.items() if key not in ("row", "column")} for row in _flat(record))


def _write_table(answers: Iterable[Answer[Readings]]) -> None:
    rows = (row for answer in answers for row in _rows(answer))
    stream_columns(("file", "text", "sure", ""), rows)


def _rows(answer: Answer[Readings]) -> Iterator[tuple[str, ...]]:
    """Yield one row per written line, or an error without the name that the row begins with."""
    file = visible(answer.file)
    sheets = {sheet.number: sheet for sheet in answer.found.sheets} if answer.found else {}
    for page, readings in answer.found.pages if answer.found else ():
        place = file if page == 1 else f"{file} p. {page}"
        if not readings:
            yield place, "", "", paint("blank", _YELLOW)
        told = "; ".join(sheets[page].notes) if page in sheets else ""
        for line in lines_of(readings):
            least = min(reading.confidence for reading in line)
            note = "; ".join(filter(None, dict.fromkeys((visible(told), _note(line)))))
            yield place + _cell(line[0]), visible(text_of(line)), f"{least:.3f}", paint(note, _YELLOW)
            told = ""
    for page, error in lost_pages(sheets.values()):
        yield f"{file} p. {page}", "", "", paint(f"error: {visible(error).removeprefix(f'{file}: ')}", _RED)
    if answer.error:
        yield file, "", "", paint(f"error: {visible(answer.error).removeprefix(f'{file}: ')}", _RED)


def _cell(reading: Reading) -> str:
    return "" if reading.cell is None else " {}:{}".format(*reading.cell)


def _note(line: Sequence[Reading]) -> str:
    """Why readings of a line were refused, each reason once."""
    reasons = [reading.reason for reading in line if not reading.accepted]
    counted = {reason: reasons.count(reason) for reason in reasons}
    return visible("; ".join(reason if n == 1 else f"{reason} (×{n})" for reason, n in counted.items()))


READINGS = Layout(records, CHARACTER_COLUMNS, _flat_character, _write_table)
"""How readings of characters are written."""


def readings_of(unit: Unit) -> Layout[Readings]:
    """Return how readings are written, one record per character, a line or a page."""
    if unit == "character":
        return READINGS
    return Layout(partial(records, unit=unit), LINE_COLUMNS, _flat_line, _write_table)
