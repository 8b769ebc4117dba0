"""A process that runs commands under limits, one after another, and tells what became of each.

A line of standard input is a command as a JSON list; a line of standard output answers it.
"""

import json
import os
import resource
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

SPARE = 3 * 2**29
"""Bytes of address space that a command may take beyond what the process has: 1.5 GB. Memory itself is measured."""


def main() -> None:
    """Answer commands until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import duktus.cli  # before the limit, which counts from here

    run = duktus.cli.main
    setattr(duktus.cli, "leave", int)  # noqa: B010  # no name to import; a thread that is still within an image shall not end this process
    run(["models"])
    resource.setrlimit(resource.RLIMIT_AS, (1024 * _status("VmSize") + SPARE,) * 2)
    for line in sys.stdin:
        json.dump(_run(run, json.loads(line)), answers)
        answers.write("\n")
        answers.flush()


def _run(run: Any, argv: list[str]) -> dict[str, object]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        kept = os.dup(1), os.dup(2)
        commands, sys.stdin = sys.stdin, open(os.devnull, encoding="utf-8")  # noqa: SIM115  # for as long as it runs
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        Path("/proc/self/clear_refs").write_text("5")  # Linux: the peak of memory counts from here
        code, trace, began = -1, "", _seconds()
        try:
            code = run(argv)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            trace = traceback.format_exc()
        seconds = _seconds() - began
        sys.stdin.close()
        sys.stdin = commands
        sys.stdout.flush()
        sys.stderr.flush()
        for place, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, place)
            os.close(descriptor)
        texts = [_content(file) for file in (out, err)]
    return {"code": code, "trace": trace, "seconds": seconds, "peak": _status("VmHWM") / 1024, "texts": texts}


def _seconds() -> float:
    """Of processors' time, with that of processes that have ended: another program's load does not count."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _content(file: Any) -> str:
    file.seek(0)
    return str(file.read(2**22).decode("utf-8", "surrogateescape"))


def _status(name: str) -> int:
    """A number of this process' memory, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


if __name__ == "__main__":
    main()
