"""Every source of an image comes out as pages, and every broken one as an ImageError."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from duktus.imaging.files import load
from duktus.imaging.files.load import load_pages
from duktus.types import ImageError, Page

GREY = np.arange(24, dtype=np.uint8).reshape(4, 6) * 10


def png(array: Page = GREY) -> bytes:
    """A PNG file of an array."""
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def only(source: Any, **settings: Any) -> Page:
    """The one page of a source."""
    (page,) = load_pages(source, **settings)
    return page


def refusal(source: Any, **settings: Any) -> str:
    """What is said of a source that cannot be loaded."""
    with pytest.raises(ImageError) as caught:
        list(load_pages(source, **settings))
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A PNG file on disk."""
    path = tmp_path / "one.png"
    path.write_bytes(png())
    return path


def test_a_path_bytes_a_stream_a_pillow_image_and_an_array_give_the_same_page(file: Path) -> None:
    """The kind of source makes no difference to the page."""
    with file.open("rb") as stream, Image.open(file) as image:
        sources = [
            file,
            str(file),
            file.read_bytes(),
            bytearray(file.read_bytes()),
            stream,
            image,
            GREY,
            GREY[..., None],
        ]
        for source in sources:
            np.testing.assert_array_equal(only(source), GREY)


@pytest.mark.parametrize("name", ["sträng ᚠ.png", os.fsdecode(b"caf\xe9.png"), "no ending", "-", "a\nb.png"])
def test_any_file_name_is_read(tmp_path: Path, name: str) -> None:
    """A file's name may be of any bytes, and need not say what is in it."""
    path = tmp_path / name
    path.write_bytes(png())
    np.testing.assert_array_equal(only(path), GREY)


def test_a_name_that_is_not_utf8_stands_escaped_in_messages(tmp_path: Path) -> None:
    """A message can be printed as UTF-8, whatever the file is called."""
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(b"no image")
    assert "caf\\udce9.png" in refusal(path).encode().decode()


def test_standard_input_is_read_by_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path '-' reads standard input, and so does a Path of it."""
    for dash in ("-", Path("-")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(png())))
        np.testing.assert_array_equal(only(dash), GREY)


@pytest.mark.parametrize("stdin", [None, io.TextIOWrapper(io.BytesIO()), io.StringIO()])
def test_an_empty_or_missing_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch, stdin: Any) -> None:
    """Standard input that is closed, empty or no stream of bytes is an error that says so."""
    if isinstance(stdin, io.StringIO):
        stdin.close()
    monkeypatch.setattr(sys, "stdin", stdin)
    assert refusal("-").startswith("standard input: expected an image, received")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_that_nobody_writes_to_does_not_hang(tmp_path: Path) -> None:
    """A named pipe without a writer counts as empty."""
    os.mkfifo(tmp_path / "pipe.png")
    assert "0 bytes" in refusal(tmp_path / "pipe.png")


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs /dev/fd")
def test_a_pipe_with_a_writer_is_read_to_its_end() -> None:
    """What a shell gives for <(command) is read as a file is."""
    with subprocess.Popen(["sh", "-c", "sleep 0.05; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(png())
        process.stdin.close()
        np.testing.assert_array_equal(only(f"/dev/fd/{process.stdout.fileno()}"), GREY)


def test_a_stream_that_ends_early_is_refused() -> None:
    """A pipe closed in the middle of an image is a broken image."""
    reader, writer = os.pipe()
    os.write(writer, png()[:60])
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as stream:
        assert "cannot be decoded" in refusal(stream)


def test_a_stream_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so much is taken from a stream."""
    monkeypatch.setattr(load, "MAX_STREAM_BYTES", 2**20)
    with open("/dev/zero" if os.path.exists("/dev/zero") else os.devnull, "rb") as endless:
        assert "at most 1 MiB" in refusal(endless) or os.name == "nt"


def test_a_large_file_is_read_in_parts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the size that is read at once gives the same page."""
    monkeypatch.setattr(load, "SMALL_FILE_BYTES", 10)
    np.testing.assert_array_equal(only(file), GREY)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "received nothing (0 bytes)"),
        (b"a shopping list", "received a file that begins with b'a shopping list'"),
        (b"<?xml version='1.0'?><svg/>", "SVG, which is not read; export it as PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC, which is not read; convert it"),
        (png()[:50], "cannot be decoded"),
        (png()[:8], "cannot be decoded"),
    ],
)
def test_bytes_that_are_no_whole_image_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    """Bad bytes are refused with a message that says what they are, by their file's name."""
    path = tmp_path / "bad.png"
    path.write_bytes(data)
    message = refusal(path)
    assert message.startswith(f"{path}: ")
    assert said in message
    assert refusal(data, name="it").startswith("it: ")


def test_paths_that_lead_to_no_file_are_refused(tmp_path: Path) -> None:
    """A folder, a missing file, a device and an impossible path each say what they are."""
    assert "received a folder" in refusal(tmp_path)
    assert "No such file" in refusal(tmp_path / "missing.png")
    assert "null byte" in refusal("a\0b")
    assert "cannot be opened" in refusal("a" * 5000)
    assert os.name == "nt" or "a device" in refusal(os.devnull)


@pytest.fixture
def closed_file(file: Path) -> Iterator[Path]:
    """A file that may not be read, with an ordinary user's rights also where the tests run as root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs a system with user numbers")
    file.chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)
    yield file
    os.seteuid(user)


def test_a_file_without_the_right_to_read_is_refused(closed_file: Path) -> None:
    """A file that may not be read says so."""
    assert "Permission denied" in refusal(closed_file)


@pytest.mark.parametrize(
    ("array", "value"),
    [
        (np.full((2, 3), True), 255),
        (np.full((2, 3), 0.5), 128),
        (np.full((2, 3), 65535, np.uint16), 255),
        (np.full((2, 3), 4095, np.uint16), 255),
        (np.full((2, 3), 7, np.int64), 7),
        (np.full((2, 3, 3), 1.0, np.float16), 255),
    ],
)
def test_arrays_of_every_usual_number_type_are_scaled_to_8_bits(array: Any, value: int) -> None:
    """The brightest value of a type is white."""
    page = only(array)
    assert page.dtype == np.uint8
    assert page.shape == array.shape
    assert (page == value).all()


def test_a_transparent_array_lies_on_white() -> None:
    """The fourth channel of an array is how opaque it is."""
    array = np.zeros((2, 4, 4), np.uint8)
    array[:, :2, 3] = 255
    np.testing.assert_array_equal(only(array), np.repeat([[[0] * 3] * 2 + [[255] * 3] * 2], 2, axis=0))


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((0, 5), np.uint8), "received 5×0"),
        (np.zeros(5, np.uint8), "received (5,)"),
        (np.zeros((4, 5, 2), np.uint8), "received (4, 5, 2)"),
        (np.full((2, 3), 200.0), "expected float64 samples in [0, 1], received 200.0 to 200.0"),
        (np.full((2, 3), np.nan), "received nan to nan"),
        (np.full((2, 3), 256), "expected int64 samples in [0, 255]"),
        (np.full((2, 3), "x"), "received <U1"),
        (np.zeros((4, 5), np.uint8), "expected at most 19 pixels"),
        (7, "received int"),
        (io.StringIO("text"), "received text"),
    ],
)
def test_what_is_no_picture_is_refused(array: Any, said: str) -> None:
    """An array or object that is no picture says what was received."""
    assert said in refusal(array, max_pixels=19)


def test_a_closed_file_object_is_refused(file: Path) -> None:
    """A file object that is closed is an error of the project's own class."""
    stream = file.open("rb")
    stream.close()
    assert "closed file" in refusal(stream)


def test_a_pixel_alone_is_a_page() -> None:
    """1×1 pixels are enough."""
    assert only(png(np.full((1, 1), 9, np.uint8))).tolist() == [[9]]


@given(st.binary(max_size=200), st.sampled_from([b"", b"BM", b"\xff\xd8\xff", b"GIF89a", b"II*\0", b"P5 ", b"%PDF-"]))
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning", "ignore:Truncated File Read:UserWarning")
def test_no_bytes_raise_another_error(data: bytes, start: bytes) -> None:
    """Whatever the bytes are, they are a page or an ImageError."""
    with suppress(ImageError):
        assert all(page.dtype == np.uint8 for page in load_pages(start + data))


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_png_with_a_changed_byte_is_a_page_or_an_error(position: int, change: int) -> None:
    """Damage at any place of a PNG is a page within the limit, or an ImageError and no other."""
    data = bytearray(png())
    data[position % len(data)] ^= change
    with suppress(ImageError):
        assert all(page.size <= 30_000 for page in load_pages(bytes(data), max_pixels=10_000))


def test_pillow_is_not_imported_for_a_plain_png(file: Path) -> None:
    """A plain PNG is read without the time that importing Pillow takes."""
    code = (
        "import sys; from duktus.imaging.files.load import load_pages;"
        "list(load_pages(sys.argv[1])); print('PIL' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(file)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert result.stdout.strip() == "False"
