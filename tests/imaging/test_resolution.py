"""Tests of duktus.imaging.resolution."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.imaging.resolution import find_resolution


@pytest.mark.parametrize("suffix", ["png", "tiff", "jpg"])
def test_a_scans_resolution(tmp_path: Path, suffix: str) -> None:
    """What a scanner wrote into the file is found, whatever the format."""
    path = tmp_path / f"scan.{suffix}"
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(path, dpi=(300, 300))
    assert find_resolution(path) == pytest.approx(300, abs=0.1)
    assert find_resolution(path.read_bytes()) == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize("dots", [(72, 72), (300, 150), (9600, 9600)])
def test_what_is_no_scanners(dots: tuple[int, int]) -> None:
    """A screen's resolution, one that differs by direction, and one beyond any scanner say nothing."""
    content = io.BytesIO()
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(content, "PNG", dpi=dots)
    assert find_resolution(content.getvalue()) is None


def test_nothing_to_find(tmp_path: Path) -> None:
    """An image without a resolution, an array, a broken and a missing file have none."""
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(tmp_path / "plain.png")
    for source in (tmp_path / "plain.png", np.zeros((9, 9), np.uint8), b"\x89PNG broken", tmp_path / "missing.png"):
        assert find_resolution(source) is None
