"""The server as a process: it says where it listens, survives being killed, and ends when it is told to."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.door import PATIENCE, duktus, environment

LETTER = json.dumps({"strokes": [[[40, 20], [40, 80], [70, 80]]]}).encode()


@contextmanager
def served(folder: Path, *words: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server on a free port: its address, and its process."""
    call = [sys.executable, "-m", "duktus", "serve", "--port", "0", "--galleries", str(folder), *words]
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        try:
            assert process.stderr
            found = re.search(r"http://\S+/", process.stderr.readline())
            assert found
            yield found[0], process
        finally:
            process.kill()


def send(address: str, fields: dict[str, str], name: str, content: bytes) -> dict[str, object]:
    """Send a form with a file by the standard library alone; return the answer."""
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
    ]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="a.json"\r\n\r\n')
    body = "\r\n".join(parts).encode() + content + f"\r\n--{edge}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=PATIENCE) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def test_what_was_taught_survives_a_kill(tmp_path: Path) -> None:
    """A server is killed right after a letter was taught; the next one knows it."""
    with served(tmp_path) as (address, process):
        told = send(f"{address}v1/teach?gallery=mine", {"label": "L"}, "images", LETTER)
        process.kill()
    assert told["added"] == 1
    with served(tmp_path) as (address, _):
        found = send(f"{address}v1/read?gallery=mine&layout=one", {}, "image", LETTER)
    records = found["records"]
    assert isinstance(records, list)
    assert records[0]["text"] == "L"


def test_two_processes_serve(tmp_path: Path) -> None:
    """With two workers each request is answered, and both end by Ctrl-C."""
    with served(tmp_path, "--workers", "2") as (address, process):
        for _ in range(4):
            assert send(f"{address}v1/read", {}, "image", LETTER)["records"]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    """A port that another server has is an error of one line."""
    with served(tmp_path) as (address, _):
        port = address.rstrip("/").rpartition(":")[2]
        done = duktus("serve", "--port", port)
    assert done.returncode == 1
    assert "name another --port" in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--host", "0.0.0.0"), "expected --token"),
        (("--port", "99999"), "from 0 to 65535"),
        (("--workers", "0"), "at least 1"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], part: str) -> None:
    """What cannot be served on is told before anything listens."""
    done = duktus("serve", *words)
    assert done.returncode == 2
    assert part in done.stderr.decode()


def test_the_example_client(tmp_path: Path, repository: Path) -> None:
    """The client of a few lines prints what is written, as the command line would."""
    images = [repository / "examples" / name for name in ("615_board.webp", "85_drawing.inkml")]
    with served(tmp_path) as (address, _):
        done = subprocess.run(
            [sys.executable, repository / "examples" / "client.py", *images],
            env=environment() | {"DUKTUS_SERVER": address.rstrip("/")},
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    assert [line.rpartition(" ")[2] for line in done.stdout.decode().splitlines()] == ["615", "85"]
