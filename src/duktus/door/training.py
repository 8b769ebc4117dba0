"""Networks trained on a folder of labelled images or as a recipe says. Keras is loaded here and nowhere else."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from duktus.types import MissingExtraError, UsageError

if TYPE_CHECKING:
    from duktus.door.models import Model
    from duktus.learning.recipe import Recipe

Settings = Mapping[str, Any] | Iterable[str]
"""Settings other than the recipe's: {"epochs": 2}, or as on the command line, ["epochs=2"]."""


def train(
    source: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    data: str | os.PathLike[str] | None = None,
    settings: Settings = (),
    tensorboard: str | os.PathLike[str] | None = None,
    report: Callable[[str], None] = print,
) -> "Model":
    """Train, measure and pack a network, on a folder of labelled images or as a recipe says.

    Interrupted or killed, it goes on from its checkpoint when it is called again. Needs the extra ``train``.

    Args:
        source: labelled images (a folder a label, labels in file names, a table, an archive of Omniglot), or a recipe
            (TOML).
        out: the model file to write; by default the source's name with .onnx, in this folder.
        data: where a recipe's data set lies, if not under $DUKTUS_DATA or in the user's cache.
        settings: settings other than the recipe's, as in ``{"epochs": 2}``.
        tensorboard: a folder for TensorBoard's event files.
        report: receives each line of progress.

    Returns:
        The trained model.

    Raises:
        DataError, RecipeError: the data or the recipe cannot be used.
        KeyboardInterrupt: Ctrl-C; it says how the same call goes on from the last whole epoch.
        MissingExtraError: a package of the extra ``train`` is missing.

    >>> train("drawings", out="drawings.onnx", settings={"epochs": 1})  # doctest: +SKIP
    <Model 'drawings', a glyph-classifier of 3 labels, drawings.onnx>
    """
    from duktus.door.models import Model

    plan, folder = _plan(Path(source), data, settings)
    target = Path(out or f"{plan.name}.onnx")
    if plan.task == "hand-encoder":
        from duktus.hands.training.encoder import train_hands

        return Model(train_hands(plan, data=folder, out=target, report=report))
    fit = _import_fit()
    logs = None if tensorboard is None else Path(tensorboard)
    try:
        return Model(fit.train(plan, data=folder, out=target, report=report, tensorboard=logs))
    except fit.TrainingInterrupted as stopped:
        raise KeyboardInterrupt(str(stopped)) from None


def summarize(
    source: str | os.PathLike[str], *, data: str | os.PathLike[str] | None = None, settings: Settings = ()
) -> str:
    """Return the layers, parameters and operations of the network that ``train`` would train, as text.

    Args:
        source: labelled images or a recipe, as in ``train``.
        data: where a recipe's data set lies.
        settings: settings other than the recipe's.

    >>> print(summarize("recipes/digits-quick.toml"))  # doctest: +SKIP
    Model: "digits-quick"
    ...
    """
    plan, folder = _plan(Path(source), data, settings)
    text: str = _import_fit().summary(plan, folder)
    return text


def _plan(place: Path, data: str | os.PathLike[str] | None, settings: Settings) -> "tuple[Recipe, Path | None]":
    """Return a recipe and where its data lie; what is no recipe is taken for labelled images."""
    from duktus.glyphs.training.folder import folder_recipe
    from duktus.learning.recipe import load_recipe

    chosen = [f"{key}={json.dumps(value)}" for key, value in settings.items()] if isinstance(settings, Mapping) else []
    chosen = chosen or list(settings)
    if place.suffix.lower() == ".toml" and not place.is_dir():
        return load_recipe(place, chosen), None if data is None else Path(data)
    if data is not None:
        raise UsageError(f"data is for recipes; expected a recipe (TOML), received the images {place}; leave it out")
    return folder_recipe(place, chosen), place


def _import_fit() -> ModuleType:
    # TensorFlow reports its own build on standard error, where the lines of progress are.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        from duktus.learning import fit
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"training needs {error.name}: pip install 'duktus[train]'") from error
    return fit
