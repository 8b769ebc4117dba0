"""Whose hand, of the writers trained on: our recipe beside the published one, IAM parted by form and by line.

Each of the four is trained as ``duktus train`` does, and its model stays in the folder of the run: one that lies
there already, trained by the same recipe, is measured as its card says and not trained again.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.results import Outcome, Row, Target, exactly
from benchmarks.setting import Setting
from benchmarks.timing import own_process
from duktus.door.recipes import open_recipe, task_of
from duktus.learning.train import train
from duktus.models.card import Card
from duktus.models.file import read_card
from duktus.reporting.intervals import Estimate
from duktus.types import DuktusError

OURS, PUBLISHED = "hands.toml", "published/hands.toml"

SPLITS = {"page": ("form",), "line": ("line", "data.refit=false")}
"""What stands on one side, in a recipe's word and in IAM's; and what else is changed: by line, the lines that are held
out in the end are of forms that were trained on."""

LEVELS = {"patches right": "patches", "lines right": "lines", "pages right": "forms"}
"""A card's figures and what they are called here."""

TARGETS = {
    ("page", "patches"): Target(0.94),
    ("page", "lines"): Target(0.99),
    ("page", "forms"): Target(1.0),
    ("line", "patches"): Target(0.96),
}

LONGEST = 40 * 60.0
"""Seconds that a training may take."""

NOTE = (
    "IAM's sentence pieces by the 50 writers with the most forms, one in five to test, and a part of the others to "
    "choose and calibrate by. A patch is a square as high as its line; ours are of ink alone, so that the paper and "
    "the tone of the pen are no help, the published recipe's are of the scan's own greys. A line is what 20 of its "
    "patches say together, a form what all of its lines' do: 'by line', forms have lines on both sides and are no "
    "test. The published recipe makes 10 passes, where it was published with about 129 and 94 % of patches by line; "
    "elsewhere, with 10 passes and nothing set aside, it had 80.2 % of patches, 93.3 % of lines and 97.2 % of forms by "
    "form, and 82.4 % of patches by line. The figures are the cards', from the end of each training; intervals are "
    "over forms."
)


def run(setting: Setting) -> Outcome:
    """Train both recipes on both splits, where that was not done yet, and set their cards' figures side by side."""
    rows: list[Row] = []
    for split, (name, *changes) in SPLITS.items():
        ours, theirs = _trained(OURS, split, changes, setting), _trained(PUBLISHED, split, [], setting)
        figures, beside = _figures(ours), _figures(theirs)
        for level, found in figures.items():
            if split == "page" or level != "forms":
                target = TARGETS.get((split, level))
                what = f"IAM, 50 writers trained on, split by {name}: {level}"
                rows.append(Row(what, "share", found, beside.get(level), target=target, headline=target is not None))
        times = (exactly(card.training.seconds) for card in (ours, theirs))
        limit = Target(LONGEST, at_least=False)
        rows.append(Row(f"the training, split by {name}", "seconds", *times, target=limit, headline=split == "page"))
    return Outcome(tuple(rows), (NOTE,))


def _trained(name: str, split: str, changes: Sequence[str], setting: Setting) -> Card:
    """Return the card of a recipe's model, trained now unless it lies there.

    Raises:
        DuktusError: the training failed.
    """
    recipe = open_recipe(setting.root / "recipes" / name, [f"patches.split={split}", *changes])
    out = setting.runs / f"{recipe.name}-by-{split}.onnx"
    if not _is_of(out, recipe.text):
        setting.report(f"training {name}, split by {split}")
        setting.runs.mkdir(parents=True, exist_ok=True)
        with own_process(setting.isolated) as executor:
            executor.submit(train, task_of(recipe.task), recipe, out=out, report=setting.report).result()
    return read_card(out)


def _is_of(out: Path, recipe: str) -> bool:
    """Tell whether a model lies there that this recipe made."""
    try:
        return read_card(out).training.recipe == recipe
    except (DuktusError, OSError):
        return False


def _figures(card: Card) -> dict[str, Estimate]:
    """Return a card's figures by level."""
    return {LEVELS[m.name]: Estimate(m.value, m.low, m.high, m.n) for m in card.metrics if m.name in LEVELS}
