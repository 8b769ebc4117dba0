"""Runs one command and says how long it took and how much memory it held; it is small, so that it does not count.

A child's peak memory includes what its parent held when it started it, so a process with a network in memory cannot
measure a small one. This one is started by ``python -I -S`` and holds some ten megabytes.

    python -I -S launch.py FILE_FOR_OUTPUT COMMAND [ARGUMENT …]
"""

import json
import os
import sys
import time


def main(arguments: list[str]) -> None:
    """Run the command, its standard output into a file, and print seconds, peak bytes and exit code as JSON."""
    output, *command = arguments
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, output, flags, 0o644)])
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": seconds, "peak_bytes": usage.ru_maxrss * unit, "code": code}))


if __name__ == "__main__":
    main(sys.argv[1:])
