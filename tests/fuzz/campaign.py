"""Campaigns: hostile inputs through commands, each judged; what fails is kept as a small file."""

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path

import numpy as np

SLOW = 5.0
"""Seconds of a processor that one input may take."""

ENDLESS = 90.0
"""Seconds after which a command is taken to have no end: more than its own limit and what starts a process for it."""

LARGE = 1000.0
"""Megabytes that a command may take."""

TELLING = 60.0
"""Seconds after which a campaign that goes on tells how far it is."""

KEPT = 1000
"""Names of inputs by which one is known again."""

_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # orders to a terminal
_FORMULA = re.compile('(?:^|,)["]?[=+@]', re.MULTILINE)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # text that is shown in another order than it stands; JSON may
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """A command on hostile inputs.

    Attributes:
        argv: the command; "{}" stands for its inputs, each where it stands.
        inputs: names and contents; a template whose place is in ``argv`` more than once takes one at each.
        records: whether each input must have a record of its own on standard output.
        most: seconds of a processor that it may take.
    """

    argv: tuple[str, ...]
    inputs: tuple[tuple[str, bytes], ...]
    records: bool = False
    most: float = SLOW

    def alone(self) -> "Iterator[Case]":
        """The same command on each input by itself."""
        if len(self.inputs) > 1:
            yield from (replace(self, inputs=(one,)) for one in self.inputs)


@dataclass(frozen=True)
class Outcome:
    """What became of a command: ``end`` is how its process ended where it did."""

    code: int = -1
    trace: str = ""
    seconds: float = 0.0
    peak: float = 0.0
    texts: tuple[str, str] = ("", "")
    end: str = ""


@dataclass
class Report:
    """What a campaign found: inputs, the slowest and the largest of them, and a line on each failure."""

    name: str
    count: int = 0
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[float, str] = (0.0, "")
    failures: list[str] = field(default_factory=list)
    distinct: int = 0
    _last: set[str] = field(default_factory=set)

    def tried(self, case: Case) -> None:
        """Count the inputs of a case that no case before it had; names are given once, and not again much later."""
        names = {name for name, _ in case.inputs} or {" ".join(case.argv)}
        self.distinct += len(names - self._last)
        self._last = names if len(self._last) > KEPT else self._last | names

    @property
    def head(self) -> str:
        """How far it came, on one line."""
        counted = f"{self.distinct:>6} inputs, {self.count} times, in {self.seconds:.0f} s"
        return f"{self.name:<10} {counted}, {len(self.failures)} failures"

    def __str__(self) -> str:
        worst = f"slowest {self.slowest[0]:.1f} s {self.slowest[1]}, largest {self.largest[0]:.0f} MB {self.largest[1]}"
        return "\n  ".join((f"{self.head}; {worst}", *self.failures))


def summary(reports: Sequence[Report]) -> str:
    """Return what campaigns found together: how many inputs, and how many failed in which way."""
    reasons = [failure.rpartition("; ")[0].rpartition(": ")[2] for each in reports for failure in each.failures]
    slow = sum(bool(re.fullmatch(r"[0-9.]+ s|no end", why)) for why in reasons)
    large = sum(bool(re.fullmatch("[0-9]+ MB", why)) for why in reasons)
    others = len(reasons) - slow - large
    counted = f"{sum(each.distinct for each in reports)} inputs, {sum(each.count for each in reports)} times"
    found = f"not an error record {others}, over {SLOW:.0f} s {slow}, over {LARGE / 1000:.0f} GB {large}"
    slowest, largest = max(each.slowest for each in reports), max(each.largest for each in reports)
    return f"in all: {counted}; {found}; slowest {slowest[0]:.1f} s, largest {largest[0]:.0f} MB"


Generator = Callable[[np.random.Generator, Path], Iterator[Case]]
"""Makes cases without end from a seed, and whatever they need in a folder."""


class Runner:
    """A child process, started anew whenever one ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: subprocess.Popen[str] | None = None

    def run(self, case: Case) -> Outcome:
        """Write a case's inputs, run it, and say what became of it."""
        paths = [self._folder / name for name, _ in case.inputs]
        for path, (_, content) in zip(paths, case.inputs, strict=True):
            path.write_bytes(content)
        argv = [word for part in case.argv for word in ([str(path) for path in paths] if part == "{}" else [part])]
        child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(argv) + "\n")
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], ENDLESS)
        line = child.stdout.readline() if ready else ""
        for path in paths:
            path.unlink(missing_ok=True)
        if not line:
            return Outcome(code=1, end=self.stop() if ready else "no end")
        answer = json.loads(line)
        return Outcome(**answer | {"texts": tuple(answer["texts"])})

    def stop(self) -> str:
        """End the child; how it ended before."""
        child, self._child = self._child, None
        if child is None:
            return ""
        with suppress(subprocess.TimeoutExpired):
            child.wait(2)
        child.kill()
        code = child.wait()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            pipe.close()
        return "" if code == 1 else f"the process ended ({code})"  # by 1 it ends itself where a page takes too long

    def _start(self) -> "subprocess.Popen[str]":
        paths = os.pathsep.join((str(_ROOT / "src"), str(_ROOT)))
        # One arena: glibc reserves 64 MB of address space for each thread's.
        set_for_it = {"PYTHONPATH": paths, "MALLOC_ARENA_MAX": "1", "COLUMNS": "200"}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self._folder,
            env=os.environ | set_for_it,
        )
        return self._child


def run_campaign(
    name: str,
    generate: Generator,
    *,
    seed: int,
    seconds: float,
    folder: Path,
    keep: Path,
    count: float = inf,
) -> Report:
    """Run cases for some time.

    Args:
        name: of the campaign.
        generate: where its cases come from.
        seed: of all that is drawn.
        seconds: for which it runs.
        folder: empty, for inputs and what commands write.
        keep: where what fails is kept.
        count: distinct inputs after which it ends, too.
    """
    report, runner, began = Report(name), Runner(folder), time.monotonic()
    told = began
    try:
        for case in generate(np.random.default_rng(seed), folder):
            _judge(case, runner, report, keep)
            report.seconds = time.monotonic() - began
            if time.monotonic() - told > TELLING:
                told = time.monotonic()
                print(report.head, file=sys.stderr, flush=True)
            if report.seconds > seconds or report.distinct >= count:
                break
    finally:
        runner.stop()
    return report


def _judge(case: Case, runner: Runner, report: Report, keep: Path) -> None:
    outcome = runner.run(case)
    report.count += len(case.inputs) or 1
    report.tried(case)
    names = ", ".join(name for name, _ in case.inputs[:2]) or " ".join(case.argv)[:80]
    each = outcome.seconds / max(1, len(case.inputs))
    report.slowest = max(report.slowest, (each, f"{case.argv[0]} {names}"))
    report.largest = max(report.largest, (outcome.peak, f"{case.argv[0]} {names}"))
    problem = find_problem(case, outcome)
    if not problem:
        return
    if outcome.end == "no end":
        runner.stop()
    culprits = [(one, again) for one in case.alone() if (again := find_problem(one, runner.run(one)))]
    for one, reason in culprits or [(case, problem)]:
        kept = _keep(one, reason, keep)
        report.failures.append(f"{' '.join(one.argv)}: {reason}; {kept}")


def _keep(case: Case, reason: str, keep: Path) -> str:
    keep.mkdir(parents=True, exist_ok=True)
    number = len(list(keep.glob("*.txt")))
    (keep / f"{number:04}.txt").write_text(f"{' '.join(map(ascii, case.argv))}\n{reason}\n")
    for name, content in case.inputs:
        (keep / f"{number:04}_{name}").write_bytes(content)
    return f"kept as {number:04}"


def find_problem(case: Case, outcome: Outcome) -> str:
    """What is wrong with an outcome; empty where nothing is."""
    found = (
        outcome.end,
        outcome.trace and "a traceback: " + outcome.trace.strip().splitlines()[-1][:200],
        outcome.code not in (0, 1, 2) and f"exit code {outcome.code}",
        "Traceback (most recent call last)" in outcome.texts[1] and "a traceback on standard error",
        outcome.seconds > max(case.most, len(case.inputs)) and f"{outcome.seconds:.1f} s",
        outcome.peak > LARGE and f"{outcome.peak:.0f} MB",
        _raw_text(outcome, _RAW),
        "csv" in case.argv and _raw_text(outcome, _FORMULA),
        "jsonl" not in case.argv and _raw_text(outcome, _TURNED),
        case.records and _missing_records(case, outcome),
    )
    return next((problem for problem in found if problem), "")


def _raw_text(outcome: Outcome, pattern: "re.Pattern[str]") -> str:
    for text in outcome.texts:
        found = pattern.search(text.replace("\r\n", "\n"))
        if found:
            return f"raw {found.group()!r} in {text[max(0, found.start() - 30) : found.end() + 20]!r}"
    return ""


def _missing_records(case: Case, outcome: Outcome) -> str:
    try:
        files = {json.loads(line)["file"] for line in outcome.texts[0].splitlines()}
    except (ValueError, KeyError, TypeError) as error:
        return f"a line that is no record ({error})"
    return "" if len(files) == len(case.inputs) else f"{len(files)} records of {len(case.inputs)} inputs"
