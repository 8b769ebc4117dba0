"""Damage to a gallery is noticed wherever it is, and what is whole is saved."""

import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from duktus.gallery.integrity import check_gallery, repair_gallery
from duktus.gallery.sqlite import SqliteGallery
from duktus.types import GalleryError
from tests.gallery.examples import ENCODER, axis, content, example, fields

COUNT = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A gallery's file with several pages of rows, thumbnails, and a setting."""
    path = tmp_path_factory.mktemp("whole") / "g.db"
    with SqliteGallery.create(path, ENCODER) as gallery:
        gallery.add(example(i, f"letter {i % 7}") for i in range(COUNT))
        gallery.remove(content(3))
        gallery.write_setting("k", {"threshold": 0.5})
    return path.read_bytes()


def everything(path: Path) -> list[object]:
    """All that a gallery answers, by every method that reads."""
    contents = [content(i) for i in range(COUNT)]
    with SqliteGallery(path) as gallery:
        nearest, snapshot = gallery.nearest(axis(0, 3), 5), gallery.snapshot()
        return [
            gallery.encoder,
            [fields(one) for one in gallery.get(contents)],
            gallery.known(contents),
            gallery.labels(),
            gallery.contents("letter 3"),
            (nearest.contents, nearest.labels, nearest.scores.tolist()),
            (snapshot.contents, snapshot.labels, snapshot.vectors.tolist()),
            gallery.read_setting("k"),
        ]


def flip(data: bytes, place: int, bit: int) -> bytes:
    """A file with one bit changed."""
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def test_a_flipped_bit_never_gives_other_data(whole: bytes, tmp_path: Path) -> None:
    """Wherever one bit is changed, the gallery answers what it did, or says that it is damaged."""
    path, rng = tmp_path / "g.db", random.Random(0)
    path.write_bytes(whole)
    expected, noticed = everything(path), 0
    for _ in range(200):
        path.write_bytes(flip(whole, rng.randrange(len(whole)), rng.randrange(8)))
        try:
            assert everything(path) == expected
        except GalleryError:
            noticed += 1
    assert noticed > 50  # many bits of a file are spare


def test_a_whole_gallery_passes(whole: bytes, tmp_path: Path) -> None:
    """Nothing is found in a gallery that nobody damaged."""
    (tmp_path / "g.db").write_bytes(whole)
    found = check_gallery(tmp_path / "g.db")
    assert (found.examples, found.problems, found.passed) == (COUNT - 1, (), True)


def test_what_is_whole_is_saved(whole: bytes, tmp_path: Path) -> None:
    """A damaged label, thumbnail and vector cost their examples; all others are in the new gallery, and it is whole."""
    path, saved = tmp_path / "g.db", tmp_path / "saved.db"
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE examples SET label = 'another' WHERE content = ?", (content(10),))
        connection.execute("UPDATE thumbnails SET png = x'00' WHERE example = 20")
        connection.execute("UPDATE examples SET vectors = zeroblob(32) WHERE id = 30")
    assert len(check_gallery(path).problems) == 3
    done = repair_gallery(path, saved)
    assert (done.examples, len(done.problems), check_gallery(saved).passed) == (COUNT - 4, 3, True)
    with SqliteGallery(saved) as gallery:
        assert content(10) not in gallery.contents()
        assert [fields(one) for one in gallery.get([content(11)])] == [fields(example(11, "letter 4"))]
    with pytest.raises(GalleryError, match="found a file"):
        repair_gallery(path, saved)


def test_a_damaged_page_costs_no_more_than_its_rows(whole: bytes, tmp_path: Path) -> None:
    """Where a page of the file is overwritten, the rows of all others are found from either end."""
    path, best = tmp_path / "g.db", 0
    for page in range(2, len(whole) // 4096):
        path.write_bytes(whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :])
        with suppress(GalleryError):
            assert not check_gallery(path).passed
            best = max(best, repair_gallery(path, tmp_path / f"{page}.db").examples)
    assert best > COUNT // 2


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON examples BEGIN DELETE FROM settings; END",
        "CREATE VIEW v AS SELECT * FROM examples",
        "CREATE TABLE notes (text)",
        "CREATE INDEX i ON examples (label)",
        "DROP INDEX thumbnails_by_example",
    ],
)
def test_tables_of_others_are_refused(whole: bytes, tmp_path: Path, statement: str) -> None:
    """A trigger would run with the next example that is taught: what the format does not make is not opened."""
    path = tmp_path / "g.db"
    path.write_bytes(whole)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with pytest.raises(GalleryError, match="expected the tables of a gallery, received others"):
        SqliteGallery(path)
