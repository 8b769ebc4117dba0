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
from duktus.evaluation.clusters import number_pages
from duktus.imaging.load import load_pages
from duktus.models.card import DataSource
from duktus.training.dataset import LICENCES, TrainingData
from duktus.training.patches import cut_patches, strip_of
from duktus.training.recipe import Recipe
from duktus.training.samples import Samples
from duktus.types import DataError, ImageError


def _none() -> NDArray[np.intp]:
    return np.zeros(0, np.intp)


@dataclass(frozen=True)
class PatchData(TrainingData):
    """The parts of a training on patches: ``characters`` are those to train on, of which an epoch shows a share.

    ``lines`` and ``pages`` are the numbers of the lines and pages that the test part's patches come from.
    """

    lines: NDArray[np.intp] = field(default_factory=_none)
    pages: NDArray[np.intp] = field(default_factory=_none)


def prepare_hands(recipe: Recipe, data: Path | None, report: Callable[[str], None]) -> tuple[Recipe, PatchData]:
    """Return a recipe with the writers that were found as its labels, and patches to train, choose and measure by.

    Args:
        recipe: of a hand classifier.
        data: where its data set lies, if not where ``duktus data`` puts it; images of single lines.
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
    parts = (
        (whole.train[inner.train], recipe.patches.count),
        (whole.train[inner.held], recipe.patches.asked),
        (whole.held, recipe.patches.asked),
    )
    cut = [_cut(named, images, part, count, (recipe.seed, 6, i), report) for i, (part, count) in enumerate(parts)]
    (train, _), (validation, _), (test, lines) = cut
    pages = number_pages(images.labels, images.groups)[lines]
    nothing = Samples(train.frames[:0], train.classes[:0])
    source = _source(recipe, images, whole, inner, fingerprint(*(part.frames for part, _ in cut)))
    return named, PatchData(nothing, train, nothing, validation, test, (source,), lines=lines, pages=pages)


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
) -> tuple[Samples, NDArray[np.intp]]:
    """Return patches of the chosen images with their writers, and from which image each comes.

    An image that cannot be read is told and left out, one without ink gives nothing.
    """
    places = {label: i for i, label in enumerate(recipe.labels)}
    size = recipe.patches.size
    frames, lines = [np.zeros((0, size, size), np.uint8)], [_none()]
    for index in chosen.tolist():
        try:
            page = next(load_pages(images.images[index], name=images.name(index)))
        except ImageError as error:
            report(f"left out: {error}")
            continue
        strip = strip_of(page, recipe.patches, recipe.ink, raw=recipe.data.raw)
        rng = np.random.default_rng((*seed, index))
        frames.append(cut_patches(strip, count, recipe.patches, rng, raw=recipe.data.raw))
        lines.append(np.full(len(frames[-1]), index, np.intp))
    line = np.concatenate(lines)
    if not len(line):
        raise DataError(f"{recipe.data.source}: expected images with ink, received {len(chosen)} without; check them")
    classes = np.array([places[images.labels[i]] for i in line.tolist()], np.int64)
    return Samples(np.concatenate(frames), classes), line


def _source(recipe: Recipe, images: LabelledImages, whole: Split, inner: Split, told: str) -> DataSource:
    """Return what the card says of the data; its fingerprint is of the patches, as the network saw them."""
    name = recipe.data.source
    kinds = f"{len(inner.train)} images to train, {len(inner.held)} to choose by, {len(whole.held)} to test"
    how = (
        "no page on two sides" if recipe.patches.split == "page" and whole.by_group else "lines of a page on all sides"
    )
    return DataSource(name, told, LICENCES.get(name, "not known"), len(images), f"{kinds}; {how}")
