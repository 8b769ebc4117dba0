"""The pages of a TIFF by its own table of contents (TIFF 6.0, section 2; BigTIFF for files above 4 GiB)."""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from duktus.types import ImageError


def tiff_directories(file: BinaryIO, name: str) -> Iterator[int]:
    """Walk the directories of a TIFF, one per page, looking at each only when it is requested.

    Pillow takes a directory that is cut off for a shorter one, and may then show another page's pixels: so each is
    checked here to lie in the file whole before Pillow goes there.

    Args:
        file: the TIFF, seekable; its position is changed.
        name: what messages call it.

    Yields:
        The offset of each directory, in the order of the pages; one that leads back to an earlier page ends the walk.

    Raises:
        ImageError: a directory reaches beyond the end of the file.
    """
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    big = _number(file, 2, order + "H") == 43
    counts, offsets, entry_bytes = ("Q", "Q", 20) if big else ("H", "I", 12)
    offset = _number(file, 8 if big else 4, order + offsets) or 0
    size = file.seek(0, io.SEEK_END)
    seen: set[int] = set()
    while offset and offset not in seen:
        seen.add(offset)
        entries = _number(file, offset, order + counts)
        end = offset + struct.calcsize(counts) + (entries or 0) * entry_bytes
        if entries is None or end > size:
            message = f"{name}: page {len(seen)} of the TIFF is cut off; check that it was copied completely"
            raise ImageError(message)
        following = _number(file, end, order + offsets) or 0  # some writers leave the last one's end away
        yield offset
        offset = following


def _number(file: BinaryIO, position: int, layout: str) -> int | None:
    """The number at a position, or None beyond the end of the file."""
    file.seek(position)
    data = file.read(struct.calcsize(layout))
    return int(struct.unpack(layout, data)[0]) if len(data) == struct.calcsize(layout) else None
