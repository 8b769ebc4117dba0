"""The tables of a gallery's file: made, and brought from any older format to the newest, one function a format."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache

from duktus.gallery.rows import hash_pngs, hash_rows, hash_texts


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


def migrate_1_to_2(connection: sqlite3.Connection) -> None:
    """Format 2 has a checksum in each row (``rows.py``), and knows how many examples there are.

    An index that is damaged hides rows, or shows others: the one by label goes, as a file is read whole anyway.
    """
    connection.create_function("hash_texts", -1, hash_texts)
    for statement in (
        "DROP INDEX examples_by_label",
        "ALTER TABLE examples ADD COLUMN pngs BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE examples ADD COLUMN hash INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE settings ADD COLUMN hash INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE gallery ADD COLUMN examples INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE gallery ADD COLUMN hash INTEGER NOT NULL DEFAULT 0",
        "UPDATE settings SET hash = hash_texts(key, value)",
        "UPDATE gallery SET examples = (SELECT COUNT(*) FROM examples)",
        "UPDATE gallery SET hash = hash_texts(encoder, fingerprint, dimension, change, rewritten, examples)",
    ):
        connection.execute(statement)
    cursor = connection.execute("SELECT id, content, label, source, created, vectors FROM examples")
    for row, *fields in cursor.fetchall():
        found = connection.execute("SELECT png FROM thumbnails WHERE example = ? ORDER BY place", (row,))
        pngs = hash_pngs(tuple(png for (png,) in found))
        values = (pngs, *hash_rows([(*fields, pngs)]), row)
        connection.execute("UPDATE examples SET pngs = ?, hash = ? WHERE id = ?", values)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (migrate_0_to_1, migrate_1_to_2)
"""Each brings a file from the format of its place here to the next; they are only ever appended."""

FORMAT = len(MIGRATIONS)
"""The format that this version writes, kept as ``user_version``. It also opens every older one."""


@cache
def expected_schema(number: int) -> frozenset[tuple[str, ...]]:
    """Tables and indexes of a format, as SQLite keeps them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, 0, MIGRATIONS[:number])
        return read_schema(connection)


def read_schema(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Everything that a file defines, triggers and views too, but for the spaces in it."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return frozenset((str(kind), str(name), str(table), " ".join(str(sql).split())) for kind, name, table, sql in rows)
