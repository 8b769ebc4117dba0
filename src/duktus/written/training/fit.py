"""The fit of the segmenter: AdamW under a cosine, averaged weights, patches that are refreshed while it runs."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.darkness import normalise
from duktus.written.training.network import Batch, Widths, build, loss, make_target
from duktus.written.training.pool import Patches, decode_heights, load_patches


@dataclass(frozen=True)
class FitSettings:
    """How long and how fast the network learns.

    ``steps`` of ``batch`` squares, ``side`` pixels each; ``learning_rate`` is the highest; ``average`` the share of the
    averaged weights that a step keeps; a checkpoint is written every ``every`` steps.
    """

    steps: int = 3000
    batch: int = 4
    side: int = 256
    learning_rate: float = 4e-3
    warm_up: float = 0.03
    final_rate: float = 0.01
    weight_decay: float = 0.02
    average: float = 0.997
    seed: int = 1
    every: int = 100


def prepare(patches: Patches, index: int, side: int, rng: np.random.Generator) -> tuple[Batch, Batch]:
    """Return a square of a patch as the network sees it, (side, side, 1), and its target, both varied."""
    y, x = (int(rng.integers(0, max(1, length - side + 1))) for length in patches.pages.shape[1:])
    part = (index, slice(y, y + side), slice(x, x + side))
    page, classes, band = patches.pages[part], patches.classes[part], patches.bands[part]
    heights = decode_heights(patches.heights[part])
    if rng.random() < 0.1:
        page, classes, band, heights = (np.ascontiguousarray(each[:, ::-1]) for each in (page, classes, band, heights))
    if rng.random() < 0.06:
        page, classes, band, heights = (np.ascontiguousarray(each[::-1]) for each in (page, classes, band, heights))
    darkness = normalise(page)
    seen = darkness * np.float32(np.exp(rng.normal(0, 0.2)))
    if rng.random() < 0.3:
        seen = seen + np.float32(rng.exponential(0.02)) * rng.standard_normal(seen.shape, np.float32)
    seen = np.clip(seen, 0, 1.5).astype(np.float32)
    return seen[..., None], make_target(darkness, classes, band, heights)


def batches(folders: list[Path], settings: FitSettings, start: int) -> Iterator[tuple[Batch, Batch]]:
    """Yield batches without end from the patches in folders; files that appear are taken up with the next round.

    Args:
        folders: with ``.npz`` files of patches.
        settings: of the fit.
        start: the step to go on from.
    """
    rng = np.random.default_rng((settings.seed, start))
    while True:
        files = [file for folder in folders for file in sorted(folder.glob("*.npz")) if ".tmp" not in file.name]
        for group in np.array_split(rng.permutation(len(files)), max(1, len(files) // 8)):
            held = [load_patches(files[i]) for i in group]
            places = [(k, i) for k, patches in enumerate(held) for i in range(len(patches))]
            order = rng.permutation(len(places))
            for first in range(0, len(order) - settings.batch + 1, settings.batch):
                chosen = [places[i] for i in order[first : first + settings.batch]]
                pairs = [prepare(held[k], i, settings.side, rng) for k, i in chosen]
                yield np.stack([seen for seen, _ in pairs]), np.stack([target for _, target in pairs])


def fit(
    folders: list[Path],
    checkpoint: Path,
    settings: FitSettings,
    *,
    start: Path | None = None,
    widths: Widths | None = None,
    report: Callable[[str], None] = print,
) -> Any:
    """Return the fitted network with averaged weights; goes on from its checkpoint where there is one.

    Args:
        folders: with patches (``pool.write_shard``).
        checkpoint: a folder of this fit's own.
        settings: how long and how fast.
        start: the checkpoint of another fit whose averaged weights are the first of this one.
        widths: of the network.
        report: receives a line now and then.
    """
    import keras

    keras.utils.set_random_seed(settings.seed)
    network = build(widths or Widths())
    rate = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate * 0.05,
        settings.steps - int(settings.warm_up * settings.steps),
        alpha=settings.final_rate,
        warmup_target=settings.learning_rate,
        warmup_steps=max(1, int(settings.warm_up * settings.steps)),
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay, global_clipnorm=1.0)
    network.compile(optimizer=optimizer, loss=loss, jit_compile=False)
    optimizer.build(network.trainable_variables)
    averaged = _start(network, start)
    done, averaged = _resume(network, optimizer, averaged, checkpoint, settings)
    began, losses = time.monotonic(), []
    for step, (seen, target) in enumerate(batches(folders, settings, done), done):
        if step >= settings.steps:
            break
        losses.append(float(network.train_on_batch(seen, target)))
        keep = min(settings.average, (1 + step) / (10 + step))
        for number, weight in enumerate(network.get_weights()):
            averaged[number] += np.float32(1 - keep) * (weight - averaged[number])
        if (step + 1) % settings.every == 0 or step + 1 == settings.steps:
            _save(network, optimizer, averaged, checkpoint, settings, step + 1)
            report(f"step {step + 1}/{settings.steps} loss {np.mean(losses):.4f} {time.monotonic() - began:.0f} s")
            losses.clear()
    network.set_weights(averaged)
    return network


def _start(network: Any, start: Path | None) -> list[NDArray[np.float32]]:
    """Return the first averaged weights, after those of another fit were taken over."""
    if start is not None:
        network.set_weights(averaged_weights(start))
    return [np.array(weight, np.float32) for weight in network.get_weights()]


def averaged_weights(checkpoint: Path) -> list[NDArray[np.float32]]:
    """Return the averaged weights that a fit wrote into its folder last."""
    with np.load(checkpoint / "fit.npz") as held:
        return [held[f"averaged.{i}"] for i in range(sum(name.startswith("averaged.") for name in held.files))]


def _save(
    network: Any, optimizer: Any, averaged: list[Any], checkpoint: Path, settings: FitSettings, step: int
) -> None:
    checkpoint.mkdir(parents=True, exist_ok=True)
    groups = {
        "weights": network.get_weights(),
        "optimizer": [np.asarray(variable) for variable in optimizer.variables],
        "averaged": averaged,
    }
    arrays = {f"{name}.{i}": array for name, group in groups.items() for i, array in enumerate(group)}
    beside = checkpoint / "fit.tmp.npz"
    np.savez(beside, step=np.array(step), settings=np.array(json.dumps(asdict(settings))), **arrays)
    beside.replace(checkpoint / "fit.npz")


def _resume(
    network: Any, optimizer: Any, averaged: list[Any], checkpoint: Path, settings: FitSettings
) -> tuple[int, list[Any]]:
    """Return the step that comes next and the averaged weights, after the fit was put where its checkpoint left it."""
    file = checkpoint / "fit.npz"
    if not file.is_file():
        return 0, averaged
    with np.load(file) as held:
        if json.loads(str(held["settings"])) != asdict(settings):
            return 0, averaged
        group = {
            name: [held[f"{name}.{i}"] for i in range(sum(key.startswith(f"{name}.") for key in held.files))]
            for name in ("weights", "optimizer", "averaged")
        }
        network.set_weights(group["weights"])
        for variable, value in zip(optimizer.variables, group["optimizer"], strict=True):
            variable.assign(value)
        return int(held["step"]), group["averaged"]
