"""Letters to train on: the labelled drawings of any alphabets, audited, parted by drawer, turned, framed as served."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from duktus.datasets.audit import audit
from duktus.datasets.findings import describe
from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.datasets.split import split
from duktus.glyphs.training.dataset import LICENCES, TrainingData, pools_of
from duktus.glyphs.training.samples import ON_PAPER, Making, Samples, frame_images, join_samples
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.learning.recipe import Recipe
from duktus.models.card import DataSource
from duktus.types import DataError

TURNS = (1, 2, 3)
"""Quarter turns after which a drawing counts as another character's."""


LARGE = GlyphFrame(height=ON_PAPER, width=ON_PAPER, box=100, stroke_min=0.1, stroke_max=ON_PAPER)
"""The frame of drawings that are put on paper, or drawn anew with other tools."""


def prepare_letters(
    recipe: Recipe, data: Path | None, cache: Path, report: Callable[[str], None]
) -> tuple[Recipe, TrainingData]:
    """Return an encoder's recipe with the letters that were found as its labels, and its data.

    Drawers on whom the weights are chosen are others than those who were trained on; the test part are the alphabets
    that the recipe keeps unseen, or, where there are none, the part that the weights are chosen by.

    Args:
        recipe: of an encoder.
        data: where its data set lies, if not where ``duktus data`` puts it.
        cache: keeps the pools, for a training that goes on after a kill.
        report: receives what was found, line by line.

    Raises:
        DataError: there is no such data, an alphabet is not among it, or nothing can be held out.
    """
    images = load_labelled(find_data(recipe.data.source, data))
    known, unseen = _apart(images, recipe.data.without)
    found = audit(known, copies=False)
    for line in describe(found):
        report(line)
    usable = found.usable
    parts = split(usable.labels, usable.groups, share=min(0.5, recipe.data.validation / len(usable)), seed=recipe.seed)
    if not len(parts.held):
        raise DataError(f"{recipe.data.source}: expected letters by several people, found none to hold out; add some")
    report(parts.statement)
    making = Making(recipe.ink, recipe.glyph, usable.classes)
    trained = usable.subset(parts.train)
    own, validation = _samples(trained, making), _samples(usable.subset(parts.held), making)
    asked = unseen if len(unseen) else usable.subset(parts.held)
    test = _samples(unseen, replace(making, labels=unseen.classes)) if len(unseen) else validation
    turned = _turned(own, len(usable.classes)) if recipe.data.quarter_turns else join_samples([], making)
    turns = TURNS if len(turned.frames) else ()
    labels = [f"{label}, turned {90 * turn}" for turn in turns for label in usable.classes]
    sources = (_source(recipe, usable.classes, own, validation),)
    named = replace(recipe, labels=(*usable.classes, *labels))
    names = tuple(
        (label, group or str(i)) for i, (label, group) in enumerate(zip(asked.labels, asked.groups, strict=True))
    )
    shown = join_samples([own, _elsewhere(recipe, trained, making, cache, report)], making)
    return named, TrainingData(shown, turned, join_samples([], making), validation, test, sources, names)


def _apart(images: LabelledImages, without: tuple[str, ...]) -> tuple[LabelledImages, LabelledImages]:
    """Return the drawings of the alphabets that may be seen, and of those that may not."""
    alphabets = [label.split("/", 1)[0] for label in images.labels]
    if missing := sorted(set(without) - set(alphabets)):
        expected = f"data.without among {', '.join(sorted(set(alphabets)))}"
        raise DataError(f"expected {expected}; received {missing[0]!r}; mend the recipe")
    hidden = [alphabet in without for alphabet in alphabets]
    return (
        images.subset(i for i, is_hidden in enumerate(hidden) if not is_hidden),
        images.subset(i for i, is_hidden in enumerate(hidden) if is_hidden),
    )


def _samples(images: LabelledImages, making: Making) -> Samples:
    """Return the glyphs of labelled images, each of its first page, with the places of their labels."""
    places = {label: i for i, label in enumerate(making.labels)}
    pages = (next(iter(load_pages(image))) for image in images.images)
    return Samples(frame_images(pages, making), np.array([places[label] for label in images.labels], np.int64))


def _elsewhere(
    recipe: Recipe, images: LabelledImages, making: Making, cache: Path, report: Callable[[str], None]
) -> Samples:
    """Return the glyphs of drawings put on paper and drawn with other tools, as many as the recipe's pools ask for."""
    if not any(asdict(recipe.pools).values()):
        return join_samples([], making)
    large = _samples(images, replace(making, frame=LARGE))
    return pools_of(recipe, making, large, cache, report)[0]


def _turned(own: Samples, classes: int) -> Samples:
    """Return all samples turned by one, two and three quarters, as further classes; frames have to be square."""
    frames = [np.rot90(own.frames, turn, (1, 2)) for turn in TURNS]
    return Samples(np.concatenate(frames), np.concatenate([own.classes + turn * classes for turn in TURNS]))


def _source(recipe: Recipe, classes: tuple[str, ...], own: Samples, validation: Samples) -> DataSource:
    """Return what the card says of the data; its fingerprint is of the glyphs, as the network saw them.

    All alphabets that were seen are named, so that nobody measures on one of them what is said to be unseen.
    """
    told = fingerprint(own.frames, own.classes, validation.frames, validation.classes)
    n, held = len(own.frames) + len(validation.frames), len(validation.frames)
    seen = sorted({label.split("/", 1)[0] for label in classes})
    how = f"{n - held} to train, {held} by other drawers to choose by; {len(seen)} alphabets: {', '.join(seen)}"
    return DataSource(recipe.data.source, told, LICENCES.get(recipe.data.source, "not known"), n, how)
