"""Workers read as this process does, and neither their deaths nor its own leave anything behind."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from PIL import Image

from duktus.glyphs.reading.batches import Answers
from duktus.glyphs.reading.reader import Reader
from duktus.imaging.files.budget import TIMEOUT, begin_page
from duktus.models.runtime import Session
from duktus.pen.sources import Readable
from duktus.types import DuktusError, ImageError
from duktus.workers import bulk
from duktus.workers.bulk import answer_in_bulk
from duktus.workers.job import Job, Steps, answer_each
from duktus.workers.pool import WorkerPool, can_start
from tests.cli.door import PATIENCE, SOURCE, environment, save_arbitrary_model, write_page
from tests.glyphs.handwriting import drawing_of
from tests.workers.processes import children, holders, is_alive, wait_for, workers

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are watched through /proc")

ENDLESS = """
import itertools, signal, sys
from duktus.glyphs.reading.reader import open_model
from duktus.workers import bulk
signal.signal(signal.SIGINT, signal.default_int_handler)
bulk.LEAST_WORK, bulk.BATCH = 0, 2
try:
    for answer in open_model(sys.argv[1], threads=2).read_many(itertools.repeat(sys.argv[2])):
        pass
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of ten digits, never trained."""
    return save_arbitrary_model(tmp_path_factory.mktemp("model") / "arbitrary.onnx")


@pytest.fixture(scope="module")
def job(model: Path) -> Job:
    """What workers open: a reader of digits by that model."""
    return Job("duktus.glyphs.reading.reader:open_steps", (model.read_bytes(), "arbitrary", "float32", "auto", None))


@pytest.fixture(scope="module")
def pool(job: Job) -> Iterator[WorkerPool]:
    """Two workers that are ready."""
    with closing(WorkerPool(job, 2)) as pool:
        wait_for(lambda: pool.size == 2)
        yield pool


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A picture of the number 27."""
    Image.fromarray(write_page()).save(tmp_path / "a.png")
    return tmp_path / "a.png"


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A named pipe with a writer that never writes: whoever reads it waits."""
    path = tmp_path / "pipe.png"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    yield path
    os.close(writer)


def answers_of(future: Future[Answers | None] | None) -> Answers:
    """The answers that a worker gave."""
    assert future is not None
    answers = future.result(timeout=PATIENCE)
    assert answers is not None
    return answers


def kill_reader_of(path: Path) -> None:
    """Kill the worker that is at a file, and wait until it is gone."""
    (pid,) = wait_for(lambda: holders(path))
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid))


def test_every_guise_is_read_as_here(job: Job, image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through workers or not, each image in whatever guise has the same readings, each bad one the same error."""
    page, content = write_page(), image.read_bytes()
    several = image.with_name("several.tiff")
    Image.fromarray(page).save(several, save_all=True, append_images=[Image.fromarray(255 - page)])
    palette = Image.fromarray(page).convert("P")
    guises: list[Callable[[], Readable]] = [
        *(lambda: image, lambda: str(image), lambda: content, lambda: page, lambda: page / np.float32(255)),
        *(lambda: palette, lambda: Image.open(image), lambda: io.BytesIO(content), lambda: drawing_of("352", 4)),
        *(lambda: several, lambda: image.with_name("missing.png"), lambda: content[:60], lambda: io.BytesIO(b"none")),
    ]
    monkeypatch.setattr(bulk, "LEAST_WORK", 0.0)
    monkeypatch.setattr(bulk, "BATCH", 2)
    reader = Reader(Session(job.arguments[0], 1, name="arbitrary"))
    with closing(WorkerPool(job, 2)) as other:
        wait_for(lambda: other.size == 2)
        images = (guise() for _ in range(3) for guise in guises)
        found = list(answer_in_bulk(images, reader.steps("auto"), 1, lambda: other))
    expected = list(reader.read_many(guise() for _ in range(3) for guise in guises))
    assert [str(a) if isinstance(a, DuktusError) else a for a in found] == [
        str(a) if isinstance(a, DuktusError) else a for a in expected
    ]


@pytest.mark.parametrize("path", ["-", "/dev/stdin", "/dev/fd/7", "/proc/self/fd/7"])
def test_what_is_this_process_s_own_stays_here(pool: WorkerPool, image: Path, path: str) -> None:
    """Standard input, open descriptors and file objects mean nothing to another process."""
    assert pool.submit([image, path]) is None
    assert pool.submit([image, io.BytesIO(image.read_bytes())]) is None
    assert len(answers_of(pool.submit([image, image]))) == 2


@ON_LINUX
def test_only_the_image_that_kills_is_an_error(pool: WorkerPool, image: Path, pipe: Path) -> None:
    """The others of its batch are read, and the next chunks, too."""
    future = pool.submit([image, pipe, image])
    kill_reader_of(pipe)
    kill_reader_of(pipe)
    before, fatal, after = answers_of(future)
    assert not isinstance(before, DuktusError)
    assert before == after == answers_of(pool.submit([image]))[0]
    assert isinstance(fatal, ImageError)
    assert "pipe.png" in str(fatal)
    assert "died (signal 9)" in str(fatal)
    assert pool.size == 2


@ON_LINUX
def test_an_image_at_which_a_worker_was_killed_by_chance_is_read(pool: WorkerPool, image: Path, pipe: Path) -> None:
    """A worker that dies once, as for want of memory, loses no image."""
    future = pool.submit([image, pipe])
    (pid,) = wait_for(lambda: holders(pipe))
    pipe.unlink()
    pipe.write_bytes(image.read_bytes())
    os.kill(pid, signal.SIGKILL)
    first, second = answers_of(future)
    assert not isinstance(second, DuktusError)
    assert first == second


@ON_LINUX
def test_closing_ends_workers_whatever_they_are_at(job: Job, image: Path, pipe: Path) -> None:
    """Neither one that starts nor one that is stuck in an image is waited for, and nothing runs on."""
    before = set(children(os.getpid()))
    with closing(WorkerPool(job, 2)) as pool:
        wait_for(lambda: pool.size)
        futures = [pool.submit([image, pipe]) for _ in range(5)]
        wait_for(lambda: holders(pipe))
        start = time.monotonic()
    assert time.monotonic() - start < PATIENCE / 4
    assert set(children(os.getpid())) == before
    assert all(future is not None and (future.cancelled() or future.result() is None) for future in futures)


@pytest.mark.parametrize("interpreter", ["", "missing/python", "python", "uwsgi"])
def test_without_an_interpreter_all_is_read_here(
    interpreter: str, job: Job, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no process can be started, or what starts is not Python, reading goes on as if there were one core."""
    other = image.parent / interpreter
    if interpreter in ("python", "uwsgi"):
        other.write_text("#!/bin/sh\necho usage; exit 3\n")
        other.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(other) if interpreter else "")
    monkeypatch.setattr(bulk, "LEAST_WORK", 0.0)
    monkeypatch.setattr(bulk, "BATCH", 2)
    assert can_start() == (interpreter.endswith("python"))
    reader = Reader(Session(job.arguments[0], 2))
    assert len({str(answer) for answer in reader.read_many([image] * 30)}) == 1


def test_one_thread_means_no_process(job: Job, image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that was opened for one core starts nothing."""
    monkeypatch.setattr(bulk, "LEAST_WORK", 0.0)
    monkeypatch.setattr(bulk, "BATCH", 2)
    monkeypatch.setattr(subprocess, "Popen", None)
    assert len(list(Reader(Session(job.arguments[0], 1)).read_many([image] * 30))) == 30


@contextmanager
def running(
    call: list[str], environment: dict[str, str], given: IO[str] | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """A process in a group of its own, which does not outlive the test."""
    pipe = subprocess.PIPE
    with subprocess.Popen(call, env=environment, stdin=given, stderr=pipe, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()


@ON_LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_their_owner(model: Path, image: Path, number: signal.Signals) -> None:
    """However a process that reads is ended, its workers are gone soon after, and say nothing about it."""
    with running([sys.executable, "-c", ENDLESS, str(model), str(image)], environment()) as process:
        ready = wait_for(lambda: workers(process.pid))
        for worker in ready:
            os.kill(worker, signal.SIGINT)  # not for them
        time.sleep(0.3)
        started = children(process.pid)
        assert set(ready) <= set(started)
        os.killpg(process.pid, number)
        status = process.wait(timeout=PATIENCE)
        wait_for(lambda: not any(map(is_alive, started)))
        assert process.stderr is not None
        assert (status, process.stderr.read()) == (130 if number == signal.SIGINT else -number, b"")


@ON_LINUX
@pytest.mark.parametrize("by_standard_input", [False, True])
def test_any_script_has_workers(by_standard_input: bool, model: Path, image: Path) -> None:
    """A script need not guard its main part, may come through a pipe, and finds Duktus in a folder of any name."""
    odd = os.path.join(os.fsencode(image.parent), b"caf\xe9: a folder")
    os.symlink(SOURCE, odd)
    script = image.with_name("script.py")
    begin = f"import os, sys; print('begun', file=sys.stderr); sys.path.insert(0, os.fsdecode({odd!r}))\n"
    script.write_text(begin + ENDLESS)
    call = [sys.executable, "-" if by_standard_input else str(script), str(model), str(image)]
    plain = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    with open(script) as text, running(call, plain, text) as process:
        wait_for(lambda: workers(process.pid))
        process.terminate()
        assert process.stderr is not None
        assert process.stderr.read() == b"begun\n"


def test_what_is_printed_in_a_worker_disturbs_nothing(
    job: Job, image: Path, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Python loads at its start may print, then and ever after."""
    lines = [
        "import threading",
        "def chatter():",
        "    while True: print('noise', flush=True)",
        "print('hello', end='')",
    ]
    start = "threading.Thread(target=chatter, daemon=True).start()"
    image.with_name("sitecustomize.py").write_text("\n".join([*lines, start]))
    monkeypatch.setenv("PYTHONPATH", str(image.parent))
    with closing(WorkerPool(job, 1)) as noisy:
        wait_for(lambda: noisy.size)
        assert answers_of(noisy.submit([image] * 20)) == answers_of(pool.submit([image] * 20))


def open_squares(power: int) -> Steps:
    """Return steps that raise numbers to a power; 13 ends the process, and 0 is an error."""

    def raised(number: int) -> int:
        if number == 13:
            os._exit(3)
        if not number:
            raise ImageError("expected a number above 0")
        return int(number**power)

    return answer_each(raised)


def test_any_function_can_be_called_in_bulk() -> None:
    """Workers import what they are given and call it; nothing of images, models or readers is needed for that."""
    with closing(WorkerPool(Job(f"{__name__}:open_squares", (2,)), 1, carry=lambda number: number)) as pool:
        found = answers_of(pool.submit([3, 0, 13, 5]))
    assert [str(each) for each in found] == [
        "9",
        "expected a number above 0",
        "'the image': expected an image that can be processed, received one at which the process that read it died "
        "(exit code 3); make it smaller",
        "25",
    ]


def open_sleeper() -> Steps:
    """The steps of work that begins a page and then never ends, but for the number 1."""

    def sleep(number: int) -> int:
        begin_page("page", 1)
        if number != 1:
            time.sleep(600)
        return number

    return answer_each(sleep)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_a_page_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is within a page for longer than allowed is ended by the system, and the rest is answered."""
    monkeypatch.setenv(TIMEOUT, "1")
    with closing(WorkerPool(Job(f"{__name__}:open_sleeper", ()), 1, carry=lambda number: number)) as pool:
        first, slow, last = answers_of(pool.submit([1, 2, 1]))
    assert [str(first), str(last)] == ["1", "1"]
    assert "expected a page that is read in 1 s (--timeout)" in str(slow)
