"""What was named on the command line, as files: folders walked, standard input, and what cannot be read."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from duktus.cli.terminal import STANDARD_INPUT, is_terminal, visible
from duktus.imaging.files.formats import is_supported
from duktus.imaging.files.load import MAX_STREAM_BYTES
from duktus.pen.strokes import is_stroke_file
from duktus.types import ImageError

_PEEK = 4096
"""Bytes of a JSON file that are looked at to tell whether it holds strokes."""


class Input(NamedTuple):
    """One file to read, by its path or its content, or, where ``error`` is not empty, a place with nothing to read."""

    file: str
    error: str = ""
    content: bytes | None = None


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
    """Yield the files of what was named, in order; folders with all below them, sorted, as they are come by.

    In a folder, files count whose name ends as an image's or a stroke file's; hidden files and folders do not. Links
    to files are followed, links to folders are not, so that no walk goes in circles.
    """
    for name in named:
        if name == STANDARD_INPUT:
            yield _standard_input()
        elif os.path.isdir(name):
            yield from _walk_named(name)
        else:
            yield Input(name)


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
        if is_folder and not name.startswith("."):
            yield from _walk(path)
        elif not is_folder and (is_supported(name) or _is_drawing(path, name)):
            yield Input(path)


def _is_drawing(path: str, name: str) -> bool:
    """Tell whether a file of a folder holds strokes; JSON may hold anything, so it is looked into."""
    if name.startswith(".") or not is_stroke_file(name):
        return False
    if not name.lower().endswith(".json"):
        return True
    try:
        with open(path, "rb") as file:
            head = b"".join(file.read(_PEEK).split())
    except OSError:
        return True  # reading it will say what is wrong
    return b'"strokes"' in head or head.startswith((b"[[[", b'[[{"', b'[{"points"'))
