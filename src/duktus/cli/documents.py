"""Documents named on the command line, and what is said of their hands, as records and tables."""

import csv
import json
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from duktus.cli.inputs import Input, find_inputs
from duktus.cli.records import Format
from duktus.cli.terminal import print_columns, visible
from duktus.types import JSON, DuktusError, Identification

if TYPE_CHECKING:
    from duktus.imaging.files.load import Source
    from duktus.imaging.layout.regions import Regions

Seen_co = TypeVar("Seen_co", covariant=True)
"""What is seen of a document: a hand, or what a network says of its patches."""

CSV_COLUMNS = ("file", "rank", "label", "score", "log10_lr", "accepted", "reason", "ink", "notes", "error")

_DIGITS = 4
"""Decimals of a likeness or a ratio in a record: more than any calibration can vouch for."""


class Looking(Protocol[Seen_co]):
    """Whoever looks at a document: ``HandReader`` by an encoder, ``HandClassifier`` by a trained network."""

    def look_at_many(self, sources: "Iterable[Source]", regions: "Regions") -> Generator[Seen_co | DuktusError]:
        """Yield what is seen in each image file, in order, or the error in its place."""


@dataclass(frozen=True)
class DocumentAnswer:
    """Whose hand one file is in, or an error in its place."""

    file: str
    found: Identification | None
    error: str = ""


def hands_of(
    reader: Looking[Seen_co], images: list[str], regions: "Regions | None" = None
) -> Generator[tuple[str, Seen_co | None, str]]:
    """Yield each file that was named, what is seen in the regions of its pages, and an error where there is nothing."""
    from duktus.imaging.layout.regions import EVERYWHERE

    waiting: deque[Input] = deque()
    with closing(reader.look_at_many(_sources(images, waiting), regions or EVERYWHERE)) as hands:
        for hand in hands:
            while (found := waiting.popleft()).error:
                yield found.file, None, found.error
            error = str(hand) if isinstance(hand, DuktusError) else ""
            yield found.file, None if isinstance(hand, DuktusError) else hand, error
    yield from ((found.file, None, found.error) for found in waiting)


def _sources(images: list[str], waiting: "deque[Input]") -> Iterator[str | bytes]:
    """Yield what can be opened, and put all that was found into ``waiting``."""
    for found in find_inputs(images):
        waiting.append(found)
        if not found.error:
            yield found.file if found.content is None else found.content


def write_identifications(answers: Iterable[DocumentAnswer], form: Format) -> bool:
    """Write answers to standard output, as they come where programs read them; return whether all files were read."""
    failed = False

    def watched() -> Iterator[DocumentAnswer]:
        nonlocal failed
        for answer in answers:
            failed |= bool(answer.error)
            yield answer

    if form == "table":
        _write_table(watched())
    elif form == "jsonl":
        for answer in watched():
            write_json(record(answer))
    else:
        _write_csv(watched())
    return not failed


def record(answer: DocumentAnswer) -> JSON:
    """Return the record of an answer, as ``--format jsonl`` promises it to programs."""
    if answer.found is None:
        return {"file": answer.file, "error": answer.error}
    found = answer.found
    return {
        "file": answer.file,
        "matches": [rounded(asdict(match)) for match in found.matches],
        "accepted": found.accepted,
        "reason": found.reason,
        "ink": round(found.ink, 1),
        "notes": list(found.notes),
    }


def rounded(values: JSON) -> JSON:
    """Return a record whose numbers are rounded."""
    return {key: round(value, _DIGITS) if isinstance(value, float) else value for key, value in values.items()}


def write_json(content: JSON) -> None:
    """Write one record as a line; a file's name may hold what is no text, which standard output escapes."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _write_csv(answers: Iterable[DocumentAnswer]) -> None:
    writer = csv.DictWriter(sys.stdout, CSV_COLUMNS, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for answer in answers:
        whole = record(answer)
        common = whole | {"notes": "; ".join(whole.get("notes", ()))}
        if "accepted" in common:
            common["accepted"] = str(common["accepted"]).lower()
        for match in whole.get("matches") or [{}]:
            writer.writerow({key: _harmless(value) for key, value in (common | match).items()})
        sys.stdout.flush()


def _harmless(cell: object) -> object:
    """Keep a spreadsheet from taking a name for a formula."""
    return "'" + cell if isinstance(cell, str) and len(cell) > 1 and cell[0] in "=+-@\t\r" else cell


def _write_table(answers: Iterable[DocumentAnswer]) -> None:
    rows = [("file", "hand", "likeness", "log10 LR", "ink", "")]
    for answer in answers:
        rows += _rows(answer)
    print_columns(rows)


def _rows(answer: DocumentAnswer) -> Iterator[tuple[str, str, str, str, str, str]]:
    if answer.found is None:
        yield answer.file, "", "", "", "", f"error: {visible(answer.error)}"
        return
    found = answer.found
    remarks = "; ".join(text for text in (found.reason, *found.notes) if text)
    if not found.matches:
        yield answer.file, "", "", "", f"{found.ink:.0f}", remarks
    for match in found.matches:
        first = match.rank == 1
        yield (
            answer.file if first else "",
            match.label,
            f"{match.score:.3f}",
            f"{match.log10_lr:+.2f}",
            f"{found.ink:.0f}" if first else "",
            remarks if first else "",
        )
