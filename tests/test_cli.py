"""The door as a whole: help, wrong usage, exit codes, streams, and how fast it opens."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from duktus import __version__
from duktus.cli import main
from tests.cli.door import PATIENCE, command, environment, peak_memory, save_arbitrary_model, write_page

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of ten digits, never trained."""
    return save_arbitrary_model(tmp_path_factory.mktemp("model") / "arbitrary.onnx")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """An image of the number 27."""
    path = tmp_path / "a.png"
    Image.fromarray(write_page()).save(path)
    return path


@pytest.mark.parametrize("name", ["read", "explain", "train", "evaluate", "models", "data"])
def test_every_command_has_help(name: str, capsys: Captured) -> None:
    """``duktus --help`` lists each command, and each explains itself."""
    assert main(["--help"]) == 0
    assert f" {name} " in capsys.readouterr().out
    assert main([name, "--help"]) == 0
    assert f"duktus {name}" in capsys.readouterr().out


def test_version_is_told(capsys: Captured) -> None:
    """``duktus --version`` is one line."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"duktus {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["raed", "a.png"], 'Did you mean "read"'),
        (["raed"], "See 'duktus --help'"),
        (["xyzzy"], "There are read, explain, train"),
        (["models", "shwo", "digits"], 'Did you mean "show"'),
        (["read"], "IMAGE"),
        (["read", "a.png", "--format", "xml"], '"table", "text", "jsonl", "csv"'),
        (["read", "a.png", "--threads", "0"], ">= 1"),
        (["read", "a.png", "--modle", "digits"], "--model"),
        (["explain", "--stages"], "IMAGE"),
        (["data", "mnits"], "mnist"),
        (["models", "list", "digits"], "digits"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_right(arguments: list[str], told: str, capsys: Captured) -> None:
    """A slip of the hand is answered by one line on standard error that helps."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1


def test_error_of_ours_is_one_message(capsys: Captured) -> None:
    """What we know can go wrong has no traceback."""
    assert main(["read", "a.png", "--model", "no-such-model"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("duktus: no model is named 'no-such-model'")


def test_names_that_start_with_a_hyphen_follow_two(image: Path, model: Path, capsys: Captured) -> None:
    """As everywhere, what stands behind -- is a file."""
    odd = image.with_name("-a.png")
    odd.write_bytes(image.read_bytes())
    here = Path.cwd()
    os.chdir(image.parent)
    try:
        assert main(["read", "--format", "jsonl", "--model", str(model), "--", "-a.png"]) == 0
    finally:
        os.chdir(here)
    assert json.loads(capsys.readouterr().out.splitlines()[0])["file"] == "-a.png"


def test_output_is_utf_8_whatever_the_locale(image: Path, model: Path) -> None:
    """A name beyond ASCII comes out as UTF-8 where the locale would not have it."""
    rune = image.with_name("ᚠ.png")
    image.rename(rune)
    plain = environment() | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    call = command("read", rune, "--format", "jsonl", "--model", model)
    done = subprocess.run(call, env=plain, capture_output=True, check=True)
    assert json.loads(done.stdout.decode("utf-8").splitlines()[0])["file"] == str(rune)


def test_closed_output_is_no_failure(image: Path, model: Path) -> None:
    """Whoever closes standard output wants the exit code alone."""
    call = shlex.join(map(str, command("read", image, "--model", model))) + " >&-"
    done = subprocess.run(call, shell=True, env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to write to")
def test_full_disk_is_told(image: Path, model: Path) -> None:
    """Records that could not be written are not passed over in silence."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command("read", image, "--model", model),
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to another process")
def test_interrupt_is_quiet(image: Path, model: Path) -> None:
    """Ctrl-C ends a run, even one that waits for its input, with the shell's own code and without a traceback."""
    # A test runner in the background ignores SIGINT, and its children would inherit that.
    script = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    script += "from duktus.cli import main; sys.exit(main())"
    call = [sys.executable, "-c", script, "read", "-", str(image), "--model", str(model)]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe) as process:
        wait_for_import(process.pid, "onnxruntime")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=PATIENCE)
        assert process.stdout is not None
        assert process.stderr is not None
        assert (process.returncode, process.stderr.read()) == (130, b"")
        assert b"a.png" not in process.stdout.read()


def wait_for_import(pid: int, library: str) -> None:
    """Wait until a process has loaded a library and so has its interpreter's start behind it."""
    maps = Path(f"/proc/{pid}/maps")
    for _ in range(600):
        if maps.exists() and library in maps.read_text():
            break
        time.sleep(0.05)
    time.sleep(0.5)


def test_reading_loads_neither_rich_nor_matplotlib(image: Path, model: Path) -> None:
    """What only decorates, draws or trains costs a read no time."""
    script = (
        "import sys; from duktus.cli import main; status = main(sys.argv[1:]); "
        "print(status, *{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    call = [sys.executable, "-c", script, "read", str(image), "--model", str(model)]
    done = subprocess.run(call, env=environment(), capture_output=True, check=True)
    status, *loaded = done.stderr.decode().split()
    assert status == "0"
    assert not {"rich", "matplotlib", "sklearn", "keras", "onnx", "pypdfium2", "statistics"} & set(loaded)
    assert {"numpy", "cv2", "onnxruntime", "cyclopts"} <= set(loaded)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process's memory is read from /proc")
def test_reading_stays_small(image: Path, model: Path) -> None:
    """A whole process that reads an image stays below 200 MB."""
    assert peak_memory("read", image, "--model", model) < 200_000


def test_reading_starts_fast(image: Path, model: Path) -> None:
    """A whole process that reads an image takes a second of processor time, not the ten of loading Keras."""
    script = (
        "import sys, time; from duktus.cli import main; main(sys.argv[1:]); print(time.process_time(), file=sys.stderr)"
    )
    call = [sys.executable, "-c", script, "read", str(image), "--model", str(model), "--threads", "1"]
    runs = [subprocess.run(call, env=environment(), capture_output=True, check=True) for _ in range(3)]
    assert min(float(done.stderr) for done in runs) < 1.5
