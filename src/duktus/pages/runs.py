"""A run over many files that goes on where it stopped: one finished file an input, and a journal of what they are of.

A result is written beside its place and renamed, so that whatever is there is whole. The journal is written after it:
what was killed in between is read once more, and nothing is lost.
"""

import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from duktus.types import DataError

JOURNAL = ".duktus-run.jsonl"
"""The file of a run's folder that says of which content and settings each result is."""

Result = TypeVar("Result")


class Run:
    """Results in a folder, each with the fingerprint of what it was made of.

    Args:
        folder: is made where there is none.
        settings: all that results depend on beside their inputs.

    Raises:
        DataError: the folder cannot be made or read.
    """

    def __init__(self, folder: Path, settings: str) -> None:
        self._folder, self._settings = folder, hashlib.blake2b(settings.encode("utf-8", "replace")).hexdigest()[:32]
        self._journal = folder / JOURNAL
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._done = dict(self._read()) if self._journal.exists() else {}
        except OSError as error:
            raise self._refused(folder, error) from error

    def _read(self) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
        """Yield what the journal holds; a last line that was cut off, or that is none, is passed over."""
        with open(self._journal, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    entry: Any = json.loads(line)
                    yield str(entry["input"]), (str(entry["content"]), tuple(map(str, entry["files"])))
                except (ValueError, TypeError, KeyError):
                    continue

    def is_done(self, name: str, content: str) -> bool:
        """Return whether the result of an input is there, and of the content that the input has now.

        Args:
            name: of the input within the run.
            content: its ``fingerprint``.
        """
        known, files = self._done.get(name, ("", ()))
        return bool(files) and known == content and all((self._folder / file).is_file() for file in files)

    def fingerprint(self, source: str, beside: str = "") -> str:
        """Return what an input is, with the settings; empty where it cannot be read.

        Args:
            source: its path.
            beside: the path of a further file that its result depends on.
        """
        digest = hashlib.blake2b(self._settings.encode())
        try:
            for path in filter(None, (source, beside)):
                with open(path, "rb") as file:
                    while part := file.read(2**20):
                        digest.update(part)
                digest.update(b"\0")
        except (OSError, ValueError):
            return ""
        return digest.hexdigest()[:32]

    def finish(self, name: str, content: str, files: dict[str, str]) -> None:
        """Write the files of an input's result, and then that it is done.

        Args:
            name: of the input within the run.
            content: its fingerprint, as it was before it was read; empty where it may not be known again.
            files: their names within the folder, and what they hold.

        Raises:
            DataError: something cannot be written.
        """
        try:
            for file, text in files.items():
                place = self._folder / file
                place.parent.mkdir(parents=True, exist_ok=True)
                beside = place.with_name(f".{place.name}.part")
                beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
                os.replace(beside, place)
            if content:
                entry = json.dumps({"input": name, "content": content, "files": list(files)})
                with open(self._journal, "a", encoding="utf-8") as journal:
                    journal.write(f"{entry}\n")
        except OSError as error:
            raise self._refused(self._folder, error) from error
        self._done[name] = (content, tuple(files))

    def _refused(self, place: Path, error: OSError) -> DataError:
        return DataError(f"{place}: results cannot be written ({error.strerror}); name another folder, or make room")


def skip_done(
    sources: Iterable[Any], done: Callable[[Any], bool], answers: Callable[[Iterable[Any]], Generator[Result]]
) -> Generator[Result | None]:
    """Yield the answer to each source, in order; None for what is done, which is not read."""
    states: list[bool] = []

    def fresh() -> Iterator[Any]:
        for source in sources:
            states.append(done(source))
            if not states[-1]:
                yield source

    at = 0
    with closing(answers(fresh())) as found:
        for answer in found:
            while states[at]:
                yield None
                at += 1
            yield answer
            at += 1
    yield from (None for _ in states[at:])
