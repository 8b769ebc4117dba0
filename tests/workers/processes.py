"""Other processes as Linux shows them: whose children they are, what they have open, and whether they still run."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that have not ended."""
    return [each for each in _all() if _status(each)[1:] == [str(pid)] and is_alive(each)]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked for its status yet does not."""
    return _status(pid)[:1] not in (["Z"], ["X"], [])


def holders(path: Path) -> list[int]:
    """The processes that opened a file: not those just forked, which hold what this process does until they begin."""
    own = _command(os.getpid())
    return [pid for pid in _all() if _command(pid) != own and _holds(pid, path)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def workers(pid: int) -> list[int]:
    """The workers of a process that have opened their model."""
    return [each for each in children(pid) if _reads(each)]


def wait_for(sought: Callable[[], Found], seconds: float = 120) -> Found:
    """Wait until something is true, and return it; a busy machine may need long."""
    end = time.monotonic() + seconds
    while not (found := sought()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)
    return found


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def _status(pid: int) -> list[str]:
    """A process's state and its parent."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    return []


def _reads(pid: int) -> bool:
    with suppress(OSError):
        call, libraries = Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/maps").read_text()
        return b"duktus.workers.process" in call and "onnxruntime" in libraries
    return False


def _holds(pid: int, path: Path) -> bool:
    with suppress(OSError):
        folder = f"/proc/{pid}/fd"
        return any(os.readlink(f"{folder}/{name}") == str(path) for name in os.listdir(folder))
    return False
