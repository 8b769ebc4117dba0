"""A gallery looked over from end to end, and what is whole of a damaged one brought into a new file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from duktus.gallery.rows import find_row, read_state, to_example
from duktus.gallery.sqlite import TIMEOUT, SqliteGallery
from duktus.gallery.sqlite_file import explained, open_file, read_encoder
from duktus.gallery.store import Example
from duktus.types import GalleryError


@dataclass(frozen=True)
class Inspection:
    """What ``check_gallery`` found: how many examples are whole, and a sentence on each thing that is not."""

    path: Path
    examples: int
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems


def check_gallery(path: str | Path) -> Inspection:
    """Look over all of a gallery: SQLite's own tables and indexes, and each row by its checksum.

    Raises:
        GalleryError: the file cannot be opened as a gallery at all.
    """
    place = Path(path)
    with closing(open_file(place, TIMEOUT)) as connection:
        problems = list(_structure(connection, place))
        whole = list(_examples(connection, place, problems))
    return Inspection(place, len(whole), tuple(problems))


def repair_gallery(path: str | Path, out: str | Path) -> Inspection:
    """Copy what is whole of a gallery into a new one; the old file stays as it is. Settings stay behind.

    Args:
        path: the gallery.
        out: where there is no file yet.

    Returns:
        What is whole, and is now in ``out``, and what was not.

    Raises:
        GalleryError: the gallery cannot be opened, or does not say whose vectors it holds; or ``out`` exists.
    """
    place, target = Path(path), Path(out)
    if target.exists():
        raise GalleryError(f"{target}: expected a place for a new gallery, found a file; name another")
    with closing(open_file(place, TIMEOUT)) as connection:
        problems = list(_structure(connection, place))
        with SqliteGallery.create(target, read_encoder(connection, place)) as repaired:
            done = repaired.add(_examples(connection, place, problems))
    return Inspection(place, done.added, tuple(problems))


def _structure(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    """What SQLite finds, and what the file says of itself."""
    try:
        with explained(path):
            found = connection.execute("PRAGMA integrity_check").fetchall()
            yield from (str(line) for (line,) in found if line != "ok")
            state = read_state(connection)
            count = connection.execute("SELECT COUNT(*) FROM examples NOT INDEXED").fetchone()[0]
            if state.examples != count:
                yield f"expected {state.examples:,} examples, found {count:,}"
    except GalleryError as error:
        yield str(error)


def _examples(connection: sqlite3.Connection, path: Path, problems: list[str]) -> Iterator[Example]:
    """The examples that are whole, the oldest first; a sentence on each other one goes to ``problems``."""
    dimension = read_encoder(connection, path).dimension
    for number in _ids(connection):
        try:
            with explained(path):
                row = find_row(connection, number, by="id")
                if row is not None:
                    yield to_example(connection, row, dimension)
        except (GalleryError, TypeError, ValueError) as error:
            problems.append(f"example {number}: {error}")


def _ids(connection: sqlite3.Connection) -> list[int]:
    """The numbers of all examples that can be reached, from either end: a damaged page may lie between."""
    found = set[int]()
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.DatabaseError):
            found.update(number for (number,) in connection.execute(f"SELECT id FROM examples ORDER BY id {order}"))
    return sorted(found)
