"""``duktus train``: a network, from recipe to model file."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import visible
from duktus.door import training


def train(
    recipe: Annotated[Path, Parameter(name="RECIPE|FOLDER")],
    /,
    *,
    data: Path | None = None,
    out: Path | None = None,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    summary: Annotated[bool, Parameter(negative=())] = False,
    tensorboard: Path | None = None,
) -> None:
    """Train, measure and pack a network, on a folder of labelled images or as a recipe says; print where it lies.

    Args:
        recipe: Labelled images (a folder, a table, an archive of Omniglot), or a recipe (TOML).
        data: Where a recipe's data set lies, if not under $DUKTUS_DATA or in the user's cache.
        out: The model file to write; by default the folder's or recipe's name with .onnx, in this folder.
        settings: A setting other than the recipe's, as in --set epochs=2; may be given several times.
        summary: Show the network's layers, parameters and operations instead of training it.
        tensorboard: A folder for TensorBoard's logs.
    """
    if summary:
        print(training.summarize(recipe, data=data, settings=settings or ()))
        return
    model = training.train(recipe, out=out, data=data, settings=settings or (), tensorboard=tensorboard, report=_report)
    print(visible(str(model.path)))


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
