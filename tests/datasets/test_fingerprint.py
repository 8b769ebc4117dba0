"""A fingerprint changes with the data and with nothing else."""

from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.fingerprint import fingerprint
from duktus.types import DataError

ARRAY = np.arange(12, dtype=np.uint16).reshape(3, 4)


def test_it_is_64_hexadecimal_digits() -> None:
    """A SHA-256."""
    assert len(bytes.fromhex(fingerprint(ARRAY))) == 32


@pytest.mark.parametrize(
    "same", [ARRAY.copy(), ARRAY.T.copy().T, ARRAY.astype(">u2"), np.hstack([ARRAY, ARRAY])[:, :4]]
)
def test_how_an_array_lies_in_memory_does_not_matter(same: "np.ndarray[tuple[int, ...], np.dtype[np.uint16]]") -> None:
    """Copies, other strides and other orders of bytes have one fingerprint."""
    assert fingerprint(same) == fingerprint(ARRAY)


def test_values_shape_type_and_order_matter() -> None:
    """Every difference in the data shows."""
    others = [
        (ARRAY + 1,),
        (ARRAY.reshape(4, 3),),
        (ARRAY.astype(np.int16),),
        (ARRAY, ARRAY),
        (ARRAY[:2], ARRAY[2:]),
        (),
    ]
    assert len({fingerprint(*parts) for parts in [(ARRAY,), *others]}) == 7


def test_a_file_counts_by_its_bytes(tmp_path: Path) -> None:
    """Its name does not matter, its contents do."""
    one, two, three = (tmp_path / name for name in "abc")
    one.write_bytes(b"same")
    two.write_bytes(b"same")
    three.write_bytes(b"other")
    assert fingerprint(one) == fingerprint(two) != fingerprint(three)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is an error of the project's own class."""
    with pytest.raises(DataError, match="No such file"):
        fingerprint(tmp_path / "missing")
