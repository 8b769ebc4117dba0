"""What is installed here: versions, cores and instructions, models, and where data and galleries are looked for."""

import os
import platform
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import cv2

from duktus.datasets.places import places_of
from duktus.models.cores import available_cores
from duktus.models.file import find_model, shipped_names

INSTRUCTIONS = {"AVX2": "CPU_AVX2", "AVX-512": "CPU_AVX512_SKX", "NEON": "CPU_NEON", "RVV": "CPU_RVV"}
"""Instruction sets that make networks fast, and OpenCV's names of them."""

PACKAGE = "duktus"

_NAME, _EXTRA = re.compile(r"[\w.-]+"), re.compile(r"""extra == ['"]([^'"]+)""")
"""Of a requirement: its package, and the extra that it belongs to."""


@dataclass(frozen=True)
class Extra:
    """An extra of the package, and its packages: versions, and None where one is missing."""

    name: str
    packages: dict[str, str | None]

    @property
    def complete(self) -> bool:
        """Whether all of it is installed."""
        return None not in self.packages.values()


@dataclass(frozen=True)
class Installation:
    """What ``duktus doctor`` reports.

    Attributes:
        version: of Duktus.
        python, system: what it runs on.
        cores: that it may use; ``of`` those that the computer has.
        instructions: that make networks fast.
        extras: the base (named "base") and each extra.
        models: the shipped models with their sizes in bytes.
        data: folders in which data sets are looked for, in this order.
    """

    version: str
    python: str
    system: str
    cores: int
    of: int
    instructions: tuple[str, ...]
    extras: tuple[Extra, ...]
    models: dict[str, int]
    data: tuple[Path, ...]

    @property
    def sound(self) -> bool:
        """Whether the base is complete and models are there."""
        return bool(self.models) and all(extra.complete for extra in self.extras if extra.name == "base")


def inspect_installation() -> Installation:
    """Return what is installed here. Nothing is loaded but what is there already, and nothing is asked of a network.

    >>> inspect_installation().sound
    True
    """
    return Installation(
        version=_version(PACKAGE) or "not installed",
        python=f"{sys.version.split()[0]} ({sys.executable})",
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        cores=available_cores(),
        of=os.cpu_count() or 1,
        instructions=_instructions(),
        extras=_extras(),
        models={name: find_model(name).stat().st_size for name in shipped_names()},
        data=tuple(place.parent for place in places_of("any")),
    )


def _instructions() -> tuple[str, ...]:
    known = {name: getattr(cv2, constant, None) for name, constant in INSTRUCTIONS.items()}
    return tuple(name for name, number in known.items() if number is not None and cv2.checkHardwareSupport(number))


def _extras() -> tuple[Extra, ...]:
    """Return the base and each extra with the packages that it names for this system."""
    found: dict[str, dict[str, str | None]] = {"base": {}}
    for line in requires(PACKAGE) or []:
        name, extra = _NAME.match(line), _EXTRA.search(line)
        if name and _holds(line):
            found.setdefault(extra[1] if extra else "base", {})[name[0]] = _version(name[0])
    return tuple(Extra(name, packages) for name, packages in found.items() if name != "dev")


def _holds(requirement: str) -> bool:
    """Return whether a requirement is for this system: only TensorFlow's name differs from one to another."""
    smaller = sys.platform == "linux" and platform.machine() == "x86_64"
    plain = requirement.replace('"', "'")
    if "sys_platform == 'linux'" in plain:
        return smaller
    return not smaller if "sys_platform != 'linux'" in plain else True


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
