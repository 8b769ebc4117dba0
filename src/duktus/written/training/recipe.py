"""The recipe of a page segmenter: what is composed, how the network is built and how long it learns."""

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from duktus.types import RecipeError
from duktus.written.training.fit import FitSettings
from duktus.written.training.network import Widths


@dataclass(frozen=True)
class PoolSettings:
    """What a network learns from and is measured on.

    Attributes:
        composed: how many squares are composed.
        transcribed: squares of each transcribed page.
        side: of a square, in pixels.
        weight: how often a transcribed square is seen for once that a composed one is.
        measured: pages composed of what trains nothing.
        page: their size (h, w), in pixels.
    """

    composed: int = 1920
    transcribed: int = 5
    side: int = 384
    weight: int = 2
    measured: int = 200
    page: tuple[int, ...] = (960, 720)


@dataclass(frozen=True)
class WritingRecipe:
    """A training, whole; ``text`` is the TOML that it came from."""

    name: str
    task: str
    seed: int = 1
    pool: PoolSettings = field(default_factory=PoolSettings)
    network: Widths = field(default_factory=Widths)
    fit: FitSettings = field(default_factory=FitSettings)
    text: str = ""


_TABLES: dict[str, Any] = {"pool": PoolSettings, "network": Widths, "fit": FitSettings}


def read_recipe(path: Path) -> WritingRecipe:
    """Read a recipe.

    Raises:
        RecipeError: the file is missing or no TOML, is for another task, or has a key that is unknown.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise RecipeError(f"{path}: expected a recipe, but {error.strerror}; check the path") from error
    except ValueError as error:
        raise RecipeError(f"{path}: expected TOML, received something else ({error}); mend that line") from error
    if content.get("task") != "page-segmenter":
        raise RecipeError(f"{path}: expected task = 'page-segmenter', received {content.get('task')!r}")
    tables = {name: _table(kind, content.pop(name, {}), name) for name, kind in _TABLES.items()}
    plain = _table(WritingRecipe, content, "the top level")
    tables["fit"] = replace(tables["fit"], seed=plain.seed)
    return replace(plain, text=text, **tables)


def _table(kind: Any, content: dict[str, Any], where: str) -> Any:
    known = {each.name: each.type for each in fields(kind)} if kind is not WritingRecipe else None
    names = known or {"name": str, "task": str, "seed": int}
    unknown = sorted(set(content) - set(names))
    if unknown:
        raise RecipeError(f"{where}: expected {', '.join(names)}, received {', '.join(unknown)}; take it out")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}
    wrong = [name for name, value in values.items() if not isinstance(value, (int, float, str, tuple))]
    if wrong:
        raise RecipeError(f"{where}: expected figures and texts, received a table for {', '.join(wrong)}; take it out")
    return kind(**values)
