"""A recipe: everything that a training is, in one TOML file, checked before anything runs.

The keys and tables of a recipe are the fields of a dataclass that its task declares, a child of ``Recipe``.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from duktus.learning.settings import NetworkRecipe, Recipe, fit_faults
from duktus.learning.task import Task
from duktus.types import RecipeError

R = TypeVar("R", bound=Recipe)

_OWN = frozenset(("text", "folder"))
"""Fields of a recipe that are no keys of its file."""


def read_task(path: str | Path) -> str:
    """Return the name of the task that a recipe is for.

    Raises:
        RecipeError: the file is missing or no TOML, or names no task.
    """
    task = _read(Path(path))[1].get("task")
    if not isinstance(task, str):
        raise RecipeError(f"{path}: expected the key 'task', received {task!r}; add it")
    return task


def load_recipe(path: str | Path, task: Task[R, Any, Any], overrides: Iterable[str] = ()) -> R:
    """Read a recipe.

    Args:
        path: of the TOML file.
        task: whose recipe it is.
        overrides: "epochs=2" or "fit.epochs=2"; a key without a dot is looked for in every table of the task.

    Raises:
        RecipeError: the file is missing or no TOML, a key is unknown, a value has the wrong type or is out of range.
    """
    path = Path(path)
    text, table = _read(path)
    for override in overrides:
        _override(table, override, task.recipe)
        text += f"\n# --set {' '.join(override.split())}"
    recipe: R = replace(_decode(task.recipe, table, str(path)), text=text, folder=path.parent)
    _check(recipe, task)
    return recipe


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """Return a recipe's text and its tables."""
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError as error:
        raise RecipeError(f"expected a recipe in TOML, found no file {path}; check the path") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: expected a recipe in TOML, received {error}; see recipes/digits.toml") from error


def _check(recipe: R, task: Task[R, Any, Any]) -> None:
    """Raise where values contradict each other or are out of range."""
    common = fit_faults(recipe.fit) if isinstance(recipe, NetworkRecipe) else ()
    for wrong, expected in ((recipe.task != task.name, f"task: {task.name}"), *task.faults(recipe), *common):
        if wrong:
            raise RecipeError(f"recipe {recipe.name!r}: expected {expected}; correct the recipe or its --set")


def _override(table: dict[str, Any], override: str, kind: type[Recipe]) -> None:
    """Put one "key=value" into the table."""
    key, separator, value = override.partition("=")
    if not separator or not key:
        raise RecipeError(f"--set: expected key=value, received {override!r}")
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:  # words without quotation marks
        parsed = value
    *parents, last = _resolve(key, kind).split(".")
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            raise RecipeError(f"--set: expected a table and its key, received {key!r}, but {parent} is no table")
    table[last] = parsed


def _resolve(key: str, kind: type[Recipe]) -> str:
    """Return the full name of a key: "epochs" is "fit.epochs" where one table alone has it."""
    hints = _keys(kind)
    if "." in key or key in hints:
        return key
    tables = {name: _keys(hint) for name, hint in hints.items() if is_dataclass(hint)}
    owners = [name for name, keys in tables.items() if key in keys]
    if len(owners) != 1:
        found = " and ".join(owners) or "no table"
        advice = _similar(key, [*hints, *(name for keys in tables.values() for name in keys)]) or "write table.key"
        raise RecipeError(f"--set: expected a key of the recipe, received {key!r}, which {found} has; {advice}")
    return f"{owners[0]}.{key}"


def _similar(key: str, known: Iterable[str]) -> str:
    """Return a question for a key that looks like a known one, empty where none does."""
    close = get_close_matches(key, list(known), 1)
    return f"did you mean {close[0]!r}?" if close else ""


def _keys(kind: Any) -> dict[str, Any]:
    """Return the keys of a table with their types, each without its "or None"."""
    return {name: _plain(hint) for name, hint in get_type_hints(kind).items() if name not in _OWN}


def _plain(kind: Any) -> Any:
    kinds = [each for each in get_args(kind) if each is not NoneType]
    return kinds[0] if NoneType in get_args(kind) else kind


def _decode(kind: Any, table: dict[str, Any], where: str) -> Any:
    """Return a dataclass from a TOML table, strictly."""
    hints = _keys(kind)
    if unknown := sorted(set(table) - set(hints)):
        advice = _similar(unknown[0], hints) or "remove it"
        raise RecipeError(f"{where}: expected keys among {', '.join(hints)}; received {unknown[0]!r}; {advice}")
    required = [each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]
    if missing := [name for name in required if name not in table]:
        raise RecipeError(f"{where}: expected the key {missing[0]!r}, received none; add it")
    return kind(**{key: _value(hints[key], value, f"{where}: {key}") for key, value in table.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    """Return a TOML value as the type that a field has."""
    if is_dataclass(kind) and isinstance(value, dict):
        return _decode(kind, value, where)
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_value(get_args(kind)[0], item, where) for item in value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is kind:
        return value
    raise RecipeError(f"{where}: expected {getattr(kind, '__name__', kind)}, received {value!r}")
