"""A hash by which two data sets are the same or not."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError


def fingerprint(*parts: NDArray[Any] | Path) -> str:
    """Compute the SHA-256 of arrays and files, in the order given.

    Args:
        *parts: an array counts by its type, shape and values, so that it does not matter how its file was packed; a
            file counts by its bytes, not by its name.

    Returns:
        64 hexadecimal digits.

    Raises:
        DataError: a file cannot be read.

    Example:
        >>> fingerprint(np.zeros(3, np.uint8))[:16]
        '0ec16414b7510c16'
    """
    total = hashlib.sha256()
    for part in parts:
        total.update(_of_file(part) if isinstance(part, Path) else _of_array(part))
    return total.hexdigest()


def _of_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise DataError(f"{path}: the file cannot be read ({error.strerror}); check the path") from error


def _of_array(array: NDArray[Any]) -> bytes:
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    digest = hashlib.sha256(f"{little.dtype.str} {array.shape}".encode())
    digest.update(little.tobytes() if little.ndim == 0 else little.data)
    return digest.digest()
