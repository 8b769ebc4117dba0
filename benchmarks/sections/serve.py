"""The server under load: 64 clients send a drawn digit each; >= 0.7 of the door, 99th percentile <= 250 ms.

And a page for one person: its first lines within 1 s, all of it within 2.5 s.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection

import numpy as np

from benchmarks.pictures import pen_digit, pen_page
from benchmarks.results import Outcome, Row, Target, exactly
from benchmarks.setting import Setting
from duktus import open_model
from duktus.models.cores import available_cores

CLIENTS, SECONDS, PAGES = 64, 60.0, 7

EDGE = "6f1c9a"

NOTE = (
    "Clients of the standard library, each with one connection that is kept, on the same computer as the server, so "
    "that both share its cores; the peer is what the door's read_many makes of the same pictures in the same run."
)


def run(setting: Setting) -> Outcome:
    """Start a server, send digits from all clients at once, and read the same digits by the door."""
    pictures = [pen_digit("mouse", number) for number in range(64)]
    seconds = SECONDS if setting.limit is None else 2.0
    model = open_model("digits")
    began, count = time.perf_counter(), 0
    for _ in model.read_many(pictures * (30 if setting.limit is None else 2)):
        count += 1
    by_door = count / (time.perf_counter() - began)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        call = [sys.executable, "-m", "duktus", "serve", "--port", "0", "--galleries", folder]
        call += ["--workers", str(available_cores())]
        with subprocess.Popen(call, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            port = int(process.stderr.readline().split("/")[2].rpartition(":")[2])
            _ready(port)
            opened = time.perf_counter() - started
            first, whole = np.median([_read_page(port, number) for number in range(PAGES)], axis=0)
            taken, failed = _load(port, pictures, seconds)
            process.terminate()
    rate = len(taken) / seconds
    setting.report(f"{len(taken):,} answers, {failed} errors, {rate:.0f} a second; the door {by_door:.0f}")
    rows = (
        Row("digits by 64 clients", "images/s", exactly(rate), exactly(by_door)),
        Row("the same, median", "seconds", exactly(statistics.median(taken))),
        Row(
            "the same, 99th percentile",
            "seconds",
            exactly(float(np.percentile(taken, 99))),
            target=Target(0.25, at_least=False),
        ),
        Row("the same, errors", "error", exactly(failed / max(1, len(taken))), target=Target(0.0, at_least=False)),
        Row("first lines of a page of 30", "seconds", exactly(float(first)), target=Target(1.0, at_least=False)),
        Row("all its lines", "seconds", exactly(float(whole)), target=Target(2.5, at_least=False)),
        Row("start to ready", "seconds", exactly(opened), target=Target(1.5, at_least=False)),
    )
    return Outcome(rows, (NOTE,))


def _ready(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/ready")
    json.load(connection.getresponse())


def _read_page(port: int, number: int) -> tuple[float, float]:
    """Return the seconds until the first lines of a page, and until all of them, are there."""
    body, headers = _form(pen_page(number))
    began, connection = time.perf_counter(), HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/v1/read?layout=page&unit=line&stream=true", body, headers)
    answer = connection.getresponse()
    answer.readline()
    first = time.perf_counter() - began
    answer.read()
    connection.close()
    return first, time.perf_counter() - began


def _form(picture: bytes) -> tuple[bytes, dict[str, str]]:
    """Return a form with a picture, and its headers."""
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'.encode()
    body = head + picture + f"\r\n--{EDGE}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={EDGE}"}


def _load(port: int, pictures: list[bytes], seconds: float) -> tuple[list[float], int]:
    """Return the seconds of each answer, and how many were none."""
    taken, failed = list[float](), [0]
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        body, headers = _form(pictures[number % len(pictures)])
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < end:
            began = time.perf_counter()
            connection.request("POST", "/v1/read", body, headers)
            answer = connection.getresponse()
            answer.read()
            taken.append(time.perf_counter() - began)
            failed[0] += answer.status != 200

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, failed[0]
