"""What a transcriber is trained on: prepared on disk once, its validation lines, and its batches."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from duktus.datasets.lines.labelled import find_lines
from duktus.learning.ahead import Ahead
from duktus.learning.task import Batch, Work
from duktus.lines.evaluation.inks import LineInk
from duktus.lines.training.feed import Drawn, StripBatch, deal, draw_strips, stack
from duktus.lines.training.origins import describe, folder_of, open_source, prepare_files
from duktus.lines.training.own import own_labels, prepare_own, with_start
from duktus.lines.training.settings import TranscriberRecipe
from duktus.lines.training.start import Start, open_start
from duktus.lines.training.storage import keep_drawn, kept_drawn
from duktus.models.card import DataSource
from duktus.types import DataError
from duktus.workers.job import Job

TOGETHER = 256
"""Validation lines of a batch."""


@dataclass(frozen=True, eq=False)
class TranscriberData:
    """What a transcriber is trained on.

    Attributes:
        folder: of the data sets; None for where ``duktus data`` puts them.
        files: what was prepared.
        feeder: makes units of batches.
        validation: strips that choose among the epochs.
        sources: the sets, as the card names them.
        start: the transcriber that one's own lines begin with.
        held: of one's own lines those that are measured on.
        kept: what was prepared of those who train nothing.
    """

    folder: Path | None
    files: tuple[Path, ...]
    feeder: Ahead[list[StripBatch]]
    validation: list[Drawn]
    sources: tuple[DataSource, ...]
    start: Start | None = None
    held: tuple[LineInk, ...] = ()
    kept: tuple[Path, ...] = ()


def prepare(recipe: TranscriberRecipe, work: Work) -> TranscriberData:
    """Prepare what is not on the disk yet.

    Args:
        recipe: of what, how much.
        work: names the folder of the data sets, and that of what is prepared.

    Raises:
        DataError: a set is missing, or the disk is full.
    """
    key = f"{zlib.crc32(repr((recipe.seed, recipe.feed.kind, recipe.feed.pictures, recipe.line)).encode()):08x}"
    training = prepare_files(recipe, work, key, kept=False)
    kept = prepare_files(recipe, work, key, kept=True)
    held = work.folder / f"validation-{key}-{recipe.feed.validation}.npz"
    if not held.is_file():
        work.report(f"preparing {recipe.feed.validation:,} lines that choose among the epochs")
        source = open_source(recipe, kept, composed=False)
        keep_drawn(held, draw_strips(source, recipe, recipe.feed.validation, np.random.default_rng((recipe.seed, 1))))
    job = Job("duktus.lines.training.origins:open_feeder", (recipe, training))
    feeder: Ahead[list[StripBatch]] = Ahead(job)
    sources = describe(recipe, folder_of(work))
    return TranscriberData(work.data, training, feeder, kept_drawn(held), sources, kept=kept)


def prepare_lines_of_ones_own(recipe: TranscriberRecipe, work: Work) -> tuple[TranscriberRecipe, TranscriberData]:
    """Return the recipe with the labels and layers that its start and one's own lines bring, and the data.

    Raises:
        DataError: there are too few lines, or none can be read.
        ModelError: there is no such model to start from.
    """
    start = open_start(recipe.start)
    if work.data is None:
        raise DataError("expected the folder of your lines, received nothing; add --data FOLDER")
    lines = find_lines(work.data)
    recipe = with_start(recipe, start, own_labels(lines, start))
    own = prepare_own(recipe, lines, work)
    file = work.folder / "own.npz"
    keep_drawn(file, own.trained)
    feeder: Ahead[list[StripBatch]] = Ahead(Job("duktus.lines.training.origins:open_feeder", (recipe, (file,))))
    sources = (own.source, *start.session.card.data)
    return recipe, TranscriberData(work.data, (file,), feeder, own.measured, sources, start, tuple(own.held))


def batches(recipe: TranscriberRecipe, data: TranscriberData, epoch: int) -> Iterator[Batch]:
    """Yield an epoch's batches: strips (n, height, w, 1) and targets, the same for the same epoch."""
    steps = recipe.feed.steps
    units = -(-steps // (recipe.feed.batches * recipe.feed.versions))
    made = data.feeder.make((epoch, number) for number in range(units))
    for batch in deal(made, steps, np.random.default_rng((recipe.seed, 6, epoch))):
        yield batch.arrays()


def in_batches(drawn: list[Drawn], step: int) -> Iterator[tuple[list[int], StripBatch]]:
    """Yield lines of like width together, with their numbers."""
    order = sorted(range(len(drawn)), key=lambda number: drawn[number].strip.shape[1])
    for first in range(0, len(order), TOGETHER):
        chosen = order[first : first + TOGETHER]
        yield chosen, stack([drawn[number] for number in chosen], step)
