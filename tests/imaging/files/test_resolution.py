"""Tests of duktus.imaging.files.resolution."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.imaging.files.load import load_pages
from duktus.imaging.files.resolution import find_resolution, reduce_scan


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


def test_a_reduced_jpeg(tmp_path: Path) -> None:
    """A JPEG that is decoded at half of its size has half of its dots; a PNG of that size is not decoded at all."""
    large, path = Image.new("L", (8100, 8000), 255), tmp_path / "large.jpg"
    large.save(path, dpi=(1200, 1200))
    assert next(load_pages(path)).shape == (4000, 4050)
    assert find_resolution(path) == 600
    with Image.open(path) as image:
        assert find_resolution(image) == 600


@pytest.mark.parametrize(
    ("dots", "shape", "kept", "factor"),
    [
        (1200, (3, 2), 300, 4),
        (600, (5, 4), 300, 2),
        (700, (5, 4), 350, 2),
        (400, (10, 8), 400, 1),
        (None, (10, 8), None, 1),
    ],
)
def test_fine_scans_are_reduced(dots: float | None, shape: tuple[int, int], kept: float | None, factor: int) -> None:
    """From 600 dots on whole pixels are averaged; what is coarser, or not known, stays the very same array."""
    page = np.tile(np.array([0, 100, 0, 100], np.uint8), (10, 2))
    found, left, times = reduce_scan(page, dots)
    assert (found.shape, left, times) == (shape, kept, factor)
    assert (found is page) == (factor == 1)
    assert factor == 1 or set(found.ravel().tolist()) <= {50}


def test_nothing_to_find(tmp_path: Path) -> None:
    """An image without a resolution, an array, a broken and a missing file have none."""
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(tmp_path / "plain.png")
    for source in (tmp_path / "plain.png", np.zeros((9, 9), np.uint8), b"\x89PNG broken", tmp_path / "missing.png"):
        assert find_resolution(source) is None
