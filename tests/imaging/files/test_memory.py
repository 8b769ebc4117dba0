"""No file makes its decoder take more than 1 GB: what would is reduced or refused."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from duktus.imaging.files import decode
from duktus.imaging.files.load import load_pages
from duktus.types import ImageError

CHILD = """
import resource, sys
from duktus.imaging.files.load import load_pages
from duktus.types import ImageError
import PIL.WebPImagePlugin, PIL.TiffImagePlugin, PIL.JpegImagePlugin
taken = 1024 * int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1])
resource.setrlimit(resource.RLIMIT_AS, (taken + 900 * 2**20,) * 2)
for path in sys.argv[1:]:
    try:
        print([page.shape for page in load_pages(path)])
    except ImageError as error:
        assert "expected at most" in str(error), error
        print("refused")
"""


def multiscan_jpeg(width: int, height: int, scans: int = 3, *, kind: int = 0xC0) -> bytes:
    """A JPEG of constant grey with a component in each scan, so that libjpeg has to hold all coefficients."""
    tables = b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes([1] * 64)
    for table in (0x00, 0x10):
        tables += b"\xff\xc4" + struct.pack(">HB", 20, table) + bytes([1] + [0] * 16)
    frame = struct.pack(">BBHBHHB", 0xFF, kind, 17, 8, height, width, 3) + b"\1\x11\0\2\x11\0\3\x11\0"
    bits = bytes(-(-2 * (-(-width // 8) * -(-height // 8)) // 8))
    data = (b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, scan % 3 + 1, 0, 0, 63, 0) + bits for scan in range(scans))
    return b"\xff\xd8" + tables + frame + b"".join(data) + b"\xff\xd9"


def integer_tiff(side: int) -> bytes:
    """A TIFF of 32-bit integers beyond 16 bits, in one strip."""
    pack = zlib.compressobj(1)
    row = struct.pack("<i", -5) + struct.pack("<i", 70000) * (side - 1)
    strip = b"".join(pack.compress(row) for _ in range(side)) + pack.flush()
    fields: tuple[tuple[int, int, int], ...] = (
        (256, 4, side),
        (257, 4, side),
        (258, 3, 32),
        (259, 3, 8),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
    )
    fields += ((278, 4, side), (279, 4, len(strip)), (339, 3, 2))
    entries = b"".join(struct.pack("<HHII", number, kind, 1, value) for number, kind, value in fields)
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + struct.pack("<H", len(fields)) + entries + bytes(4)


def webp_canvas(width: int, height: int) -> bytes:
    """An animation of a large canvas whose only frame has four pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "WEBP", lossless=True)
    frame = bytes(6) + b"\1\0\0" * 2 + b"\x64\0\0\0" + buffer.getvalue()[12:]
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\2\0\0\0" + sides + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    body += b"ANMF" + struct.pack("<I", len(frame)) + frame + b"\0" * (len(frame) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.skipif(sys.platform != "linux", reason="limits its address space by Linux's own numbers")
def test_no_more_than_a_gigabyte(tmp_path: Path) -> None:
    """The largest pages of the hungriest formats are decoded or refused within a hard limit of 900 MB more."""
    files = {
        "scans.jpg": multiscan_jpeg(8000, 8000),
        "reduced.jpg": multiscan_jpeg(24000, 24000),
        "integers.tif": integer_tiff(8000),
        "canvas.webp": webp_canvas(7000, 7000),
        "larger.webp": webp_canvas(8000, 8000),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", CHILD, *(str(tmp_path / name) for name in files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    expected = ["[(8000, 8000, 3)]", "refused", "[(8000, 8000)]", "[(7000, 7000, 3)]", "refused"]
    assert (done.stdout.split("\n")[:-1], done.returncode) == (expected, 0), done.stderr


def test_a_large_jpeg_2000_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A JPEG 2000 whose planes would need too much is decoded at half its size; one channel may be larger."""
    monkeypatch.setattr(decode, "_MOST_BYTES", 100 * 100 * 15)
    shapes = []
    for mode in ("L", "RGB"):
        buffer = io.BytesIO()
        Image.new(mode, (100, 100)).save(buffer, "JPEG2000")
        shapes += [page.shape for page in load_pages(buffer.getvalue())]
    assert shapes == [(100, 100), (50, 50, 3)]


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    """Each scan goes over the whole picture again: 100 are decoded, 101 refused."""
    assert [page.shape for page in load_pages(multiscan_jpeg(16, 8, 100))] == [(8, 16, 3)]
    with pytest.raises(ImageError, match="100 scans at most"):
        list(load_pages(multiscan_jpeg(16, 8, 101)))


def test_a_tile_larger_than_its_picture_is_refused() -> None:
    """A TIFF of 16 pixels in a tile of 30,000 × 30,000 is judged by the tile, which is decoded as a whole."""
    sides = ((256, 4), (257, 4), (322, 30000), (323, 30000))
    fields = [(n, 4, v) for n, v in sides] + [(258, 3, 8), (259, 3, 8), (262, 3, 1), (324, 4, 8), (325, 4, 8)]
    entries = b"".join(struct.pack("<HHII", n, kind, 1, value) for n, kind, value in sorted(fields))
    tiff = b"II*\0" + struct.pack("<I", 16) + zlib.compress(b"")[:8].ljust(8, b"\0")
    with pytest.raises(ImageError, match="expected at most 64,000,000 pixels"):
        list(load_pages(tiff + struct.pack("<H", len(fields)) + entries + bytes(4)))


@pytest.mark.parametrize("size", [(1, 200_001), (200_001, 1)])
def test_a_side_without_bounds_is_refused(size: tuple[int, int]) -> None:
    """A picture that is a pixel broad and endlessly long is refused in any format, before it is decoded."""
    buffer = io.BytesIO()
    for kind in ("PNG", "TIFF"):
        Image.new("1", size, 1).save(buffer, kind)
        with pytest.raises(ImageError, match="sides of 200,000 pixels at most"):
            list(load_pages(buffer.getvalue()))
