"""What is SQLite's own: kills, locks, other processes, and places that may only be read."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from duktus.gallery.sqlite import SqliteGallery
from duktus.types import GalleryError
from tests.gallery.examples import ENCODER, content, example

ADD_ONE_BY_ONE = """
import sys
from duktus.gallery.sqlite import SqliteGallery
from tests.gallery.examples import ENCODER, example
first, last = map(int, sys.argv[2:])
with SqliteGallery.create(sys.argv[1], ENCODER) as gallery:
    for i in range(first, last):
        gallery.add([example(i)])
        print(i, flush=True)
"""

DIE_WITHIN_A_LARGE_CHANGE = """
import itertools, os, signal, sys
import numpy as np
from duktus.gallery.sqlite import SqliteGallery
from tests.gallery.examples import ENCODER, example
batch = [example(i, "new", np.ones((300, 8)) * np.arange(1, 9)) for i in range(400)]
gallery = SqliteGallery(sys.argv[1], ENCODER)
statements = itertools.count()
gallery._connection.set_trace_callback(
    lambda statement: next(statements) == int(sys.argv[2]) and os.kill(os.getpid(), signal.SIGKILL)
)
gallery.add(batch, replace=True)
"""

DIE_AS_IT_ENDS = """
import os, signal, sys
from duktus.gallery.sqlite import SqliteGallery
from tests.gallery.examples import ENCODER
gallery = SqliteGallery(sys.argv[1], ENCODER)
gallery._connection.set_trace_callback(
    lambda statement: statement == "COMMIT" and os.kill(os.getpid(), signal.SIGKILL)
)
getattr(gallery, sys.argv[2])(*sys.argv[3:])
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process with the modules of this one."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def assert_whole(path: Path) -> None:
    """SQLite itself finds nothing wrong, and after the next change nothing lies beside the file."""
    with SqliteGallery(path) as gallery:
        gallery.write_setting("looked at", True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A gallery of three examples."""
    with SqliteGallery.create(tmp_path / "g.db", ENCODER) as gallery:
        gallery.add([example(1, "a"), example(2, "a"), example(3, "b")])
    return tmp_path / "g.db"


def test_kill_while_adding(tmp_path: Path) -> None:
    """A process killed at a random moment, again and again, loses nothing that it had reported as added."""
    path, first = tmp_path / "g.db", 0
    for pause in (0.0, 0.007, 0.019):
        with start(ADD_ONE_BY_ONE, path, first, 100_000) as writer:
            assert writer.stdout is not None
            reported = [int(writer.stdout.readline()) for _ in range(4)]
            time.sleep(pause)
            writer.kill()
            reported += [int(line) for line in writer.stdout]
        with SqliteGallery(path, ENCODER) as gallery:
            found = gallery.contents()
        assert found[: reported[-1] + 1] == tuple(content(i) for i in range(reported[-1] + 1))
        assert len(found) - len(reported) - first in (0, 1)  # the last may have been done and not yet reported
        first = len(found)
        assert_whole(path)


@pytest.mark.parametrize(("moment", "begun"), [(5, False), (200, False), (1_500, True)])
def test_kill_within_a_large_change(path: Path, moment: int, begun: bool) -> None:
    """A change that was cut off is undone as a whole, also where the file itself had grown by megabytes."""
    size = path.stat().st_size
    with start(DIE_WITHIN_A_LARGE_CHANGE, path, moment) as writer:
        assert writer.wait() == -signal.SIGKILL
    assert (path.stat().st_size > size) == begun
    with SqliteGallery(path, ENCODER) as gallery:
        assert [(summary.label, summary.examples) for summary in gallery.labels()] == [("a", 2), ("b", 1)]
        assert gallery.nearest(example(2).vectors, 1).contents == ((content(2),),)
    assert path.stat().st_size == size
    assert_whole(path)


@pytest.mark.parametrize("change", [("rename", "a", "c"), ("merge", "a", "b"), ("remove_label", "a")])
def test_kill_within_upkeep(path: Path, change: tuple[str, ...]) -> None:
    """Renaming, merging and removing that were cut off at their last moment have changed nothing, and can be done."""
    with start(DIE_AS_IT_ENDS, path, *change) as writer:
        assert writer.wait() == -signal.SIGKILL
    with SqliteGallery(path, ENCODER) as gallery:
        assert [(summary.label, summary.examples) for summary in gallery.labels()] == [("a", 2), ("b", 1)]
        assert getattr(gallery, change[0])(*change[1:]) == 2
        assert "a" not in [summary.label for summary in gallery.labels()]
    assert_whole(path)


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Two processes that begin the same gallery together, and add to it, both succeed."""
    path = tmp_path / "g.db"
    with start(ADD_ONE_BY_ONE, path, 0, 25) as one, start(ADD_ONE_BY_ONE, path, 25, 50) as two:
        assert (one.wait(), two.wait()) == (0, 0)
    with SqliteGallery(path, ENCODER) as gallery:
        assert sorted(gallery.contents()) == sorted(content(i) for i in range(50))
        assert gallery.change == 50
    assert_whole(path)


@contextmanager
def locked(path: Path, *statements: str) -> Iterator[None]:
    """Another connection in the midst of something."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement).fetchone()
        yield


def test_locked_for_too_long(path: Path) -> None:
    """A gallery that another keeps locked is told so once the time is up, and serves when the other has ended."""
    with SqliteGallery(path, timeout=0.05) as gallery:
        with locked(path, "BEGIN EXCLUSIVE"):
            for use in (gallery.labels, gallery.snapshot, lambda: gallery.add([example(4)])):
                with pytest.raises(GalleryError, match=r"g\.db: another process has kept it locked for too long"):
                    use()
            with pytest.raises(GalleryError, match="kept it locked for too long"):
                SqliteGallery(path, timeout=0)
        assert gallery.add([example(4)]).added == 1


def test_locked_by_a_reader(path: Path) -> None:
    """Where another reads on and on, nothing is written, and the gallery can be used as before."""
    with SqliteGallery(path, timeout=0.05) as gallery:
        with locked(path, "BEGIN", "SELECT * FROM examples"):
            with pytest.raises(GalleryError, match="kept it locked for too long"):
                gallery.add([example(4)])
            assert len(gallery.snapshot().contents) == 3
        assert gallery.add([example(4)]).added == 1


def test_waits_for_a_writer(path: Path) -> None:
    """A lock that is let go in time is waited for, without a word."""
    with start(
        "import sqlite3, sys, time\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN EXCLUSIVE')\n"
        "print(flush=True)\n"
        "time.sleep(0.3)\n"
        "connection.execute('COMMIT')\n",
        path,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with SqliteGallery(path) as gallery:
            assert gallery.add([example(4)]).added == 1


@pytest.fixture
def place() -> Iterator[Path]:
    """A gallery where a lesser user can come to it, and a lesser user's rights where the tests run as root."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system has no users to change between")
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        with SqliteGallery.create(Path(folder, "g.db"), ENCODER) as gallery:
            gallery.add([example(1)])
        try:
            yield Path(folder, "g.db")
        finally:
            os.seteuid(user)
            Path(folder).chmod(0o700)


def forbid(path: Path, file: int, folder: int) -> None:
    """Set the permissions of a gallery and its folder, and give up a superuser's."""
    path.chmod(file)
    path.parent.chmod(folder)
    os.seteuid(os.geteuid() or 65534)


@pytest.mark.parametrize(
    ("file", "folder", "said"),
    [
        (0o444, 0o555, "the file may not be written; change its permissions, or copy it"),
        (0o444, 0o777, "the file may not be written; change its permissions, or copy it"),
        (0o666, 0o555, "its folder may not be written, and a journal has to stand there"),
    ],
)
def test_place_that_may_only_be_read(place: Path, file: int, folder: int, said: str) -> None:
    """A gallery that may not be written serves all reading; writing says why it cannot, and what to do."""
    forbid(place, file, folder)
    with SqliteGallery.create(place, ENCODER) as gallery:
        assert gallery.nearest(example(1).vectors, 1).contents == ((content(1),),)
        for write in (
            lambda: gallery.add([example(2)]),
            lambda: gallery.remove(content(1)),
            lambda: gallery.write_setting("k", 1),
        ):
            with pytest.raises(GalleryError, match=said):
                write()
        assert len(gallery.get(gallery.contents())) == 1


@pytest.mark.parametrize(("file", "folder"), [(0o000, 0o755), (0o644, 0o000)])
def test_place_that_may_not_be_read(place: Path, file: int, folder: int) -> None:
    """Without the right to read the path and the permissions are named."""
    forbid(place, file, folder)
    with pytest.raises(GalleryError, match=r"cannot be opened.*; check the path"):
        SqliteGallery(place)


def test_interrupted_change_that_cannot_be_undone(place: Path) -> None:
    """What a kill left in a folder that may only be read is no damage, and the error says how to get it back."""
    with start(DIE_WITHIN_A_LARGE_CHANGE, place, 1_500) as writer:
        assert writer.wait() == -signal.SIGKILL
    place.with_name("g.db-journal").chmod(0o644)
    forbid(place, 0o644, 0o555)
    with pytest.raises(GalleryError, match=r"last change was interrupted.*copy it, and the file that ends in -journal"):
        SqliteGallery(place)


def test_disk_that_takes_no_more(path: Path) -> None:
    """A write that the system cuts short changes nothing, and the gallery works on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    large = [example(i, vectors=np.ones((500, 8))) for i in range(9, 300)]
    with SqliteGallery(path) as gallery:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50_000, hard))
        try:
            with pytest.raises(GalleryError, match=r"this change was undone; make room|check the disk"):
                gallery.add(large)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert len(gallery.snapshot().contents) == 3
        assert gallery.add([example(4)]).added == 1
    assert_whole(path)


def test_what_is_removed_is_gone(tmp_path: Path) -> None:
    """A hand is personal data: nothing of it stays in the file when it is removed."""
    path, secret = tmp_path / "g.db", "Johanna Hofmann"
    with SqliteGallery.create(path, ENCODER) as gallery:
        gallery.add([example(i, secret) for i in range(50)])
        image, vector = gallery.get([content(7)])[0].thumbnails[0], example(7).vectors.tobytes()
        assert all(part in path.read_bytes() for part in (secret.encode(), image, vector, content(7).encode()))
        gallery.remove_label(secret)
    assert not any(part in path.read_bytes() for part in (secret.encode(), image, vector, content(7).encode()))


def test_reads_only_what_is_new(path: Path) -> None:
    """After another process added something, only that is fetched; after a removal everything is."""
    with SqliteGallery(path) as gallery, SqliteGallery(path) as other:
        gallery.snapshot()
        fetched: list[str] = []
        gallery._connection.set_trace_callback(lambda text: fetched.append(text) if "vectors" in text else None)
        gallery.snapshot()
        assert fetched == []
        other.add([example(4)])
        assert len(gallery.snapshot().contents) == 4
        other.remove(content(1))
        assert len(gallery.snapshot().contents) == 3
    assert [text.partition("WHERE ")[2] for text in fetched] == ["id > 3 ORDER BY id", "id > 0 ORDER BY id"]


def test_large_numbers_of_examples(tmp_path: Path) -> None:
    """More examples than are fetched at once come in their order, each with its own vector."""
    count = 4500
    examples = [example(i, str(i % 5)) for i in range(count)]
    with SqliteGallery.create(tmp_path / "g.db", ENCODER) as gallery:
        gallery.add(examples)
    with SqliteGallery(tmp_path / "g.db") as gallery:
        snapshot = gallery.snapshot()
    assert snapshot.contents == tuple(content(i) for i in range(count))
    assert snapshot.vectors.tobytes() == b"".join(one.vectors.tobytes() for one in examples)
