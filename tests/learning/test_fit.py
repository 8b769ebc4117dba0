"""A training from its recipe to its model: fitted, interrupted, killed and gone on with, and refused."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training.dataset import prepare
from duktus.glyphs.training.pools import PoolSettings
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import GlyphClassifier
from duktus.learning.checkpoint import GROUPS, Progress, load_progress
from duktus.learning.fit import fit, learning_rate
from duktus.learning.samples import Samples, TrainingData
from duktus.learning.task import Report, Work
from duktus.learning.train import TrainingInterrupted, train
from duktus.models.file import check_model, read_card
from duktus.types import MissingExtraError, RecipeError
from tests.glyphs.training.sets import quietly, small_recipe


def quiet(line: str) -> None:
    """Takes a line of progress and drops it."""


def stop_after(epoch: int, line: str) -> None:
    """Presses Ctrl-C at the end of an epoch."""
    if line.startswith(f"epoch   {epoch}"):
        raise KeyboardInterrupt


TASK = GlyphClassifier()


def fitted(recipe: GlyphRecipe, data: TrainingData, path: Path, report: Report) -> Progress:
    """The recipe's network, fitted."""
    return fit(TASK, recipe, data, path, Work(path.parent, report=report), initial=data.initial)


@pytest.fixture
def recipe(tmp_path: Path) -> GlyphRecipe:
    """Two epochs of a small network without dropout, whose state no checkpoint holds."""
    return small_recipe(tmp_path)


@pytest.fixture(scope="module")
def data(data_set: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    """What the small recipe trains on."""
    folder = tmp_path_factory.mktemp("data")
    return prepare(small_recipe(folder), quietly(folder, data_set))


def assert_same_weights(first: Progress, second: Progress) -> None:
    """Both trainings ended at the same weights, of every kind, and the same state of the optimizer."""
    for name in GROUPS:
        for one, other in zip(getattr(first, name), getattr(second, name), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_recipe_becomes_a_model(data_set: Path, tmp_path: Path) -> None:
    """One call trains, with pools and variation, and leaves a checked model with its card, and nothing else."""
    recipe = small_recipe(tmp_path, "other=true", "epochs=12", "augment.rotate=5", "pool_share=0.5")
    recipe = replace(recipe, pools=PoolSettings(written=24, letters=12))
    lines: list[str] = []
    out = tmp_path / "models" / "three.onnx"
    out.parent.mkdir()
    assert train(TASK, recipe, data=data_set, out=out, report=lines.append, tensorboard=tmp_path / "logs") == out
    assert check_model(out).passed
    card = read_card(out)
    assert card.training.epochs == 12
    assert {metric.name for metric in card.metrics} >= {"accuracy"}
    assert next(metric.value for metric in card.metrics if metric.name == "accuracy") > 0.6
    assert sorted(item.name for item in out.parent.iterdir()) == ["three.onnx", "three.report"]
    assert "Learning curve" in (tmp_path / "models" / "three.report" / "report.html").read_text(encoding="utf-8")
    assert sum(line.startswith("epoch") for line in lines) == 12
    assert lines[-2].startswith("test: accuracy")
    assert lines[-1].endswith("report.html")
    (events,) = (tmp_path / "logs").iterdir()
    assert b"validation_accuracy" in events.read_bytes()


def test_interrupted_training_goes_on(data_set: Path, recipe: GlyphRecipe, tmp_path: Path) -> None:
    """Ctrl-C ends a training with what to do; the same call then goes on, says so, and writes the model."""
    out = tmp_path / "three.onnx"
    with pytest.raises(TrainingInterrupted, match=r"goes on from the last whole epoch, kept in .*three\.training"):
        train(TASK, recipe, data=data_set, out=out, report=lambda line: stop_after(1, line))
    assert not out.exists()
    lines: list[str] = []
    train(TASK, recipe, data=data_set, out=out, report=lines.append)
    assert "going on after epoch 1" in lines
    assert [line[:11] for line in lines if line.startswith("epoch")] == ["epoch   2/2"]
    assert read_card(out).training.epochs == 2
    assert not (tmp_path / "three.training").exists()


def test_interruption_before_the_first_epoch(data_set: Path, recipe: GlyphRecipe, tmp_path: Path) -> None:
    """Ctrl-C while the data are prepared says that there is nothing yet to go on from."""

    def stop(line: str) -> None:
        raise KeyboardInterrupt(line)

    with pytest.raises(TrainingInterrupted, match="goes on from the start"):
        train(TASK, recipe, data=data_set, out=tmp_path / "three.onnx", report=stop)


def test_resumed_training_ends_where_a_whole_one_does(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """A training stopped after an epoch and gone on with gives the weights of one never stopped; another seed's not."""
    recipe = replace(recipe, fit=replace(recipe.fit, epochs=3))
    whole = fitted(recipe, data, tmp_path / "whole.npz", quiet)
    with pytest.raises(KeyboardInterrupt):
        fitted(recipe, data, tmp_path / "parts.npz", lambda line: stop_after(1, line))
    parts = fitted(recipe, data, tmp_path / "parts.npz", quiet)
    assert parts.epoch == 3
    assert parts.seconds > 0
    assert_same_weights(parts, whole)
    other = fitted(replace(recipe, seed=2), data, tmp_path / "other.npz", quiet)
    assert not np.allclose(other.weights[0], whole.weights[0])


def test_checkpoint_of_a_finished_training(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """Its own recipe has nothing left to train, with averaged weights beside the last ones; another is refused."""
    done = fitted(recipe, data, tmp_path / "c.npz", quiet)
    assert not np.allclose(done.averaged[0], done.weights[0])
    lines: list[str] = []
    assert_same_weights(fitted(recipe, data, tmp_path / "c.npz", lines.append), done)
    assert lines == ["going on after epoch 2"]
    with pytest.raises(RecipeError, match="received one of another"):
        fitted(small_recipe(tmp_path, "epochs=5"), data, tmp_path / "c.npz", quiet)


def test_best_epoch_is_kept(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """The weights kept are those of the epoch with the highest accuracy on the validation part."""
    lines: list[str] = []
    recipe = replace(recipe, fit=replace(recipe.fit, epochs=6, learning_rate=0.05))
    progress = fitted(recipe, data, tmp_path / "c.npz", lines.append)
    shares = [logs["validation_accuracy"] for logs in progress.history]
    assert f"validation {100 * shares[0]:.2f} %" in lines[0]
    assert progress.best_score == max(shares)


def test_longest_training(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """No more whole passes are made than the most steps allow, but one at the least."""
    lines: list[str] = []
    for longest, epochs in ((7, 2), (1, 1)):
        bound = replace(recipe, fit=replace(recipe.fit, epochs=6, longest=longest))
        assert fitted(bound, data, tmp_path / f"{longest}.npz", lines.append).epoch == epochs
    assert lines[0].startswith("epoch   1/2")


def test_weights_to_begin_with(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """A training begins with given weights; with nothing to choose by the last weights are kept."""
    initial = [np.zeros_like(weight) for weight in fitted(recipe, data, tmp_path / "a.npz", quiet).weights]
    nothing = Samples(data.own.frames[:0], data.own.classes[:0])
    begun = replace(data, initial=initial, validation=nothing)
    still = replace(recipe, fit=replace(recipe.fit, epochs=1, learning_rate=1e-12, weight_decay=0.0, average=0.0))
    progress = fitted(still, begun, tmp_path / "b.npz", quiet)
    assert max(float(np.abs(weight).max()) for weight in progress.best[:1]) < 1e-6


def test_gradients_are_clipped(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """Gradients of next to no length move no weight, those without a bound do."""
    initial = fitted(recipe, data, tmp_path / "a.npz", quiet).weights
    moved = []
    for clip in (0.0, 1e-14):
        settings = replace(recipe.fit, epochs=1, weight_decay=0.0, clip=clip)
        begun = replace(data, initial=initial)
        progress = fitted(replace(recipe, fit=settings), begun, tmp_path / f"{clip}.npz", quiet)
        moved.append(float(np.abs(progress.weights[0] - initial[0]).max()))
    assert moved[1] < 1e-5 < moved[0]


def test_mixed_precision(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """A training in bfloat16 keeps its weights in float32; without averaging the averaged ones are the last."""
    recipe = replace(recipe, fit=replace(recipe.fit, precision="mixed_bfloat16", epochs=1, average=0.0))
    progress = fitted(recipe, data, tmp_path / "c.npz", quiet)
    assert {weight.dtype for weight in progress.weights} == {np.dtype(np.float32)}
    for mean, weight in zip(progress.averaged, progress.weights, strict=True):
        np.testing.assert_allclose(mean, weight, atol=1e-6)


def test_loss_that_runs_away(recipe: GlyphRecipe, data: TrainingData, tmp_path: Path) -> None:
    """A training whose loss is no number ends at once, with the setting to lower, and leaves no checkpoint of it."""
    recipe = replace(recipe, fit=replace(recipe.fit, learning_rate=float("nan")))
    with pytest.raises(RecipeError, match=r"epoch 1: expected a loss that falls.*fit\.learning_rate"):
        fitted(recipe, data, tmp_path / "c.npz", quiet)
    assert not (tmp_path / "c.npz").exists()


def test_learning_rate(recipe: GlyphRecipe) -> None:
    """The rate rises to its peak during the warm-up and falls to the named share of it at the last step."""
    recipe = replace(recipe, fit=replace(recipe.fit, learning_rate=0.004, warm_up=0.1, final_rate=0.01))
    rates = [float(learning_rate(recipe.fit, 100)(step)) for step in range(101)]
    assert rates[0] == pytest.approx(0.004 / 50)
    assert max(rates) == rates[10] == pytest.approx(0.004)
    assert rates[100] == pytest.approx(0.00004)
    assert np.diff(rates[:11]).min() > 0 > np.diff(rates[10:]).max()


@pytest.mark.parametrize("steps", [1, 2, 50])
def test_constant_learning_rate(recipe: GlyphRecipe, steps: int) -> None:
    """With a final rate of 1 the rate stays at its peak after the first step, however few steps there are."""
    recipe = replace(recipe, fit=replace(recipe.fit, warm_up=0.0, final_rate=1.0))
    rate = learning_rate(recipe.fit, steps)
    assert [float(rate(step)) for step in range(1, steps + 1)] == pytest.approx([recipe.fit.learning_rate] * steps)


def test_summary(recipe: GlyphRecipe) -> None:
    """A network is described by its layers, parameters and operations, without data."""
    text = TASK.summary(recipe, None)
    assert "conv2d" in text
    assert "Total params" in text
    assert text.endswith("million multiply-adds an image")


def test_missing_package(data_set: Path, recipe: GlyphRecipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that only the end of a training needs is named at its beginning."""
    monkeypatch.setattr(GlyphClassifier, "needs", ("keras", "no_such_package"))
    with pytest.raises(MissingExtraError, match=r"training needs no_such_package: pip install 'duktus\[train\]'"):
        train(TASK, recipe, data=data_set, out=tmp_path / "three.onnx", report=quiet)
    assert not (tmp_path / "three.training").exists()


def test_killed_training_leaves_a_checkpoint(data_set: Path, tmp_path: Path, repository: Path) -> None:
    """A training that is killed without notice, at whatever moment, leaves a checkpoint that loads and goes on."""
    recipe = small_recipe(tmp_path, "epochs=5000")
    program = (
        "import sys; from pathlib import Path; import duktus; folder = Path(sys.argv[1]); "
        "duktus.train(folder / 'three.toml', data=sys.argv[2], out=folder / 'm.onnx', settings=['epochs=5000'])"
    )
    command = [sys.executable, "-c", program, str(tmp_path), str(data_set)]
    checkpoint = tmp_path / "m.training" / "checkpoint.npz"
    with subprocess.Popen(command, cwd=repository / "src", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith(b"epoch   3"):
            assert process.poll() is None
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
    progress = load_progress(checkpoint, recipe.text)
    assert progress is not None
    assert progress.epoch >= 3
