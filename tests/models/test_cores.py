"""Cores are counted by affinity and by the quota of the process's control group."""

import math
import os
from pathlib import Path

import pytest

from duktus.models.cores import available_cores, cpu_quota


def write(root: Path, files: dict[str, str]) -> None:
    """Control groups as the system shows them."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpu.max": "200000 100000\n"}, 2.0),
        ({"cpu.max": "max 100000\n"}, math.inf),
        ({"pod/box/cpu.max": "150000 100000\n"}, 1.5),
        ({"pod/box/cpu.max": "max 100000\n", "pod/cpu.max": "50000 100000\n"}, 0.5),
        ({"pod/box/cpu.max": "400000 100000\n", "cpu.max": "100000 100000\n"}, 1.0),
        ({"cpu.max": "nonsense"}, math.inf),
        ({}, math.inf),
    ],
)
def test_version_2(tmp_path: Path, files: dict[str, str], expected: float) -> None:
    """The least limit counts of a group and those that it lies in; a container sees the root of its own alone."""
    write(tmp_path, files)
    assert cpu_quota("0::/pod/box\n", tmp_path) == expected


@pytest.mark.parametrize(
    ("place", "quota", "expected"), [("cpu", "300000", 3.0), ("cpu/docker/box", "50000", 0.5), ("cpu", "-1", math.inf)]
)
def test_version_1(tmp_path: Path, place: str, quota: str, expected: float) -> None:
    """The quota of the controller ``cpu`` counts; -1 is none."""
    write(tmp_path, {f"{place}/cpu.cfs_quota_us": f"{quota}\n", f"{place}/cpu.cfs_period_us": "100000\n"})
    assert cpu_quota("9:memory:/docker/box\n4:cpu,cpuacct:/docker/box\n", tmp_path) == expected


def test_a_group_outside_the_mount_is_not_read(tmp_path: Path) -> None:
    """A path that leads out of the groups, as of a process that was moved, gives no limit."""
    write(tmp_path, {"cpu.max": "100000 100000\n", "groups/other": ""})
    assert cpu_quota("0::/../..\n", tmp_path / "groups") == math.inf


def test_at_least_one_and_no_more_than_there_are() -> None:
    """This process has cores, and no more than the machine."""
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


def test_without_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system tells no affinity, all cores count that the quota allows."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert 1 <= available_cores() <= (os.cpu_count() or 1)
