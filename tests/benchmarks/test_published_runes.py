"""The published rune recipe is the one that was published, and its race is run on drawers of its own."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import published_runes
from benchmarks.sections import runes
from benchmarks.sections.runes import Run
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.glyphs.training.tasks import GlyphClassifier
from duktus.learning.networks import build_network
from duktus.learning.recipe import load_recipe
from tests.glyphs.training.encoders import write_letters


def test_network_has_the_published_size(repository: Path) -> None:
    """Both forms have the published layers; the project's has a third of the first layer's kernels, of one channel."""
    recipe = load_recipe(repository / "recipes" / "published" / "runes.toml", GlyphClassifier())
    ours = build_network(recipe.network.layers, (50, 50), 24).count_params()
    assert published_runes.build_network(24).count_params() == ours + 2 * 9 * 64
    assert (recipe.fit.epochs, recipe.fit.batch, recipe.fit.weight_decay, recipe.fit.final_rate) == (5, 32, 0.0, 1.0)


def test_copies_are_turned() -> None:
    """Each picture has four copies under its label; a white one stays white at its edge."""
    pictures, labels = published_runes.with_copies(np.ones((2, 50, 50, 3), np.float32), ["a", "b"])
    assert len(pictures) == len(labels) == 10
    assert labels[2:4] == ["a", "b"]
    assert pictures.min() == pytest.approx(1, abs=1e-5)


def test_accuracy_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The script trains on one folder, tests on another and prints the share of right answers."""
    folders = [str(write_letters(tmp_path / part, "AX", 3, first)) for part, first in (("train", 0), ("test", 5))]
    published_runes.main([*folders, "--epochs", "1", "--copies"])
    assert 0 <= json.loads(capsys.readouterr().out)["accuracy"] <= 1


def test_drawers_stand_on_one_side(tmp_path: Path) -> None:
    """A draw has twelve drawers to train on and six others to test, of the first 24 letters alone."""
    png = (write_letters(tmp_path / "one", "A", 1) / "A_000.png").read_bytes()
    rows = [(f"Own/character{c:02d}", f"Own/{d:02d}") for c in range(1, 27) for d in range(1, 21)]
    images = LabelledImages([png] * len(rows), tuple(r[0] for r in rows), tuple(r[1] for r in rows), ("x",) * len(rows))
    (tmp_path / "draw").mkdir()
    parts = runes.write_draw(images, tmp_path / "draw", 3)
    train, test = (load_labelled(parts[side] / "drawings.csv") for side in ("train", "test"))
    assert (len(train), len(test)) == (24 * 12, 24 * 6)
    assert not set(train.groups) & set(test.groups)
    assert len(list(parts["train"].glob("*_*.png"))) == len(train)


def test_rows() -> None:
    """Ours stands beside the published recipe with its copies."""
    courses = {name: [Run(0.8, 20.0), Run(0.9, 22.0)] for name in runes.PUBLISHED}
    first, second, *others = runes._rows({"ours": [Run(1.0, 50.0), Run(0.996, 52.0)], **courses})
    assert first.met
    assert second.met
    assert first.peer
    assert first.peer.value == pytest.approx(0.85)
    assert len(others) == 6
