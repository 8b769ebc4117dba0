"""Inputs are named, measured, and sent to other processes only where they mean the same there."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.workers.inputs import UNKNOWN_BYTES, name_of, portable, size_of


def test_names_in_messages(tmp_path: Path) -> None:
    """A path is called by its name, and what has none is the image."""
    assert name_of(tmp_path / "a.png") == repr(str(tmp_path / "a.png"))
    assert name_of(np.zeros((2, 2))) == name_of(None) == "'the image'"


def test_sizes(tmp_path: Path) -> None:
    """A file, bytes, an array and a picture tell their size; a missing file has none, and what tells none is large."""
    (tmp_path / "a.png").write_bytes(b"12345")
    sizes = map(size_of, (tmp_path / "a.png", tmp_path / "none.png", b"123", np.zeros((2, 3)), Image.new("L", (5, 4))))
    assert list(sizes) == [5, 0, 3, 48, 80]
    assert size_of(io.BytesIO()) == UNKNOWN_BYTES


@pytest.mark.parametrize("path", ["-", "/dev/stdin", "/dev/fd/7", "/proc/self/fd/7"])
def test_what_is_this_process_s_own_stays_here(path: str) -> None:
    """Standard input, open descriptors and file objects mean nothing to another process."""
    assert portable(path) is None
    assert portable(io.BytesIO(b"1")) is None


def test_what_is_sent() -> None:
    """Paths go as text, arrays and bytes as they are, a picture as its pixels."""
    assert portable(Path("a.png")) == "a.png"
    assert portable(b"12") == b"12"
    page = portable(Image.new("L", (5, 4), 7))
    assert isinstance(page, np.ndarray)
    assert page.shape == (4, 5)
