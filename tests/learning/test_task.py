"""A task that ``learning`` does not know is trained end to end: where the ink of a small picture has its middle.

It stands for what tasks to come need of the protocol: a table of its own in the recipe, batches made on the fly with
sample weights, a loss and metrics of its own, a network for pictures of any size, two kinds of output in one array
(a map, pixel by pixel, and numbers), a score of its own to choose by.
"""

# ruff: noqa: ARG002  # a task need not look at all that the protocol gives it

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.checkpoint import Progress
from duktus.learning.export import compare, export_onnx
from duktus.learning.fit import fit
from duktus.learning.packing import draft_card
from duktus.learning.precision import mixed_precision
from duktus.learning.recipe import load_recipe
from duktus.learning.settings import NetworkRecipe
from duktus.learning.task import NETWORK_PACKAGES, Batch, Faults, Objective, Packed, Predict, Validation, Work
from duktus.learning.train import TrainingInterrupted, train
from duktus.models.card import DataSource, Metric, Preprocessing, Sample
from duktus.models.container import embed_card
from duktus.models.file import check_model, open_model_file, read_card
from duktus.models.runtime import Session
from duktus.types import DataError, RecipeError

RECIPE = """
name = "spots"
task = "spot-segmenter"
limits = ["Knows one spot."]

[spots]
side = 16
steps = 12

[fit]
epochs = 3
batch = 8
learning_rate = 0.02
average = 0.5
precision = "float32"
"""

Pictures = NDArray[np.float32]


@dataclass(frozen=True)
class SpotSettings:
    """The task's own table: pixels of a picture's side, and batches an epoch."""

    side: int = 16
    steps: int = 12


@dataclass(frozen=True)
class SpotRecipe(NetworkRecipe):
    """The task's recipe."""

    spots: SpotSettings = field(default_factory=SpotSettings)


def draw_spots(count: int, side: int, rng: np.random.Generator) -> tuple[Pictures, Pictures]:
    """Pictures (n, h, w, 1) of one dark spot under noise, and targets (n, h, w, 2): the spot, and how bright it is."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    at, bright = rng.uniform(4, side - 4, (2, count, 1, 1)), rng.uniform(0.5, 1, (count, 1, 1))
    spot = ((y - at[0]) ** 2 + (x - at[1]) ** 2 < 9).astype(np.float32)
    noisy = spot * bright + rng.normal(0, 0.1, spot.shape)
    return noisy[..., None].astype(np.float32), np.stack([spot, spot * bright], axis=-1).astype(np.float32)


class SpotSegmenter:
    """A mask and a regression, pixel by pixel."""

    name = "spot-segmenter"
    recipe = SpotRecipe
    needs = NETWORK_PACKAGES

    def faults(self, recipe: SpotRecipe) -> Faults:
        """A picture has a place for its spot."""
        return ((recipe.spots.side < 12, "spots.side: at least 12"),)

    def prepare(self, recipe: SpotRecipe, work: Work) -> tuple[SpotRecipe, tuple[Pictures, Pictures]]:
        """The validation part; what is trained on is drawn batch by batch."""
        if work.data is not None:
            raise DataError("expected no data, received some")
        work.report("drawing spots")
        return recipe, draw_spots(16, recipe.spots.side, np.random.default_rng((recipe.seed, 0)))

    def network(self, recipe: SpotRecipe) -> Any:
        """A fully convolutional network."""
        import keras

        inputs = keras.Input((None, None, 1))
        x = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
        return keras.Model(inputs, keras.layers.Conv2D(2, 3, padding="same", dtype="float32")(x))

    def objective(self, recipe: SpotRecipe) -> Objective:
        """Cross-entropy of the mask, and the square of the error in brightness, where there is a spot."""
        from keras import ops

        def loss(truth: Any, outputs: Any) -> Any:
            mask = ops.binary_crossentropy(truth[..., 0], outputs[..., 0], from_logits=True)
            return ops.mean(mask + truth[..., 0] * ops.square(outputs[..., 1] - truth[..., 1]), axis=(1, 2))

        def overlap(truth: Any, outputs: Any) -> Any:
            return ops.mean(ops.cast((outputs[..., 0] > 0) == (truth[..., 0] > 0), "float32"), axis=(1, 2))

        return Objective(loss, [overlap])

    def steps(self, recipe: SpotRecipe, data: tuple[Pictures, Pictures]) -> int:
        """As the recipe says."""
        return recipe.spots.steps

    def batches(self, recipe: SpotRecipe, data: tuple[Pictures, Pictures], epoch: int) -> Iterator[Batch]:
        """Pictures of two sizes in turn, the first of each batch counting twice."""
        rng = np.random.default_rng((recipe.seed, 1, epoch))
        for step in range(recipe.spots.steps):
            pictures, targets = draw_spots(recipe.fit.batch, recipe.spots.side + 4 * (step % 2), rng)
            yield pictures, targets, np.array([2.0] + [1.0] * (len(pictures) - 1), np.float32)

    def validate(self, recipe: SpotRecipe, data: tuple[Pictures, Pictures], predict: Predict) -> Validation:
        """The share of right pixels."""
        right = float(((predict(data[0], batch=5)[..., 0] > 0) == (data[1][..., 0] > 0)).mean())
        return Validation({"validation_overlap": right}, right)

    def fit(self, recipe: SpotRecipe, data: tuple[Pictures, Pictures], work: Work) -> Progress:
        """Fit the network."""
        return fit(self, recipe, data, work.folder / "checkpoint.npz", work)

    def pack(self, recipe: SpotRecipe, data: tuple[Pictures, Pictures], fitted: Progress) -> Packed:
        """Export and describe."""
        with mixed_precision("float32"):
            network = self.network(recipe)
            network.set_weights(fitted.best)
            content = export_onnx(network, "pictures")
            source = DataSource("drawn spots", "0" * 64, "none", len(data[0]), "drawn on the fly")
            card = draft_card(
                recipe, Preprocessing(InkSettings(), None), [source], seconds=fitted.seconds, epochs=fitted.epoch
            )
            outputs = Session(embed_card(content, card)).run(data[0])
            compare(network, Session(embed_card(content, card)), data[0])
        right = float(((outputs[..., 0] > 0) == (data[1][..., 0] > 0)).mean())
        metric = Metric("overlap", right, right, right, len(outputs), "drawn")
        card = replace(card, metrics=(metric,), sample=Sample.of(data[0][:2], outputs[:2]))
        return Packed(content, card, fitted.history, advice=("draw more spots",))

    def summary(self, recipe: SpotRecipe, data: Path | None) -> str:
        """In a word."""
        return "spots"


def recipe_of(folder: Path, *overrides: str) -> SpotRecipe:
    """The recipe, from a file."""
    (folder / "spots.toml").write_text(RECIPE, encoding="utf-8")
    return load_recipe(folder / "spots.toml", SpotSegmenter(), overrides)


def test_a_new_task_becomes_a_model(tmp_path: Path) -> None:
    """Interrupted within its training and gone on with, it ends in a checked file with its card, and in a report."""
    task, recipe, out = SpotSegmenter(), recipe_of(tmp_path), tmp_path / "spots.onnx"

    def stop(line: str) -> None:
        if line.startswith("epoch   2"):
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted, match="from the last whole epoch"):
        train(task, recipe, out=out, report=stop)
    lines: list[str] = []
    steps: list[tuple[float, float, str]] = []
    train(task, recipe, out=out, report=lines.append, show=lambda *step: steps.append(step))
    assert [line[:11] for line in lines if line.startswith(("going", "epoch"))] == ["going on af", "epoch   3/3"]
    assert (steps[-1][:2], len(steps)) == ((12, 12), 12)
    assert "overlap" in steps[-1][2]
    assert "loss" in steps[-1][2]
    assert lines[-1] == "draw more spots"
    assert check_model(out).passed
    card = read_card(out)
    assert (card.task, card.training.epochs, card.limits) == ("spot-segmenter", 3, ("Knows one spot.",))
    assert card.metrics[0].value > 0.9
    assert "Learning curve" in (tmp_path / "spots.report" / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spots.onnx", "spots.report", "spots.toml"]
    assert open_model_file(out).run(np.zeros((1, 20, 28, 1), np.float32)).shape == (1, 20, 28, 2)


def test_its_table_is_its_own(tmp_path: Path) -> None:
    """Settings of the task's table are changed by their names and checked by the task; other tasks' tables are none."""
    assert recipe_of(tmp_path, "steps=3").spots.steps == 3
    with pytest.raises(RecipeError, match=r"spots\.side: at least 12"):
        recipe_of(tmp_path, "side=4")
    with pytest.raises(RecipeError, match="which no table has"):
        recipe_of(tmp_path, "box=4")
    with pytest.raises(RecipeError, match="expected task: spot-segmenter"):
        recipe_of(tmp_path, "task=glyph-encoder")


def test_what_its_preparation_raises_leaves_no_folder(tmp_path: Path) -> None:
    """An error before anything was made leaves nothing behind."""
    with pytest.raises(DataError, match="expected no data"):
        train(SpotSegmenter(), recipe_of(tmp_path), data=tmp_path, out=tmp_path / "s.onnx", report=lambda _: None)
    assert not (tmp_path / "s.training").exists()
