"""The command line as a person calls it, a process of its own, and what to call it with."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from duktus.models.card import Calibration
from duktus.models.file import save_model
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import draw_ink
from duktus.types import Page
from tests.models.networks import card_of, convolutional

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE = 120
"""Seconds after which a command counts as hanging, on however busy a machine."""


def environment() -> dict[str, str]:
    """This process's environment, in which Duktus is found from any folder."""
    paths = (str(SOURCE), os.environ.get("PYTHONPATH", ""))
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def command(*arguments: str | bytes | os.PathLike[str]) -> list[str | bytes | os.PathLike[str]]:
    """The arguments of a process that runs ``duktus`` with arguments."""
    return [sys.executable, "-m", "duktus", *arguments]


def duktus(
    *arguments: str | bytes | os.PathLike[str], given: bytes = b"", folder: Path | None = None, user: int | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run ``duktus``; its output is bytes, as a program at the other end of a pipe has it."""
    return subprocess.run(
        command(*arguments),
        input=given,
        capture_output=True,
        cwd=folder,
        env=environment(),
        timeout=PATIENCE,
        user=user,
        check=False,
    )


def peak_memory(*arguments: str | os.PathLike[str]) -> int:
    """Run ``duktus`` and return the most memory that it had, in kB; only Linux tells."""
    # ru_maxrss would count the memory of the process that this one was forked from; VmHWM is its own.
    script = (
        "import re, sys; from duktus.cli import main; main(sys.argv[1:]); "
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr)"
    )
    call = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(call, capture_output=True, env=environment(), timeout=PATIENCE, check=True)
    return int(done.stderr)


def save_arbitrary_model(path: Path) -> Path:
    """Save a model of ten digits whose answers are arbitrary, but always the same and always accepted."""
    network = convolutional(outputs=10)
    sure = Calibration(temperature=1.0, threshold=0.0, accept=None, split="none")
    labels = tuple("0123456789")
    card = replace(card_of(network), name="arbitrary", labels=labels, other=False, calibration=sure)
    save_model(network, card, path)
    return path


def write_page(text: str = "27", height: int = 60) -> Page:
    """A page with a number, dark on white, in one hand, its digits so far apart that they cannot be one character."""
    rng = np.random.default_rng(5)
    ink = draw_ink(write("  ".join(text), sample_hand(rng), rng), height=height)
    return (255 * (1 - ink)).astype(np.uint8)
