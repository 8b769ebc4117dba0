"""Hands to train on: lines by known writers, divided by page, and patches of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.licences import licence_of, name_source
from duktus.datasets.places import find_data
from duktus.datasets.split import Split, split
from duktus.hands.identification.classifier import written
from duktus.hands.training.settings import HandClassifierRecipe
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.strip import cut_patches, strips_of
from duktus.learning.checkpoint import load_arrays, save_arrays
from duktus.learning.samples import Samples, TrainingData
from duktus.learning.task import Work
from duktus.models.card import DataSource
from duktus.reporting.clusters import number_pages
from duktus.types import DataError, ImageError


@dataclass(frozen=True, eq=False)
class Origins:
    """Where patches come from: ``lines`` and ``pages`` (n,) by number, ``amounts`` (n,) written in their lines."""

    lines: NDArray[np.intp]
    pages: NDArray[np.intp]
    amounts: NDArray[np.float64]


def _nowhere() -> Origins:
    return Origins(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0))


@dataclass(frozen=True)
class PatchData(TrainingData):
    """The parts of a training on patches: ``characters`` are those to train on, of which an epoch shows a share.

    ``calibrated`` says where the validation part's patches come from, ``measured`` where the test part's do;
    ``divided`` by what the images were: page, line or image.
    """

    calibrated: Origins = field(default_factory=_nowhere)
    measured: Origins = field(default_factory=_nowhere)
    divided: str = "page"


def prepare_patches(recipe: HandClassifierRecipe, work: Work) -> tuple[HandClassifierRecipe, PatchData]:
    """Return a recipe with the writers that were found as its labels, and patches to train, choose and measure by.

    Args:
        recipe: of a hand classifier.
        work: says where its data set lies, if not where ``duktus data`` puts it: images of pages, lines or words;
            keeps the patches for a training that goes on after a kill.

    Raises:
        DataError: there is no such data, or nothing can be held out.
    """
    images = load_labelled(find_data(recipe.data.source, work.data))
    groups = images.groups if recipe.patches.split == "page" else (None,) * len(images)
    whole = _held_out(images.labels, groups, recipe.patches.test, recipe.seed)
    share = min(0.5, recipe.data.validation / max(1, len(whole.train)))
    labels, of = ([column[i] for i in whole.train.tolist()] for column in (images.labels, groups))
    inner = _held_out(labels, of, share, recipe.seed + 1)
    work.report(f"{len(images.classes)} writers; to measure: {whole.statement} To choose by: {inner.statement}")
    named = replace(recipe, labels=images.classes)
    chosen = {"train": whole.train[inner.train], "validation": whole.train[inner.held], "test": whole.held}
    train, validation, test = (
        _kept(named, images, part, places, (recipe.seed, 6, i), work) for i, (part, places) in enumerate(chosen.items())
    )
    divided = "line" if recipe.patches.split == "line" else "page" if whole.by_group else "image"
    digest = fingerprint(*(part.samples.frames for part in (train, validation, test)))
    counts = ", ".join(f"{len(chosen[part])} images to {use}" for part, use in _USES.items())
    name = name_source(recipe.data.source, work.data)
    source = DataSource(name, digest, licence_of(name), len(images), f"{counts}; {_DIVIDED[divided]}")
    none = train.samples.none
    parts = (none, train.samples, none, validation.samples, test.samples, (source,))
    return named, PatchData(*parts, calibrated=validation.origins, measured=test.origins, divided=divided)


_USES = {"train": "train", "validation": "choose by", "test": "test"}

_DIVIDED = {
    "page": "no page on two sides",
    "line": "lines of a page on all sides",
    "image": "divided by image, as pages are not known: parts of one page may be on two sides",
}
"""What the division means, in words for the card."""


def _held_out(labels: Sequence[str], groups: Sequence[str | None], share: float, seed: int) -> Split:
    parts = split(labels, groups, share=share, seed=seed)
    if not len(parts.held):
        raise DataError("expected writers of two pages at least, received none; add pages, or set patches.split=line")
    return parts


def _kept(
    recipe: HandClassifierRecipe,
    images: LabelledImages,
    part: str,
    places: NDArray[np.intp],
    seed: tuple[int, ...],
    work: Work,
) -> "_Cut":
    """Return the patches of one part, as an earlier run kept them where one did; else they are cut and kept."""
    cache = work.folder / f"patches-{part}.npz"
    key = _key(recipe, images, places, seed)
    kept = load_arrays(cache)
    if kept is not None and str(kept.get("key")) == key:
        work.report(f"{part}: patches of {len(places):,} images, cut by an earlier run")
        return _Cut(Samples(kept["frames"], kept["classes"]), Origins(kept["lines"], kept["pages"], kept["amounts"]))
    work.report(f"{part}: cutting patches of {len(places):,} images …")
    count = recipe.patches.count if part == "train" else recipe.patches.asked
    cut = _cut(recipe, images, places, count, seed, work)
    save_arrays(cache, {"key": np.array(key), **vars(cut.samples), **vars(cut.origins)})
    return cut


def _key(recipe: HandClassifierRecipe, images: LabelledImages, places: NDArray[np.intp], seed: tuple[int, ...]) -> str:
    """Return a digest of all that patches depend on; of files their names, sizes and times of change."""
    settings = (asdict(recipe.patches), asdict(recipe.ink), recipe.data.raw, recipe.labels, seed)
    files = [(images.name(i), images.labels[i], images.groups[i], _stamp(images.images[i])) for i in places.tolist()]
    return hashlib.sha256(repr((settings, files)).encode("utf-8", "surrogatepass")).hexdigest()


def _stamp(image: object) -> object:
    if not isinstance(image, Path):
        return hashlib.sha256(bytes(image)).hexdigest()  # type: ignore[call-overload]  # bytes or an array
    try:
        state = image.stat()
    except OSError:
        return None  # that it cannot be read is said when it is cut
    return state.st_size, state.st_mtime_ns


def _cut(
    recipe: HandClassifierRecipe,
    images: LabelledImages,
    chosen: NDArray[np.intp],
    count: int,
    seed: tuple[int, ...],
    work: Work,
) -> "_Cut":
    """Return ``count`` patches of each line of the chosen images with their writers, and where they come from.

    An image that cannot be read is reported and left out, one without ink gives nothing.
    """
    frame, writers = recipe.patches.frame(raw=recipe.data.raw), {label: i for i, label in enumerate(recipe.labels)}
    frames = [np.zeros((0, *frame.shape), np.uint8)]
    of: list[int] = []
    amounts: list[float] = []
    for done, index in enumerate(chosen.tolist()):
        work.show(done, len(chosen), "cutting patches")
        try:
            page = next(load_pages(images.images[index], name=images.name(index)))
        except ImageError as error:
            work.report(f"left out: {error}")
            continue
        rng = np.random.default_rng((*seed, index))
        for each in strips_of(page, frame, recipe.ink):
            frames.append(cut_patches(each.strip, count, frame, rng))
            of.append(index)
            amounts.append(written(each.line.ink))
    line = np.repeat(np.arange(len(of)), [len(each) for each in frames[1:]])
    if not len(line):
        raise DataError(f"{recipe.data.source}: expected images with ink, received {len(chosen)} without; check them")
    image = np.array(of, np.intp)[line]
    pages = number_pages(images.labels, images.groups)[image]
    classes = np.array([writers[images.labels[i]] for i in image.tolist()], np.int64)
    return _Cut(Samples(np.concatenate(frames), classes), Origins(line, pages, np.array(amounts)[line]))


@dataclass(frozen=True, eq=False)
class _Cut:
    """Patches, and where they come from."""

    samples: Samples
    origins: Origins
