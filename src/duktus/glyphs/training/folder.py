"""Somebody's own labelled images to train on: audited, divided by hand or page, framed as served."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.audit import Audit, audit
from duktus.datasets.findings import describe
from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.groups import group_by_number, may_be_drawers
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.licences import licence_of, name_source
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly, split
from duktus.glyphs.teaching.label_errors import describe_label_errors, find_label_errors
from duktus.glyphs.training.pretrained import PretrainedEncoder
from duktus.glyphs.training.samples import Making, frame_images
from duktus.glyphs.training.settings import FOLDER, GlyphRecipe
from duktus.imaging.files.load import load_pages
from duktus.imaging.ink.grey import to_grey
from duktus.learning.samples import Samples, TrainingData
from duktus.learning.task import Report, Work
from duktus.models.card import DataSource
from duktus.types import DataError, Page

MANY = 2000
"""Images from which their preparation is announced."""

MOST_SEARCHED = 20_000
"""Images among whose labels errors are searched, evenly from all."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The places of the images that are trained on, calibrate, and measure; in words, how they were divided."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]
    statement: str


def prepare_folder(
    recipe: GlyphRecipe, encoder: PretrainedEncoder | None, work: Work
) -> tuple[GlyphRecipe, TrainingData]:
    """Return a recipe with the labels that were found, and its data.

    Args:
        recipe: of a classifier that holds out a share of its images.
        encoder: that it starts from, if any; it also finds labels that look wrong.
        work: says where the images lie, if not where ``duktus data`` puts them; receives what was found.

    Raises:
        DataError: there are no such images, or not of two labels.
    """
    images = _load(recipe, work.data, work.report)
    if len(images) >= MANY:
        work.report(f"auditing and framing {len(images):,} images …")
    found = audit(images, report=lambda done, of: work.show(done, of, "auditing images"))
    for line in describe(found):
        work.report(line)
    if drawers := may_be_drawers(found.usable):
        work.report(
            f"The numbers in the files' names, {drawers[0]} to {drawers[1]}, may be those of drawers: if they are, "
            "'--group-by number' keeps each drawer on one side."
        )
    usable, parts = found.usable, divide(found, recipe)
    everything = _samples(usable, recipe, work)
    if encoder is not None:
        _report_label_errors(encoder, found, everything, work.report)
    work.report(parts.statement)
    digest = fingerprint(everything.frames, everything.classes)
    source = _source(recipe, work.data, DataSource("", digest, "", len(usable), parts.statement))
    own, validation, test = (everything.take(places) for places in (parts.train, parts.validation, parts.test))
    own = _with_turned(own, recipe.data.turns)
    # What a checkpoint is compared by names the images, too: others would not go on where these stopped.
    text = f"{recipe.text}\n# {len(usable)} images, sha256 {digest}\n"
    named = replace(recipe, labels=usable.classes, text=text)
    return named, TrainingData(own, own.none, own.none, validation, test, (source,))


def find_labels(recipe: GlyphRecipe, data: Path | None) -> tuple[str, ...]:
    """Return the labels of a recipe's images, no image opened. Raises DataError where there are no such images."""
    return _load(recipe, data, lambda _: None).classes


def _load(recipe: GlyphRecipe, data: Path | None, report: Report) -> LabelledImages:
    """Return the recipe's images under the names and with the groups that it gives them."""
    images = _renamed(load_labelled(_place(recipe, data)), recipe, report)
    return group_by_number(images) if recipe.data.group_by else images


def divide(found: Audit, recipe: GlyphRecipe) -> Parts:
    """Divide usable images: by hand or page where one is known, copies of one drawing together.

    Of what is held out one half calibrates; the other measures, and it is the larger where there are few.

    Raises:
        DataError: there are not two labels.
    """
    usable = found.usable
    if len(usable.classes) < 2:
        received = f"{len(usable):,} images of {', '.join(map(repr, usable.classes)) or 'none'}"
        raise DataError(f"expected usable images of two labels at least, received {received}; add some")
    share, seed = recipe.data.held, recipe.seed
    whole = split(usable.labels, usable.groups, share=share, seed=seed, copies=found.copies)
    if not len(whole.held):
        statement = (
            "Nothing is held out, and so nothing is measured: no label has two drawings, or drawings by two hands."
        )
        return Parts(whole.train, whole.held, whole.held, statement)
    held = usable.subset(whole.held)
    halves = split(held.labels, held.groups, share=0.5, seed=seed, copies=found.copies[whole.held])
    statement = f"{whole.statement} Of these {len(halves.held):,} calibrate and {len(halves.train):,} measure."
    if whole.train_only:
        statement += f" Trained on but not measured, as they have too few images: {len(whole.train_only)} labels."
    return Parts(whole.train, whole.held[halves.held], whole.held[halves.train], statement)


def _place(recipe: GlyphRecipe, data: Path | None) -> Path:
    """Return where the images lie."""
    if recipe.data.source != FOLDER:
        return find_data(recipe.data.source, data) / recipe.data.within
    if data is None:
        raise DataError(
            f"{recipe.name}: expected a folder or table of labelled images, received none; name it by --data"
        )
    return data


def _source(recipe: GlyphRecipe, data: Path | None, rest: DataSource) -> DataSource:
    """Return what the card says of the data."""
    whole = name_source(recipe.data.source, data)
    return replace(rest, name=f"{whole} {recipe.data.within}".strip(), licence=licence_of(whole))


def _renamed(images: LabelledImages, recipe: GlyphRecipe, report: Report) -> LabelledImages:
    """Return images under the names that the recipe's table gives their labels; what it does not list is left out."""
    if not recipe.data.names:
        return images
    names = read_names(recipe.folder / recipe.data.names)
    kept = images.subset(i for i, label in enumerate(images.labels) if label in names)
    if len(kept) < len(images):
        report(f"Not in {recipe.data.names}, left out: {len(images) - len(kept):,} images.")
    return replace(kept, labels=tuple(names[label] for label in kept.labels))


def read_names(table: Path) -> dict[str, str]:
    """Return the name of each label of a table.

    Raises:
        DataError: the table is missing, has no such columns, or gives a label two names.
    """
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = [(row["label"], row["name"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        what = "a table (CSV) with the columns label and name"
        raise DataError(f"{table}: expected {what}, received {error!r}; see data.names in the recipe") from error
    if len(dict(rows)) < len(rows) or not all(name for row in rows for name in row):
        raise DataError(f"{table}: expected each label once and with a name; correct the table")
    return dict(rows)


def _samples(usable: LabelledImages, recipe: GlyphRecipe, work: Work) -> Samples:
    """Return the glyphs of images, each of its first page, with the places of their labels."""
    places = {label: place for place, label in enumerate(usable.classes)}
    classes = np.array([places[label] for label in usable.labels], np.int64)
    pages = _pages(usable, work)
    if recipe.data.raw:
        size = (recipe.glyph.width, recipe.glyph.height)
        return Samples(np.stack([_resized(page, size) for page in pages]), classes)
    return Samples(frame_images(pages, Making(recipe.ink, recipe.glyph, usable.classes)), classes)


def _pages(images: LabelledImages, work: Work) -> Iterator[Page]:
    for i, image in enumerate(images.images, 1):
        yield next(load_pages(image))
        work.show(i, len(images), "framing images")


def _resized(page: Page, size: tuple[int, int]) -> Page:
    """Return a page in grey, stretched to (width, height)."""
    return np.asarray(cv2.resize(np.asarray(to_grey(page), np.uint8), size, interpolation=cv2.INTER_AREA), np.uint8)


def _with_turned(own: Samples, turns: tuple[float, ...]) -> Samples:
    """Return samples and copies of them turned by so many degrees about their middle, their edges continued."""
    parts = [own.frames]
    rows, columns = own.frames.shape[1:]
    for degrees in turns:
        matrix = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), degrees, 1.0)
        turned = [cv2.warpAffine(one, matrix, (columns, rows), borderMode=cv2.BORDER_REPLICATE) for one in own.frames]
        parts.append(np.stack(turned).astype(np.uint8))
    return Samples(np.concatenate(parts), np.tile(own.classes, len(parts)))


def _report_label_errors(encoder: PretrainedEncoder, found: Audit, everything: Samples, report: Report) -> None:
    """Report how many labels look wrong to the encoder."""
    chosen = choose_evenly(len(everything), MOST_SEARCHED)
    labels = [found.usable.labels[i] for i in chosen]
    vectors = encoder.vectors(everything.frames[chosen])
    errors = find_label_errors(vectors, labels, encoder.spread, encoder.temperature, groups=found.copies[chosen])
    for line in describe_label_errors(errors, [found.usable.name(int(i)) for i in chosen]):
        report(line)
