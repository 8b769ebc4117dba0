"""``duktus train``: a network, from recipe to model file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from duktus.cli.terminal import INTERRUPTED, Bar, UsageError, complain, visible

if TYPE_CHECKING:
    from duktus.learning.recipe import Recipe


def train(
    recipe: Annotated[Path, Parameter(name="RECIPE|FOLDER")],
    /,
    *,
    data: Path | None = None,
    out: Path | None = None,
    group_by: Literal["number"] | None = None,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    summary: Annotated[bool, Parameter(negative=())] = False,
    tensorboard: Path | None = None,
) -> int:
    """Train, measure and pack a network, on a folder of labelled images or as a recipe says; print where it lies.

    Args:
        recipe: Labelled images (a folder, a table, an archive of Omniglot); a recipe (TOML), or the name of one that
            comes with Duktus (digits, digits-quick, runes, hands, …) or of a data set (mnist).
        data: Where a recipe's data set lies, if not under $DUKTUS_DATA or in the user's cache.
        out: The model file to write; by default the folder's or recipe's name with .onnx, in this folder.
        group_by: "number" if the numbers at the end of the files' names are those of drawers or pages (ᚠ_07.png):
            images of one number are then trained on or measured, not both.
        settings: A setting other than the recipe's, as in --set epochs=2; may be given several times.
        summary: Show the network's layers, parameters and operations instead of training it.
        tensorboard: A folder for TensorBoard's logs.
    """
    from duktus.learning.train import TrainingInterrupted
    from duktus.training import summarise, train_recipe

    grouping = [f"group_by={group_by}"] if group_by else []
    plan, data = _plan(recipe, data, [*grouping, *(settings or ())])
    target = out or Path(f"{plan.name}.onnx")
    try:
        if summary:
            print(summarise(plan, data))
            return 0
        with Bar("") as bar:
            path = train_recipe(plan, data=data, out=target, report=_report, show=bar.show, tensorboard=tensorboard)
    except TrainingInterrupted as stopped:
        complain(str(stopped))
        return INTERRUPTED
    print(visible(str(path)))
    return 0


def _plan(place: Path, data: Path | None, settings: list[str]) -> "tuple[Recipe, Path | None]":
    """Return a recipe and where its data lie; what is no recipe is taken for labelled images."""
    from duktus.training import folder_recipe, is_recipe, open_recipe

    if is_recipe(place):
        return open_recipe(place, settings), data
    if data is not None:
        raise UsageError(f"--data is for recipes; expected a recipe (TOML), received the images {place}")
    return folder_recipe(place, settings), place


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
