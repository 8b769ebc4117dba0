"""What is written in files, as records and as a table."""

from collections.abc import Iterable, Iterator, Sequence

from duktus.cli.inputs import Answer
from duktus.cli.records import Layout
from duktus.cli.terminal import paint, stream_columns, visible
from duktus.types import JSON, Reading, Readings
from duktus.types.readings import lines_of, text_of

CSV_COLUMNS = (
    *("file", "page", "index", "x", "y", "w", "h"),
    *("text", "confidence", "accepted", "reason", "alternatives", "error"),
)

_DIGITS = 6
"""Decimals of a confidence in a record: more than any calibration supports."""

_YELLOW, _RED = "33", "31"


def records(answer: Answer[Readings]) -> Iterator[JSON]:
    """Yield the records of an answer, as ``--format jsonl`` promises them to programs."""
    for page, readings in answer.found.pages if answer.found else ():
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


def _flat(record: JSON) -> Iterator[JSON]:
    row = dict(record)
    if "box" in row:
        row |= zip("xywh", row.pop("box"), strict=True)
        row["accepted"] = str(row["accepted"]).lower()
        row["alternatives"] = "; ".join(f"{o['text']} {o['confidence']}" for o in record["alternatives"])
    yield row


def _write_table(answers: Iterable[Answer[Readings]]) -> None:
    rows = (row for answer in answers for row in _rows(answer))
    stream_columns(("file", "text", "sure", ""), rows)


def _rows(answer: Answer[Readings]) -> Iterator[tuple[str, ...]]:
    """Yield a row a written line, or an error without the name that the row begins with."""
    file = visible(answer.file)
    for page, readings in answer.found.pages if answer.found else ():
        place = file if page == 1 else f"{file} p. {page}"
        if not readings:
            yield place, "", "", paint("blank", _YELLOW)
        for line in lines_of(readings):
            least = min(reading.confidence for reading in line)
            yield place, visible(text_of(line)), f"{least:.3f}", paint(_note(line), _YELLOW)
    if answer.error:
        yield file, "", "", paint(f"error: {visible(answer.error).removeprefix(f'{file}: ')}", _RED)


def _note(line: Sequence[Reading]) -> str:
    """Why readings of a line were refused, each reason once."""
    reasons = [reading.reason for reading in line if not reading.accepted]
    counted = {reason: reasons.count(reason) for reason in reasons}
    return visible("; ".join(reason if n == 1 else f"{reason} (×{n})" for reason, n in counted.items()))


READINGS = Layout(records, CSV_COLUMNS, _flat, _write_table)
"""How readings are written."""
