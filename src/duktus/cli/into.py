"""Readings into a folder: a finished file an input, and a run that goes on where it stopped."""

import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from duktus.cli.inputs import Answer, answer_each
from duktus.cli.records import Layout, Table, csv_text, json_text, write_json
from duktus.cli.terminal import STANDARD_INPUT, Bar, complain, counted
from duktus.door import __version__
from duktus.pages.documents import lines_file
from duktus.pages.output import ENDINGS, write_documents
from duktus.pages.runs import Run, skip_done
from duktus.types import DataError, DuktusError, Readings

FileFormat: TypeAlias = Literal["jsonl", "csv", "text", "page", "alto", "hocr"]

ALL_ENDINGS = {"jsonl": ".jsonl", "csv": ".csv", **ENDINGS}

Read: TypeAlias = Callable[[Iterable[Any]], Generator[Readings | DuktusError]]


@dataclass(frozen=True)
class Into:
    """Where results go and what they look like.

    Attributes:
        folder: of the results.
        form: of each.
        layout: of records.
        table: how CSV is written.
        settings: all that results depend on beside their inputs.
        lines: a file, or a folder of files, with the lines of pages; empty for none.
    """

    folder: Path
    form: FileFormat
    layout: Layout[Readings]
    table: Table
    settings: str
    lines: str = ""


def read_into(named: list[str], into: Into, read: Read) -> bool:
    """Read what was named and is not done yet; return whether all of it could be read.

    What cannot be read has a record of its error on standard output, and is tried again by the next run.
    """
    run, names = Run(into.folder, into.settings), _Names(named)
    prints = dict[str, str]()

    def is_done(source: Any) -> bool:
        if not isinstance(source, str):
            return False
        prints[source] = run.fingerprint(source, _lines_beside(into.lines, source))
        return run.is_done(names.of(source), prints[source])

    done = failed = there = 0
    with Bar("reading") as bar:
        answers = answer_each(named, lambda sources: _told(skip_done(sources, is_done, read)), bar)
        for answer in answers:
            name = names.taken(answer.file)
            if answer.error or name is None:
                failed += 1
                write_json({"file": answer.file, "error": answer.error or _taken(answer.file)})
            elif answer.found is None or not isinstance(answer.found, Readings):
                there += 1
            else:
                run.finish(name, prints.pop(answer.file, ""), dict(_files(name, answer, into)))
                done += 1
    complain(f"{counted(done, 'file')} read into {into.folder}, {there:,} done before, {failed:,} failed")
    return not failed


class _Done:
    """Stands in the place of an answer that was written by an earlier run."""


DONE = _Done()


def _told(answers: Generator[Readings | DuktusError | None]) -> Generator[Any]:
    yield from (DONE if answer is None else answer for answer in answers)


def _files(name: str, answer: Answer[Readings], into: Into) -> Iterator[tuple[str, str]]:
    """Yield the files of a result: their names and what they hold."""
    assert answer.found is not None
    ending = ALL_ENDINGS[into.form]
    if into.form == "jsonl":
        yield f"{name}{ending}", json_text(*into.layout.records(answer))
    elif into.form == "csv":
        yield f"{name}{ending}", csv_text(answer, into.layout, into.table)
    else:
        documents = write_documents(answer.file, answer.found, into.form, __version__)
        for number, text in enumerate(documents, 1):
            yield (f"{name}{ending}" if len(documents) == 1 else f"{name}.{number:04}{ending}"), text


class _Names:
    """What inputs are called within a run: their way from the folder that was named, or their name alone."""

    def __init__(self, named: list[str]) -> None:
        self._roots = sorted((os.path.join(name, "") for name in named if os.path.isdir(name)), key=len, reverse=True)
        self._taken: dict[str, str] = {}

    def of(self, file: str) -> str:
        root = next((root for root in self._roots if file.startswith(root)), "")
        return file[len(root) :] if root else os.path.basename(file)

    def taken(self, file: str) -> str | None:
        """Return what an input is called; None where another input of the run is called so."""
        name = "standard-input" if file in ("-", STANDARD_INPUT) else self.of(file)
        return name if self._taken.setdefault(name, file) == file else None


def _taken(file: str) -> str:
    return f"{file}: expected inputs of different names for one folder of results, received two; read them apart"


def _lines_beside(lines: str, source: str) -> str:
    """Return the file with the lines of an image, as far as it has one."""
    try:
        return str(lines_file(lines, source)) if lines else ""
    except DataError:  # is met again where the image is read
        return ""


def settings_of(*values: object) -> str:
    """Return settings as text; of bytes their hash."""
    return "\n".join(
        hashlib.blake2b(value).hexdigest() if isinstance(value, bytes) else repr(value)
        for value in (__version__, *values)
    )
