"""A person's own labelled images to train on: audited, parted by hand or page, framed as served."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.audit import Audit, audit
from duktus.datasets.findings import describe
from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly, split
from duktus.glyphs.teaching.label_errors import describe_label_errors, find_label_errors
from duktus.glyphs.training.dataset import LICENCES, TrainingData
from duktus.glyphs.training.pretrained import Start
from duktus.glyphs.training.samples import Making, Samples, frame_images
from duktus.imaging.files.load import load_pages
from duktus.imaging.ink.grey import to_grey
from duktus.learning.recipe import FOLDER, Recipe, load_recipe
from duktus.models.card import DataSource
from duktus.types import DataError, Page

MOST_CHECKED = 20_000
"""Images whose labels are looked at for doubt, evenly from all."""

TOLD = 2000
"""Images after which there is a line of progress."""

Report = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Parts:
    """The places of the images that are trained on, calibrate, and measure; in words, how they were divided."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]
    statement: str


def folder_recipe(place: Path, overrides: list[str]) -> Recipe:
    """Return the recipe for a folder or table of labelled images, named after it.

    Args:
        place: where the images lie, as ``load_labelled`` takes it.
        overrides: as ``load_recipe`` takes them.

    Raises:
        DataError: there are no labelled images.
        RecipeError: an override does not fit.
    """
    load_labelled(place)  # a slip in the path is told before anything is loaded that takes long
    name = place.resolve().stem or FOLDER
    named = json.dumps(name.encode("utf-8", "replace").decode(), ensure_ascii=False)
    with resources.as_file(resources.files("duktus.glyphs.training") / "folder.toml") as path:
        return load_recipe(path, [f"name={named}", *overrides])


def prepare_folder(
    recipe: Recipe, start: Start | None, data: Path | None, report: Report
) -> tuple[Recipe, TrainingData]:
    """Return a recipe with the labels that were found, and its data.

    Args:
        recipe: of a classifier that holds out a share of its images.
        start: the encoder that it begins with, if any; it also tells which labels look wrong.
        data: where the images lie, if not where ``duktus data`` puts them.
        report: receives what was found, line by line.

    Raises:
        DataError: there are no such images, or not of two labels.
    """
    images = _renamed(load_labelled(_place(recipe, data)), recipe, report)
    found = audit(images, report=lambda done, of: _tell(report, "looked at", done, of))
    for line in describe(found):
        report(line)
    usable, parts = found.usable, divide(found, recipe)
    everything = _samples(usable, recipe, report)
    if start is not None:
        _tell_doubts(start, found, everything, report)
    report(parts.statement)
    told = fingerprint(everything.frames, everything.classes)
    source = _source(recipe, data, DataSource("", told, "", len(usable), parts.statement))
    own, validation, test = (_at(everything, places) for places in (parts.train, parts.validation, parts.test))
    own = _with_turned(own, recipe.data.turns)
    nothing = Samples(own.frames[:0], own.classes[:0])
    # What a checkpoint is compared by names the images, too: others would not go on where these stopped.
    text = f"{recipe.text}\n# {len(usable)} images, sha256 {told}\n"
    named = replace(recipe, labels=usable.classes, text=text)
    return named, TrainingData(own, nothing, nothing, validation, test, (source,))


def find_labels(recipe: Recipe, data: Path | None) -> tuple[str, ...]:
    """Return the labels of a recipe's images, no image opened. Raises DataError where there are no such images."""
    return _renamed(load_labelled(_place(recipe, data)), recipe, lambda _: None).classes


def divide(found: Audit, recipe: Recipe) -> Parts:
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
        statement += f" Trained on but not measured, for want of images: {len(whole.train_only)} labels."
    return Parts(whole.train, whole.held[halves.held], whole.held[halves.train], statement)


def _place(recipe: Recipe, data: Path | None) -> Path:
    """Return where the images lie."""
    if recipe.data.source != FOLDER:
        return find_data(recipe.data.source, data) / recipe.data.within
    if data is None:
        raise DataError(
            f"{recipe.name}: expected a folder or table of labelled images, received none; name it by --data"
        )
    return data


def _source(recipe: Recipe, data: Path | None, rest: DataSource) -> DataSource:
    """Return what the card says of the data."""
    whole = data.resolve().name if data is not None and recipe.data.source == FOLDER else recipe.data.source
    name = f"{whole} {recipe.data.within}".strip()
    return replace(rest, name=name, licence=LICENCES.get(recipe.data.source, "not known"))


def _renamed(images: LabelledImages, recipe: Recipe, report: Report) -> LabelledImages:
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
        raise DataError(f"{table}: expected each label once and with a name; mend the table")
    return dict(rows)


def _samples(usable: LabelledImages, recipe: Recipe, report: Report) -> Samples:
    """Return the glyphs of images, each of its first page, with the places of their labels."""
    places = {label: place for place, label in enumerate(usable.classes)}
    classes = np.array([places[label] for label in usable.labels], np.int64)
    pages = _pages(usable, report)
    if recipe.data.raw:
        size = (recipe.glyph.width, recipe.glyph.height)
        return Samples(np.stack([_resized(page, size) for page in pages]), classes)
    return Samples(frame_images(pages, Making(recipe.ink, recipe.glyph, usable.classes)), classes)


def _pages(images: LabelledImages, report: Report) -> Iterator[Page]:
    for i, image in enumerate(images.images, 1):
        yield next(load_pages(image))
        _tell(report, "framed", i, len(images))


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


def _tell_doubts(start: Start, found: Audit, everything: Samples, report: Report) -> None:
    """Report how many labels look wrong to the encoder."""
    chosen = choose_evenly(len(everything.classes), MOST_CHECKED)
    labels = [found.usable.labels[i] for i in chosen]
    vectors = start.vectors(everything.frames[chosen])
    doubts = find_label_errors(vectors, labels, start.spread, start.temperature, groups=found.copies[chosen])
    for line in describe_label_errors(doubts, [found.usable.name(int(i)) for i in chosen]):
        report(line)


def _at(samples: Samples, places: NDArray[np.intp]) -> Samples:
    return Samples(samples.frames[places], samples.classes[places])


def _tell(report: Report, what: str, done: int, of: int) -> None:
    if done % TOLD == 0:
        report(f"{what} {done:,} of {of:,} images")
