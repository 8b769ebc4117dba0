"""A recipe becomes a model: its network is fitted epoch by epoch, the best weights are chosen and then packed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.models.card import Card
from duktus.models.file import save_model
from duktus.recognition.confidence import softmax
from duktus.training.board import event_writer
from duktus.training.checkpoint import Arrays, Progress, load_progress, save_progress
from duktus.training.dataset import TrainingData, as_glyphs, batches, prepare
from duktus.training.encoding import pack_encoder
from duktus.training.hand_packing import pack_hands
from duktus.training.hands import PatchData, prepare_hands
from duktus.training.letters import prepare_letters
from duktus.training.networks import operations
from duktus.training.packing import network_of, pack
from duktus.training.precision import mixed_precision, precision_of
from duktus.training.recipe import Recipe
from duktus.training.samples import Samples
from duktus.types import DuktusError, MissingExtraError, RecipeError

NEEDED = ("keras", "tensorflow", "onnx", "tf2onnx", "sklearn")
"""Packages without which a training would end before its model is written."""

Report = Callable[[str], None]


class TrainingInterrupted(DuktusError):  # noqa: N818  # like KeyboardInterrupt, which it stands for, it is no error
    """A training that was stopped by Ctrl-C. It has a checkpoint and goes on with the same command."""


@dataclass
class Fitter:
    """A network being fitted: the compiled model, and the running average of its weights."""

    recipe: Recipe
    model: Any
    averaged: Arrays
    step: int = 0

    def learn(self, glyphs: NDArray[np.float32], classes: NDArray[np.int64]) -> dict[str, float]:
        """Take one step; returns the batch's loss and accuracy."""
        logs = self.model.train_on_batch(glyphs, self._targets(classes), return_dict=True)
        self.step += 1
        keep = min(self.recipe.fit.average, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.averaged, self.model.weights, strict=True):
            np.multiply(mean, keep, out=mean)
            np.add(mean, (1 - keep) * np.asarray(weight), out=mean)
        return {name: float(value) for name, value in logs.items()}

    def _targets(self, classes: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return one-hot rows, smoothed."""
        outputs = self.model.output_shape[-1]
        smoothing = self.recipe.fit.smoothing
        targets = np.full((len(classes), outputs), smoothing / outputs, np.float32)
        targets[np.arange(len(classes)), classes] += 1 - smoothing
        return targets

    def scores(self, weights: Arrays, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits of other weights than the present ones, which stay as they are."""
        present = self.model.get_weights()
        self.model.set_weights(weights)
        scores = np.asarray(self.model.predict(glyphs, batch_size=256, verbose=0))
        self.model.set_weights(present)
        return scores


def summary(recipe: Recipe) -> str:
    """Return the network's layers, parameters and operations as text; of labels that only the data know, one."""
    network = network_of(recipe if recipe.labels else replace(recipe, labels=("?",)))
    lines: list[str] = []
    network.summary(print_fn=lambda line, **_: lines.append(line))
    unknown = [] if recipe.labels else ["Labels come from the data: the scores are shown for one of them."]
    return "\n".join([*lines, *unknown, f"{operations(network) / 1e6:.1f} million multiply-adds a glyph"])


def train(
    recipe: Recipe,
    *,
    data: Path | None = None,
    out: Path,
    report: Report = print,
    tensorboard: Path | None = None,
) -> Path:
    """Train a recipe and write the model with its card.

    Args:
        recipe: what to train.
        data: folder of the recipe's data set; found where ``duktus data`` puts it if None.
        out: the model file; checkpoints lie beside it in ``OUT.training/`` and go when the model is written.
        report: receives each line of progress.
        tensorboard: folder for TensorBoard's event files.

    Returns:
        ``out``.

    Raises:
        TrainingInterrupted: Ctrl-C; the same command goes on from the last whole epoch.
        DataError: data are missing or do not fit the recipe, or a file cannot be written.
        RecipeError: the checkpoint is another recipe's, or the loss of this one runs away.
        MissingExtraError: a package of the extra 'train' is missing.
    """
    _require_extra()
    work = out.with_suffix(".training")
    try:
        recipe, parts = _prepare(recipe, data, work / "pools.npz", report)
        progress = fit(recipe, parts, work / "checkpoint.npz", report, tensorboard)
        content, card = _pack(recipe, parts, progress)
    except KeyboardInterrupt:
        kept = f"from the last whole epoch, kept in {work}" if (work / "checkpoint.npz").exists() else "from the start"
        raise TrainingInterrupted(f"stopped; the same command goes on {kept}") from None
    save_model(content, card, out)
    figures = "; ".join(f"{each.name} {100 * each.value:.2f} % of {each.n}" for each in card.metrics[:2])
    report(f"test: {figures}; wrote {out}")
    for name in ("checkpoint.npz", "pools.npz"):
        (work / name).unlink(missing_ok=True)
    if work.exists() and not any(work.iterdir()):
        work.rmdir()
    return out


def _prepare(recipe: Recipe, data: Path | None, cache: Path, report: Report) -> tuple[Recipe, TrainingData]:
    """Return the recipe, its labels known, and what it trains on."""
    if recipe.task == "glyph-encoder":
        return prepare_letters(recipe, data, cache, report)
    if recipe.task == "hand-classifier":
        return prepare_hands(recipe, data, report)
    return recipe, prepare(recipe, data, cache, report)


def _pack(recipe: Recipe, parts: TrainingData, progress: Progress) -> tuple[bytes, Card]:
    """Return the model's content and its card."""
    if recipe.task == "glyph-encoder":
        return pack_encoder(recipe, parts, progress)
    if isinstance(parts, PatchData):
        return pack_hands(recipe, parts, progress)
    return pack(recipe, parts, progress)[:2]


def _require_extra() -> None:
    """Raise before hours of training where what comes after them could not be done."""
    missing = [package for package in NEEDED if find_spec(package) is None]
    if missing:
        raise MissingExtraError(f"training needs {', '.join(missing)}: pip install 'duktus[train]'")


def fit(recipe: Recipe, data: TrainingData, path: Path, report: Report, tensorboard: Path | None = None) -> Progress:
    """Fit a recipe's network, going on from the checkpoint at ``path`` if there is one."""
    with mixed_precision(precision_of(recipe.fit.precision)):
        fitter = _start(recipe, len(data.own.frames) + _shown(recipe, data))
        progress = load_progress(path, recipe.text) or _nothing_yet(fitter)
        _restore(fitter, progress, -(-(len(data.own.frames) + _shown(recipe, data)) // recipe.fit.batch))
        if progress.epoch:
            report(f"going on after epoch {progress.epoch}")
        began = time.monotonic() - progress.seconds
        with event_writer(tensorboard) as events:
            for epoch in range(progress.epoch + 1, recipe.fit.epochs + 1):
                logs = _pass(fitter, recipe, data, epoch)
                logs |= _validate(fitter, progress, data.validation, len(recipe.labels))
                progress.epoch, progress.seconds = epoch, time.monotonic() - began
                _keep(fitter, progress)
                save_progress(path, progress, recipe.text)
                events(epoch, logs)
                report(_line(epoch, recipe.fit.epochs, logs, progress.seconds))
    return progress


def _shown(recipe: Recipe, data: TrainingData) -> int:
    """Return how many glyphs of the pools an epoch shows."""
    return sum(round(recipe.data.pool_share * len(pool.frames)) for pool in (data.characters, data.others))


def learning_rate(recipe: Recipe, steps: int) -> Any:
    """Return the learning rate of each of a training's steps as a schedule of Keras."""
    import keras

    warm_up = max(1, round(recipe.fit.warm_up * steps))
    return keras.optimizers.schedules.CosineDecay(
        recipe.fit.learning_rate / 50,
        max(1, steps - warm_up),
        alpha=recipe.fit.final_rate,  # of the target of the warm-up, whatever Keras' documentation says
        warmup_target=recipe.fit.learning_rate,
        warmup_steps=warm_up,
    )


def _start(recipe: Recipe, shown: int) -> Fitter:
    """Return a compiled network with fresh weights."""
    import keras

    keras.utils.set_random_seed(recipe.seed)
    model = network_of(recipe)
    rate = learning_rate(recipe, recipe.fit.epochs * -(-shown // recipe.fit.batch))
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.fit.weight_decay)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    # Compiling with XLA makes these networks two to eight times slower on processors.
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    optimizer.build(model.trainable_variables)
    return Fitter(recipe, model, [np.array(weight) for weight in model.get_weights()])


def _nothing_yet(fitter: Fitter) -> Progress:
    weights = fitter.model.get_weights()
    optimizer = [np.asarray(variable) for variable in fitter.model.optimizer.variables]
    return Progress(0, 0.0, weights, optimizer, fitter.averaged, weights, -1.0)


def _restore(fitter: Fitter, progress: Progress, steps: int) -> None:
    """Put a checkpoint's state into the model."""
    fitter.model.set_weights(progress.weights)
    for variable, value in zip(fitter.model.optimizer.variables, progress.optimizer, strict=True):
        variable.assign(value)
    fitter.averaged = [array.copy() for array in progress.averaged]
    fitter.step = steps * progress.epoch


def _keep(fitter: Fitter, progress: Progress) -> None:
    """Take the model's state into a checkpoint."""
    progress.weights = fitter.model.get_weights()
    progress.optimizer = [np.asarray(variable) for variable in fitter.model.optimizer.variables]
    progress.averaged = fitter.averaged


def _pass(fitter: Fitter, recipe: Recipe, data: TrainingData, epoch: int) -> dict[str, float]:
    """Train one epoch; returns the means of its loss and accuracy on the varied glyphs."""
    sums: dict[str, float] = {}
    seen = 0
    for glyphs, classes in batches(recipe, data, epoch):
        fitter.model.reset_metrics()
        for name, value in fitter.learn(glyphs, classes).items():
            sums[name] = sums.get(name, 0.0) + value * len(glyphs)
        seen += len(glyphs)
    if not np.isfinite(sums["loss"]):
        advice = f"lower fit.learning_rate, which is {recipe.fit.learning_rate:g}"
        raise RecipeError(f"epoch {epoch}: expected a loss that falls, received {sums['loss']}; {advice}")
    return {name: value / seen for name, value in sums.items()}


def _validate(fitter: Fitter, progress: Progress, validation: Samples, classes: int) -> dict[str, float]:
    """Measure the averaged weights on the validation part, and keep them where none were clearly better."""
    weights = fitter.averaged if fitter.recipe.fit.average else fitter.model.get_weights()
    scores = fitter.scores(weights, as_glyphs(validation.frames))
    right = float((scores[:, :classes].argmax(axis=1) == validation.classes).mean())
    likelihood = softmax(scores)[np.arange(len(scores)), validation.classes]
    loss = -float(np.log(np.maximum(likelihood, np.finfo(np.float64).tiny)).mean())
    # One standard error is luck (Breiman et al. 1984): of epochs as good as the best the latest has seen most.
    progress.best_score = max(progress.best_score, right)
    error = (progress.best_score * (1 - progress.best_score) / len(scores)) ** 0.5
    if right >= progress.best_score - error:
        progress.best = [array.copy() for array in weights]
    return {"validation_accuracy": right, "validation_loss": loss}


def _line(epoch: int, epochs: int, logs: dict[str, float], seconds: float) -> str:
    """Return an epoch's line of progress."""
    left = seconds / epoch * (epochs - epoch)
    return (
        f"epoch {epoch:3d}/{epochs}  loss {logs['loss']:.4f}  accuracy {100 * logs['accuracy']:.2f} %  "
        f"validation {100 * logs['validation_accuracy']:.2f} %  {_span(seconds)} gone, {_span(left)} left"
    )


def _span(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
