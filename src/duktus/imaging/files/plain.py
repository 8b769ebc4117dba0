"""Netpbm's plain formats (P2, P3): samples as decimal numbers, read a block at a time.

Pillow reads them a number at a time, a microsecond each: minutes for a large page.
"""

import re
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

BLOCK = 2**22
"""Bytes that are read at once: some 30 MB of numbers."""

_LONGEST = 10
"""Digits of a number at most, as in Pillow."""

_COMMENT = re.compile(rb"#[^\r\n]*")
_TOO_LONG = re.compile(rb"[0-9]{%d}" % (_LONGEST + 1))
_EXPECTED = b"0123456789 \t\r\n\v\f"


def is_plain(image: Image.Image) -> bool:
    """Tell whether an image that Pillow has opened, and not loaded, holds its samples as decimal numbers."""
    tiles = getattr(image, "tile", None) or [("",)]
    return tiles[0][0] == "ppm_plain" and image.mode in ("L", "RGB", "I")


def load_plain(image: Image.Image) -> Image.Image:
    """Return such an image loaded, sample for sample as Pillow loads it.

    Raises:
        ValueError: it holds other than numbers, larger ones than it says, or too few of them.
    """
    full = 65535 if image.mode == "I" else 255
    count = image.width * image.height * len(image.getbands())
    samples = np.empty(count, np.int32 if image.mode == "I" else np.uint8)
    tile = cast(ImageFile.ImageFile, image).tile[0]
    most = int(cast(tuple[object, ...], tile[3])[-1])  # type: ignore[call-overload]  # the format's largest sample
    file = cast(ImageFile.ImageFile, image).fp
    assert file is not None, "it is not loaded yet"
    file.seek(tile[2])
    done, rest = 0, b""
    while done < count:
        block = file.read(BLOCK)
        block, rest = _whole(rest + block, last=not block)
        if not block and not rest:
            raise ValueError(f"expected {count:,} samples, received {done:,}")
        numbers = _numbers(block)[: count - done]
        if len(numbers) and numbers.max() > most:
            raise ValueError(f"expected samples of {most} at most, received {numbers.max()}")
        samples[done : done + len(numbers)] = np.rint(numbers / most * full)
        done += len(numbers)
    shape = (image.height, image.width, 3)[: 3 if image.mode == "RGB" else 2]
    loaded = Image.fromarray(samples.reshape(shape))
    loaded.format = image.format
    return loaded


def _whole(block: bytes, *, last: bool) -> tuple[bytes, bytes]:
    """Return what of a block can be read, without comments, and the number or comment at its end that may go on."""
    if last:
        return _COMMENT.sub(b"", block), b""
    comment = block.rfind(b"#")
    if comment >= 0 and not re.search(rb"[\r\n]", block[comment:]):
        return _whole(block[:comment] + b" ", last=True)[0], block[comment : comment + 1]
    end = max(block.rfind(space) for space in (b" ", b"\t", b"\r", b"\n", b"\v", b"\f")) + 1
    if len(block) - end > BLOCK:
        raise ValueError("expected numbers, received one without an end")
    return _COMMENT.sub(b"", block[:end]), block[end:]


def _numbers(text: bytes) -> NDArray[np.int64]:
    strange = text.translate(None, _EXPECTED)
    if strange:
        raise ValueError(f"expected decimal numbers, received {strange[:10]!r}")
    if _TOO_LONG.search(text):
        raise ValueError(f"expected numbers of {_LONGEST} digits at most, received a longer one")
    return np.fromstring(text.decode("ascii"), np.int64, sep=" ") if text.strip() else np.zeros(0, np.int64)
