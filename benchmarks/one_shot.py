"""Omniglot's one-shot runs: twenty times, twenty letters of one alphabet are shown once each and then queried."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.omniglot import decode_drawing, opened
from duktus.types import DataError, Page

_TABLE = re.compile(r"(?P<folder>(?:.*/)?)run\d+/class_labels\.txt")
"""run07/class_labels.txt: in each line a query, and the drawing of its letter that is shown."""

_MOST_BYTES = 1_000_000
"""A drawing takes some 300 bytes; a member that claims more than this is none."""


@dataclass(frozen=True, eq=False)
class OneShotRun:
    """One run: all shown drawings are by one person, all queries by another.

    Attributes:
        name: of the run, ``run07``.
        shown: one drawing of each letter.
        queries: drawings to be read.
        truth: (len(queries),) which of the shown is the same letter.
    """

    name: str
    shown: tuple[Page, ...]
    queries: tuple[Page, ...]
    truth: NDArray[np.intp]


def load_one_shot_runs(archive: str | Path) -> tuple[OneShotRun, ...]:
    """Read the runs of Lake, Salakhutdinov and Tenenbaum (2015) straight out of ``all_runs.zip``, by name.

    Raises:
        DataError: the file is missing, no zip file, holds no run, or a run is not whole.
    """
    try:
        with opened(archive) as members:
            tables = [match for name in sorted(members.namelist()) if (match := _TABLE.fullmatch(name))]
            runs = tuple(_run(members, match) for match in tables)
    except (KeyError, ValueError) as error:
        raise DataError(f"{archive}: expected whole one-shot runs ({error}); fetch all_runs.zip anew") from error
    if not runs:
        raise DataError(f"{archive}: expected run01/class_labels.txt and so on, found none; give all_runs.zip")
    return runs


def _run(members: zipfile.ZipFile, match: re.Match[str]) -> OneShotRun:
    """Return the run whose table has this name; ValueError where it is not whole."""
    lines = members.read(match[0]).decode("utf-8").split("\n")
    pairs = [line.split() for line in lines if line.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"{match[0]}: no table of two columns")
    shown = sorted({pair[1] for pair in pairs})
    places: Mapping[str, int] = {name: i for i, name in enumerate(shown)}
    return OneShotRun(
        Path(match[0]).parent.name,
        tuple(_drawing(members, match["folder"] + name) for name in shown),
        tuple(_drawing(members, match["folder"] + pair[0]) for pair in pairs),
        np.array([places[pair[1]] for pair in pairs], np.intp),
    )


def _drawing(members: zipfile.ZipFile, name: str) -> Page:
    """Return a drawing, (105, 105) uint8; ValueError where it is none."""
    if members.getinfo(name).file_size > _MOST_BYTES:
        raise ValueError(f"{name}: no drawing, but {members.getinfo(name).file_size:,} bytes")
    return decode_drawing(members.read(name), name)
