"""A training on disk: all that is needed to go on after a kill, in one file that is never half written."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.types import DataError, RecipeError

Arrays = list[NDArray[Any]]


@dataclass
class Progress:
    """Where a training stands after ``epoch`` epochs: weights, the optimizer's state, averaged and best weights."""

    epoch: int
    seconds: float
    weights: Arrays
    optimizer: Arrays
    averaged: Arrays
    best: Arrays
    best_score: float


def save_progress(path: Path, progress: Progress, recipe: str) -> None:
    """Write a checkpoint beside the old one and put it in its place.

    Raises:
        DataError: the disk is full or the folder cannot be written; the old checkpoint stays whole.
    """
    groups = {name: getattr(progress, name) for name in ("weights", "optimizer", "averaged", "best")}
    arrays = {f"{name}.{i}": array for name, group in groups.items() for i, array in enumerate(group)}
    scratch = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as file:
            state = np.array([progress.epoch, progress.seconds, progress.best_score])
            np.savez(file, allow_pickle=False, state=state, recipe=np.array(recipe), **arrays)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise DataError(f"{path}: the checkpoint could not be written ({error.strerror}); free some space") from error


def load_progress(path: Path, recipe: str) -> Progress | None:
    """Return the checkpoint of a training, None where there is none.

    Raises:
        RecipeError: it is another recipe's.
        DataError: the file is no checkpoint.
    """
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["recipe"]) != recipe:
                advice = f"delete {path.parent} to start anew, or name another --out"
                raise RecipeError(f"{path}: expected a checkpoint of this recipe, received one of another; {advice}")
            groups = {name: _group(file, name) for name in ("weights", "optimizer", "averaged", "best")}
            epoch, seconds, score = file["state"].tolist()
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: expected a checkpoint, received a broken file ({error}); delete it") from error
    return Progress(int(epoch), seconds, **groups, best_score=score)


def _group(file: Any, name: str) -> Arrays:
    count = sum(key.startswith(f"{name}.") for key in file.files)
    return [file[f"{name}.{i}"] for i in range(count)]
