"""Processor cores that this process may use: by its affinity and by the quota of its container."""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
"""Where Linux shows control groups."""


def available_cores() -> int:
    """Return how many cores this process may use, at least 1.

    These are the cores that the process may run on, and no more than its control group pays for: a container that was
    started with ``--cpus 2`` runs on every core of its host, for the time of two.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        groups = Path("/proc/self/cgroup").read_text()
    except OSError:
        return cores
    return max(1, math.ceil(min(cores, cpu_quota(groups))))


def cpu_quota(groups: str, root: Path = CGROUPS) -> float:
    """Return how many cores' time control groups allow, infinity without a limit.

    Args:
        groups: the process's groups, as ``/proc/self/cgroup`` lists them: ``0::/path`` in version 2 and
            ``4:cpu,cpuacct:/path`` in version 1.
        root: where the groups are mounted.
    """
    fields = (line.split(":", 2) for line in groups.splitlines() if line.count(":") >= 2)
    limits = (limit for _, controllers, path in fields for limit in _limits(controllers, path, root))
    return min(limits, default=math.inf)


def _limits(controllers: str, path: str, root: Path) -> Iterator[float]:
    """Yield the limits of a group and of those that it lies in; a container may see but the root of its own."""
    if controllers and "cpu" not in controllers.split(","):
        return
    mount = root / "cpu" if controllers else root
    group = mount if ".." in path else mount / path.strip("/")  # dots: the process lies outside of what is shown
    for place in (group, *group.parents):
        if not place.is_relative_to(mount):
            return
        with suppress(OSError, ValueError):  # no limit is set here, or the group is not shown
            if controllers:
                quota, period = ((place / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
            else:
                quota, period = (place / "cpu.max").read_text().split()
            if int(quota) > 0:  # "max" in version 2, -1 in version 1: no limit
                yield int(quota) / int(period)
