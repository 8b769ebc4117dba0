"""What was named on the command line, as files: folders walked, standard input, and what cannot be read."""

import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from duktus.cli.terminal import STANDARD_INPUT, Bar, is_terminal, visible
from duktus.imaging.files.formats import is_hidden, is_image
from duktus.imaging.files.load import MAX_STREAM_BYTES, reopenable
from duktus.pen.strokes import is_stroke_file
from duktus.types import DuktusError, ImageError

_PEEK = 4096
"""Bytes at the start of a JSON file that show whether it holds strokes."""


class Input(NamedTuple):
    """One file to read, by its path or its content, or, where ``error`` is not empty, a place with nothing to read.

    With ``files``, these are read together, and ``file`` names the folder that they are in, or the first.
    """

    file: str
    error: str = ""
    content: bytes | None = None
    files: tuple[str, ...] = ()

    @property
    def source(self) -> str | bytes:
        """What to read."""
        return self.file if self.content is None else self.content


Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer(Generic[Found]):
    """What was found in one file, or an error in its place."""

    file: str
    found: Found | None = None
    error: str = ""


def answer_each(
    named: list[str],
    run: "Callable[[Iterable[Any]], Generator[Found | DuktusError]]",
    bar: Bar,
    *,
    together: bool = False,
) -> Generator[Answer[Found]]:
    """Yield the answer to each input, in order; what is no file to read has its error in its place.

    Args:
        named: on the command line.
        run: yields an answer or an error for each of many sources.
        bar: shows how many are done.
        together: all files of a folder are one input, and so are all that are named by themselves.
    """
    waiting: deque[Input] = deque()
    with closing(run(_Sources(named, waiting, together=together))) as results:
        for count, result in enumerate(results, 1):
            while waiting[0].error:
                yield _failed(waiting.popleft())
            bar.show(count)
            file = waiting.popleft().file
            yield Answer(file, error=_named(result, file)) if isinstance(result, DuktusError) else Answer(file, result)
    yield from map(_failed, waiting)


class _Sources:
    """What is to be read; inputs that were found and await their answer are in ``waiting``.

    The length is a hint, in which folders in folders count as one: processes are started for so much work.
    """

    def __init__(self, named: list[str], waiting: deque[Input], *, together: bool) -> None:
        self._named, self._waiting, self._together = named, waiting, together

    def __iter__(self) -> Iterator[str | bytes | tuple[str, ...]]:
        for found in find_documents(self._named) if self._together else find_inputs(self._named):
            self._waiting.append(found)
            if not found.error:
                yield found.files or found.source

    def __length_hint__(self) -> int:
        return sum(map(_entries, self._named))


def _entries(name: str) -> int:
    try:
        return len(os.listdir(name))
    except (OSError, ValueError):
        return 1


def _failed(found: Input) -> Answer[Found]:
    return Answer(found.file, error=found.error)


def _named(error: DuktusError, file: str) -> str:
    """The error's message, which knows the content of standard input or a named pipe as bytes alone."""
    name = "standard input" if file == "-" else visible(file)
    return f"{name}: {str(error).removeprefix('bytes: ')}" if str(error).startswith("bytes: ") else str(error)


def read_standard_input() -> bytes:
    """Return all that standard input holds, an image or strokes.

    It is read here and not where images are decoded, for that is done in threads, which Ctrl-C does not reach.

    Raises:
        ImageError: It is closed, a terminal, or more than any image.
    """
    if sys.stdin is None or sys.stdin.closed or is_terminal(sys.stdin):
        raise ImageError("standard input: expected an image, received none; send one in by '<' or '|'")
    content = sys.stdin.buffer.read(MAX_STREAM_BYTES + 1)
    if len(content) > MAX_STREAM_BYTES:
        limit = f"at most {MAX_STREAM_BYTES >> 20} MiB"
        raise ImageError(f"standard input: expected {limit}, received more; give the path of a file")
    return content


def find_inputs(named: Iterable[str]) -> Iterator[Input]:
    """Yield the files of what was named, in order; folders with all below them, sorted, each when it is needed.

    In a folder, files count whose name ends as an image's or a stroke file's, those of formats that are not read among
    them, so that each has a record of its error; hidden files and folders do not count. Links
    to files are followed, links to folders are not, so that no walk goes in circles.
    """
    for name in named:
        if name == STANDARD_INPUT:
            yield _standard_input()
        elif os.path.isdir(name):
            yield from _walk_named(name)
        else:
            yield _named_file(name)


def _named_file(name: str) -> Input:
    """A file, or the content of a named pipe, which comes once: whoever looks at it twice would wait for ever."""
    try:
        opened = reopenable(name)
        return Input(name, content=opened if isinstance(opened, bytes) else None)
    except ImageError as error:
        return Input(name, error=str(error))


def find_documents(named: Iterable[str]) -> Iterator[Input]:
    """Yield the files of what was named as documents: those of each folder, and all that were named by themselves."""
    named = list(named)
    loose = tuple(name for name in named if name != STANDARD_INPUT and not os.path.isdir(name))
    if loose:
        yield Input(loose[0], files=loose)
    folders: dict[str, list[str]] = {}
    for found in find_inputs(name for name in named if name not in loose):
        if found.error or found.content is not None:
            yield found
        else:
            folders.setdefault(os.path.dirname(found.file), []).append(found.file)
    for folder, files in folders.items():
        yield Input(folder, files=tuple(files))


def _standard_input() -> Input:
    try:
        return Input("-", content=read_standard_input())
    except ImageError as error:
        return Input("-", error=str(error))


def _walk_named(folder: str) -> Iterator[Input]:
    empty = True
    for found in _walk(folder):
        empty = False
        yield found
    if empty:
        yield Input(folder, f"{visible(folder)}: expected images or stroke files in the folder, found none")


def _walk(folder: str) -> Iterator[Input]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        reason = f"the folder cannot be read ({error.strerror}); check your rights"
        yield Input(folder, f"{visible(folder)}: {reason}")
        return
    for name, is_folder in names:
        path = os.path.join(folder, name)
        if is_folder and not is_hidden(name):
            yield from _walk(path)
        elif not is_folder and (is_image(name) or _is_drawing(path, name)):
            yield Input(path)


def _is_drawing(path: str, name: str) -> bool:
    """Tell whether a file of a folder holds strokes; JSON may hold anything, so it is looked into."""
    if name.startswith(".") or not is_stroke_file(name):
        return False
    if not name.lower().endswith(".json"):
        return True
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a named pipe would wait for a writer, and use it up
            return False
        with open(path, "rb") as file:
            head = b"".join(file.read(_PEEK).split())
    except OSError:
        return True  # reading it will say what is wrong
    return b'"strokes"' in head or head.startswith((b"[[[", b'[[{"', b'[{"points"'))
