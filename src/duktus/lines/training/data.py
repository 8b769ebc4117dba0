"""What a transcriber is trained on: prepared on disk once, its validation lines, and its batches."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.learning.ahead import Ahead
from duktus.learning.checkpoint import load_arrays, save_arrays
from duktus.learning.task import Batch, Work
from duktus.lines.training.feed import Drawn, StripBatch, deal, draw_strips, stack
from duktus.lines.training.origins import describe, folder_of, open_source, prepare_files
from duktus.lines.training.settings import TranscriberRecipe
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
    """

    folder: Path | None
    files: tuple[Path, ...]
    feeder: Ahead[list[StripBatch]]
    validation: list[Drawn]
    sources: tuple[DataSource, ...]


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
    held = work.folder / f"validation-{key}-{recipe.feed.validation}.npz"
    if not held.is_file():
        work.report(f"preparing {recipe.feed.validation:,} lines that choose among the epochs")
        source = open_source(recipe, prepare_files(recipe, work, key, kept=True), composed=False)
        keep_drawn(held, draw_strips(source, recipe, recipe.feed.validation, np.random.default_rng((recipe.seed, 1))))
    job = Job("duktus.lines.training.origins:open_feeder", (recipe, training))
    feeder: Ahead[list[StripBatch]] = Ahead(job)
    return TranscriberData(work.data, training, feeder, kept_drawn(held), describe(recipe, folder_of(work)))


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


def keep_drawn(file: Path, drawn: list[Drawn]) -> None:
    """Write strips with their outputs to a file, whole or not at all."""
    widths = np.array([each.strip.shape[1] for each in drawn], np.int32)
    counts = np.array([len(each.outputs) for each in drawn], np.int32)
    strips = np.concatenate([each.strip for each in drawn], axis=1)
    outputs = np.array([output for each in drawn for output in each.outputs], np.int32)
    save_arrays(file, {"strips": strips, "widths": widths, "outputs": outputs, "counts": counts}, packed=True)


def kept_drawn(file: Path) -> list[Drawn]:
    """Return the strips of a file. Raises DataError where it is broken or missing."""
    held = load_arrays(file)
    if held is None or set(held) != {"strips", "widths", "outputs", "counts"}:
        raise DataError(f"{file}: expected the lines of a training, received none; delete its folder")
    strips = np.split(held["strips"], np.cumsum(held["widths"])[:-1], axis=1)
    outputs: list[NDArray[np.int32]] = np.split(held["outputs"], np.cumsum(held["counts"])[:-1])
    return [Drawn(strip, tuple(each.tolist())) for strip, each in zip(strips, outputs, strict=True)]
