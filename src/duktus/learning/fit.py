"""A recipe becomes a model: its network is fitted epoch by epoch, the best weights are chosen and then packed."""

import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from duktus.glyphs.evaluation.report import write_report
from duktus.glyphs.training.dataset import TrainingData, as_glyphs, batches, prepare
from duktus.glyphs.training.encoding import pack_encoder
from duktus.glyphs.training.folder import find_labels, prepare_folder
from duktus.glyphs.training.letters import prepare_letters
from duktus.glyphs.training.packing import Packed, network_of, pack
from duktus.glyphs.training.pretrained import open_start, started
from duktus.glyphs.training.samples import Samples
from duktus.glyphs.training.warm_start import begin, begin_again
from duktus.hands.training.lines import PatchData, prepare_hands
from duktus.hands.training.packing import pack_hands
from duktus.learning.checkpoint import Arrays, Progress, load_progress, save_progress
from duktus.learning.fitter import Fitter
from duktus.learning.networks import operations
from duktus.learning.precision import mixed_precision, precision_of
from duktus.learning.recipe import Recipe
from duktus.learning.tensorboard import event_writer
from duktus.models.confidence import softmax
from duktus.models.file import save_model
from duktus.types import DuktusError, MissingExtraError, RecipeError

NEEDED = ("keras", "tensorflow", "onnx", "tf2onnx", "sklearn")
"""Packages without which a training would end before its model is written."""

Report = Callable[[str], None]


class TrainingInterrupted(DuktusError):  # noqa: N818  # like KeyboardInterrupt, which it stands for, it is no error
    """A training that was stopped by Ctrl-C. It has a checkpoint and goes on with the same command."""


def summary(recipe: Recipe, data: Path | None = None) -> str:
    """Return the network's layers, parameters and operations as text; of labels that only the data know, one."""
    if recipe.network.start:
        recipe = started(recipe, open_start(recipe.network.start))
    if recipe.data.held:
        recipe = replace(recipe, labels=find_labels(recipe, data))
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
        packed = _pack(recipe, parts, progress, _refit(recipe, parts, progress, work / "refit.npz", report))
    except KeyboardInterrupt:
        kept = f"from the last whole epoch, kept in {work}" if (work / "checkpoint.npz").exists() else "from the start"
        raise TrainingInterrupted(f"stopped; the same command goes on {kept}") from None
    save_model(packed.content, packed.card, out)
    _tell(recipe, parts, packed, out, report)
    for name in ("checkpoint.npz", "refit.npz", "pools.npz"):
        (work / name).unlink(missing_ok=True)
    if work.exists() and not any(work.iterdir()):
        work.rmdir()
    return out


def _prepare(recipe: Recipe, data: Path | None, cache: Path, report: Report) -> tuple[Recipe, TrainingData]:
    """Return the recipe, its labels, frame and layers known, and what it trains on."""
    if recipe.task == "glyph-encoder":
        return prepare_letters(recipe, data, cache, report)
    if recipe.task == "hand-classifier":
        return prepare_hands(recipe, data, report)
    start = open_start(recipe.network.start) if recipe.network.start else None
    recipe = started(recipe, start) if start else recipe
    if recipe.data.held:
        recipe, parts = prepare_folder(recipe, start, data, report)
    else:
        parts = prepare(recipe, data, cache, report)
    return recipe, begin(recipe, parts, start) if start else parts


def _refit(recipe: Recipe, parts: TrainingData, progress: Progress, path: Path, report: Report) -> Progress | None:
    """Go on with the images that were held out, once these have measured, or chosen by, what was learnt so far."""
    test = recipe.task != "hand-classifier"  # its test part is measured on what comes out of this
    held = len(parts.validation.frames) + test * len(parts.test.frames)
    if not recipe.data.refit or not held:
        return None
    report(f"learning the {held:,} images that were held out, too")
    return fit(*begin_again(recipe, parts, progress.best, test=test), path, report)


def _pack(recipe: Recipe, parts: TrainingData, progress: Progress, refitted: Progress | None) -> Packed:
    """Return the model's content, its card and its evaluation."""
    if recipe.task == "glyph-encoder":
        return Packed(*pack_encoder(recipe, parts, progress), None)
    if isinstance(parts, PatchData):
        return Packed(*pack_hands(recipe, parts, progress, refitted), None)
    return pack(recipe, parts, progress, refitted)


def _tell(recipe: Recipe, parts: TrainingData, packed: Packed, out: Path, report: Report) -> None:
    """Report the figures, and write the page with them for images of one's own."""
    figures = "; ".join(f"{each.name} {100 * each.value:.2f} % of {each.n}" for each in packed.card.metrics[:2])
    report(f"test: {figures or 'nothing to measure on'}; wrote {out}")
    if packed.evaluation is None or not recipe.data.held:
        return
    card, folder = packed.card, out.with_suffix(".report")
    notes, source = [each.split for each in card.data], card.data[0].name
    glyphs, letters = as_glyphs(parts.test.frames), packed.letters
    page = write_report(packed.evaluation, glyphs, card, folder, source=source, notes=notes, letters=letters)
    report(f"report: {page}")


def _require_extra() -> None:
    """Raise before hours of training where what comes after them could not be done."""
    missing = [package for package in NEEDED if find_spec(package) is None]
    if missing:
        raise MissingExtraError(f"training needs {', '.join(missing)}: pip install 'duktus[train]'")


def fit(recipe: Recipe, data: TrainingData, path: Path, report: Report, tensorboard: Path | None = None) -> Progress:
    """Fit a recipe's network, going on from the checkpoint at ``path`` if there is one."""
    shown = len(data.own.frames) + _shown(recipe, data)
    steps = -(-shown // recipe.fit.batch)
    epochs = _epochs(recipe, steps)
    with mixed_precision(precision_of(recipe.fit.precision)):
        fitter = _start(recipe, epochs * steps, data.initial)
        progress = load_progress(path, recipe.text) or _nothing_yet(fitter)
        _restore(fitter, progress, steps)
        if progress.epoch:
            report(f"going on after epoch {progress.epoch}")
        began = time.monotonic() - progress.seconds
        with event_writer(tensorboard) as events:
            for epoch in range(progress.epoch + 1, epochs + 1):
                logs = _pass(fitter, recipe, data, epoch)
                logs |= _validate(fitter, progress, data.validation, len(recipe.labels))
                progress.epoch, progress.seconds = epoch, time.monotonic() - began
                _keep(fitter, progress)
                save_progress(path, progress, recipe.text)
                events(epoch, logs)
                report(_line(epoch, epochs, logs, progress.seconds))
    return progress


def _epochs(recipe: Recipe, steps: int) -> int:
    """Return the passes over the data that are made, of so many steps each."""
    most = max(1, recipe.fit.longest // steps) if recipe.fit.longest else recipe.fit.epochs
    return min(recipe.fit.epochs, most)


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


def _start(recipe: Recipe, steps: int, initial: Arrays | None) -> Fitter:
    """Return a compiled network with the weights that it begins with, fresh ones where there are none."""
    import keras

    keras.utils.set_random_seed(recipe.seed)
    model = network_of(recipe)
    if initial is not None:
        model.set_weights(initial)
    rate = learning_rate(recipe, steps)
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
    if not len(validation.frames):  # nothing to choose by: the last weights have seen most
        progress.best = [array.copy() for array in weights]
        return {}
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
    held = f"validation {100 * logs['validation_accuracy']:.2f} %  " if "validation_accuracy" in logs else ""
    return (
        f"epoch {epoch:3d}/{epochs}  loss {logs['loss']:.4f}  accuracy {100 * logs['accuracy']:.2f} %  "
        f"{held}{_span(seconds)} gone, {_span(left)} left"
    )


def _span(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
