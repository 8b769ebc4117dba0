"""The directories of a TIFF are walked as far as they are whole."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from duktus.imaging.files.load import load_pages
from duktus.imaging.files.tiff import tiff_directories
from duktus.types import ImageError


def tiff(order: str, *, big: bool, pages: int) -> bytes:
    """A TIFF's header and directories of one empty entry each."""
    count, offset, entry = ("Q", "Q", 20) if big else ("H", "I", 12)
    head = struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HI", 42, 8)
    data = (b"II" if order == "<" else b"MM") + head
    for page in range(pages):
        size = struct.calcsize("<" + count) + entry + struct.calcsize("<" + offset)
        following = len(data) + size if page < pages - 1 else 0
        data += struct.pack(order + count, 1) + bytes(entry) + struct.pack(order + offset, following)
    return data


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("big", [False, True])
def test_all_pages_are_found(order: str, big: bool) -> None:
    """Either order of bytes and either size of file gives its pages."""
    assert len(list(tiff_directories(io.BytesIO(tiff(order, big=big, pages=3)), "it"))) == 3


def test_a_ring_of_pages_ends() -> None:
    """A page that leads back to an earlier one is the last."""
    data = bytearray(tiff("<", big=False, pages=2))
    data[-4:] = struct.pack("<I", 8)
    assert len(list(tiff_directories(io.BytesIO(data), "it"))) == 2


def test_a_page_beyond_the_end_is_refused_after_those_before_it() -> None:
    """What is cut off is an error in its place."""
    found = tiff_directories(io.BytesIO(tiff("<", big=False, pages=3)[:-12]), "it")
    assert [next(found), next(found)] == [8, 26]
    with pytest.raises(ImageError, match="it: page 3 of the TIFF is cut off"):
        next(found)


def test_a_last_directory_without_its_end_is_read() -> None:
    """Some writers leave away the zero that ends the last directory."""
    assert list(tiff_directories(io.BytesIO(tiff("<", big=False, pages=1)[:-4]), "it")) == [8]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "jpeg"])
@pytest.mark.filterwarnings("ignore:Truncated File Read:UserWarning")
def test_the_first_page_is_read_and_the_broken_second_refused(compression: str) -> None:
    """A file cut off within its second page gives the first."""
    first, second = (Image.fromarray(np.full((40, 40), grey, np.uint8)) for grey in (50, 200))
    whole, both = io.BytesIO(), io.BytesIO()
    first.save(whole, "TIFF", compression=compression)
    first.save(both, "TIFF", save_all=True, append_images=[second], compression=compression)
    data = both.getvalue()
    pages = load_pages(data[: (len(whole.getvalue()) + len(data)) // 2])
    assert (next(pages) == 50).all()
    with pytest.raises(ImageError, match="page 2"):
        next(pages)
