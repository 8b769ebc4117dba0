"""idx files and MNIST are read whole, or refused with what is wrong."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from duktus.datasets.idx import load_mnist, read_idx
from duktus.types import DataError
from tests.datasets.idx_files import idx, write_mnist


@pytest.mark.parametrize("packed", [False, True])
@given(hnp.arrays(st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]), hnp.array_shapes(max_side=4)))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, packed: bool, array: Any) -> None:
    """Every number type and shape comes back in this computer's byte order."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(gzip.compress(idx(array), mtime=0) if packed else idx(array))
    read = read_idx(path)
    np.testing.assert_array_equal(read, array)
    assert read.dtype == array.dtype
    assert not read.flags.writeable


WHOLE = idx(np.zeros((3, 4), np.uint8))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "expected an idx file"),
        (b"\x89PNG\r\n\x1a\n", "expected an idx file"),
        (b"\0\0\x07\x02" + WHOLE[4:], "expected an idx file"),
        (WHOLE[:9], "expected 2 dimensions"),
        (WHOLE[:-1], r"expected 12 bytes of values for the shape \(3, 4\) .* received 11;"),
        (WHOLE + b"\0", "received more"),
        (struct.pack(">HBB2I", 0, 8, 2, 2**31, 2**31), "received too few"),
        (gzip.compress(WHOLE, mtime=0)[:-9], "packing .* is broken"),
        (gzip.compress(WHOLE[:-1], mtime=0), "received 11"),
        (gzip.compress(struct.pack(">HBB2I", 0, 8, 2, 2**31, 2**31), mtime=0), "received too few"),
        (b"\x1f\x8b broken", "packing .* is broken"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """A file of another kind, too short, too long or badly packed says so."""
    path = tmp_path / "file.gz"
    path.write_bytes(data)
    with pytest.raises(DataError, match=said):
        read_idx(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is an error of the project's own class."""
    with pytest.raises(DataError, match="No such file"):
        read_idx(tmp_path / "missing")


@pytest.mark.parametrize("joint", ["-", "."])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("inside", ["", "raw", "MNIST/raw"])
def test_mnist_is_found_under_its_usual_names(tmp_path: Path, joint: str, packed: bool, inside: str) -> None:
    """The four files are found packed or not, named either way, and where torchvision puts them."""
    write_mnist(tmp_path / inside, joint=joint, packed=packed)
    mnist = load_mnist(tmp_path)
    assert mnist.train_images.shape == (6, 2, 2)
    assert mnist.train_labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert mnist.test_images[1].tolist() == [[4, 5], [6, 7]]
    assert mnist.test_labels.tolist() == [0, 1]


def test_missing_files_are_all_listed(tmp_path: Path) -> None:
    """The message says which files to put where."""
    write_mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte.gz").unlink()
    (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"found 2 of them; put train-labels\S+gz, t10k-images\S+gz there"):
        load_mnist(tmp_path)


@pytest.mark.parametrize("labels", [np.zeros(5, np.uint8), np.zeros((6, 1), np.uint8), np.zeros(6, np.float32)])
def test_labels_that_do_not_pair_with_the_images_are_refused(tmp_path: Path, labels: Any) -> None:
    """As many labels as images, a number each."""
    write_mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(idx(labels))
    with pytest.raises(DataError, match=r"train: expected uint8 images \(n, h, w\) and uint8 labels \(n,\)"):
        load_mnist(tmp_path)


def test_the_real_mnist_is_read(data_dir: Path) -> None:
    """The real set has 60,000 and 10,000 images, and begins with a 5 and a 7."""
    mnist = load_mnist(data_dir / "mnist")
    assert mnist.train_images.shape == (60000, 28, 28)
    assert mnist.test_images.shape == (10000, 28, 28)
    assert (mnist.train_labels[0], mnist.test_labels[0]) == (5, 7)
    assert np.bincount(mnist.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
