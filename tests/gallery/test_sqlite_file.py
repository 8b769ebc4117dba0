"""Files that are offered as a gallery: older and newer ones, damaged ones, and those that are something else."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from threading import Timer

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.gallery.formats import FORMAT, MIGRATIONS, migrate
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.sqlite_file import APPLICATION_ID, _upgraded, connect, is_gallery_file, open_file, read_encoder
from duktus.types import GalleryError
from tests.gallery.examples import ENCODER, axis, content, example, fields, thumbnail

FORMAT_1 = f"""
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = 1;
    CREATE TABLE gallery (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        encoder TEXT NOT NULL, fingerprint TEXT NOT NULL, dimension INTEGER NOT NULL,
        change INTEGER NOT NULL, rewritten INTEGER NOT NULL
    );
    CREATE TABLE examples (
        id INTEGER PRIMARY KEY,
        content TEXT NOT NULL UNIQUE, label TEXT NOT NULL, source TEXT NOT NULL, created TEXT NOT NULL,
        vectors BLOB NOT NULL
    );
    CREATE INDEX examples_by_label ON examples (label, created);
    CREATE TABLE thumbnails (
        example INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        png BLOB NOT NULL
    );
    CREATE UNIQUE INDEX thumbnails_by_example ON thumbnails (example, place);
    CREATE TABLE settings (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
"""


def sql(path: Path, script: str, *rows: tuple[str, Sequence[object]]) -> None:
    """Work on a file with nothing but the standard library."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(script)
        for statement, values in rows:
            connection.execute(statement, values)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A gallery of three examples."""
    with SqliteGallery.create(tmp_path / "g.db", ENCODER) as gallery:
        gallery.add([example(1), example(2), example(3, "ᚢ")])
        gallery.write_setting("k", [1])
    return tmp_path / "g.db"


def use(path: Path) -> None:
    """Do all that reads."""
    with SqliteGallery(path) as gallery:
        gallery.nearest(np.ones((1, gallery.encoder.dimension)), 2)
        assert len(gallery.get(gallery.contents())) <= 3
        assert len(gallery.labels()) <= 3
        gallery.known([content(1)])
        gallery.read_setting("k")


def test_format_1_stays_openable(tmp_path: Path) -> None:
    """A gallery as the first version wrote it, made here without its code, is read and written."""
    one = example(1, "ᚠ", axis(2, 5))
    created = "2026-01-31T12:00:01.000000+00:00"
    sql(
        tmp_path / "old.db",
        FORMAT_1,
        ("INSERT INTO gallery VALUES (1, ?, ?, ?, 4, 2)", (ENCODER.name, ENCODER.fingerprint, 8)),
        (
            "INSERT INTO examples VALUES (7, ?, 'ᚠ', 'scan/1.png', ?, ?)",
            (content(1), created, axis(2, 5).astype("<f4").tobytes()),
        ),
        ("INSERT INTO thumbnails VALUES (7, 0, ?)", (thumbnail(1),)),
        ("INSERT INTO settings VALUES ('k', '[1.5]')", ()),
    )
    with SqliteGallery(tmp_path / "old.db", ENCODER) as gallery:
        assert [fields(found) for found in gallery.get([content(1)])] == [fields(one)]
        assert (gallery.change, gallery.read_setting("k")) == (4, [1.5])
        gallery.add([example(2, "ᚢ")])
        assert gallery.nearest(axis(5), 1).labels == (("ᚠ",),)


def test_format_1_can_be_read_where_nothing_may_be_written(tmp_path: Path) -> None:
    """An older gallery on a medium that may only be read is read as before, and writing says why it cannot."""
    path = tmp_path / "old.db"
    vectors = axis(2).astype("<f4").tobytes()
    sql(
        path,
        FORMAT_1,
        ("INSERT INTO gallery VALUES (1, ?, ?, ?, 4, 2)", (ENCODER.name, ENCODER.fingerprint, 8)),
        (
            f"INSERT INTO examples VALUES (7, ?, 'ᚠ', 's', '2026-01-31T12:00:01+00:00', x'{vectors.hex()}')",
            (content(1),),
        ),
    )
    before = path.read_bytes()
    with closing(connect(path, 1)) as connection:
        connection.execute("PRAGMA query_only = ON")  # what a file gives that may only be read: tests may run as root
        with closing(_upgraded(connection)) as copy:
            assert read_encoder(copy, path) == ENCODER
            assert copy.execute("SELECT label FROM examples").fetchall() == [("ᚠ",)]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                copy.execute("DELETE FROM examples")
    assert path.read_bytes() == before


def test_a_gallery_in_the_making_is_waited_for(tmp_path: Path) -> None:
    """A file that another process has just created, and will fill in a moment, is not called empty."""
    path = tmp_path / "g.db"
    path.touch()
    maker = Timer(0.1, lambda: SqliteGallery.create(path, ENCODER).close())
    maker.start()
    with SqliteGallery(path) as gallery:
        assert gallery.encoder == ENCODER
    maker.join()


def test_formats_are_brought_along_in_order(path: Path) -> None:
    """An older file goes through each migration that it lacks, once, and then bears the newest number."""

    def with_notes(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE examples ADD COLUMN note TEXT NOT NULL DEFAULT ''")

    def with_a_note(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE examples SET note = 'from before'")

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, FORMAT, (*MIGRATIONS, with_notes, with_a_note))
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT + 2,)
        assert connection.execute("SELECT DISTINCT note FROM examples").fetchall() == [("from before",)]


def test_newer_format_is_refused(path: Path) -> None:
    """A gallery of a later version is told from a damaged one, and not touched."""
    sql(path, f"PRAGMA user_version = {FORMAT + 1}")
    before = path.read_bytes()
    for opening in (SqliteGallery, lambda place: SqliteGallery.create(place, ENCODER)):
        with pytest.raises(GalleryError, match=f"has format {FORMAT + 1}, this version .* up to {FORMAT}: upgrade"):
            opening(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("share", [1e-4, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999])
def test_truncated_file(path: Path, share: float) -> None:
    """However much of the end is missing, opening says that the file is no whole gallery."""
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(GalleryError, match=r"g\.db: .*(truncated|damaged|an empty file)"):
        SqliteGallery.create(path, ENCODER)


def test_file_without_its_last_pages(path: Path) -> None:
    """A file cut between two of SQLite's pages is refused as well."""
    data = path.read_bytes()
    path.write_bytes(data[:-4096])
    with pytest.raises(GalleryError, match="truncated or damaged"):
        SqliteGallery(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A place for damaged files, and an undamaged one's content."""
    path = tmp_path_factory.mktemp("damaged") / "g.db"
    with SqliteGallery.create(path, ENCODER) as gallery:
        gallery.add([example(1), example(2), example(3, "ᚢ")])
        gallery.write_setting("k", [1])
    return path, path.read_bytes()


@given(share=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_changed_byte(whole: tuple[Path, bytes], share: float, value: int) -> None:
    """A damaged file either still serves or gives the project's own error, and no other."""
    path, data = whole
    place = int(share * len(data))
    path.write_bytes(data[:place] + bytes([value]) + data[place + 1 :])
    with suppress(GalleryError):
        use(path)


def test_empty_file_becomes_a_gallery_only_where_one_is_made(tmp_path: Path) -> None:
    """What a kill may leave of a gallery's very first moment can be taught, but is none to read from."""
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(GalleryError, match="received an empty file"):
        SqliteGallery(empty)
    with SqliteGallery.create(empty, ENCODER) as gallery:
        assert gallery.labels() == ()


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: path.write_text("ᚠ,runes/1.png\n" * 900), "another file or a damaged one"),
        (lambda path: path.write_bytes(thumbnail(1)), "another file or a damaged one"),
        (lambda path: sql(path, "CREATE TABLE songs (title)"), "an SQLite file of something else"),
        (lambda path: sql(path, "VACUUM"), "an SQLite file of something else"),
        (lambda path: sql(path, f"{FORMAT_1}"), "truncated or damaged"),
        (lambda path: path.mkdir(), "received a folder or a device"),
        (os.mkfifo, "received a folder or a device"),
        (lambda path: path.symlink_to(os.devnull), "received a folder or a device"),
    ],
)
def test_files_of_something_else(tmp_path: Path, write: Callable[[Path], object], said: str) -> None:
    """What is no gallery is refused in a sentence that begins with its path, whether read or taught."""
    path = tmp_path / "x.db"
    write(path)
    for opening in (SqliteGallery, lambda place: SqliteGallery.create(place, ENCODER)):
        with pytest.raises(GalleryError, match=said) as caught:
            opening(path)
        assert str(caught.value).startswith(f"{path}: ")


def test_places_without_a_gallery(tmp_path: Path) -> None:
    """A wrong path is told from a broken file, and reading makes nothing."""
    for name, said in (("a\0b", "null byte"), ("n" * 300, "too long"), ("no/x.db", "no folder")):
        with pytest.raises(GalleryError, match=said):
            SqliteGallery.create(tmp_path / name, ENCODER)
    with pytest.raises(GalleryError, match=r"x\.db: expected a gallery, found nothing there; check the path"):
        SqliteGallery(tmp_path / "x.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ᚠ ü.db", "50%41?mode=ro#x", "a'b;.db", "file:x"])
def test_any_name_of_a_file(tmp_path: Path, name: str) -> None:
    """Signs with a meaning in an address are part of a file's name like any."""
    with SqliteGallery.create(tmp_path / name, ENCODER) as gallery:
        gallery.add([example(1)])
    assert [found.name for found in tmp_path.iterdir()] == [name]


def test_one_file(path: Path) -> None:
    """Between two transactions there is nothing but the one file, and a copy of it is a whole gallery."""
    with SqliteGallery(path) as gallery:
        gallery.add([example(4)])
        shutil.copy(path, path.with_name("copy.db"))
        assert sorted(found.name for found in path.parent.iterdir()) == ["copy.db", "g.db"]
        with SqliteGallery(path.with_name("copy.db"), ENCODER) as copy:
            assert copy.contents() == gallery.contents()


def test_making_leaves_what_is_there(path: Path) -> None:
    """A gallery that another process made in the same moment is kept."""
    with closing(open_file(path, 1)) as connection:
        assert read_encoder(connection, path) == ENCODER
    with SqliteGallery.create(path, ENCODER) as gallery:
        assert len(gallery.contents()) == 3


def test_gallery_file_is_told_by_its_first_bytes(path: Path, tmp_path: Path) -> None:
    """A gallery is one by any name; text, folders and what is not there are none."""
    (tmp_path / "text.db").write_text("SQLite")
    assert is_gallery_file(path)
    for other in (tmp_path / "text.db", tmp_path, tmp_path / "none.db", "digits", "\0"):
        assert not is_gallery_file(other)
