"""A task's network is fitted epoch by epoch, and the best weights are chosen; after a kill it goes on where it was."""

import time
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from duktus.learning.checkpoint import Arrays, Progress, load_progress, save_progress
from duktus.learning.fitter import Fitter
from duktus.learning.precision import mixed_precision, precision_of
from duktus.learning.settings import FitSettings, NetworkRecipe
from duktus.learning.task import NetworkTask, Validation, Work
from duktus.learning.tensorboard import event_writer
from duktus.types import RecipeError

N = TypeVar("N", bound=NetworkRecipe)
D = TypeVar("D")


def fit(
    task: NetworkTask[N, D], recipe: N, data: D, path: Path, work: Work, *, initial: Arrays | None = None
) -> Progress:
    """Fit a recipe's network, going on from the checkpoint at ``path`` if there is one.

    Args:
        task: gives network, loss, batches and validation.
        recipe: how it is fitted.
        data: the task's.
        path: the checkpoint, written after each epoch.
        work: receives progress.
        initial: weights to start with; None for random ones.

    Raises:
        RecipeError: the checkpoint is another recipe's, or the loss is no number any more.
        DataError: the checkpoint cannot be written.
    """
    steps = task.steps(recipe, data)
    epochs = _epochs(recipe.fit, steps)
    with mixed_precision(precision_of(recipe.fit.precision)):
        fitter = _start(task, recipe, epochs * steps, initial)
        progress = load_progress(path, recipe.text) or _nothing_yet(fitter)
        _restore(fitter, progress, steps)
        if progress.epoch:
            work.report(f"going on after epoch {progress.epoch}")
        began = time.monotonic() - progress.seconds
        with event_writer(work.tensorboard) as events:
            for epoch in range(progress.epoch + 1, epochs + 1):
                logs = _train_epoch(fitter, task, recipe, data, epoch, partial(_show, work, steps, epochs))
                weights = fitter.averaged if recipe.fit.average else fitter.model.get_weights()
                found = task.validate(recipe, data, partial(fitter.predict, weights))
                _choose(progress, weights, found)
                logs |= found.logs if found else {}
                progress.history = (*progress.history, logs)
                progress.epoch, progress.seconds = epoch, time.monotonic() - began
                progress.weights, progress.optimizer = fitter.model.get_weights(), fitter.optimizer_state()
                progress.averaged = fitter.averaged
                save_progress(path, progress, recipe.text)
                events(epoch, logs)
                work.report(_line(epoch, epochs, logs, progress.seconds))
    return progress


def _epochs(settings: FitSettings, steps: int) -> int:
    """Return the passes over the data that are made, of so many steps each."""
    most = max(1, settings.longest // steps) if settings.longest else settings.epochs
    return min(settings.epochs, most)


def learning_rate(settings: FitSettings, steps: int) -> Any:
    """Return the learning rate of each of a training's steps as a schedule of Keras."""
    import keras

    warm_up = max(1, round(settings.warm_up * steps))
    return keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / 50,
        max(1, steps - warm_up),
        alpha=settings.final_rate,  # of the target of the warm-up, whatever Keras' documentation says
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )


def _start(task: NetworkTask[N, D], recipe: N, steps: int, initial: Arrays | None) -> Fitter:
    """Return a compiled network with the weights that it starts with, random ones where none are given."""
    import keras

    keras.utils.set_random_seed(recipe.seed)
    model = task.network(recipe)
    if initial is not None:
        model.set_weights(initial)
    rate, bound = learning_rate(recipe.fit, steps), recipe.fit.clip or None
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.fit.weight_decay, global_clipnorm=bound)
    aim = task.objective(recipe)
    # Compiling with XLA makes these networks two to eight times slower on processors; JAX is not usable without.
    jit = keras.backend.backend() == "jax"
    model.compile(optimizer, aim.loss, metrics=aim.metrics, loss_weights=aim.loss_weights, jit_compile=jit)
    optimizer.build(model.trainable_variables)
    return Fitter(model, [np.array(weight) for weight in model.get_weights()], recipe.fit.average)


def _nothing_yet(fitter: Fitter) -> Progress:
    weights = fitter.model.get_weights()
    return Progress(0, 0.0, weights, fitter.optimizer_state(), fitter.averaged, weights, -np.inf)


def _restore(fitter: Fitter, progress: Progress, steps: int) -> None:
    """Put a checkpoint's state into the model."""
    fitter.model.set_weights(progress.weights)
    for variable, value in zip(fitter.model.optimizer.variables, progress.optimizer, strict=True):
        variable.assign(value)
    fitter.averaged = [array.copy() for array in progress.averaged]
    fitter.step = steps * progress.epoch


def _train_epoch(
    fitter: Fitter, task: NetworkTask[N, D], recipe: N, data: D, epoch: int, show: "partial[None]"
) -> dict[str, float]:
    """Train one epoch; returns the means of its loss and metrics over the examples as they were trained on."""
    import keras

    sums: dict[str, float] = {}
    seen = 0
    for step, batch in enumerate(task.batches(recipe, data, epoch), 1):
        count = len(keras.tree.flatten(batch[0])[0])
        logs = fitter.learn(*batch)
        if not logs:
            continue
        for name, value in logs.items():
            sums[name] = sums.get(name, 0.0) + value * count
        seen += count
        show(epoch, step, _means(sums, seen))
    loss = sums.get("loss", float("nan"))
    if not np.isfinite(loss):
        advice = f"lower fit.learning_rate, which is {recipe.fit.learning_rate:g}"
        raise RecipeError(f"epoch {epoch}: expected a loss that falls, received {loss}; {advice}")
    return _means(sums, seen)


def _means(sums: dict[str, float], count: int) -> dict[str, float]:
    """Return the means of figures of so many examples, the loss first."""
    return {name: sums[name] / count for name in ("loss", *sorted(set(sums) - {"loss"}))}


def _choose(progress: Progress, weights: Arrays, found: Validation | None) -> None:
    """Keep weights where none were clearly better.

    One standard error is luck (Breiman et al. 1984): of epochs as good as the best the latest has seen most.
    """
    if found is not None and found.score > progress.best_score:
        progress.best_score, progress.best_error = found.score, found.error
    if found is None or found.score >= progress.best_score - progress.best_error:
        progress.best = [array.copy() for array in weights]


def _show(work: Work, steps: int, epochs: int, epoch: int, step: int, logs: dict[str, float]) -> None:
    work.show(step, steps, f"epoch {epoch}/{epochs}  {_figures(logs)}")


def _line(epoch: int, epochs: int, logs: dict[str, float], seconds: float) -> str:
    """Return an epoch's line of progress."""
    left = seconds / epoch * (epochs - epoch)
    return f"epoch {epoch:3d}/{epochs}  {_figures(logs)}  {_span(seconds)} gone, {_span(left)} left"


def _figures(logs: dict[str, float]) -> str:
    """Return figures as text, accuracies as percentages."""
    return "  ".join(
        f"{name.removesuffix('_accuracy')} {100 * value:.2f} %"
        if name.endswith("accuracy")
        else f"{name.replace('_', ' ')} {value:.4f}"
        for name, value in logs.items()
    )


def _span(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
