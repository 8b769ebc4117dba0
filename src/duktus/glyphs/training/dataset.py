"""A set with a test part of its own, and the pools that a recipe has beside its data: parts that never mix."""

import hashlib
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.idx import Mnist, load_mnist
from duktus.datasets.licences import licence_of, name_source
from duktus.datasets.places import find_data
from duktus.glyphs.training.pools import make_pools
from duktus.glyphs.training.recorded import KINDS
from duktus.glyphs.training.samples import Making, frame_images, join_samples
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.checkpoint import load_arrays, save_arrays
from duktus.learning.samples import Frames, Samples, TrainingData
from duktus.learning.task import Work
from duktus.models.card import DataSource
from duktus.models.cores import available_cores
from duktus.types import DataError
from duktus.written.training.sources import describe_sets


def prepare(recipe: GlyphRecipe, work: Work) -> TrainingData:
    """Return everything that a recipe trains on, its pools as an earlier run left them where one did.

    Raises:
        DataError: a data set is missing (the message says where to put it), or does not fit the recipe.
    """
    mnist = load_mnist(find_data(recipe.data.source, work.data))
    _check(recipe, mnist)
    folder = recorded_folder() if recipe.pools.recorded or recipe.pools.strangers else None
    making = Making(recipe.ink, recipe.glyph, recipe.labels, folder)
    order = np.random.default_rng((recipe.seed, 1)).permutation(len(mnist.train_images))
    held, kept = order[: recipe.data.validation], order[recipe.data.validation :]
    counts = f"{len(kept)} images to train, {len(held)} to choose by, {len(mnist.test_images)} to test"
    work.report(f"{recipe.data.source}: {counts}")
    own, validation, test = (
        Samples(_frames(images, making, recipe.data.raw), labels.astype(np.int64))
        for images, labels in (
            (mnist.train_images[kept], mnist.train_labels[kept]),
            (mnist.train_images[held], mnist.train_labels[held]),
            (mnist.test_images, mnist.test_labels),
        )
    )
    source = Samples(mnist.train_images[kept], mnist.train_labels[kept].astype(np.int64))
    characters, others = pools_of(recipe, making, source, work)
    return TrainingData(own, characters, others, validation, test, _sources(recipe, mnist, work.data))


def _check(recipe: GlyphRecipe, mnist: Mnist) -> None:
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
    recipe: GlyphRecipe, making: Making, source: Samples, work: Work, name: str = "pools"
) -> tuple[Samples, Samples]:
    """Return the pools of a recipe, made once and kept: a training that goes on after a kill need not do so again.

    Args:
        recipe: names how many of each kind.
        making: what they are made with.
        source: images of single characters of which some kinds are made.
        work: its folder keeps them.
        name: of the file there.
    """
    if not any(asdict(recipe.pools).values()):
        return join_samples([], making), join_samples([], making)
    omniglot = _omniglot() if recipe.pools.omniglot else None
    lookalikes = recipe.folder / recipe.data.twins if recipe.data.twins else None
    cache = work.folder / f"{name}.npz"
    data = [fingerprint(source.frames, source.classes), *(fingerprint(path) for path in (omniglot, lookalikes) if path)]
    strokes = sorted(making.recorded.glob("*.gz")) if making.recorded else []
    data += [fingerprint(path) for path in strokes]
    key = hashlib.sha256(
        repr((asdict(recipe.pools), replace(making, recorded=None), recipe.seed, data)).encode()
    ).hexdigest()
    kept = load_arrays(cache)
    if kept is not None and str(kept.get("key")) == key:
        return Samples(kept["frames"], kept["classes"]), Samples(kept["others"], kept["nobody"])
    work.report("pools: writing and photographing characters …")
    characters, others = make_pools(
        recipe.pools,
        making,
        source,
        seed=recipe.seed,
        omniglot=omniglot,
        lookalikes=lookalikes,
        workers=available_cores(),
    )
    work.report(f"pools: {len(characters.frames)} characters, {len(others.frames)} that are none")
    shown = {"frames": characters.frames, "others": others.frames}
    save_arrays(cache, {"key": np.array(key), "classes": characters.classes, "nobody": others.classes, **shown})
    return characters, others


def recorded_folder() -> Path:
    """Return the folder of UNIPEN's strokes.

    Raises:
        DataError: It is not there.
    """
    folder = find_data("unipen")
    if not (folder / "digits.jsonl.gz").is_file():
        advice = "put them there, or train with --set pools.recorded=0 --set pools.strangers=0"
        raise DataError(f"expected UNIPEN's strokes in {folder}, found no digits.jsonl.gz; {advice}")
    return folder


def _omniglot() -> Path:
    """Return Omniglot's background archive."""
    archive = find_data("omniglot") / "images_background.zip"
    if not archive.exists():
        advice = "put it there, or train with --set pools.omniglot=0"
        raise DataError(f"expected Omniglot's images_background.zip at {archive}, found nothing; {advice}")
    return archive


def omniglot_source(recipe: GlyphRecipe) -> DataSource:
    """Return what a card says of Omniglot's characters that are none of the labels."""
    digest, n = fingerprint(_omniglot()), recipe.pools.omniglot
    return DataSource("omniglot background", digest, licence_of("omniglot"), n, "none of the labels")


def _sources(recipe: GlyphRecipe, mnist: Mnist, place: Path | None) -> tuple[DataSource, ...]:
    """Return what the card says of the data."""
    held, name = recipe.data.validation, name_source(recipe.data.source, place)
    train = DataSource(
        name,
        fingerprint(mnist.train_images, mnist.train_labels),
        licence_of(name),
        len(mnist.train_images),
        f"{len(mnist.train_images) - held} to train, {held} to choose and calibrate by",
    )
    sources = [train]
    if recipe.pools.omniglot:
        sources.append(omniglot_source(recipe))
    if recipe.pools.recorded or recipe.pools.strangers:
        sources += [each for each in describe_sets(recorded_folder().parent, KINDS) if each.name == "unipen"]
    return tuple(sources)
