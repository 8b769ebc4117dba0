"""The machine that figures were measured on, as far as it bears on them."""

import os
import platform
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from duktus.models.cores import available_cores

PACKAGES = ("numpy", "opencv-python-headless", "onnxruntime", "openvino", "keras", "tensorflow-cpu", "tensorflow")
"""Whose versions bear on the figures."""


def describe_machine() -> dict[str, str]:
    """Return processor, cores, memory, system and versions, each as a person would say it."""
    return {
        "processor": f"{_processor()}, {available_cores()} cores{_memory()}",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": ", ".join(_versions()),
    }


def busy_cores(seconds: float = 1.0, stat: Path = Path("/proc/stat")) -> float:
    """Return how many cores other programs keep busy while this one sleeps; 0 where the system does not tell.

    Times that are taken beside other work are no figures, so sections that time trainings and archives look here.
    """
    try:
        before = _ticks(stat)
        time.sleep(seconds)
        after = _ticks(stat)
    except (OSError, ValueError):
        return 0.0
    idle, total = (last - first for first, last in zip(before, after, strict=True))
    return available_cores() * (1 - idle / total) if total else 0.0


def _ticks(stat: Path) -> tuple[int, int]:
    """Return how long the processors have been idle or waiting, and how long in all, in ticks since the start."""
    # user nice system idle iowait irq softirq steal; what guests take is counted in user already
    ticks = [int(word) for word in stat.read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]]
    return sum(ticks[3:5]), sum(ticks)


def _processor(cpu_info: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's name and whether it computes in bfloat16; Linux tells more than Python's platform."""
    try:
        lines = dict(line.split(":", 1) for line in cpu_info.read_text(encoding="utf-8").splitlines() if ":" in line)
    except OSError:
        return platform.processor() or platform.machine()
    found = {name.strip(): text.strip() for name, text in lines.items()}
    flags = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in found.get("flags", "").split()]
    return " ".join([found.get("model name", platform.machine()), *([f"({', '.join(flags)})"] if flags else [])])


def _memory() -> str:
    with suppress(AttributeError, ValueError, OSError):  # a system that does not tell
        return f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    return ""


def _versions() -> list[str]:
    found = []
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return found
