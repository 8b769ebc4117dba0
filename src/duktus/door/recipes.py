"""What can be trained: the tasks by name, and the recipes that come with Duktus.

Tasks are imported when they are named: those of networks bring what Keras needs, others do not.
"""

from collections.abc import Iterable
from importlib import import_module, resources
from pathlib import Path
from typing import Any, TypeAlias

from duktus.learning.recipe import load_recipe, read_task
from duktus.learning.settings import Recipe
from duktus.learning.task import Task
from duktus.types import RecipeError

AnyTask: TypeAlias = Task[Any, Any, Any]

TASKS = {
    "glyph-classifier": "duktus.glyphs.training.tasks:GlyphClassifier",
    "glyph-encoder": "duktus.glyphs.training.tasks:GlyphEncoder",
    "hand-classifier": "duktus.hands.training.classifier:HandClassifier",
    "hand-encoder": "duktus.hands.training.encoder:HandEncoder",
    "line-transcriber": "duktus.lines.training.transcribing:LineTranscriber",
    "page-segmenter": "duktus.written.training.segmentation:PageSegmenter",
}
"""Where the task of each name is."""

DATA_SETS = {"mnist": "digits-quick", "omniglot": "glyph-encoder", "iam": "hands"}
"""The recipe that the name of a data set stands for."""


def task_of(name: str) -> AnyTask:
    """Return the task of a name.

    Raises:
        RecipeError: there is none.
    """
    if name not in TASKS:
        raise RecipeError(f"expected task: {' or '.join(TASKS)}; received {name!r}; correct the recipe")
    module, _, kind = TASKS[name].partition(":")
    task: AnyTask = getattr(import_module(module), kind)()
    return task


def recipe_names() -> tuple[str, ...]:
    """Return the names of the recipes that come with Duktus, such as ``digits``, sorted."""
    folder = _recipes()
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.toml")))


def open_recipe(place: str | Path, overrides: Iterable[str] = ()) -> Recipe:
    """Read a recipe.

    Args:
        place: a recipe's file; the name of one that comes with Duktus, such as ``digits`` or ``recipes/digits.toml``;
            or the name of a data set with such a recipe (``DATA_SETS``).
        overrides: settings other than the recipe's: "epochs=2" or "fit.epochs=2".

    Raises:
        RecipeError: there is no such recipe, a key is unknown, a value has the wrong type or is out of range.
    """
    path = _find(place)
    recipe: Recipe = load_recipe(path, task_of(read_task(path)), overrides)
    return recipe


def is_recipe(place: str | Path) -> bool:
    """Return whether a place is a recipe and no labelled images: a TOML file, or a name of a recipe or data set."""
    path = Path(place)
    return not path.is_dir() and (path.suffix.lower() == ".toml" or (not path.exists() and _named(path) is not None))


def _find(place: str | Path) -> Path:
    """Return the file of a recipe."""
    path = Path(place)
    found = path if path.is_file() else _named(path)
    if found is None:
        known = f"those that come with Duktus are {', '.join(recipe_names())}"
        raise RecipeError(f"expected a recipe in TOML, found no file {path}; {known}")
    return found


def _named(path: Path) -> Path | None:
    """Return the file of a recipe that comes with Duktus, by its name; None where there is none."""
    name = path.with_suffix("").as_posix().removeprefix("recipes/") if path.suffix == ".toml" else path.as_posix()
    name = DATA_SETS.get(name, name)
    return _recipes() / f"{name}.toml" if name in recipe_names() else None


def _recipes() -> Path:
    """Return the folder of the recipes that come with Duktus."""
    return Path(str(resources.files("duktus"))) / "recipes"
