"""The rows of a gallery's file, each with a checksum: written with it, and held against it whenever they are read.

The checksum is a sum of the row's words of 32 bits, each times an odd number of its own, modulo 2^32 (multilinear
hashing: Lemire & Kaser, "Strongly universal string hashing is fast", 2014): so every change within one word is found,
and of any other all but one in 2^32; and some thousand rows take no longer than their product with a vector. It is no
seal: whoever can write the file can write another checksum.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Literal, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Example
from duktus.types import GalleryError

_ROWS = 4096  # read at once: a few MB
_FIELDS = "id, content, label, source, created, vectors, pngs, hash"


class Row(NamedTuple):
    """An example as it stands in the file; ``pngs`` are the checksums of its thumbnails, 4 bytes each."""

    id: int
    content: str
    label: str
    source: str
    created: str
    vectors: bytes
    pngs: bytes
    hash: int


class State(NamedTuple):
    """The only row of the table ``gallery``: whose vectors it holds, its counters, and how many examples."""

    encoder: str
    fingerprint: str
    dimension: int
    change: int
    rewritten: int
    examples: int


def hash_rows(rows: Sequence[tuple[str, str, str, str, bytes, bytes]]) -> list[int]:
    """The checksums of examples: content, label, source, created, vectors and pngs of each. See ``_hash_columns``."""
    return _hash_columns(*zip(*rows, strict=True))


def _hash_columns(*columns: tuple[Any, ...]) -> list[int]:
    """The checksums of examples, column by column.

    Raises:
        TypeError: a field has another type, as it may in a damaged file.
    """
    *texts, vectors, pngs = columns
    if set(map(type, chain(*texts))) != {str}:
        raise TypeError("expected text")
    total = _hash_blobs(vectors, 0) + _hash_blobs(pngs, 1)
    for place, column in enumerate(texts, 2):
        words = np.array(column)  # (n,), 4 bytes a character, filled with zeros
        total += words.view(np.uint32).reshape(len(column), -1) @ _weights(place, words.itemsize // 4)
    return [*map(int, total.tolist())]


def _hash_blobs(column: tuple[bytes, ...], place: int) -> NDArray[np.uint32]:
    """Those of equal length at once: nearly all are."""
    lengths = set(map(len, column))
    if len(lengths) > 1:
        total = np.zeros(len(column), np.uint32)
        for length in lengths:
            chosen = [i for i, blob in enumerate(column) if len(blob) == length]
            total[chosen] = _hash_blobs(tuple(column[i] for i in chosen), place)
        return total
    length = lengths.pop()
    if length % 4:
        raise TypeError(f"expected numbers of 4 bytes, received {length} bytes")
    words = np.frombuffer(b"".join(column), "<u4").reshape(len(column), -1)
    return np.asarray(words @ _weights(place, length // 4) + np.uint32(length))


@cache
def _weights(place: int, count: int) -> NDArray[np.uint32]:
    """Odd numbers, others for each column."""
    numbers = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(2654435769) + np.uint64(place * 40503)
    return (numbers >> np.uint64(3)).astype(np.uint32) | np.uint32(1)


def hash_texts(*values: object) -> int:
    """The checksum of a setting's key and value, or of a gallery's state."""
    return crc32("\0".join(map(str, values)).encode())


def hash_pngs(pngs: tuple[bytes, ...]) -> bytes:
    """The checksums of thumbnails, as they stand in a row."""
    return b"".join(crc32(png).to_bytes(4, "little") for png in pngs)


def read_rows(connection: sqlite3.Connection, after: int = 0) -> Iterator[list[Row]]:
    """Read all examples whose id is above ``after``, some thousands at a time.

    Raises:
        GalleryError: one of them is damaged.
    """
    cursor = connection.execute(f"SELECT {_FIELDS} FROM examples WHERE id > ? ORDER BY id", (after,))
    while rows := cursor.fetchmany(_ROWS):
        yield _check(rows)


def find_row(
    connection: sqlite3.Connection, value: str | int, *, by: Literal["content", "id"] = "content"
) -> Row | None:
    """The example with this content or id, if there is one. Raises GalleryError where it is damaged."""
    row = connection.execute(f"SELECT {_FIELDS} FROM examples WHERE {by} = ?", (value,)).fetchone()
    return None if row is None else Row(*_check([row])[0])


def to_example(connection: sqlite3.Connection, row: Row, dimension: int) -> Example:
    """The example of a row, with its thumbnails. Raises GalleryError where one of them is damaged or missing."""
    found = connection.execute("SELECT png FROM thumbnails WHERE example = ? ORDER BY place", (row.id,))
    pngs = tuple(png for (png,) in found)
    if hash_pngs(pngs) != row.pngs:
        raise GalleryError(f"the thumbnails of example {row.id} are not those that were written")
    vectors = np.frombuffer(row.vectors, "<f4").reshape(-1, dimension)
    return Example(row.content, row.label, vectors, pngs, row.source, datetime.fromisoformat(row.created))


def write_example(connection: sqlite3.Connection, example: Example) -> None:
    """Add an example, in place of any with the same content."""
    connection.execute("DELETE FROM examples WHERE content = ?", (example.content,))
    created = example.created.isoformat(timespec="microseconds")
    vectors, pngs = example.vectors.astype("<f4").tobytes(), hash_pngs(example.thumbnails)
    fields = (example.content, example.label, example.source, created, vectors, pngs)
    values = (*fields, *hash_rows([fields]))
    row = connection.execute("INSERT INTO examples VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", values)
    thumbnails = ((row.lastrowid, place, png) for place, png in enumerate(example.thumbnails))
    connection.executemany("INSERT INTO thumbnails VALUES (?, ?, ?)", thumbnails)


def read_state(connection: sqlite3.Connection) -> State:
    """What the file says of itself. Raises GalleryError where that is damaged."""
    *values, expected = connection.execute(f"SELECT {', '.join(State._fields)}, hash FROM gallery").fetchone() or (0,)
    if len(values) != len(State._fields) or hash_texts(*values) != expected:
        raise GalleryError("what it says of itself differs from what was written")
    return State(*values)


def write_state(connection: sqlite3.Connection, state: State) -> None:
    """Write what the file says of itself."""
    connection.execute("DELETE FROM gallery")
    connection.execute("INSERT INTO gallery VALUES (1, ?, ?, ?, ?, ?, ?, ?)", (*state, hash_texts(*state)))


def _check(rows: list[Row]) -> list[Row]:
    ids, *fields, expected = zip(*rows, strict=True)
    received = _hash_columns(*fields)
    if received != list(expected):
        place = next(i for i, checksum in enumerate(received) if checksum != expected[i])
        raise GalleryError(f"example {ids[place]} differs from what was written")
    return rows
