"""The embedded store: a gallery in one SQLite file, searched in memory."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Self, TypeVar

from numpy.typing import NDArray

from duktus.gallery.checks import check_count, check_dimension, check_encoder, check_existing, check_new
from duktus.gallery.memory import Memory, search
from duktus.gallery.rows import (
    Row,
    find_row,
    hash_rows,
    hash_texts,
    read_rows,
    read_state,
    to_example,
    write_example,
    write_state,
)
from duktus.gallery.sqlite_file import explained, make, open_file, read_encoder, transaction
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

T = TypeVar("T")

TIMEOUT = 10.0
"""How long to wait for another process that writes, in seconds; adding 100,000 examples takes about 3."""


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
        >>> import numpy as np
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
        self._connection = open_file(self._path, timeout)
        try:
            self._encoder = read_encoder(self._connection, self._path)
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
        with self._reading() as connection:
            return read_state(connection).change

    def add(self, examples: Iterable[Example], *, replace: bool = False) -> Added:
        """See ``Gallery.add``."""
        batch = tuple(examples)  # made before the file is locked: an encoder may be at work behind it
        for example in batch:
            check_dimension(self._encoder, example.vectors)
        added, conflicts = 0, []
        with self._writing() as connection:
            for example in batch:
                row = find_row(connection, example.content)
                label = None if row is None else row.label
                if label is None:
                    added += 1
                elif label != example.label:
                    conflicts.append(Conflict(example.content, label, example.label))
                if label is None or (replace and label != example.label):
                    write_example(connection, example)
            if added or (replace and conflicts):
                _count_change(connection, added, rewritten=replace and bool(conflicts))
        return Added(added, len(batch) - added - len(conflicts), tuple(conflicts))

    def remove(self, content: str) -> bool:
        """See ``Gallery.remove``."""
        return bool(self._remove("content = ?", content))

    def remove_label(self, label: str) -> int:
        """See ``Gallery.remove_label``."""
        return self._remove("label = ?", as_label(label))

    def rename(self, label: str, to: str) -> int:
        """See ``Gallery.rename``."""
        return self._move(label, to, check_new)

    def merge(self, label: str, into: str) -> int:
        """See ``Gallery.merge``."""
        return self._move(label, into, check_existing)

    def labels(self) -> tuple[LabelSummary, ...]:
        """See ``Gallery.labels``."""
        created = defaultdict[str, list[str]](list)
        with self._reading() as connection:
            for rows in read_rows(connection):
                for _, _, label, _, moment, *_ in rows:
                    created[label].append(moment)
            all_labels = sorted(created.items())
            return tuple(LabelSummary(one, len(all), datetime.fromisoformat(max(all))) for one, all in all_labels)

    def contents(self, label: str | None = None) -> tuple[str, ...]:
        """See ``Gallery.contents``."""
        wanted, now = None if label is None else as_label(label), self.snapshot()
        pairs = zip(now.contents, now.labels, strict=True)
        return tuple(content for content, its in pairs if wanted is None or its == wanted)

    def known(self, contents: Iterable[str]) -> dict[str, str]:
        """See ``Gallery.known``."""
        return {row.content: row.label for row, _ in self._find(contents, lambda *_: None)}

    def get(self, contents: Iterable[str]) -> tuple[Example, ...]:
        """See ``Gallery.get``."""
        read = partial(to_example, dimension=self._encoder.dimension)
        return tuple(example for _, example in self._find(contents, read))

    def _find(self, contents: Iterable[str], read: Callable[[sqlite3.Connection, Row], T]) -> list[tuple[Row, T]]:
        """The rows of those contents that are there, each with what ``read`` makes of it."""
        asked = tuple(contents)
        with self._reading() as connection:
            rows = [row for content in asked if (row := find_row(connection, content)) is not None]
            missing = set(asked) - {row.content for row in rows}
            if missing and not missing.isdisjoint(self._current(connection).contents):
                raise GalleryError("an example is not found by its content")  # the index is damaged
            return [(row, read(connection, row)) for row in rows]

    def snapshot(self) -> Snapshot:
        """See ``Gallery.snapshot``; only what others have added since the last look is read from the file."""
        with self._reading() as connection:
            return self._current(connection)

    def nearest(self, vectors: NDArray[Any], k: int) -> Neighbours:
        """See ``Gallery.nearest``."""
        queries = as_unit(vectors)
        check_dimension(self._encoder, queries)
        check_count(k)
        return search(self.snapshot(), queries, k)

    def read_setting(self, key: str) -> Any:
        """See ``Gallery.read_setting``."""
        with self._reading() as connection:
            rows = connection.execute("SELECT key, value, hash FROM settings").fetchall()
            if any(hash_texts(name, value) != expected for name, value, expected in rows):
                raise GalleryError("a setting differs from what was written")
            return next((json.loads(value) for name, value, _ in rows if name == key), None)

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
                values = (key, text, hash_texts(key, text))
                connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", values)

    def close(self) -> None:
        """See ``Gallery.close``."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _current(self, connection: sqlite3.Connection) -> Snapshot:
        """The snapshot, brought up to what the file holds now."""
        state = read_state(connection)
        if state.change != self._snapshot.change:
            memory = Memory(self._encoder.dimension) if state.rewritten > self._snapshot.change else self._memory
            for rows in read_rows(connection, memory.last):
                memory.extend([(row[0], row[1], row[2], row[5]) for row in rows])
            self._memory, self._snapshot = memory, memory.snapshot(state.change)
        if state.examples != len(self._snapshot.contents):
            received = len(self._snapshot.contents)
            raise GalleryError(f"expected {state.examples:,} examples, received {received:,}")
        return self._snapshot

    def _move(self, label: str, to: str, check_target: Callable[[str, str, str, bool], None]) -> int:
        """Gives a label's examples another, if there are any and the target passes its check; their number."""
        old, new = as_label(label), as_label(to)
        with self._writing() as connection:
            rows = [row for some in read_rows(connection) for row in some if row[2] in (old, new)]
            moved = [row for row in rows if row[2] == old]
            if old == new or not moved:
                return 0
            check_target(str(self._path), old, new, len(rows) > len(moved))
            hashes = hash_rows([(row[1], new, *row[3:7]) for row in moved])
            values = [(new, checksum, row[0]) for row, checksum in zip(moved, hashes, strict=True)]
            connection.executemany("UPDATE examples SET label = ?, hash = ? WHERE id = ?", values)
            _count_change(connection, 0, rewritten=True)
            return len(moved)

    def _remove(self, where: str, value: str) -> int:
        with self._writing() as connection:
            touched = connection.execute(f"DELETE FROM examples WHERE {where}", (value,)).rowcount
            if touched:
                _count_change(connection, -touched, rewritten=True)
            return touched

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._decoding(), self._lock, explained(self._path), transaction(self._connection, "DEFERRED"):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._decoding(), self._lock, explained(self._path), transaction(self._connection, "IMMEDIATE"):
            yield self._connection

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        """What the file holds may be damaged in ways that SQLite cannot see."""
        try:
            yield
        except (TypeError, ValueError, GalleryError) as error:
            if str(error).startswith(f"{self._path}: "):
                raise
            advice = "'duktus gallery check' saves what is whole of it"
            raise GalleryError(f"{self._path}: the file is damaged ({error}); {advice}") from error


def _count_change(connection: sqlite3.Connection, added: int, *, rewritten: bool) -> None:
    state = read_state(connection)
    change, examples = state.change + 1, state.examples + added
    new = state._replace(change=change, examples=examples, rewritten=change if rewritten else state.rewritten)
    write_state(connection, new)
