"""Checkpoints: whole or not at all, and only for the recipe that wrote them."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from duktus.learning.checkpoint import GROUPS, Progress, load_arrays, load_progress, save_arrays, save_progress
from duktus.types import DataError, RecipeError


def progress(epoch: int = 3, size: int = 5) -> Progress:
    """Where a training might stand, its arrays of several shapes and types."""
    rng = np.random.default_rng(epoch)
    groups = [[rng.random((size, 4), np.float32), np.array(epoch), np.zeros(0)] for _ in GROUPS]
    weights, optimizer, averaged, best = groups
    return Progress(epoch, 12.5, weights, optimizer, averaged, best, 0.75, 0.1, history=({"loss": 0.5},))


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """A disk on which no file can grow over some bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def assert_same(first: Progress | None, second: Progress) -> None:
    """Both stand at the same place, array by array."""
    assert first is not None
    for name in ("epoch", "seconds", "best_score", "best_error", "history"):
        assert getattr(first, name) == getattr(second, name)
    for name in GROUPS:
        pairs = zip(getattr(first, name), getattr(second, name), strict=True)
        assert all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


def test_round_trip(tmp_path: Path) -> None:
    """A checkpoint gives back every number and array that was put in, and makes its folder."""
    path = tmp_path / "deep" / "checkpoint.npz"
    save_progress(path, progress(), "text")
    assert_same(load_progress(path, "text"), progress())
    assert [item.name for item in path.parent.iterdir()] == ["checkpoint.npz"]


def test_more_than_ten_arrays_keep_their_order(tmp_path: Path) -> None:
    """Arrays come back in the order of their numbers, not of their names."""
    many = progress()
    many.weights = [np.array(i) for i in range(12)]
    save_progress(tmp_path / "c.npz", many, "")
    back = load_progress(tmp_path / "c.npz", "")
    assert back is not None
    assert [int(array) for array in back.weights] == list(range(12))


def test_no_checkpoint(tmp_path: Path) -> None:
    """Where there is no file there is nothing to go on from."""
    assert load_progress(tmp_path / "c.npz", "text") is None


def test_another_recipe_is_refused(tmp_path: Path) -> None:
    """A checkpoint of another recipe is not taken, and the message says what to delete."""
    save_progress(tmp_path / "c.npz", progress(), "epochs = 3 ᚠ")
    assert load_progress(tmp_path / "c.npz", "epochs = 3 ᚠ") is not None
    with pytest.raises(RecipeError, match=f"delete {tmp_path} to start anew"):
        load_progress(tmp_path / "c.npz", "epochs = 4")


@pytest.mark.parametrize("keep", [0, 1, 3, 40, 400, -20, -1])
def test_truncated_file(keep: int, tmp_path: Path) -> None:
    """A file that was cut anywhere is refused as broken, and never read in part."""
    path = tmp_path / "c.npz"
    save_progress(path, progress(), "text")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"c\.npz: expected what an earlier run wrote.*delete it"):
        load_progress(path, "text")


def test_other_files(tmp_path: Path) -> None:
    """Text, a single array, pickled objects, other arrays and a folder are no checkpoints; no pickle is ever run."""
    np.save(tmp_path / "one", np.zeros(3))
    np.savez(tmp_path / "objects", state=np.array([{}], object), recipe=np.array("text"))
    np.savez(tmp_path / "others", glyphs=np.zeros(3))
    (tmp_path / "text").write_text("no archive")
    for name in ("one.npy", "objects.npz", "others.npz", "text", ""):
        with pytest.raises(DataError, match="delete it"):
            load_progress(tmp_path / name, "text")


def test_full_disk_leaves_the_old_one(tmp_path: Path) -> None:
    """On a full disk the old checkpoint stays whole, nothing half-written is left, and the error says what to do."""
    path = tmp_path / "c.npz"
    save_progress(path, progress(3), "text")
    with full_disk(2_000), pytest.raises(DataError, match=r"c\.npz: the file could not be written.*free some space"):
        save_progress(path, progress(4, size=5_000), "text")
    assert_same(load_progress(path, "text"), progress(3))
    assert [item.name for item in tmp_path.iterdir()] == ["c.npz"]
    save_progress(path, progress(4), "text")
    assert_same(load_progress(path, "text"), progress(4))


def test_folder_that_cannot_be(tmp_path: Path) -> None:
    """Where a file stands in the folder's place the error names the checkpoint."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"file.c\.npz: the file could not be written"):
        save_progress(tmp_path / "file" / "c.npz", progress(), "text")
    with pytest.raises(DataError, match="delete it"):
        load_progress(tmp_path / "file" / "c.npz", "text")


def test_half_written_file_of_a_kill(tmp_path: Path) -> None:
    """What a kill left beside the checkpoint is neither read nor in the way."""
    (tmp_path / "c.part").write_bytes(b"PK\x03\x04 half")
    assert load_progress(tmp_path / "c.npz", "text") is None
    save_progress(tmp_path / "c.npz", progress(), "text")
    assert [item.name for item in tmp_path.iterdir()] == ["c.npz"]


def test_arrays_by_name(tmp_path: Path) -> None:
    """Arrays of any names, none among them, come back under these."""
    save_arrays(tmp_path / "a.npz", {"frames": np.zeros((2, 3), np.uint8), "key": np.array("ᚠ")})
    arrays = load_arrays(tmp_path / "a.npz")
    assert arrays is not None
    assert arrays["frames"].shape == (2, 3)
    assert str(arrays["key"]) == "ᚠ"
    save_arrays(tmp_path / "b.npz", {})
    assert load_arrays(tmp_path / "b.npz") == {}
