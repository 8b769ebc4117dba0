"""Networks trained on a folder of labelled images or as a recipe says. Keras is loaded here and nowhere else."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from duktus.door.models import Model
from duktus.door.recipes import is_recipe, open_recipe, task_of
from duktus.door.sessions import Place
from duktus.learning.settings import Recipe
from duktus.learning.task import show_nothing
from duktus.learning.train import TrainingInterrupted, require
from duktus.learning.train import train as train_task
from duktus.models.file import find_model, read_card
from duktus.types import UsageError

Settings = Mapping[str, Any] | Iterable[str]
"""Settings other than the recipe's: {"epochs": 2}, or as on the command line, ["epochs=2"]."""


def train(  # noqa: PLR0913  # each is an option of the command
    source: Place,
    *,
    out: Place | None = None,
    data: Place | None = None,
    start: Place | None = None,
    group_by: Literal["number"] | None = None,
    settings: Settings = (),
    tensorboard: Place | None = None,
    report: Callable[[str], None] = print,
    progress: Callable[[float, float, str], None] | None = None,
) -> Model:
    """Train, evaluate and export a network, on a folder of labelled images or by a recipe.

    After an interruption, the same call resumes from the checkpoint. Needs the extra ``train``.

    Args:
        source: labelled images (one folder per label, labels in file names, a table, an archive of Omniglot); a recipe
            (TOML), or the name of a shipped one (digits, digits-quick, runes, hands, …) or of a data set
            (mnist).
        out: the model file to write; by default the source's name with .onnx, in this folder.
        data: where a recipe's data set lies, if not under $DUKTUS_DATA or in the user's cache. For the recipe ``lines``
            your own lines: ``name.png`` beside ``name.gt.txt``, a table (file,text), pages with ALTO or PAGE files;
            the shipped model is then fine-tuned on these.
        start: a model to start from, its name or its file, where ``source`` is no recipe: a transcriber (``lines``,
            ``numbers``) for lines with their texts, a table of corrections (``--review``) too; an encoder of letters
            for labelled images.
        group_by: "number" if the numbers at the end of the files' names are those of drawers or pages (ᚠ_07.png):
            images of one number are then used for training or for evaluation, not both.
        settings: settings other than the recipe's, as in ``{"epochs": 2}``.
        tensorboard: a folder for TensorBoard's event files.
        report: receives each line of progress.
        progress: receives the completed part of an epoch or of the preparation, its total, and its name.

    Returns:
        The trained model.

    Raises:
        DataError, RecipeError: the data or the recipe cannot be used.
        KeyboardInterrupt: Ctrl-C; the message says how the same call resumes from the last complete epoch.
        MissingExtraError: a package of the extra ``train`` is missing.

    >>> train("drawings", out="drawings.onnx", settings={"epochs": 1})  # doctest: +SKIP
    <Model 'drawings', a glyph-classifier of 3 labels, drawings.onnx>
    """
    plan, folder = _plan(Path(source), data, settings, group_by, start)
    target, logs = Path(out or f"{plan.name}.onnx"), None if tensorboard is None else Path(tensorboard)
    try:
        task = task_of(plan.task)
        return Model(
            train_task(
                task, plan, data=folder, out=target, report=report, show=progress or show_nothing, tensorboard=logs
            )
        )
    except TrainingInterrupted as stopped:
        raise KeyboardInterrupt(str(stopped)) from None


def summarize(source: Place, *, data: Place | None = None, settings: Settings = ()) -> str:
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
    task = task_of(plan.task)
    require(task.needs)
    return task.summary(plan, folder)


def _from_start(place: Path, start: Path, data: Place | None, chosen: list[str]) -> tuple[Recipe, Path | None]:
    """Return the recipe of a training that starts from a model, for what that model reads."""
    of_lines = is_recipe(place) and _is_of_lines(place) and data is not None
    if (is_recipe(place) or data is not None) and not of_lines:
        raise UsageError(f"--from and start are for your own images; expected these, received {place}")
    task, named = read_card(start).task, f"={json.dumps(str(start))}"
    if task == "line-transcriber":
        folder = Path(data) if data is not None else place
        return open_recipe("own-lines", [_name_of(folder), f"start{named}", *chosen]), folder
    if task == "glyph-encoder":
        from duktus.glyphs.training.tasks import folder_recipe  # it brings what Keras needs

        return folder_recipe(place, [f"network.start{named}", *chosen]), place
    raise UsageError(f"{start}: expected a transcriber or an encoder of letters to start from, received a {task}")


def _is_of_lines(place: Path) -> bool:
    return place.stem in ("lines", "own-lines")


def _name_of(folder: Path) -> str:
    """Return a setting: the model is called by where the lines lie."""
    return f"name={json.dumps(folder.resolve().stem or 'own-lines', ensure_ascii=False)}"


def _plan(
    place: Path, data: Place | None, settings: Settings, group_by: str | None = None, start: Place | None = None
) -> tuple[Recipe, Path | None]:
    """Return a recipe and where its data lie; what is no recipe is taken for labelled images."""
    own = (
        [f"{key}={json.dumps(value)}" for key, value in settings.items()] if isinstance(settings, Mapping) else settings
    )
    chosen = [*([f"group_by={group_by}"] if group_by else []), *own]
    if start is not None:
        return _from_start(place, find_model(start), data, chosen)
    if is_recipe(place):
        folder = None if data is None else Path(data)
        if folder is not None and _is_of_lines(place) and not (folder / "unipen").is_dir():
            # Whoever names lines of one's own wants the shipped model made better at them, and not the sets' lines.
            return open_recipe("own-lines", [_name_of(folder), *chosen]), folder
        return open_recipe(place, chosen), folder
    if data is not None:
        raise UsageError(f"data is for recipes; expected a recipe (TOML), received the images {place}; leave it out")
    from duktus.glyphs.training.tasks import folder_recipe  # it brings what Keras needs

    return folder_recipe(place, chosen), place
