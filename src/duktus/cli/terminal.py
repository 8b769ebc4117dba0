"""What every command says to the person at the terminal: complaints, progress, columns."""

import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from duktus.types.text import visible as visible  # noqa: PLC0414  # commands take it from here, with the rest

if TYPE_CHECKING:
    from rich.progress import Progress

FAILED, WRONG_USAGE, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141
"""Exit codes beside 0; the last two are what a shell shows for a process that SIGINT or SIGPIPE ended."""

STANDARD_INPUT = "\0-"
"""Stands for "-" among the arguments, which the parser would take for an option; no path can hold a zero byte."""

_PATIENCE = 1.0
"""Seconds of work from which a progress bar is shown: shorter work needs none, nor the time to load one."""

_GAP = "  "

_FIRST_ROWS = 50
"""Rows of a table from which the widths of its columns are taken; the rest stream in these."""

_NARROWEST, _WIDEST = 5, 40
"""Columns of the terminal that a column of a table takes at least, and at most but for the first."""


def complain(message: str) -> None:
    """Print a message for people on standard error, in one piece and without control characters."""
    print(f"duktus: {visible(message)}", file=sys.stderr, flush=True)


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one.

    >>> columns_of("7"), columns_of("七"), columns_of("é")
    (1, 2, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def pad(text: str, width: int) -> str:
    """Return text filled up with spaces to a width in columns; longer text is left as it is."""
    return text + " " * (width - columns_of(text))


def print_columns(rows: Iterable[Sequence[str]]) -> None:
    """Print rows, the first of which is the heading, in columns as wide as their widest cell."""
    table = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(columns_of, column)) for column in zip(*table, strict=True)]
    for row in table:
        print(_GAP.join(map(pad, row, widths)).rstrip())


def stream_columns(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows as they come, in columns that no row shifts back: these are as wide as the first rows need.

    A later cell that is wider makes its column wider from then on, so that all rows beneath it stand aligned. But for
    the first column, where files are named, one beyond ``_WIDEST`` shifts its own row alone. Cells must be printable.
    """
    rows = iter(rows)
    first = list(islice(rows, _FIRST_ROWS))
    widths = [max(columns_of(cell), _NARROWEST) for cell in heading[:-1]]
    for row in first:
        _widen(widths, row)
    print(paint(_GAP.join(map(pad, heading, (*widths, 0))).rstrip(), "1"))
    for row in chain(first, rows):
        _widen(widths, row)
        print(_GAP.join(map(pad, row, (*widths, 0))).rstrip())


def _widen(widths: list[int], row: Sequence[str]) -> None:
    for place, cell in enumerate(row[: len(widths)]):
        wanted = columns_of(cell)
        if widths[place] < wanted and (wanted <= _WIDEST or place == 0):
            widths[place] = wanted


def paint(text: str, colour: str) -> str:
    """Return text in a colour of the terminal, where standard output is one."""
    return f"\x1b[{colour}m{text}\x1b[0m" if text and is_terminal(sys.stdout) else text


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "example"), counted(1200, "page")
    ('1 example', '1,200 pages')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a person looks at a stream."""
    return stream is not None and not stream.closed and stream.isatty()


class Bar:
    """A progress bar on standard error: on a terminal alone, and only of work that takes longer than a second.

    Args:
        what: is being done, in a word or two.
        total: how much there is to do; None where it is not known.
        wanted: False for none, as where records come to the same terminal.
    """

    def __init__(self, what: str, total: float | None = None, *, wanted: bool = True) -> None:
        self._what, self._total = what, total
        self._since = time.monotonic() if wanted and is_terminal(sys.stderr) else float("inf")
        self._shown: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown is not None:
            self._shown.stop()

    def show(self, done: float, total: float | None = None, what: str | None = None) -> None:
        """Bring the bar to ``done``; ``total`` and ``what`` where they have changed."""
        if self._shown is None:
            if time.monotonic() - self._since < _PATIENCE:
                return
            self._open()
        assert self._shown is not None
        self._what, self._total = what or self._what, total or self._total
        self._shown.update(self._task, description=self._what, completed=done, total=self._total)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._shown.add_task(self._what, total=self._total)
        self._shown.start()
