"""Commands leave no file and open no socket that nobody asked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TRAINING = ("train", "digits", "--summary")
"""Loads Keras, TensorFlow and matplotlib."""

COMMANDS = {
    "read": ("read", "7_photo.jpg"),
    "models": ("models", "check", "runes"),
    "enrol": ("enrol", "hands.db", "--writer", "A", "615_board.webp"),
    "teach": ("teach", "letters.db", "--label", "7", "7_photo.jpg"),
}


def run(words: tuple[str, ...], home: Path, *before: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with a home of its own, in a folder beside it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    home.mkdir(exist_ok=True)
    command = [*before, sys.executable, "-m", "duktus", *words]
    environment = kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    return subprocess.run(command, cwd=home.parent, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    """A folder with pictures."""
    for name in ("7_photo.jpg", "615_board.webp"):
        shutil.copy(repository / "examples" / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_an_empty_home_stays_empty(name: str, folder: Path) -> None:
    """Neither the user's cache nor any other place of the home gets a file."""
    done = run(COMMANDS[name], folder / "home")
    assert done.returncode in (0, 1), done.stderr
    assert list((folder / "home").rglob("*")) == []


def test_training_leaves_nothing_in_the_home(folder: Path) -> None:
    """Keras' settings and matplotlib's list of fonts go to a folder that is removed when the command ends."""
    done = run(TRAINING, folder / "home")
    assert done.returncode in (0, 1), done.stderr
    assert list((folder / "home").rglob("*")) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_no_socket_is_opened(name: str, folder: Path) -> None:
    """No system call asks for a socket, in no process of the command."""
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no strace that may trace here")
    log = folder / "calls.txt"
    run(COMMANDS[name], folder / "home", strace, "-f", "-e", "trace=socket,connect,sendto", "-o", str(log))
    called = [line for line in log.read_text().splitlines() if "(" in line and "AF_" in line]
    assert called == []
