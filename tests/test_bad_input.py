"""Whatever a file is, reading it ends, says what is wrong in its place, and lets the rest go on."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from tests.cli.door import PATIENCE, command, duktus, environment, peak_memory, save_arbitrary_model, write_page

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of ten digits, never trained."""
    return save_arbitrary_model(tmp_path_factory.mktemp("model") / "arbitrary.onnx")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """An image that can be read; the name comes last in a folder."""
    path = tmp_path / "zz-good.png"
    Image.fromarray(write_page()).save(path)
    return path


def png(width: int, height: int, pixels: Iterator[bytes]) -> bytes:
    """A PNG file of one bit a pixel: its size as the header says it, its pixels as they are given."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(part) for part in pixels), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def huge(path: Path) -> None:
    """20,000 × 20,000 pixels in 50 kB."""
    path.write_bytes(png(20_000, 20_000, (bytes(2501) for _ in range(20_000))))


def bomb(path: Path) -> None:
    """A picture of 8 × 8 pixels whose data unpack to 200 MB."""
    path.write_bytes(png(8, 8, (bytes(2**20) for _ in range(200))))


def lying(path: Path) -> None:
    """A header that promises 60,000 × 60,000 pixels and no data."""
    path.write_bytes(png(60_000, 60_000, iter(())))


def truncated(path: Path) -> None:
    """A JPEG whose copying stopped after its beginning."""
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200), np.uint8)).save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:300])


def pipe(path: Path) -> None:
    """A named pipe into which nobody writes."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


BAD: dict[str, Callable[[Path], object]] = {
    "empty.png": Path.touch,
    "one-byte.png": lambda path: path.write_bytes(b"\x89"),
    "huge.png": huge,
    "lying.png": lying,
    "truncated.jpg": truncated,
    "text.png": lambda path: path.write_text("This is no image.\n"),
    "html.jpg": lambda path: path.write_text("<html><body>404 not found</body></html>"),
    "zeros.tif": lambda path: path.write_bytes(bytes(5000)),
    "folder.png": Path.mkdir,
    "dangling.png": lambda path: path.symlink_to("nowhere"),
    "circle.png": lambda path: path.symlink_to(path.name),
    "pipe.png": pipe,
    "strokes.inkml": lambda path: path.write_text("<ink></ink>"),
    "bomb.inkml": lambda path: path.write_text('<!DOCTYPE ink [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><ink>&b;</ink>'),
}
"""Files that no one can read, by name, and how to make them."""


def read_records(capsys: Captured, model: Path, *named: object) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the records of reading what is named; there is nothing on standard error."""
    status = main(["read", *map(str, named), "--format", "jsonl", "--model", str(model)])
    out, err = capsys.readouterr()
    assert err == ""
    return status, [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_an_error_in_its_place(name: str, good: Path, model: Path, capsys: Captured) -> None:
    """The record says what is wrong, the next file is read, and the exit code is 1."""
    bad = good.with_name(name)
    BAD[name](bad)
    status, (error, *after) = read_records(capsys, model, bad, good)
    assert status == 1
    assert set(error) == {"file", "error"}
    assert error["file"] == str(bad)
    assert name in str(error["error"])
    assert [record["file"] for record in after] == [str(good)] * 2


def test_missing_file_is_an_error_in_its_place(good: Path, model: Path, capsys: Captured) -> None:
    """A name with nothing behind it is told with what to do."""
    status, records = read_records(capsys, model, good, good.with_name("missing.png"))
    assert status == 1
    assert "check the path" in str(records[-1]["error"])


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_tiny_images_are_read_as_blank(shape: tuple[int, int], good: Path, model: Path, capsys: Captured) -> None:
    """A picture of a pixel is an image: it holds nothing, which is an answer and no failure."""
    Image.fromarray(np.full(shape, 128, np.uint8)).save(good)
    status, records = read_records(capsys, model, good)
    assert status == 0
    assert [(record["accepted"], record["reason"]) for record in records] == [(False, "blank")]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process's memory is read from /proc")
def test_bad_files_take_little_memory(good: Path, model: Path) -> None:
    """A folder full of traps is gone through in one run that stays below 400 MB."""
    for name, make in (BAD | {"bomb.png": bomb}).items():
        make(good.with_name(name))
    assert peak_memory("read", good.parent, "--model", model) < 400_000


def test_pdf_without_its_extra_names_it(
    good: Path, model: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    paper = good.with_name("paper.pdf")
    paper.write_bytes(b"%PDF-1.7\n%%EOF\n")
    status, (error,) = read_records(capsys, model, paper)
    assert status == 1
    assert "duktus[pdf]" in str(error["error"])


@pytest.mark.skipif(sys.platform != "linux", reason="only here is any byte but zero and the slash allowed in a name")
@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_name_that_is_not_utf_8_comes_out_escaped(form: str, good: Path, model: Path) -> None:
    """The output stays UTF-8 in every format, and JSON gives back the very name."""
    odd = os.path.join(os.fsencode(good.parent), b"caf\xe9.png")
    os.rename(good, odd)
    done = duktus("read", odd, "--format", form, "--model", model)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("utf-8")
    assert "caf\\udce9.png" in text
    if form == "jsonl":
        assert os.fsencode(json.loads(text.splitlines()[0])["file"]) == odd


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="this system has no users to change between")
def test_file_without_permission_is_an_error(capsys: Captured) -> None:
    """A file that one may not read is told so; the others are read."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        forbidden, allowed, own_model = place / "a.png", place / "b.png", save_arbitrary_model(place / "m.onnx")
        for path in (forbidden, allowed):
            Image.fromarray(write_page()).save(path)
        forbidden.chmod(0)
        read_records(capsys, own_model, allowed)  # whatever is imported late, a lesser user may not be able to
        with unprivileged():
            status, records = read_records(capsys, own_model, place)
    assert status == 1
    assert "your right to read it" in str(records[0]["error"])
    assert records[1]["file"] == str(allowed)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Give up a superuser's rights for a while; anybody else has none to give up."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_closed_pipe_ends_quietly(form: str, good: Path, model: Path) -> None:
    """``duktus read … | head -1`` prints its line and no more; the exit code is the shell's for it."""
    call = command("read", *[good] * 3000, "--format", form, "--model", model)
    pipe = subprocess.PIPE
    with subprocess.Popen(call, env=environment(), stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=PATIENCE) == 141
        assert process.stderr.read() == b""


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_broken_model_is_one_message(size: int, good: Path, model: Path, capsys: Captured) -> None:
    """A model file that was cut short is told in one line, without a traceback."""
    broken = good.with_name("broken.onnx")
    broken.write_bytes(model.read_bytes()[:size])
    assert main(["read", str(good), "--model", str(broken)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("duktus: ")
    assert "broken.onnx" in err
    assert err.count("\n") == 1
