"""Downloads from a real server on this computer: cut, wrong, resumed, refused."""

import gzip
import hashlib
import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from duktus.datasets import download as module
from duktus.datasets.download import DATASETS, Progress, RemoteDataset, RemoteFile, download
from duktus.datasets.fingerprint import fingerprint
from duktus.types import DataError

CONTENTS = np.random.default_rng(0).integers(0, 256, 200_000, np.uint8).tobytes()
PACKED = gzip.compress(CONTENTS, mtime=0)
FILE = RemoteFile("data.gz", len(CONTENTS), hashlib.sha256(CONTENTS).hexdigest())


@dataclass
class Mirror:
    """How one address of the server behaves, and what was asked of it."""

    data: bytes = PACKED
    cut_after: int | None = None
    ranges: bool = True
    status: int = 200
    asked: list[str] = field(default_factory=list)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves /NAME/data.gz as the mirror of that name behaves."""

    mirrors: dict[str, Mirror]

    def do_GET(self) -> None:
        """Answer one request."""
        mirror = self.mirrors[self.path.split("/")[1]]
        asked = self.headers.get("Range", "")
        mirror.asked.append(asked)
        start = int(re.sub(r"\D", "", asked) or 0) if mirror.ranges else 0
        status = 416 if start >= len(mirror.data) else 206 if start else mirror.status
        body = mirror.data[start:] if status < 300 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{len(mirror.data) - 1}/{len(mirror.data)}")
        self.end_headers()
        self.wfile.write(body[: mirror.cut_after])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirrors() -> Iterator[dict[str, Mirror]]:
    """A server with mirrors of any behaviour; their addresses are their names behind ``ADDRESS``."""
    Handler.mirrors = {}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        Handler.mirrors["address"] = Mirror(data=f"http://127.0.0.1:{server.server_port}/".encode())
        yield Handler.mirrors
        server.shutdown()
        thread.join()


def fetch(mirrors: dict[str, Mirror], folder: Path, **behaviour: Mirror) -> list[Progress]:
    """Download from mirrors of these behaviours, in turn, and tell what was reported."""
    mirrors.update(behaviour)
    address = mirrors["address"].data.decode()
    reports: list[Progress] = []
    dataset = RemoteDataset("letters", (FILE,), tuple(address + name for name in behaviour))
    (path,) = download(dataset, folder, report=reports.append, timeout=5)
    assert gzip.decompress(path.read_bytes()) == CONTENTS
    assert not list(folder.glob("*.part"))
    return reports


def test_a_file_is_fetched_and_its_progress_told(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """The file is whole, and the reports end with all of its bytes."""
    reports = fetch(mirrors, tmp_path / "new" / "folder", one=Mirror())
    assert reports[-1].file == "data.gz"
    assert reports[-1].received_bytes == reports[-1].total_bytes == len(PACKED)


def test_a_file_that_is_there_is_not_fetched(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """A whole file is left alone, also one that was packed in another way."""
    (tmp_path / "data.gz").write_bytes(gzip.compress(CONTENTS, 1))
    one = Mirror()
    assert fetch(mirrors, tmp_path, one=one) == []
    assert one.asked == []


def test_a_cut_download_goes_on_at_the_next_mirror(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """What the first mirror brought is not fetched again."""
    one, two = Mirror(cut_after=70_000), Mirror()
    fetch(mirrors, tmp_path, one=one, two=two)
    assert (one.asked, two.asked) == ([""], ["bytes=70000-"])


def test_a_mirror_that_always_cuts_brings_the_file_in_rounds(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """As long as more comes, the same mirror is asked again."""
    one = Mirror(cut_after=90_000)
    fetch(mirrors, tmp_path, one=one)
    assert one.asked == ["", "bytes=90000-", "bytes=180000-"]


def test_an_interrupted_download_goes_on_another_day(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """A part that lies there is the beginning of the file."""
    (tmp_path / "data.gz.part").write_bytes(PACKED[:150_000])
    one = Mirror()
    fetch(mirrors, tmp_path, one=one)
    assert one.asked == ["bytes=150000-"]


@pytest.mark.parametrize("part", [b"something else", PACKED + b"too much", bytes(3_000_000)])
def test_a_part_that_does_not_fit_is_fetched_anew(mirrors: dict[str, Mirror], tmp_path: Path, part: bytes) -> None:
    """A part of another file does no harm."""
    (tmp_path / "data.gz.part").write_bytes(part)
    fetch(mirrors, tmp_path, one=Mirror())


def test_a_part_that_is_whole_only_takes_its_name(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """Nothing is fetched twice when the end came just before the renaming."""
    (tmp_path / "data.gz.part").write_bytes(PACKED)
    one = Mirror()
    fetch(mirrors, tmp_path, one=one)
    assert one.asked == [f"bytes={len(PACKED)}-"]


def test_a_mirror_without_ranges_sends_all_again(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """A server that does not know ranges begins at the beginning, and so does the file."""
    (tmp_path / "data.gz.part").write_bytes(PACKED[:150_000])
    reports = fetch(mirrors, tmp_path, one=Mirror(ranges=False))
    assert reports[0].received_bytes <= 2**16


WRONG = [
    Mirror(data=b"<html>Please log in to this network</html>"),
    Mirror(data=gzip.compress(CONTENTS[::-1], mtime=0)),
    Mirror(data=gzip.compress(CONTENTS + b"more", mtime=0)),
    Mirror(data=bytes(3_000_000)),
    Mirror(data=b""),
    Mirror(status=503),
]


@pytest.mark.parametrize("wrong", WRONG, ids=["portal", "checksum", "longer", "endless", "empty", "status"])
def test_a_mirror_with_other_contents_is_passed_over(mirrors: dict[str, Mirror], tmp_path: Path, wrong: Mirror) -> None:
    """What is not the file is not kept, and the next mirror brings it from the beginning."""
    two = Mirror()
    fetch(mirrors, tmp_path, one=wrong, two=two)
    assert two.asked[-1] == ""


def test_offline_the_message_says_what_to_put_where(tmp_path: Path) -> None:
    """Without any mirror the files and the folder are named, and nothing half-written takes a file's name."""
    dataset = RemoteDataset("letters", (FILE, RemoteFile("more.gz", 1, "")), ("http://127.0.0.1:9/", "not an address"))
    with pytest.raises(DataError) as caught:
        download(dataset, tmp_path, timeout=2)
    for words in (
        "data.gz could not be fetched",
        "127.0.0.1:9/: ",
        f"put data.gz, more.gz into {tmp_path}",
        "DUKTUS_DATA",
    ):
        assert words in str(caught.value)
    assert not (tmp_path / "data.gz").exists()


def test_a_silent_mirror_is_given_up(mirrors: dict[str, Mirror], tmp_path: Path) -> None:
    """A server that takes the connection and says nothing costs no more than the timeout."""
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as silent:
        mirrors["two"] = Mirror()
        addresses = f"http://127.0.0.1:{silent.server_port}/", mirrors["address"].data.decode() + "two"
        (path,) = download(RemoteDataset("letters", (FILE,), addresses), tmp_path, timeout=0.2)
    assert path.read_bytes() == PACKED


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A disk that does not take the files is an error of the project's own class, and not a mirror's."""
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="the files cannot be written"):
        download(RemoteDataset("letters", (FILE,), ("http://127.0.0.1:9/",)), tmp_path / "file" / "folder")


def test_the_real_files_have_the_checksums_that_are_asked_for(data_dir: Path) -> None:
    """The files at hand are the ones that the download expects."""
    mnist = DATASETS["mnist"]
    paths = download(replace(mnist, mirrors=()), data_dir / "mnist")
    assert [path.name for path in paths] == [file.name for file in mnist.files]
    assert fingerprint(*paths)
    assert all(mirror.startswith("https://") for mirror in module.MNIST.mirrors)
