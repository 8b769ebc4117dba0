"""Small files that ask for much: pixels, pages, scans, tiles, chunks, points, channels, entities, members."""

import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from tests.fuzz.campaign import Case
from tests.imaging.files.test_memory import integer_tiff, multiscan_jpeg, webp_canvas

BUDGET = 20.0
"""Seconds of a processor that a bomb may take."""

Bomb = tuple[str, Callable[[], bytes]]


def bomb_cases(rng: np.random.Generator, folder: Path) -> Iterator[Case]:
    """Each bomb once by itself, in an order of its own for every seed."""
    bombs = list(itertools.chain(_pngs(), _jpegs(), _tiffs(), _pdfs(), _others(), _strokes(), _archives()))
    for place in rng.permutation(len(bombs)).tolist():
        name, make = bombs[place]
        content = make()
        if name.endswith(".zip"):
            yield Case(("gallery", "import", str(folder / f"{place}.db"), "{}"), ((name, content),))
        else:
            yield Case(("read", "{}", "--format", "jsonl"), ((name, content),), records=True, most=BUDGET)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, depth: int, colour: int, row: bytes, before: bytes = b"") -> bytes:
    pack = zlib.compressobj(6)
    together = max(1, min(height, 2**20 // (1 + len(row))))  # row by row, a picture one pixel wide takes minutes
    block, rest = (b"\0" + row) * together, (b"\0" + row) * (height % together)
    data = b"".join(pack.compress(block) for _ in range(height // together)) + pack.compress(rest) + pack.flush()
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _packed(kind: bytes, head: bytes) -> bytes:
    """A chunk of text or of a colour profile that unpacks to 200 MB."""
    return _chunk(kind, head + zlib.compress(bytes(200_000_000)))


def _pngs() -> Iterator[Bomb]:
    sides = [(60000, 60000), (8000, 8000), (64_000_000, 1), (1, 64_000_000), (400, 20_000), (20_000, 400), (2, 500_000)]
    for width, height in sides:
        for name, byte in (("black", 0), ("stripes", 0xF0), ("white", 0xFF)):
            row = bytes([byte]) * -(-width // 8)
            yield f"{width}x{height}-{name}.png", lambda w=width, h=height, r=row: _png(w, h, 1, 0, r)  # type: ignore[misc]
    noise = np.random.default_rng(0).integers(0, 256, 32_000, np.uint8).tobytes()
    yield "32000x2000-noise.png", lambda: _png(32_000, 2000, 8, 0, noise)
    yield "8000x8000-rgba16.png", lambda: _png(8000, 8000, 16, 6, bytes(64_000))
    for kind, head in ((b"zTXt", b"c\0\0"), (b"iTXt", b"c\0\1\0\0\0"), (b"iCCP", b"c\0\0")):
        yield f"{kind.decode()}.png", lambda k=kind, h=head: _png(20, 20, 8, 0, bytes(20), _packed(k, h))  # type: ignore[misc]
    yield "chunks.png", lambda: _png(20, 20, 8, 0, bytes(20), _chunk(b"tEXt", b"a\0b") * 500_000)
    yield "idats.png", lambda: _png(20, 20, 8, 0, bytes(20), _chunk(b"IDAT", b"") * 500_000)
    yield "frames.png", lambda: _png(20, 20, 8, 0, bytes(20), _chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)))


def _jpegs() -> Iterator[Bomb]:
    for side in (8000, 24_000, 65_500):
        for scans in (0, 3):
            if (side, scans) != (65_500, 3):
                yield f"{side}-{scans}.jpg", lambda s=side, n=scans: multiscan_jpeg(s, s, n)  # type: ignore[misc]
    yield "scans.jpg", lambda: multiscan_jpeg(2000, 2000, 100)
    yield "progressive.jpg", lambda: multiscan_jpeg(4000, 4000, 90, kind=0xC2)
    yield "thin.jpg", lambda: multiscan_jpeg(8, 65_000)
    yield "wide.jpg", lambda: multiscan_jpeg(65_000, 8)


def shared_tiff(pages: int, side: int, *, loop: bool = False) -> bytes:
    """A TIFF of many pages, all of the same strip of white; with ``loop`` the last leads back to the first."""
    strip = zlib.compress(b"\xff" * (-(-side // 8) * side))
    first = ((256, 4, side), (257, 4, side), (258, 3, 1), (259, 3, 8), (262, 3, 1), (273, 4, 8))
    fields = (*first, (277, 3, 1), (278, 4, side), (279, 4, len(strip)))
    entries = b"".join(struct.pack("<HHII", number, kind, 1, value) for number, kind, value in fields)
    start, size = 8 + len(strip), 2 + len(entries) + 4
    follows = [start + size * (page + 1) for page in range(pages - 1)] + [start if loop else 0]
    pieces = (struct.pack("<H", len(fields)) + entries + struct.pack("<I", after) for after in follows)
    return b"II*\0" + struct.pack("<I", start) + strip + b"".join(pieces)


def _tiffs() -> Iterator[Bomb]:
    for pages in (200, 1000, 20_000):
        for side in (100, 2000, 8000):
            yield f"{pages}-{side}.tif", lambda p=pages, s=side: shared_tiff(p, s)  # type: ignore[misc]
    yield "loop.tif", lambda: shared_tiff(3, 100, loop=True)
    yield "integers.tif", lambda: integer_tiff(8000)


def pdf(box: bytes, pages: int) -> bytes:
    """A PDF of blank pages of one size."""
    kids = b" ".join(b"%d 0 R" % (3 + page) for page in range(pages))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % pages]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[" + box + b"]/Resources<<>>>>"] * pages
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n" % count + table + b"trailer<</Size %d/Root 1 0 R>>" % count
    return content + tail + b"\nstartxref\n%d\n%%%%EOF" % len(content)


def _pdfs() -> Iterator[Bomb]:
    boxes = (b"0 0 1000000 1000000", b"0 0 1e30 1" + b"0" * 30, b"0 0 -1 nan", b"0 0 0 0", b"0 0 100000000 0.001")
    for place, box in enumerate((*boxes, b"0 0 612 792", b"0 0 14400 14400")):
        for pages in (1, 200):
            yield f"{place}-{pages}.pdf", lambda b=box, p=pages: pdf(b, p)  # type: ignore[misc]


def _saved(mode: str, side: int, kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (side, side)).save(buffer, kind)
    return buffer.getvalue()


def _others() -> Iterator[Bomb]:
    for side in (7000, 8000, 16_383):
        yield f"canvas-{side}.webp", lambda s=side: webp_canvas(s, s)  # type: ignore[misc]
    for mode, kind in itertools.product(("L", "RGB", "RGBA"), ("JPEG2000", "AVIF")):
        if (mode, kind) != ("RGBA", "JPEG2000"):
            name = f"{mode}.{'jp2' if kind == 'JPEG2000' else 'avif'}"
            yield name, lambda m=mode, k=kind: _saved(m, 8000 if m == "L" else 7000, k)  # type: ignore[misc]
    small = b"\x2c" + struct.pack("<HHHH", 0, 0, 2, 2) + b"\0\x02\x02\x44\x01\0"
    for side in (8000, 65_535):
        head = b"GIF89a" + struct.pack("<HH", side, side) + b"\xf0\0\0" + bytes(6)
        yield f"{side}.gif", lambda h=head: h + small + b";"  # type: ignore[misc]
    yield "frames.gif", lambda: b"GIF89a" + struct.pack("<HH", 64, 64) + b"\xf0\0\0" + bytes(6) + small * 20_000 + b";"
    yield "long.pgm", lambda: b"P2 8000 8000 255\n" + b"1" * 50_000_000
    yield "digits.pgm", lambda: b"P2 4000 4000 255\n" + b"1 " * 16_000_000
    head = struct.pack("<IHHIIiiHHIIiiII", 0, 0, 0, 1078, 40, 8000, 8000, 1, 8, 1, 100, 0, 0, 256, 0)
    yield "rle.bmp", lambda: b"BM" + head + bytes(1024) + b"\0\1"


def _strokes() -> Iterator[Bomb]:
    dots = (b"[[%d,%d]]" % (i % 500, i // 500) for i in range(249_000))
    yield "dots.json", lambda: b"[" + b",".join(dots) + b"]"
    yield "fewer.json", lambda: b"[" + b",".join(b"[[%d,%d]]" % (i % 150, i // 150) for i in range(9_000)) + b"]"
    yield "points.json", lambda: b"[[" + b",".join([b"[1,2]"] * 2_400_000) + b"]]"
    zigzag = (b"[%d,%d]" % (i % 2 * 1000, i // 2 % 1000) for i in range(249_000))
    yield "zigzag.json", lambda: b"[[" + b",".join(zigzag) + b"]]"
    yield "objects.json", lambda: b"[" + b'{"":0},' * 2_000_000 + b"0]"
    yield "deep.json", lambda: b"[" * 200_000
    yield "number.json", lambda: b"[[[" + b"9" * 500_000 + b",1],[2,3]]]"
    yield "extent.json", lambda: b"[[[1e7,1],[-1e7,3],[0,1e7]]]"
    for unit in (b"[]", b"{}", b"1e308"):
        yield f"unit-{len(unit)}.json", lambda u=unit: b'{"time_unit":' + u + b',"strokes":[[[0,0],[1,5]]]}'  # type: ignore[misc]
    yield "times.json", lambda: b"[[[0,0,-1.7e308],[5,5,1.7e308],[9,0,-1.7e308]]]"
    yield "presses.json", lambda: b"[[[0,0,0,-1e308],[5,5,1,1e308]]]"
    trace, end = b"<ink><trace>0 0", b"</trace></ink>"
    yield "numbers.inkml", lambda: trace + b" 1" * 8_000_000 + end
    yield "differences.inkml", lambda: trace + b",'1'1" * 249_000 + end
    yield "runs.inkml", lambda: trace + b"'1'1" * 4_000_000 + end
    yield "continued.inkml", lambda: trace + b'</trace><trace continuation="end">1 1' * 100_000 + end
    yield "elements.inkml", lambda: b"<ink>" + b"<a/>" * 4_000_000 + b"</ink>"
    yield "deep.inkml", lambda: b"<ink>" + b"<a>" * 1_000_000 + b"</a>" * 1_000_000 + b"</ink>"
    pair, more = b'<channel name="X"/><channel name="Y"/>', b'<channel name="Q"/>' * 100_000
    traces = b"<trace>1 2</trace>" * 2000
    yield "channels.inkml", lambda: b"<ink><traceFormat>" + pair + more + b"</traceFormat>" + traces + b"</ink>"
    yield "contexts.inkml", lambda: b"<ink>" + b'<trace xml:id="t" contextRef="#t">1 2</trace>' * 9_000 + b"</ink>"
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10))
    yield (
        "laughs.inkml",
        lambda: b'<!DOCTYPE l [<!ENTITY a0 "aaaaaaaaaa">' + laughs + b"]><ink><trace>&a9;</trace></ink>",
    )


def _archives() -> Iterator[Bomb]:
    for name, count in (("gallery.json", 300), ("examples.jsonl", 300), ("vectors.npy", 1000), ("x", 50)):
        yield f"{name}.zip", lambda n=name, c=count: _zip({n: bytes(c * 1_000_000)})  # type: ignore[misc]
    yield "members.zip", lambda: _zip({str(i): b"" for i in range(100_000)})


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
