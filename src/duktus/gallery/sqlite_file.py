"""A gallery's SQLite file: made, opened, looked over, brought to the newest format, and its errors in clear words.

One file and a kill at any moment: the file keeps SQLite's rollback journal, not a write-ahead log. A log would be two
more files, which a copy of the gallery forgets and which a folder or medium that may only be read cannot hold; and
what it is good for, readers that never wait for a writer, a gallery does not need: its readers look once into the
file and then search in memory. A journal exists only while a transaction is written. Where the writer is killed, the
next to open the file finds the journal and undoes what was begun. Two writers take turns, through SQLite's locks.
"""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from duktus.gallery.store import Encoder
from duktus.types import GalleryError

APPLICATION_ID = int.from_bytes(b"Dukt")
"""What says in the file's header that an SQLite file is a gallery."""

_MAGIC = b"SQLite format 3\0"  # sqlite.org/fileformat.html, section 1.3.1

_SETTINGS = (
    "foreign_keys = ON",
    "synchronous = EXTRA",  # a transaction that is done stays done when the power fails
    "secure_delete = ON",  # what is removed is overwritten: a hand is personal data
    "trusted_schema = OFF",  # a file from elsewhere gets no functions that could do harm
    "cell_size_check = ON",  # damaged pages are found before they are used
)

_REASONS = {
    sqlite3.SQLITE_BUSY: "another process has kept it locked for too long; wait until that has ended and try again",
    sqlite3.SQLITE_READONLY: "the file may not be written; change its permissions, or copy it to a place of your own",
    sqlite3.SQLITE_READONLY_DIRECTORY: "its folder may not be written, and a journal has to stand there while the "
    "gallery changes; change the folder's permissions, or copy the gallery to a place of your own",
    sqlite3.SQLITE_READONLY_ROLLBACK: "the last change was interrupted and has to be undone first, which needs the "
    "right to write; copy it, and the file that ends in -journal, to a place of your own",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the path and the permissions of the file and its folder",
    sqlite3.SQLITE_NOTADB: "expected a gallery, received another file or a damaged one; name a gallery",
    sqlite3.SQLITE_CORRUPT: "the file is truncated or damaged; take an older copy, or teach its examples again",
    sqlite3.SQLITE_FULL: "the disk is full, nothing was changed; make room and try again",
    sqlite3.SQLITE_IOERR: "the system failed to read or write it, nothing was changed; check the disk and try again",
}
"""For SQLite's result codes what is wrong and what to do (sqlite.org/rescode.html)."""


def is_gallery_file(path: str | Path) -> bool:
    """Tell by its first bytes whether a file is SQLite's, as an embedded gallery is; False where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except (OSError, ValueError):  # ValueError: a zero byte in the path
        return False


def connect(path: Path, timeout: float, mode: Literal["rw", "rwc"] = "rw") -> sqlite3.Connection:
    """Open a connection to a file, which SQLite opens for reading alone where it may not be written.

    Args:
        path: the file.
        timeout: how long to wait for another process's lock, in seconds.
        mode: "rwc" makes a file where there is none.

    Raises:
        GalleryError: there is no file, or it is none that could hold a gallery, or SQLite cannot open it.
    """
    _check_place(path, mode)
    with explained(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=timeout,
            isolation_level=None,
            check_same_thread=False,  # a gallery takes a lock of its own around each use
        )
    try:
        with explained(path):
            for setting in _SETTINGS:
                connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def make(path: Path, encoder: Encoder, timeout: float) -> None:
    """Make an empty gallery where there is no file or one without content; leave all else as it is.

    Raises:
        GalleryError: the file cannot be made there.
    """
    if _check_place(path, "rwc"):
        return
    connection = connect(path, timeout, "rwc")
    try:
        with explained(path), transaction(connection, "IMMEDIATE"):
            if not connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[
                0
            ]:  # no other process was quicker
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                migrate(connection, 0)
                identity = (encoder.name, encoder.fingerprint, encoder.dimension)
                connection.execute("INSERT INTO gallery VALUES (1, ?, ?, ?, 0, 0)", identity)
    finally:
        connection.close()


def check(connection: sqlite3.Connection, path: Path) -> Encoder:
    """See that a file is a whole gallery, of this format or brought to it, and whose vectors it holds.

    Raises:
        GalleryError: it is another file, a truncated one, or a gallery of a format that is not yet known here.
    """
    with explained(path):
        with transaction(connection, "DEFERRED"):  # no process changes the file within
            _check_identity(connection, path)
            found = _pragma(connection, "user_version")
        if found < FORMAT:
            with transaction(connection, "IMMEDIATE"):
                migrate(connection, _pragma(connection, "user_version"))  # another process may have been quicker
        row = connection.execute("SELECT encoder, fingerprint, dimension FROM gallery").fetchone()
    match row:
        case (str(name), str(fingerprint), int(dimension)):
            with suppress(GalleryError):
                return Encoder(name, fingerprint, dimension)
    raise GalleryError(f"{path}: {_REASONS[sqlite3.SQLITE_CORRUPT]}")


@contextmanager
def transaction(connection: sqlite3.Connection, kind: Literal["DEFERRED", "IMMEDIATE"]) -> Iterator[None]:
    """All that happens within is done together or, after an exception, not at all. IMMEDIATE is for writing."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself has ended it where the disk failed
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into GalleryErrors that name the file, what is wrong and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        reason = (
            _REASONS.get(code) or _REASONS.get(code & 0xFF) or "it cannot be used; check that it is a whole gallery"
        )
        raise GalleryError(f"{path}: {reason} ({error})") from error
    except UnicodeDecodeError as error:  # SQLite's own message may quote a damaged file
        raise GalleryError(f"{path}: {_REASONS[sqlite3.SQLITE_CORRUPT]} ({error})") from error


def migrate(
    connection: sqlite3.Connection, found: int, migrations: Sequence[Callable[[sqlite3.Connection], None]] | None = None
) -> None:
    """Bring a file from the format ``found`` to the newest, within the transaction that is open."""
    steps = MIGRATIONS if migrations is None else migrations
    for step in steps[found:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {max(found, len(steps))}")


def migrate_0_to_1(connection: sqlite3.Connection) -> None:
    """Format 1, of an empty file.

    ``change`` counts the changes of examples and labels; ``rewritten`` is the last that removed or changed a row, so
    that whoever has seen the file since needs to read only the rows after the last that it knows. ``vectors`` are
    (n, d) float32, little-endian, of length 1. ``created`` is ISO 8601 in UTC, always equally long, so it sorts.
    """
    for statement in (
        """CREATE TABLE gallery (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            encoder TEXT NOT NULL, fingerprint TEXT NOT NULL, dimension INTEGER NOT NULL,
            change INTEGER NOT NULL, rewritten INTEGER NOT NULL
        )""",
        """CREATE TABLE examples (
            id INTEGER PRIMARY KEY,
            content TEXT NOT NULL UNIQUE, label TEXT NOT NULL, source TEXT NOT NULL, created TEXT NOT NULL,
            vectors BLOB NOT NULL
        )""",
        "CREATE INDEX examples_by_label ON examples (label, created)",
        """CREATE TABLE thumbnails (
            example INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            png BLOB NOT NULL
        )""",
        "CREATE UNIQUE INDEX thumbnails_by_example ON thumbnails (example, place)",
        "CREATE TABLE settings (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    ):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (migrate_0_to_1,)
"""Each brings a file from the format of its place here to the next; they are only ever appended."""

FORMAT = len(MIGRATIONS)
"""The format that this version writes, kept as ``user_version``. It also opens every older one."""


def _check_place(path: Path, mode: str) -> int:
    """The size of the file in bytes, 0 where it has yet to be made."""
    try:
        status = path.stat()
    except FileNotFoundError:
        if mode == "rw" or not path.parent.is_dir():
            found = "nothing there" if path.parent.is_dir() else f"no folder {path.parent}"
            raise GalleryError(f"{path}: expected a gallery, found {found}; check the path") from None
        return 0
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = getattr(error, "strerror", None) or error
        raise GalleryError(f"{path}: the gallery cannot be opened ({reason}); check the path") from error
    else:
        if not stat.S_ISREG(status.st_mode):
            raise GalleryError(f"{path}: expected a gallery, received a folder or a device; name a file")
        return status.st_size


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        found = "an SQLite file of something else" if _pragma(connection, "page_count") else "an empty file"
        raise GalleryError(f"{path}: expected a gallery, received {found}; name a gallery")
    found_format = _pragma(connection, "user_version")
    if found_format > FORMAT:
        raise GalleryError(
            f"{path}: the gallery has format {found_format}, this version of duktus knows formats up to {FORMAT}: "
            "upgrade with `pip install --upgrade duktus`"
        )
    expected = _pragma(connection, "page_count") * _pragma(connection, "page_size")
    received = os.stat(path).st_size
    if received < expected:
        raise GalleryError(
            f"{path}: the gallery is truncated: expected {expected:,} bytes, received {received:,}; copy it again"
        )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
