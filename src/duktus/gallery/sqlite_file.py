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
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from duktus.gallery.formats import FORMAT, expected_schema, migrate, read_schema
from duktus.gallery.rows import State, read_state, write_state
from duktus.gallery.store import Encoder
from duktus.types import GalleryError

APPLICATION_ID = int.from_bytes(b"Dukt")
"""What says in the file's header that an SQLite file is a gallery."""

MAKING = 0.5
"""How long an empty file is waited for, in seconds: another process may be making a gallery of it."""

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
    sqlite3.SQLITE_CORRUPT: "the file is truncated or damaged; 'duktus gallery check' saves what is whole of it",
    sqlite3.SQLITE_FULL: "the disk is full, and this change was undone; make room and try again",
    sqlite3.SQLITE_IOERR: "the system failed to read or write it; check the disk, then 'duktus gallery check'",
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
            if not read_schema(connection):  # no other process was quicker
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                migrate(connection, 0)
                write_state(connection, State(encoder.name, encoder.fingerprint, encoder.dimension, 0, 0, 0))
    finally:
        connection.close()


def open_file(path: Path, timeout: float) -> sqlite3.Connection:
    """Open a gallery, brought to the newest format; one that may only be read is so in a copy in memory.

    Raises:
        GalleryError: it is another file, a truncated one, or a gallery of a format that is not yet known here.
    """
    connection = connect(path, timeout)
    try:
        with explained(path):
            _await_maker(connection, path, timeout)
            with transaction(connection, "DEFERRED"):  # no process changes the file within
                found = _check_identity(connection, path)
            return connection if found == FORMAT else _upgraded(connection)
    except BaseException:
        connection.close()
        raise


def _await_maker(connection: sqlite3.Connection, path: Path, timeout: float) -> None:
    """Wait for a moment where a file is still empty: another process may be making a gallery of it."""
    end = time.monotonic() + min(timeout, MAKING)
    while not _pragma(connection, "page_count") and not path.stat().st_size and time.monotonic() < end:
        time.sleep(MAKING / 50)


def _upgraded(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        with transaction(connection, "IMMEDIATE"):
            migrate(connection, _pragma(connection, "user_version"))  # another process may have been quicker
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.backup(copy)
        migrate(copy, _pragma(copy, "user_version"))
        copy.execute("PRAGMA query_only = ON")  # what is written must not end in memory
        connection.close()
        return copy
    return connection


def read_encoder(connection: sqlite3.Connection, path: Path) -> Encoder:
    """Whose vectors a gallery holds. Raises GalleryError where it does not say."""
    try:
        with explained(path):
            state = read_state(connection)
        return Encoder(state.encoder, state.fingerprint, state.dimension)
    except (GalleryError, TypeError) as error:
        raise GalleryError(f"{path}: {_REASONS[sqlite3.SQLITE_CORRUPT]} ({error})") from error


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


def _check_identity(connection: sqlite3.Connection, path: Path) -> int:
    """The format of a file that is a gallery, whole as far as its size and its tables tell."""
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
    odd = read_schema(connection) ^ expected_schema(found_format)
    if odd:
        names = ", ".join(sorted({f"{kind} {name}" for kind, name, *_ in odd}))
        raise GalleryError(
            f"{path}: expected the tables of a gallery, received others ({names[:200]}); do not trust it"
        )
    return found_format


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
