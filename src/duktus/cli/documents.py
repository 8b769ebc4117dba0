"""Whose hand documents are in, as records and as a table."""

from collections.abc import Iterable, Iterator

from duktus.cli.inputs import Answer
from duktus.cli.records import Layout
from duktus.cli.terminal import stream_columns, visible
from duktus.door.records import identification_record
from duktus.types import JSON, Identification

CSV_COLUMNS = ("file", "rank", "label", "score", "log10_lr", "accepted", "reason", "ink", "notes", "error")


def records(answer: Answer[Identification]) -> Iterator[JSON]:
    """Yield the record of an answer, as ``--format jsonl`` promises it to programs."""
    found = answer.found
    yield {"file": answer.file, "error": answer.error} if found is None else identification_record(answer.file, found)


def _flat(record: JSON) -> Iterator[JSON]:
    """Yield a row a match."""
    common = record | {"notes": "; ".join(record.get("notes", ()))}
    if "accepted" in common:
        common["accepted"] = str(common["accepted"]).lower()
    for match in common.pop("matches", None) or [{}]:
        yield common | match


def _write_table(answers: Iterable[Answer[Identification]]) -> None:
    rows = (row for answer in answers for row in _rows(answer))
    stream_columns(("file", "hand", "likeness", "log10 LR", "ink", ""), rows)


def _rows(answer: Answer[Identification]) -> Iterator[tuple[str, ...]]:
    file, found = visible(answer.file), answer.found
    if found is None:
        yield file, "", "", "", "", f"error: {visible(answer.error)}"
        return
    remarks = visible("; ".join(text for text in (found.reason, *found.notes) if text))
    if not found.matches:
        yield file, "", "", "", f"{found.ink:.0f}", remarks
    for match in found.matches:
        numbers = visible(match.label), f"{match.score:.3f}", f"{match.log10_lr:+.2f}"
        first = match.rank == 1
        yield file if first else "", *numbers, f"{found.ink:.0f}" if first else "", remarks if first else ""


IDENTIFICATIONS = Layout(records, CSV_COLUMNS, _flat, _write_table)
"""How answers about hands are written."""
