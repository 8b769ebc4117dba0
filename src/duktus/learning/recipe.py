"""A recipe: everything that a training is, in one TOML file, checked before anything runs."""

import tomllib
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from math import inf
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from duktus.glyphs.training.pools import PoolSettings
from duktus.hands.training.patches import PatchSettings, patch_faults
from duktus.hands.training.settings import HandSettings, hand_faults
from duktus.imaging.frames.augmentation import AugmentSettings
from duktus.imaging.frames.contours import ContourSettings
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.settings import DataSettings, FitSettings, NetworkSettings
from duktus.types import RecipeError

TASKS = ("glyph-classifier", "glyph-encoder", "hand-classifier", "hand-encoder")
"""What a recipe can train."""


FOLDER = "folder"
"""The source of recipes whose images lie where the caller says."""


@dataclass(frozen=True)
class Recipe:
    """A training, whole. ``text`` is the TOML it came from, overrides included, and goes into the card.

    An encoder's ``labels`` are those of its data, a hand classifier's its writers; those of a classifier that holds out
    a share of its data are the data's, too.
    """

    name: str
    task: str
    labels: tuple[str, ...] = ()
    other: bool = False
    seed: int = 1
    limits: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    data: DataSettings = field(default_factory=DataSettings)
    ink: InkSettings = field(default_factory=InkSettings)
    glyph: GlyphFrame = field(default_factory=GlyphFrame)
    patches: PatchSettings = field(default_factory=PatchSettings)
    pools: PoolSettings = field(default_factory=PoolSettings)
    augment: AugmentSettings | None = None
    network: NetworkSettings = field(default_factory=NetworkSettings)
    fit: FitSettings = field(default_factory=FitSettings)
    contours: ContourSettings = field(default_factory=ContourSettings)
    hands: HandSettings = field(default_factory=HandSettings)
    text: str = ""
    folder: Path = Path()

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of what the network sees: a glyph, or a patch of text for a hand."""
        if self.task == "hand-classifier":
            return self.patches.size, self.patches.size
        return self.glyph.height, self.glyph.width


_OWN = frozenset(("text", "folder"))
"""Fields of a recipe that are no keys of its file."""


def load_recipe(path: str | Path, overrides: list[str] | None = None) -> Recipe:
    """Read a recipe.

    Args:
        path: of the TOML file.
        overrides: "epochs=2" or "fit.epochs=2"; a key without a dot is looked for in every table.

    Raises:
        RecipeError: the file is missing or no TOML, a key is unknown, a value has the wrong type or is out of range.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: expected a recipe in TOML, received {error}; see recipes/digits.toml") from error
    for override in overrides or []:
        _override(table, override)
        text += f"\n# --set {' '.join(override.split())}"
    if own := _OWN & set(table):
        raise RecipeError(f"{path}: expected keys of a recipe, received {min(own)!r}; take it out")
    recipe: Recipe = _decode(Recipe, {**table, "text": text, "folder": path.parent}, str(path))
    _check(recipe)
    return recipe


def _check(recipe: Recipe) -> None:
    """Raise where values contradict each other or lie out of range."""
    for wrong, expected in (
        (recipe.task not in TASKS, f"task: {' or '.join(TASKS)}"),
        ((recipe.task == "hand-encoder") != bool(recipe.hands.sources), "hands.sources in encoders of hands alone"),
        *_data_faults(recipe),
        *_network_faults(recipe),
        *hand_faults(recipe.hands, recipe.contours),
        *_glyph_faults(recipe.glyph),
        *patch_faults(recipe.patches),
        *_pool_faults(recipe),
        *_fit_faults(recipe.fit),
    ):
        if wrong:
            raise RecipeError(f"recipe {recipe.name!r}: expected {expected}; mend the recipe or its --set")


def _data_faults(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the labels and the data, and whether it is."""
    data, named = recipe.data, recipe.labels
    encodes = recipe.task != "glyph-classifier"
    own = encodes or data.held > 0
    votes = recipe.task == "hand-classifier"
    of_labelled = bool(data.unlike or data.turns or data.names)
    return (
        (not own and (len(set(named)) != len(named) or len(named) < 2), "labels: at least two, none twice"),
        (own and bool(named), "no labels: encoders, hand classifiers, and who holds out data (data.held), take its"),
        (not encodes and bool(data.without or data.quarter_turns), "data.without in encoders alone"),
        (not 0 <= data.held < 1 or (encodes and data.held > 0), "data.held: a classifier's, from 0 up to but not 1"),
        (not data.held and of_labelled, "data.held above 0 beside data.unlike, turns or names"),
        (data.refit and not (data.held or votes), "data.refit beside data.held above 0, or of a hand classifier"),
        (data.held > 0 and any(vars(recipe.pools).values()), "no pools beside data.held"),
        (not 0 <= data.unlike <= 3, "data.unlike: from 0 to 3"),
        (data.unlike > 0 and not (recipe.other and recipe.network.start), "other and network.start beside data.unlike"),
        (bool(data.turns) and not data.raw, "data.raw beside data.turns; [augment] turns ink"),
        (data.validation < 1, "data.validation: at least 1"),
        (not 0 <= data.pool_share <= 1, "data.pool_share: from 0 to 1"),
    )


def _network_faults(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the network, and whether it is."""
    begun, layers, drawn = bool(recipe.network.start), recipe.network.layers, recipe.task != "hand-encoder"
    foreign = recipe.task == "glyph-encoder" or recipe.data.raw or recipe.glyph != GlyphFrame()
    return (
        (drawn and not layers and not begun, "network.layers: at least one layer, or network.start"),
        (begun and bool(layers), "network.layers or network.start, not both"),
        (begun and foreign, "network.start in classifiers of ink, without [glyph]: the frame is the encoder's"),
    )


def _glyph_faults(frame: GlyphFrame) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the frame, and whether it is."""
    return (
        (not 1 <= frame.box <= min(frame.height, frame.width), "glyph.box: from 1 to the frame's height and width"),
        (not 0 < frame.stroke_min <= frame.stroke_max, "glyph.stroke_min: above 0 and up to glyph.stroke_max"),
    )


def _pool_faults(recipe: Recipe) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the pools and the variation, and whether it is."""
    pools, varied = recipe.pools, recipe.augment
    foreign = pools.letters + pools.omniglot + pools.unwritten + pools.halves + pools.pairs
    shares = vars(varied) if varied else {}
    return (
        (min(vars(pools).values()) < 0, "pools: no figure below 0"),
        (foreign > 0 and not recipe.other, "other = true, an output for the pools of what is none of the labels"),
        (not all(value >= 0 for value in shares.values()), "augment: no figure below 0"),
        (varied is not None and varied.share > 1, "augment.share: from 0 to 1"),
    )


def _fit_faults(fit: FitSettings) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the fitting, and whether it is."""
    policies = ("auto", "float32", "mixed_bfloat16")
    return (
        (fit.epochs < 1 or fit.batch < 1, "fit.epochs and fit.batch: at least 1"),
        (fit.longest < 0, "fit.longest: at least 0"),
        (not 0 < fit.learning_rate < inf, "fit.learning_rate: above 0"),
        (not 0 <= fit.warm_up < 1, "fit.warm_up: from 0 up to but not 1"),
        (not 0 <= fit.final_rate <= 1, "fit.final_rate: from 0 to 1"),
        (not 0 <= fit.weight_decay < inf, "fit.weight_decay: at least 0"),
        (not 0 <= fit.smoothing < 1, "fit.smoothing: from 0 up to but not 1"),
        (not 0 <= fit.average < 1, "fit.average: from 0 up to but not 1"),
        (fit.precision not in policies, f"fit.precision: {', '.join(policies)}"),
    )


def _override(table: dict[str, Any], override: str) -> None:
    """Put one "key=value" into the table."""
    key, separator, value = override.partition("=")
    if not separator or not key:
        raise RecipeError(f"--set: expected key=value, received {override!r}")
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:  # words without quotation marks
        parsed = value
    *parents, last = _resolve(key).split(".")
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            raise RecipeError(f"--set: expected a table and its key, received {key!r}, but {parent} is no table")
    table[last] = parsed


def _resolve(key: str) -> str:
    """Return the full name of a key: "epochs" is "fit.epochs" where one table alone has it."""
    hints = get_type_hints(Recipe)
    if "." in key or key in hints:
        return key
    owners = [name for name, kind in hints.items() if key in _names(_plain(kind))]
    if len(owners) != 1:
        found = " and ".join(owners) or "no table"
        raise RecipeError(f"--set: expected a key of the recipe, received {key!r}, which {found} has; write table.key")
    return f"{owners[0]}.{key}"


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
        raise RecipeError(f"{where}: expected keys among {', '.join(hints)}; received {unknown[0]!r}; take it out")
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
