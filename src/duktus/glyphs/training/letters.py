"""Letters to train on: the labelled drawings of any alphabets, audited, divided by drawer, turned, framed as served."""

from dataclasses import asdict, dataclass, replace

import numpy as np

from duktus.datasets.audit import audit
from duktus.datasets.findings import describe
from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.licences import licence_of, name_source
from duktus.datasets.places import find_data
from duktus.datasets.split import split
from duktus.glyphs.training.dataset import pools_of
from duktus.glyphs.training.pens import prepare_pens
from duktus.glyphs.training.samples import ON_PAPER, Making, frame_images, join_samples
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.learning.samples import Samples, TrainingData, concatenate
from duktus.learning.task import Work
from duktus.models.card import DataSource
from duktus.types import DataError

TURNS = (1, 2, 3)
"""Quarter turns after which a drawing counts as another character's."""


LARGE = GlyphFrame(height=ON_PAPER, width=ON_PAPER, box=100, stroke_min=0.1, stroke_max=ON_PAPER)
"""The frame of drawings that are put on paper, or drawn anew with other tools."""


@dataclass(frozen=True)
class LetterData(TrainingData):
    """The parts of an encoder's training; ``drawn`` names the label and the drawer of each glyph of the test part."""

    drawn: tuple[tuple[str, str], ...] = ()


def prepare_letters(recipe: GlyphRecipe, work: Work) -> tuple[GlyphRecipe, LetterData]:
    """Return an encoder's recipe with the letters that were found as its labels, and its data.

    Drawers on whom the weights are chosen are others than those who were trained on; the test part are the alphabets
    that the recipe keeps unseen, or, where there are none, the part that the weights are chosen by.

    Args:
        recipe: of an encoder.
        work: says where its data set lies, if not where ``duktus data`` puts it; receives what was found.

    Raises:
        DataError: there is no such data, an alphabet is not among it, or nothing can be held out.
    """
    images = load_labelled(find_data(recipe.data.source, work.data))
    known, unseen = _divide_alphabets(images, recipe.data.without)
    found = audit(known, copies=False, report=lambda done, of: work.show(done, of, "auditing images"))
    for line in describe(found):
        work.report(line)
    usable = found.usable
    parts = split(usable.labels, usable.groups, share=min(0.5, recipe.data.validation / len(usable)), seed=recipe.seed)
    if not len(parts.held):
        raise DataError(f"{recipe.data.source}: expected letters by several people, found none to hold out; add some")
    work.report(parts.statement)
    making = Making(recipe.ink, recipe.glyph, usable.classes)
    trained = usable.subset(parts.train)
    own, validation = _samples(trained, making), _samples(usable.subset(parts.held), making)
    measured = unseen if len(unseen) else usable.subset(parts.held)
    test = _samples(unseen, replace(making, labels=unseen.classes)) if len(unseen) else validation
    turned = _turned(own, len(usable.classes)) if recipe.data.quarter_turns else own.none
    turns = TURNS if len(turned) else ()
    labels = [f"{label}, turned {90 * turn}" for turn in turns for label in usable.classes]
    source = _source(name_source(recipe.data.source, work.data), usable.classes, own, validation)
    drawn = tuple(
        (label, group or str(i)) for i, (label, group) in enumerate(zip(measured.labels, measured.groups, strict=True))
    )
    pens = prepare_pens(recipe, work, len(usable.classes) * (1 + len(turns)))
    shown = concatenate([own, _elsewhere(recipe, trained, making, work), pens.trained])
    named = replace(recipe, labels=(*usable.classes, *labels, *pens.labels))
    held = concatenate([validation, pens.held])
    return named, LetterData(shown, turned, own.none, held, test, (source, *pens.sources), drawn=drawn)


def _divide_alphabets(images: LabelledImages, without: tuple[str, ...]) -> tuple[LabelledImages, LabelledImages]:
    """Return the drawings of the alphabets that may be seen, and of those that may not."""
    alphabets = [label.split("/", 1)[0] for label in images.labels]
    if missing := sorted(set(without) - set(alphabets)):
        expected = f"data.without among {', '.join(sorted(set(alphabets)))}"
        raise DataError(f"expected {expected}; received {missing[0]!r}; correct the recipe")
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


def _elsewhere(recipe: GlyphRecipe, images: LabelledImages, making: Making, work: Work) -> Samples:
    """Return the glyphs of drawings put on paper and drawn with other tools, as many as the recipe's pools name."""
    if not any(asdict(recipe.pools).values()):
        return join_samples([], making)
    large = _samples(images, replace(making, frame=LARGE))
    return pools_of(replace(recipe, pools=replace(recipe.pools, recorded=0)), making, large, work)[0]


def _turned(own: Samples, classes: int) -> Samples:
    """Return all samples turned by one, two and three quarters, as further classes; frames have to be square."""
    frames = [np.rot90(own.frames, turn, (1, 2)) for turn in TURNS]
    return Samples(np.concatenate(frames), np.concatenate([own.classes + turn * classes for turn in TURNS]))


def _source(name: str, classes: tuple[str, ...], own: Samples, validation: Samples) -> DataSource:
    """Return what the card says of the data; its fingerprint is of the glyphs, as the network saw them.

    All alphabets that were seen are named, so that nobody measures on one of them what is said to be unseen.
    """
    digest = fingerprint(own.frames, own.classes, validation.frames, validation.classes)
    n, held = len(own) + len(validation), len(validation)
    seen = sorted({label.split("/", 1)[0] for label in classes})
    how = f"{n - held} to train, {held} by other drawers to choose by; {len(seen)} alphabets: {', '.join(seen)}"
    return DataSource(name, digest, licence_of(name), n, how)
