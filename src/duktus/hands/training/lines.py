"""Hands to train on: lines by known writers, parted by page, and patches of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.datasets.split import Split, split
from duktus.glyphs.training.dataset import LICENCES, TrainingData
from duktus.glyphs.training.samples import Samples
from duktus.hands.identification.classifier import written
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.strip import cut_patches, strips_of
from duktus.learning.recipe import Recipe
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

    ``calibrated`` says where the validation part's patches come from, ``measured`` where the test part's do.
    """

    calibrated: Origins = field(default_factory=_nowhere)
    measured: Origins = field(default_factory=_nowhere)


def prepare_hands(recipe: Recipe, data: Path | None, report: Callable[[str], None]) -> tuple[Recipe, PatchData]:
    """Return a recipe with the writers that were found as its labels, and patches to train, choose and measure by.

    Args:
        recipe: of a hand classifier.
        data: where its data set lies, if not where ``duktus data`` puts it; images of pages, lines or words.
        report: receives what was found, line by line.

    Raises:
        DataError: there is no such data, or nothing can be held out.
    """
    images = load_labelled(find_data(recipe.data.source, data))
    groups = images.groups if recipe.patches.split == "page" else (None,) * len(images)
    whole = _held_out(images.labels, groups, recipe.patches.test, recipe.seed)
    share = min(0.5, recipe.data.validation / max(1, len(whole.train)))
    labels, of = ([column[i] for i in whole.train.tolist()] for column in (images.labels, groups))
    inner = _held_out(labels, of, share, recipe.seed + 1)
    report(f"{len(images.classes)} writers; to measure: {whole.statement} To choose by: {inner.statement}")
    named = replace(recipe, labels=images.classes)
    chosen = (whole.train[inner.train], whole.train[inner.held], whole.held)
    counts = (recipe.patches.count, recipe.patches.asked, recipe.patches.asked)
    train, validation, test = (
        _cut(named, images, part, count, (recipe.seed, 6, i), report)
        for i, (part, count) in enumerate(zip(chosen, counts, strict=True))
    )
    nothing = Samples(train.samples.frames[:0], train.samples.classes[:0])
    told = fingerprint(*(part.samples.frames for part in (train, validation, test)))
    sources = (_source(recipe, images, whole, inner, told),)
    parts = (nothing, train.samples, nothing, validation.samples, test.samples)
    return named, PatchData(*parts, sources, calibrated=validation.origins, measured=test.origins)


def _held_out(labels: Sequence[str], groups: Sequence[str | None], share: float, seed: int) -> Split:
    parts = split(labels, groups, share=share, seed=seed)
    if not len(parts.held):
        raise DataError("expected writers of two pages at least, received none; add pages, or set patches.split=line")
    return parts


def _cut(
    recipe: Recipe,
    images: LabelledImages,
    chosen: NDArray[np.intp],
    count: int,
    seed: tuple[int, ...],
    report: Callable[[str], None],
) -> "_Cut":
    """Return ``count`` patches of each line of the chosen images with their writers, and where they come from.

    An image that cannot be read is told and left out, one without ink gives nothing.
    """
    frame, writers = recipe.patches.frame(raw=recipe.data.raw), {label: i for i, label in enumerate(recipe.labels)}
    frames = [np.zeros((0, *frame.shape), np.uint8)]
    of: list[int] = []
    amounts: list[float] = []
    for index in chosen.tolist():
        try:
            page = next(load_pages(images.images[index], name=images.name(index)))
        except ImageError as error:
            report(f"left out: {error}")
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


def _source(recipe: Recipe, images: LabelledImages, whole: Split, inner: Split, told: str) -> DataSource:
    """Return what the card says of the data; its fingerprint is of the patches, as the network saw them."""
    name = recipe.data.source
    kinds = f"{len(inner.train)} images to train, {len(inner.held)} to choose by, {len(whole.held)} to test"
    how = (
        "no page on two sides" if recipe.patches.split == "page" and whole.by_group else "lines of a page on all sides"
    )
    return DataSource(name, told, LICENCES.get(name, "not known"), len(images), f"{kinds}; {how}")
