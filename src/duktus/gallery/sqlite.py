"""The embedded store: a gallery in one SQLite file, searched in memory."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.checks import check_count, check_dimension, check_encoder, check_existing, check_new
from duktus.gallery.memory import Memory, search
from duktus.gallery.sqlite_file import check, connect, explained, make, transaction
from duktus.gallery.store import (
    Added,
    Conflict,
    Encoder,
    Example,
    LabelSummary,
    Neighbours,
    Snapshot,
    as_label,
    as_unit,
)
from duktus.types import GalleryError

TIMEOUT = 10.0
"""How long to wait for another process that writes, in seconds; adding 100,000 examples takes about 3."""

_ROWS = 4096  # read at once: a few MB


class SqliteGallery:
    """A gallery in one file (see ``Gallery`` for its methods). Any thread may use it; each process opens its own.

    A file that may only be read serves reading; a method that writes then says why it cannot.

    Args:
        path: the file, which has to exist; ``create`` makes one.
        encoder: whose vectors are to be used; None takes the gallery as it is.
        timeout: how long each method waits for another process's lock, in seconds.

    Raises:
        GalleryError: the file is missing, no gallery, truncated, of a newer format, of another encoder, or locked.

    Example:
        >>> import tempfile
        >>> from datetime import UTC, datetime
        >>> letter = Example("0" * 64, "ᚠ", np.eye(1, 3, dtype=np.float32), (), "f.png", datetime.now(UTC))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with SqliteGallery.create(Path(folder, "runes.db"), Encoder("glyphs", "5f8a", 3)) as gallery:
        ...         added = gallery.add([letter])
        ...         found = gallery.nearest(np.array([[2.0, 0, 0]]), k=1)
        >>> added.added, found.labels, found.scores
        (1, (('ᚠ',),), array([[1.]], dtype=float32))
    """

    def __init__(self, path: str | Path, encoder: Encoder | None = None, *, timeout: float = TIMEOUT) -> None:
        self._path = Path(path)
        self._lock = Lock()
        self._connection = connect(self._path, timeout)
        try:
            self._encoder = check(self._connection, self._path)
            if encoder is not None:
                check_encoder(str(path), encoder, self._encoder)
        except BaseException:
            self._connection.close()
            raise
        self._memory = Memory(self._encoder.dimension)
        self._snapshot = self._memory.snapshot(0)

    @classmethod
    def create(cls, path: str | Path, encoder: Encoder, *, timeout: float = TIMEOUT) -> Self:
        """Make a gallery for an encoder where there is no file or an empty one, and open what is there.

        Raises:
            GalleryError: as in opening, or where no file can be made.
        """
        make(Path(path), encoder, timeout)
        return cls(path, encoder, timeout=timeout)

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the gallery holds."""
        return self._encoder

    @property
    def change(self) -> int:
        """See ``Gallery.change``."""
        with self._reading() as connection, self._decoding():
            return _counters(connection)[0]

    def add(self, examples: Iterable[Example], *, replace: bool = False) -> Added:
        """See ``Gallery.add``."""
        batch = tuple(examples)  # made before the file is locked: an encoder may be at work behind it
        for example in batch:
            check_dimension(self._encoder, example.vectors)
        added, conflicts = 0, []
        with self._writing() as connection:
            for example in batch:
                label = _label_of(connection, example.content)
                if label is None:
                    added += 1
                elif label != example.label:
                    conflicts.append(Conflict(example.content, label, example.label))
                if label is None or (replace and label != example.label):
                    _write(connection, example)
            if added or (replace and conflicts):
                _count_change(connection, rewritten=replace and bool(conflicts))
        return Added(added, len(batch) - added - len(conflicts), tuple(conflicts))

    def remove(self, content: str) -> bool:
        """See ``Gallery.remove``."""
        return bool(self._rewrite("DELETE FROM examples WHERE content = ?", (content,)))

    def remove_label(self, label: str) -> int:
        """See ``Gallery.remove_label``."""
        return self._rewrite("DELETE FROM examples WHERE label = ?", (as_label(label),))

    def rename(self, label: str, to: str) -> int:
        """See ``Gallery.rename``."""
        return self._move(label, to, check_new)

    def merge(self, label: str, into: str) -> int:
        """See ``Gallery.merge``."""
        return self._move(label, into, check_existing)

    def labels(self) -> tuple[LabelSummary, ...]:
        """See ``Gallery.labels``."""
        query = "SELECT label, COUNT(*), MAX(created) FROM examples GROUP BY label ORDER BY label"
        with self._reading() as connection:
            rows = connection.execute(query).fetchall()
        with self._decoding():
            return tuple(LabelSummary(label, count, datetime.fromisoformat(newest)) for label, count, newest in rows)

    def contents(self, label: str | None = None) -> tuple[str, ...]:
        """See ``Gallery.contents``."""
        where, values = ("", ()) if label is None else ("WHERE label = ?", (as_label(label),))
        with self._reading() as connection:
            rows = connection.execute(f"SELECT content FROM examples {where} ORDER BY id", values)
            return tuple(content for (content,) in rows)

    def known(self, contents: Iterable[str]) -> dict[str, str]:
        """See ``Gallery.known``."""
        wanted = tuple(contents)
        with self._reading() as connection:
            labels = ((content, _label_of(connection, content)) for content in wanted)
            return {content: label for content, label in labels if label is not None}

    def get(self, contents: Iterable[str]) -> tuple[Example, ...]:
        """See ``Gallery.get``."""
        wanted = tuple(contents)
        with self._reading() as connection, self._decoding():
            found = (_read(connection, content, self._encoder.dimension) for content in wanted)
            return tuple(example for example in found if example is not None)

    def snapshot(self) -> Snapshot:
        """See ``Gallery.snapshot``; only what others have added since the last look is read from the file."""
        with self._reading() as connection, self._decoding():
            change, rewritten = _counters(connection)
            if change != self._snapshot.change:
                self._refresh(connection, change, again=rewritten > self._snapshot.change)
            return self._snapshot

    def nearest(self, vectors: NDArray[Any], k: int) -> Neighbours:
        """See ``Gallery.nearest``."""
        queries = as_unit(vectors)
        check_dimension(self._encoder, queries)
        check_count(k)
        return search(self.snapshot(), queries, k)

    def read_setting(self, key: str) -> Any:
        """See ``Gallery.read_setting``."""
        with self._reading() as connection:
            row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        with self._decoding():
            return None if row is None else json.loads(row[0])

    def write_setting(self, key: str, value: Any) -> None:
        """See ``Gallery.write_setting``."""
        try:
            text = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise GalleryError(f"setting {key!r}: expected a value that JSON can hold ({error})") from error
        with self._writing() as connection:
            if value is None:
                connection.execute("DELETE FROM settings WHERE key = ?", (key,))
            else:
                connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, text))

    def close(self) -> None:
        """See ``Gallery.close``."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refresh(self, connection: sqlite3.Connection, change: int, *, again: bool) -> None:
        memory = Memory(self._encoder.dimension) if again else self._memory
        query = "SELECT id, content, label, vectors FROM examples WHERE id > ? ORDER BY id"
        cursor = connection.execute(query, (memory.last,))
        while rows := cursor.fetchmany(_ROWS):
            memory.extend(rows)
        self._memory, self._snapshot = memory, memory.snapshot(change)

    def _move(self, label: str, to: str, check_target: Callable[[str, str, str, bool], None]) -> int:
        """Gives a label's examples another, if there are any and the target passes its check; their number."""
        old, new = as_label(label), as_label(to)
        with self._writing() as connection:
            if old == new or not _is_label(connection, old):
                return 0
            check_target(str(self._path), old, new, _is_label(connection, new))
            return _rewrite(connection, "UPDATE examples SET label = ? WHERE label = ?", (new, old))

    def _rewrite(self, statement: str, values: tuple[str, ...]) -> int:
        with self._writing() as connection:
            return _rewrite(connection, statement, values)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self._path), transaction(self._connection, "DEFERRED"):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self._path), transaction(self._connection, "IMMEDIATE"):
            yield self._connection

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        """What the file holds may be damaged in ways that SQLite cannot see."""
        try:
            yield
        except (TypeError, ValueError, GalleryError) as error:
            advice = "take an older copy, or teach its examples again"
            raise GalleryError(f"{self._path}: the file is damaged ({error}); {advice}") from error


def _counters(connection: sqlite3.Connection) -> tuple[int, int]:
    """The change that the gallery is at, and the last one that removed or changed examples."""
    change, rewritten = connection.execute("SELECT change, rewritten FROM gallery").fetchone()
    return change, rewritten


def _count_change(connection: sqlite3.Connection, *, rewritten: bool) -> None:
    also = ", rewritten = change + 1" if rewritten else ""
    connection.execute(f"UPDATE gallery SET change = change + 1{also}")


def _rewrite(connection: sqlite3.Connection, statement: str, values: tuple[str, ...]) -> int:
    """Removes or changes examples; their number."""
    touched = connection.execute(statement, values).rowcount
    if touched:
        _count_change(connection, rewritten=True)
    return touched


def _is_label(connection: sqlite3.Connection, label: str) -> bool:
    return connection.execute("SELECT 1 FROM examples WHERE label = ? LIMIT 1", (label,)).fetchone() is not None


def _label_of(connection: sqlite3.Connection, content: str) -> str | None:
    row = connection.execute("SELECT label FROM examples WHERE content = ?", (content,)).fetchone()
    return None if row is None else row[0]


def _write(connection: sqlite3.Connection, example: Example) -> None:
    """Adds an example, in place of any with the same content."""
    connection.execute("DELETE FROM examples WHERE content = ?", (example.content,))
    created = example.created.isoformat(timespec="microseconds")
    fields = (example.content, example.label, example.source, created, example.vectors.astype("<f4").tobytes())
    row = connection.execute("INSERT INTO examples VALUES (NULL, ?, ?, ?, ?, ?)", fields).lastrowid
    thumbnails = ((row, place, png) for place, png in enumerate(example.thumbnails))
    connection.executemany("INSERT INTO thumbnails VALUES (?, ?, ?)", thumbnails)


def _read(connection: sqlite3.Connection, content: str, dimension: int) -> Example | None:
    query = "SELECT id, label, vectors, source, created FROM examples WHERE content = ?"
    row = connection.execute(query, (content,)).fetchone()
    if row is None:
        return None
    example, label, blob, source, created = row
    vectors = np.frombuffer(blob, "<f4").reshape(-1, dimension)
    thumbnails = connection.execute("SELECT png FROM thumbnails WHERE example = ? ORDER BY place", (example,))
    pngs = tuple(png for (png,) in thumbnails)
    return Example(content, label, vectors, pngs, source, datetime.fromisoformat(created))
