"""One training an output file, whatever becomes of its process."""

import subprocess
import sys
from pathlib import Path

import pytest

from duktus.learning.lock import locked
from duktus.types import DataError

HOLD = """
import sys
from pathlib import Path
from duktus.learning.lock import locked
with locked(Path(sys.argv[1]), Path("m.onnx")):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_training_is_refused(tmp_path: Path, repository: Path) -> None:
    """While another process has the folder it cannot be taken; once that process was killed it can."""
    folder = tmp_path / "m.training"
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=repository / "src", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(DataError, match=r"m\.onnx: expected one training at a time.*another --out"),
            locked(folder, Path("m.onnx")),
        ):
            raise AssertionError
        other.kill()
    with locked(folder, Path("m.onnx")):
        assert folder.is_dir()
    assert not folder.exists()


def test_what_is_kept_stays(tmp_path: Path) -> None:
    """The folder goes only if it is empty."""
    with locked(tmp_path / "a", Path("a.onnx")):
        (tmp_path / "a" / "checkpoint.npz").write_bytes(b"")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["checkpoint.npz"]


def test_folder_that_cannot_be(tmp_path: Path) -> None:
    """A file in the folder's place is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file: the folder cannot be written"), locked(tmp_path / "file", tmp_path):
        raise AssertionError
