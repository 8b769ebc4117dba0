"""One-shot runs come straight out of their archive."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.one_shot import load_one_shot_runs
from duktus.types import DataError

TABLE = "run01/test/item01.png run01/training/class02.png\nrun01/test/item02.png run01/training/class01.png\n"


def drawing(grey: int) -> bytes:
    """A PNG of one grey."""
    return bytes(cv2.imencode(".png", np.full((105, 105), grey, np.uint8))[1])


def archive(path: Path, changed: dict[str, bytes] | None = None) -> Path:
    """An archive with a run of two letters; what is changed to nothing is left out."""
    members = {
        "run01/class_labels.txt": TABLE.encode(),
        **{f"run01/training/class0{i}.png": drawing(i) for i in (1, 2)},
        **{f"run01/test/item0{i}.png": drawing(10 + i) for i in (1, 2)},
        **(changed or {}),
    }
    with zipfile.ZipFile(path, "w") as target:
        for name, data in members.items():
            if data:
                target.writestr(name, data)
    return path


def test_a_run_tells_which_shown_drawing_each_asked_one_is(tmp_path: Path) -> None:
    """The first that is asked for is the second that is shown, as the table says."""
    (run,) = load_one_shot_runs(archive(tmp_path / "all_runs.zip"))
    assert run.name == "run01"
    assert [int(page[0, 0]) for page in run.shown] == [1, 2]
    assert [int(page[0, 0]) for page in run.queries] == [11, 12]
    assert run.truth.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"run01/test/item02.png": b""}, "item02"),
        ({"run01/test/item02.png": b"no picture"}, "expected a PNG drawing"),
        ({"run01/training/class01.png": b"x" * 1_000_001}, "1,000,001 bytes"),
        ({"run01/class_labels.txt": b"one column\nthree columns here\n"}, "two columns"),
        ({"run01/class_labels.txt": b"\xff\xfe"}, "whole one-shot runs"),
        ({"run01/class_labels.txt": b""}, "found none"),
    ],
)
def test_a_run_that_is_not_whole_is_refused(tmp_path: Path, changed: dict[str, bytes], told: str) -> None:
    """A missing, broken or oversized drawing and a table that is none each say so."""
    with pytest.raises(DataError, match=told):
        load_one_shot_runs(archive(tmp_path / "all_runs.zip", changed))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    """A missing file and one that is no zip file say what to do."""
    (tmp_path / "text.zip").write_bytes(b"no archive")
    with pytest.raises(DataError, match="expected a whole zip file"):
        load_one_shot_runs(tmp_path / "text.zip")
    with pytest.raises(DataError, match="check the path"):
        load_one_shot_runs(tmp_path / "missing.zip")
