"""What a recipe trains on, chooses by and is measured on: three parts that never mix."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.idx import Mnist, load_mnist
from duktus.datasets.places import find_data
from duktus.glyphs.training.pools import make_pools
from duktus.glyphs.training.samples import Frames, Making, Samples, frame_images, join_samples
from duktus.imaging.frames.augmentation import augment
from duktus.learning.checkpoint import Arrays, load_arrays, save_arrays
from duktus.learning.recipe import Recipe
from duktus.models.card import DataSource
from duktus.models.cores import available_cores
from duktus.types import DataError, Glyphs

PREFETCHED = 8
"""Batches that are made ahead of the one being trained on."""

LICENCES = {"mnist": "CC BY-SA 3.0", "omniglot": "MIT", "iam": "non-commercial research", "dhsd": "CC BY 4.0"}
"""Of the data sets whose licence is known; the card says so where it is not."""


@dataclass(frozen=True)
class TrainingData:
    """The parts of a training: the set's own glyphs, the pools, the validation and the test part.

    ``asked`` names the label and the drawer of each glyph of the test part, for an encoder. ``initial`` are the weights
    that it begins with; None for weights drawn anew.
    """

    own: Samples
    characters: Samples
    others: Samples
    validation: Samples
    test: Samples
    sources: tuple[DataSource, ...]
    asked: tuple[tuple[str, str], ...] = ()
    initial: Arrays | None = None


def prepare(recipe: Recipe, data: Path | None, cache: Path, report: Callable[[str], None]) -> TrainingData:
    """Return everything that a recipe trains on, its pools read from ``cache`` where an earlier run left them.

    Raises:
        DataError: a data set is missing (the message says where to put it), or does not fit the recipe.
    """
    mnist = load_mnist(find_data(recipe.data.source, data))
    _check(recipe, mnist)
    making = Making(recipe.ink, recipe.glyph, recipe.labels)
    order = np.random.default_rng((recipe.seed, 1)).permutation(len(mnist.train_images))
    held, kept = order[: recipe.data.validation], order[recipe.data.validation :]
    counts = f"{len(kept)} images to train, {len(held)} to choose by, {len(mnist.test_images)} to test"
    report(f"{recipe.data.source}: {counts}")
    own, validation, test = (
        Samples(_frames(images, making, recipe.data.raw), labels.astype(np.int64))
        for images, labels in (
            (mnist.train_images[kept], mnist.train_labels[kept]),
            (mnist.train_images[held], mnist.train_labels[held]),
            (mnist.test_images, mnist.test_labels),
        )
    )
    source = Samples(mnist.train_images[kept], mnist.train_labels[kept].astype(np.int64))
    characters, others = pools_of(recipe, making, source, cache, report)
    return TrainingData(own, characters, others, validation, test, _sources(recipe, mnist))


def _check(recipe: Recipe, mnist: Mnist) -> None:
    """Raise where a data set is none that the recipe could be trained on."""
    available = len(mnist.train_images)
    if available <= recipe.data.validation or not len(mnist.test_images):
        needed = f"more than the {recipe.data.validation} images of data.validation to train, and some to test"
        found = f"{available} and {len(mnist.test_images)}"
        raise DataError(f"{recipe.data.source}: expected {needed}; received {found}; set data.validation lower")
    highest = int(max(mnist.train_labels.max(), mnist.test_labels.max()))
    if highest >= len(recipe.labels):
        names = f"{len(recipe.labels)} labels, 0 to {len(recipe.labels) - 1}"
        raise DataError(f"{recipe.data.source}: expected {names}, received a {highest}; list all labels in the recipe")


def _frames(images: NDArray[np.uint8], making: Making, raw: bool) -> Frames:
    """Return glyphs of images, or the images themselves for a recipe that takes them raw."""
    return images if raw else frame_images(images, making)


def pools_of(
    recipe: Recipe, making: Making, source: Samples, cache: Path, report: Callable[[str], None]
) -> tuple[Samples, Samples]:
    """Return the pools of a recipe, made once and kept: a training that goes on after a kill need not do so again."""
    if not any(asdict(recipe.pools).values()):
        return join_samples([], making), join_samples([], making)
    omniglot = _omniglot() if recipe.pools.omniglot else None
    twins = recipe.folder / recipe.data.twins if recipe.data.twins else None
    data = [fingerprint(source.frames, source.classes), *(fingerprint(path) for path in (omniglot, twins) if path)]
    key = hashlib.sha256(repr((asdict(recipe.pools), making, recipe.seed, data)).encode()).hexdigest()
    kept = load_arrays(cache)
    if kept is not None and str(kept.get("key")) == key:
        return Samples(kept["frames"], kept["classes"]), Samples(kept["others"], kept["nobody"])
    report("pools: writing and photographing characters …")
    characters, others = make_pools(
        recipe.pools, making, source, seed=recipe.seed, omniglot=omniglot, twins=twins, workers=available_cores()
    )
    report(f"pools: {len(characters.frames)} characters, {len(others.frames)} that are none")
    shown = {"frames": characters.frames, "others": others.frames}
    save_arrays(cache, {"key": np.array(key), "classes": characters.classes, "nobody": others.classes, **shown})
    return characters, others


def _omniglot() -> Path:
    """Return Omniglot's background archive."""
    archive = find_data("omniglot") / "images_background.zip"
    if not archive.exists():
        advice = "put it there, or train with --set pools.omniglot=0"
        raise DataError(f"expected Omniglot's images_background.zip at {archive}, found nothing; {advice}")
    return archive


def _sources(recipe: Recipe, mnist: Mnist) -> tuple[DataSource, ...]:
    """Return what the card says of the data."""
    held = recipe.data.validation
    train = DataSource(
        recipe.data.source,
        fingerprint(mnist.train_images, mnist.train_labels),
        LICENCES.get(recipe.data.source, "not known"),
        len(mnist.train_images),
        f"{len(mnist.train_images) - held} to train, {held} to choose and calibrate by",
    )
    sources = [train]
    if recipe.pools.omniglot:
        told, n = fingerprint(_omniglot()), recipe.pools.omniglot
        sources.append(DataSource("omniglot background", told, LICENCES["omniglot"], n, "none of the labels"))
    return tuple(sources)


def batches(recipe: Recipe, data: TrainingData, epoch: int) -> Iterator[tuple[Glyphs, NDArray[np.int64]]]:
    """Yield one epoch's batches, (n, H, W, 1) and (n,), made ahead in a thread; the same for the same epoch.

    An epoch shows the set's own glyphs once each and a share of the pools, all varied anew.
    """
    rng = np.random.default_rng((recipe.seed, 2, epoch))
    parts = [data.own]
    for pool in (data.characters, data.others):
        chosen = rng.permutation(len(pool.frames))[: round(recipe.data.pool_share * len(pool.frames))]
        parts.append(Samples(pool.frames[chosen], pool.classes[chosen]))
    frames = np.concatenate([part.frames for part in parts])
    classes = np.concatenate([part.classes for part in parts])
    order = rng.permutation(len(frames))
    steps = [order[i : i + recipe.fit.batch] for i in range(0, len(order), recipe.fit.batch)]

    def make(step: NDArray[np.intp]) -> tuple[Glyphs, NDArray[np.int64]]:
        inks = frames[step].astype(np.float32) * np.float32(1 / 255)
        if recipe.augment is not None:
            inks = augment(inks, recipe.augment, rng)
        return inks[..., None], classes[step]

    # One thread, so that the random numbers fall in the same order in every run.
    with ThreadPoolExecutor(1) as thread:
        waiting = [thread.submit(make, step) for step in steps[:PREFETCHED]]
        for step in steps[PREFETCHED:]:
            yield waiting.pop(0).result()
            waiting.append(thread.submit(make, step))
        for future in waiting:
            yield future.result()


def as_glyphs(frames: Frames) -> Glyphs:
    """Return glyphs in 256 steps as a network's batch, float32 (n, H, W, 1)."""
    return (frames.astype(np.float32) * np.float32(1 / 255))[..., None]
