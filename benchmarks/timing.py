"""Times that can be compared: runs in turns, medians with their interval, whole commands with their peak memory."""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from duktus.reporting.intervals import Estimate
from duktus.types import DuktusError

LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Usage:
    """What one command took, and what it printed."""

    seconds: float
    megabytes: float
    output: str


def median(values: Sequence[float]) -> Estimate:
    """Return the median with its distribution-free interval of at least 95 % (Thompson 1936).

    The interval runs between two of the values themselves; up to five of them cannot reach 95 %, and give their range.

    >>> median([3.0, 1.0, 2.0, 5.0, 4.0, 7.0, 6.0])
    Estimate(value=4.0, low=1.0, high=7.0, n=7)
    """
    ordered, n = sorted(values), len(values)
    beyond, outer = 0.0, 0
    for rank in range(n // 2):
        beyond += math.comb(n, rank) / 2 ** (n - 1)
        if beyond > 0.05:
            break
        outer = rank
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return Estimate(middle, ordered[outer], ordered[n - 1 - outer], n)


def paired_ratio(upper: Sequence[float], lower: Sequence[float]) -> Estimate:
    """Return the median of the ratios of runs that stood side by side."""
    return median([a / b for a, b in zip(upper, lower, strict=True)])


def in_turns(runs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return each runner's figures over some rounds; each round begins with another, so that none profits from it."""
    figures: dict[str, list[float]] = {name: [] for name in runs}
    names = list(runs)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            figures[name].append(runs[name]())
    return figures


def own_process(isolated: bool) -> Executor:
    """Return a process of its own for an engine, which stays alive between its runs; a thread where not isolated."""
    if not isolated:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def run_command(arguments: Sequence[str]) -> Usage:
    """Run ``python`` with some arguments as a process of its own.

    Raises:
        DuktusError: it failed; the message has what it complained of.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        command = [sys.executable, "-I", "-S", str(LAUNCHER), str(output), sys.executable, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        figures = json.loads(result.stdout)
        if figures["code"]:
            advice = result.stderr.strip()[-500:]
            raise DuktusError(f"expected python {' '.join(arguments)} to succeed, received {figures['code']}: {advice}")
        text = output.read_text(encoding="utf-8")
    return Usage(figures["seconds"], figures["peak_bytes"] / 1e6, text)
