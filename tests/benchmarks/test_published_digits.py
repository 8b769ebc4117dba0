"""The published recipe is the one that was published."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import published_digits
from benchmarks.degrade import invert, to_png


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """A folder laid out as MNIST is, with 40 pictures to train on and 20 to test: a bright row for each label."""
    for part, count in (("train", 40), ("t10k", 20)):
        labels = (np.arange(count) % 10).astype(np.uint8)
        pictures = np.zeros((count, 28, 28), np.uint8)
        pictures[np.arange(count), 4 + 2 * labels] = 255
        write_idx(tmp_path / f"{part}-images-idx3-ubyte.gz", pictures)
        write_idx(tmp_path / f"{part}-labels-idx1-ubyte.gz", labels)
    return tmp_path


def write_idx(path: Path, array: NDArray[np.uint8]) -> None:
    """The array as a gzipped idx file of bytes."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(head + array.tobytes()))


def test_idx_files_are_read_as_written(mnist: Path) -> None:
    """Pictures and labels come back with their shapes and values."""
    pictures, labels, test_pictures, _ = published_digits.load_mnist(mnist)
    assert (pictures.shape, test_pictures.shape) == ((40, 28, 28), (20, 28, 28))
    assert pictures[labels == 3][:, 10].min() == 255


def test_network_has_the_published_size() -> None:
    """Two convolutions and three dense layers hold 63,639 parameters."""
    assert published_digits.build_network().count_params() == 63_639


def test_training_notes_every_epoch(mnist: Path) -> None:
    """The course has one entry an epoch, with seconds that grow."""
    data = published_digits.load_mnist(mnist)
    network, course = published_digits.train(data, seed=0, epochs=2)
    assert [epoch.number for epoch in course] == [1, 2]
    assert 0 < course[0].seconds < course[1].seconds
    answers = published_digits.predict_pngs(network, [to_png(picture) for picture in data[2]])
    assert (answers == data[3]).mean() == pytest.approx(course[1].accuracy)


def test_own_picture_is_stretched_and_never_inverted() -> None:
    """Black on white stays black on white, and a wide page is squeezed: what the recipe does to a person's file."""
    page = np.zeros((20, 60), np.uint8)
    page[:, 30:] = 255
    upright, inverted = (published_digits.read_own_picture(to_png(p)) for p in (page, invert(page)))
    assert upright.shape == (28, 28)
    assert (upright[:, 0].max(), upright[:, -1].min()) == (0, 1)
    assert np.allclose(upright + inverted, 1)


def test_foreign_bytes_are_refused() -> None:
    """A file that is no image gives an error that says so."""
    with pytest.raises(ValueError, match="cannot decode"):
        published_digits.read_own_picture(b"not an image")
