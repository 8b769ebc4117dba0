"""idx files, and folders in MNIST's form, for the tests."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np

CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def idx(array: Any) -> bytes:
    """An idx file of an array."""
    code = CODES[array.dtype.str[1:]]
    head = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    values: bytes = array.astype(array.dtype.newbyteorder(">")).tobytes()
    return head + values


def write_mnist(folder: Path, *, joint: str = "-", packed: bool = True, train: int = 6, test: int = 2) -> None:
    """Four files in MNIST's form."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, count in (("train", train), ("t10k", test)):
        images = np.arange(count * 4, dtype=np.uint8).reshape(count, 2, 2)
        for name, array in (("images", images), ("labels", np.arange(count, dtype=np.uint8))):
            file = folder / f"{stem}-{name}{joint}idx{array.ndim}-ubyte{'.gz' if packed else ''}"
            file.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
