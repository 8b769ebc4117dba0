"""``duktus train``: a network, from recipe to model file."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import visible
from duktus.types import MissingExtraError


def train(
    recipe: Annotated[Path, Parameter(name="RECIPE")],
    /,
    *,
    data: Path | None = None,
    out: Path | None = None,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    summary: Annotated[bool, Parameter(negative=())] = False,
    tensorboard: Path | None = None,
) -> None:
    """Train, measure and pack a network as a recipe says, and print where the model lies.

    Progress goes to standard error. Training that was interrupted goes on from its checkpoint when it is called
    again. Needs the extra 'train'.

    Args:
        recipe: A recipe (TOML).
        data: Where the data set lies, if not under $DUKTUS_DATA or in the user's cache.
        out: The model file to write; by default the recipe's name with .onnx, in this folder.
        settings: A setting other than the recipe's, as in --set epochs=2; may be given several times.
        summary: Show the network's layers, parameters and operations instead of training it.
        tensorboard: A folder for TensorBoard's logs.
    """
    try:
        from duktus.training import fit
        from duktus.training.recipe import load_recipe
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"Training needs {error.name}: pip install 'duktus[train]'") from error

    plan = load_recipe(recipe, list(settings or ()))
    if summary:
        print(fit.summary(plan))
        return
    target = out or Path(f"{plan.name}.onnx")
    print(visible(str(fit.train(plan, data=data, out=target, report=_report, tensorboard=tensorboard))))


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
