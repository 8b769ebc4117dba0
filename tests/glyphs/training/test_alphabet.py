"""An alphabet from recorded pens: trained, calibrated and measured, labels that look alike as one."""

from pathlib import Path

import pytest

from duktus.glyphs.training.tasks import GlyphClassifier
from duktus.learning.recipe import load_recipe
from duktus.learning.train import train
from duktus.models.file import check_model, read_card
from duktus.types import DataError, RecipeError
from tests.glyphs.training.sets import quietly
from tests.written.unipen import write_unipen

RECIPE = """
name = "few"
task = "glyph-classifier"
labels = ["0", "1", "A", "a", "b"]
alike = [["A", "a"]]
other = true
limits = ["Knows five characters."]
attribution = ["UNIPEN: strokes."]

[data]
source = "unipen"

[pools]
recorded = 10
unwritten = 4

[network]
layers = ["conv 4 3 bn relu stride 2", "maxpool 2", "dense 8 relu"]

[fit]
epochs = 1
batch = 8
learning_rate = 0.01
precision = "float32"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The recipe, beside strokes of four writers, two of whom are kept."""
    write_unipen(tmp_path, ("hand0", "hand1", "hand15", "hand34"))
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = tmp_path / "few.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_it_becomes_a_model(path: Path) -> None:
    """Its card names the groups, and two accuracies: labels apart, and those that look alike as one."""
    out = path.with_suffix(".onnx")
    train(GlyphClassifier(), load_recipe(path, GlyphClassifier()), out=out, report=lambda _line: None)
    card = read_card(out)
    assert check_model(out).passed
    assert card.alike == (("A", "a"),)
    names = [metric.name for metric in card.metrics]
    assert names[:2] == ["accuracy", "accuracy, labels that look alike counted as one"]
    assert card.metrics[0].value <= card.metrics[1].value
    assert card.metrics[0].n == 5
    assert [source.name for source in card.data] == ["unipen"]


@pytest.mark.parametrize("groups", ['[["A", "x"]]', '[["A", "a"], ["a", "b"]]'])
def test_groups_are_of_labels(path: Path, groups: str) -> None:
    """A label of a group is a label, and of one group at most."""
    with pytest.raises(RecipeError, match="alike: groups of labels"):
        load_recipe(path, GlyphClassifier(), [f"alike={groups}"])


def test_every_label_is_recorded(path: Path) -> None:
    """A label that nobody wrote is named."""
    task = GlyphClassifier()
    plan = load_recipe(path, task, ['labels=["0", "1", "A", "a", "Q"]'])
    with pytest.raises(DataError, match=r"found none of Q"):
        task.prepare(plan, quietly(path.parent))
