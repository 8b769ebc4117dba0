"""``duktus train``: a network, from recipe to model file."""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from duktus.cli.terminal import INTERRUPTED, UsageError, complain, visible
from duktus.types import MissingExtraError

if TYPE_CHECKING:
    from duktus.learning.recipe import Recipe


def train(
    recipe: Annotated[Path, Parameter(name="RECIPE|FOLDER")],
    /,
    *,
    data: Path | None = None,
    out: Path | None = None,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    summary: Annotated[bool, Parameter(negative=())] = False,
    tensorboard: Path | None = None,
) -> int:
    """Train, measure and pack a network, on a folder of labelled images or as a recipe says; print where it lies.

    Args:
        recipe: Labelled images (a folder, a table, an archive of Omniglot), or a recipe (TOML).
        data: Where a recipe's data set lies, if not under $DUKTUS_DATA or in the user's cache.
        out: The model file to write; by default the folder's or recipe's name with .onnx, in this folder.
        settings: A setting other than the recipe's, as in --set epochs=2; may be given several times.
        summary: Show the network's layers, parameters and operations instead of training it.
        tensorboard: A folder for TensorBoard's logs.
    """
    plan, data = _plan(recipe, data, list(settings or ()))
    target = out or Path(f"{plan.name}.onnx")
    if plan.task == "hand-encoder" and not summary:
        from duktus.hands.training.encoder import train_hands

        print(visible(str(train_hands(plan, data=data, out=target, report=_report))))
        return 0
    fit = _import_fit()  # after the recipe: a slip in it is told at once
    if summary:
        print(fit.summary(plan, data))
        return 0
    try:
        print(visible(str(fit.train(plan, data=data, out=target, report=_report, tensorboard=tensorboard))))
    except fit.TrainingInterrupted as stopped:
        complain(str(stopped))
        return INTERRUPTED
    return 0


def _plan(place: Path, data: Path | None, settings: list[str]) -> "tuple[Recipe, Path | None]":
    """Return a recipe and where its data lie; what is no recipe is taken for labelled images."""
    from duktus.glyphs.training.folder import folder_recipe
    from duktus.learning.recipe import load_recipe

    if place.suffix.lower() == ".toml" and not place.is_dir():
        return load_recipe(place, settings), data
    if data is not None:
        raise UsageError(f"--data is for recipes; expected a recipe (TOML), received the images {place}")
    return folder_recipe(place, settings), place


def _import_fit() -> ModuleType:
    # TensorFlow tells of its own build on standard error, where the lines of progress are.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        from duktus.learning import fit
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"training needs {error.name}: pip install 'duktus[train]'") from error
    return fit


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
