"""The idx format and MNIST, its best-known data set (LeCun, Cortes and Burges 1998, yann.lecun.com/exdb/mnist)."""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""The format's code of a number type to numpy's."""

_GZIP_RATIO = 1032
"""DEFLATE packs at most 1032 bytes into one: a bound to what a small .gz file can hold."""

_STEMS = (
    ("train-images", "idx3-ubyte"),
    ("train-labels", "idx1-ubyte"),
    ("t10k-images", "idx3-ubyte"),
    ("t10k-labels", "idx1-ubyte"),
)


class Mnist(NamedTuple):
    """The two parts of MNIST, or of a set in its form (EMNIST, KMNIST, Fashion-MNIST).

    Images are (n, h, w) uint8 with bright strokes on black, 28×28 in MNIST; labels are (n,) uint8. The arrays are
    read-only.
    """

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def read_idx(path: str | Path) -> NDArray[Any]:
    """Read an idx file, plain or packed by gzip (recognised by its bytes, not by its name).

    Args:
        path: the file.

    Returns:
        The array of the type and shape that the file's header names, in this computer's byte order; read-only.

    Raises:
        DataError: the file is missing, no idx file, shorter or longer than its header says, or its packing is broken.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not packed:
                return _read_array(file, path, size)
            with gzip.open(file) as unpacked:
                return _read_array(cast(BinaryIO, unpacked), path, size * _GZIP_RATIO)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: the packing (gzip) is broken ({error}); fetch the file again") from error
    except OSError as error:
        raise DataError(f"{path}: the file cannot be read ({error.strerror}); check the path") from error


def _read_array(file: BinaryIO, path: Path, most: int) -> NDArray[Any]:
    dtype, shape = _read_header(file, path)
    expected = math.prod(shape) * dtype.itemsize
    data = file.read(expected + 1) if expected <= most else b""
    if len(data) != expected:
        received = "more" if len(data) > expected else f"{len(data):,}" if data else "too few"
        what = f"{expected:,} bytes of values for the shape {shape} that its header names"
        raise DataError(f"{path}: expected {what}, received {received}; fetch the file again")
    array = np.frombuffer(data, dtype).reshape(shape)
    native = array.astype(dtype.newbyteorder("="), copy=False)
    native.setflags(write=False)
    return native


def _read_header(file: BinaryIO, path: Path) -> tuple[np.dtype[Any], tuple[int, ...]]:
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _TYPES or not 1 <= start[3] <= 8:
        what = "an idx file (two zero bytes, then the type and the number of dimensions)"
        raise DataError(f"{path}: expected {what}, received {start!r} at its beginning; check that it is one")
    layout = f">{start[3]}I"
    sizes = file.read(struct.calcsize(layout))
    if len(sizes) < struct.calcsize(layout):
        raise DataError(f"{path}: expected {start[3]} dimensions in the idx header, received fewer; fetch it again")
    return np.dtype(_TYPES[start[2]]), struct.unpack(layout, sizes)


def load_mnist(folder: str | Path) -> Mnist:
    """Load MNIST, or a set in its form, from the four idx files in a folder.

    Args:
        folder: it, or its ``raw`` or ``MNIST/raw`` folder (torchvision's), holds train-images, train-labels,
            t10k-images and t10k-labels, each with the ending -idx3-ubyte or -idx1-ubyte, or with a dot for that
            hyphen, packed (.gz) or not.

    Raises:
        DataError: a file is missing (the message lists all that are) or broken, or images and labels do not pair.
    """
    paths = find_mnist(Path(folder))
    missing = [f"{stem}-{ending}.gz" for (stem, ending), path in zip(_STEMS, paths, strict=True) if path is None]
    if missing:
        what = "the four files of MNIST"
        advice = f"put {', '.join(missing)} there, or fetch them by 'duktus data mnist'"
        raise DataError(f"{folder}: expected {what}, found {len(_STEMS) - len(missing)} of them; {advice}")
    mnist = Mnist(*(read_idx(path) for path in paths if path is not None))
    _check_pair(*mnist[:2], f"{folder}, train")
    _check_pair(*mnist[2:], f"{folder}, t10k")
    return mnist


def find_mnist(folder: Path) -> tuple[Path | None, ...]:
    """Find MNIST's four files: images and labels to train, images and labels to test; None for one that is missing.

    All lie in one folder, of the three that ``load_mnist`` names the one that holds most of them.
    """
    found = [
        tuple(_first_file(place, stem, ending) for stem, ending in _STEMS)
        for place in (folder, folder / "raw", folder / "MNIST" / "raw")
    ]
    return max(found, key=lambda paths: sum(path is not None for path in paths))


def _first_file(folder: Path, stem: str, ending: str) -> Path | None:
    names = (f"{stem}{joint}{ending}{packing}" for packing in ("", ".gz") for joint in "-.")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _check_pair(images: NDArray[Any], labels: NDArray[Any], where: str) -> None:
    sound = images.dtype == np.uint8 and images.ndim == 3 and labels.dtype == np.uint8
    if not sound or labels.shape != images.shape[:1]:
        received = f"{images.dtype} {images.shape} and {labels.dtype} {labels.shape}"
        expected = "uint8 images (n, h, w) and uint8 labels (n,)"
        raise DataError(f"{where}: expected {expected}, received {received}; check that the files belong together")
