"""A recipe: everything that a training is, in one TOML file, checked before anything runs.

The keys and tables of a recipe are the fields of a dataclass that its task declares, a child of ``Recipe``.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, Protocol, TypeVar, get_args, get_type_hints

from duktus.learning.settings import FitSettings, NetworkSettings, fit_faults
from duktus.types import RecipeError


@dataclass(frozen=True)
class Recipe:
    """What the recipes of all tasks have.

    Attributes:
        name: of the model.
        task: what is trained.
        seed: of everything that is drawn at random.
        limits: sentences on what the model is not for; they go into its card.
        attribution: credits that the data's licences ask for; those of data that were used go into the card.
        text: the TOML that the recipe came from, overrides included; it goes into the card.
        folder: where its file lies.
    """

    name: str
    task: str
    seed: int = 1
    limits: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    text: str = ""
    folder: Path = Path()


@dataclass(frozen=True)
class NetworkRecipe(Recipe):
    """What the recipes of all networks have."""

    network: NetworkSettings = field(default_factory=NetworkSettings)
    fit: FitSettings = field(default_factory=FitSettings)


R = TypeVar("R", bound=Recipe)
R_co = TypeVar("R_co", bound=Recipe, covariant=True)


class _Tables(Protocol[R]):
    """Of a task what reading a recipe needs; see ``task.Task``."""

    @property
    def name(self) -> str: ...

    @property
    def recipe(self) -> type[R]: ...

    def faults(self, recipe: R) -> Iterable[tuple[bool, str]]: ...


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


def load_recipe(path: str | Path, task: _Tables[R], overrides: Iterable[str] = ()) -> R:
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
    if own := _OWN & set(table):
        raise RecipeError(f"{path}: expected keys of a recipe, received {min(own)!r}; remove it")
    recipe: R = _decode(task.recipe, {**table, "text": text, "folder": path.parent}, str(path))
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


def _check(recipe: R, task: _Tables[R]) -> None:
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
    hints = get_type_hints(kind)
    if "." in key or key in hints:
        return key
    tables = {name: _names(_plain(table)) for name, table in hints.items()}
    owners = [name for name, names in tables.items() if key in names]
    if len(owners) != 1:
        found = " and ".join(owners) or "no table"
        similar = _similar(key, [*hints, *(name for names in tables.values() for name in names)])
        advice = similar or "write table.key"
        raise RecipeError(f"--set: expected a key of the recipe, received {key!r}, which {found} has; {advice}")
    return f"{owners[0]}.{key}"


def _similar(key: str, known: Iterable[str]) -> str:
    """Return a question for a key that looks like a known one, empty where none does."""
    close = get_close_matches(key, [name for name in known if name not in _OWN], 1)
    return f"did you mean {close[0]!r}?" if close else ""


def _names(kind: Any) -> set[str]:
    return {item.name for item in fields(kind)} if is_dataclass(kind) else set()


def _plain(kind: Any) -> Any:
    """Return the type without its "or None"."""
    kinds = [each for each in get_args(kind) if each is not NoneType]
    return kinds[0] if NoneType in get_args(kind) else kind


def _decode(kind: Any, table: dict[str, Any], where: str) -> Any:
    """Return a dataclass from a TOML table, strictly."""
    hints = get_type_hints(kind)
    unknown = sorted(set(table) - set(hints))
    if unknown:
        known = ", ".join(name for name in hints if name not in _OWN)
        advice = _similar(unknown[0], hints) or "remove it"
        raise RecipeError(f"{where}: expected keys among {known}; received {unknown[0]!r}; {advice}")
    missing = [item.name for item in fields(kind) if item.name not in table and _required(item)]
    if missing:
        raise RecipeError(f"{where}: expected the key {missing[0]!r}, received none; add it")
    return kind(**{key: _value(_plain(hints[key]), value, f"{where}: {key}") for key, value in table.items()})


def _required(item: Any) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _value(kind: Any, value: Any, where: str) -> Any:
    """Return a TOML value as the type that a field has."""
    if is_dataclass(kind) and isinstance(value, dict):
        return _decode(kind, value, where)
    if kind == tuple[str, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if kind == tuple[float, ...] and isinstance(value, list):
        return tuple(_value(float, item, where) for item in value)
    if kind == tuple[int, ...] and isinstance(value, list) and all(type(item) is int for item in value):
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and isinstance(value, kind) and isinstance(value, bool) == (kind is bool):
        return value
    expected = getattr(kind, "__name__", str(kind))
    raise RecipeError(f"{where}: expected {expected}, received {value!r}")
