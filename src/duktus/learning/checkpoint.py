"""A training on disk: all that is needed to go on after a kill, in one file that is never half written."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError, RecipeError

Arrays: TypeAlias = list[NDArray[Any]]

History: TypeAlias = Sequence[Mapping[str, float]]
"""The figures of each epoch by name, from the first on."""

GROUPS = ("weights", "optimizer", "averaged", "best")
"""The fields of ``Progress`` that hold arrays; a file has them one by one, as "weights.0"."""


@dataclass
class Progress:
    """Where a training stands after ``epoch`` epochs: weights, the optimizer's state, averaged and best weights.

    ``best_error`` is the standard error of ``best_score``; ``history`` has the figures of each epoch.
    """

    epoch: int
    seconds: float
    weights: Arrays
    optimizer: Arrays
    averaged: Arrays
    best: Arrays
    best_score: float
    best_error: float = 0.0
    history: History = ()

    def then(self, later: "Progress") -> "Progress":
        """Return this training and one that went on from it as one."""
        seconds, history = self.seconds + later.seconds, (*self.history, *later.history)
        return replace(later, epoch=self.epoch + later.epoch, seconds=seconds, history=history)


def save_progress(path: Path, progress: Progress, recipe: str) -> None:
    """Write a checkpoint beside the old one and put it in its place.

    Args:
        path: the checkpoint, ``.npz``.
        progress: where the training stands.
        recipe: its recipe's text, for ``load_progress`` to compare.

    Raises:
        DataError: the disk is full or the folder cannot be written; the old checkpoint stays whole.
    """
    arrays = {f"{name}.{i}": array for name in GROUPS for i, array in enumerate(getattr(progress, name))}
    state = np.array([progress.epoch, progress.seconds, progress.best_score, progress.best_error])
    history = np.array(json.dumps([dict(logs) for logs in progress.history]))
    save_arrays(path, {"state": state, "recipe": np.array(recipe), "history": history, **arrays})


def load_progress(path: Path, recipe: str) -> Progress | None:
    """Return the checkpoint of a training, None where there is none.

    Raises:
        RecipeError: it is another recipe's.
        DataError: the file is no checkpoint.
    """
    arrays = load_arrays(path)
    if arrays is None:
        return None
    if not {"state", "recipe", "history"} <= set(arrays):
        raise DataError(f"{path}: expected a checkpoint, received other arrays; delete it")
    if str(arrays["recipe"]) != recipe:
        advice = f"delete {path.parent} to start anew, or name another --out"
        raise RecipeError(f"{path}: expected a checkpoint of this recipe, received one of another; {advice}")
    epoch, seconds, score, error = arrays["state"].tolist()
    groups = {name: _group(arrays, name) for name in GROUPS}
    history = tuple(json.loads(str(arrays["history"])))
    return Progress(int(epoch), seconds, **groups, best_score=score, best_error=error, history=history)


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write named arrays as one ``.npz``, whole or not at all: beside the old file first, then in its place.

    Raises:
        DataError: the disk is full or the folder cannot be written; the old file stays whole.
    """
    scratch = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        _discard(scratch)
        advice = "free some space, or name another --out"
        raise DataError(f"{path}: the file could not be written ({error.strerror or error}); {advice}") from error


def load_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of an ``.npz`` by name, None where there is no file; no code of the file is run.

    Raises:
        DataError: the file is broken or cannot be read.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, TypeError, BadZipFile) as error:
        broken = f"received a broken file ({error})"
        raise DataError(f"{path}: expected what an earlier run wrote, {broken}; delete it") from error


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # what hinders the removal has hindered the writing, and that error is the one to report


def _group(arrays: Mapping[str, NDArray[Any]], name: str) -> Arrays:
    count = sum(key.startswith(f"{name}.") for key in arrays)
    return [arrays[f"{name}.{i}"] for i in range(count)]
