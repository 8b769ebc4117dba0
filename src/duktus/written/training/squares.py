"""The squares that a network learns from: composed, cut from transcribed pages, kept on disk, and dealt to batches."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.places import find_data
from duktus.imaging.ink.darkness import normalise
from duktus.learning.task import Batch, Work
from duktus.models.card import DataSource
from duktus.types import Ink
from duktus.written.training.composites import compose
from duktus.written.training.network import make_target
from duktus.written.training.pool import Patches, decode_heights, load_patches, save_patches, stack
from duktus.written.training.real import cut_patches
from duktus.written.training.settings import SegmenterRecipe
from duktus.written.training.sources import describe_sets, open_sources, transcribed_pages

SHARD = 128
"""Squares of a file."""

GROUP = 4
"""Files that an epoch's squares are drawn from: as many as memory holds with ease."""


@dataclass(frozen=True, eq=False)
class SegmenterData:
    """What a page segmenter is trained on.

    Attributes:
        folder: of the data sets.
        files: of squares to train on; one of transcribed squares as often as it is seen.
        validation: squares that choose among the epochs.
        sources: the sets, as the card names them.
    """

    folder: Path
    files: tuple[Path, ...]
    validation: Patches
    sources: tuple[DataSource, ...]


def prepare_squares(recipe: SegmenterRecipe, work: Work) -> SegmenterData:
    """Compose and cut what is not on the disk yet.

    Args:
        recipe: how much of what.
        work: names the folder of the data sets, by default that which holds ``unipen/``, and that of the squares.

    Raises:
        DataError: handwriting or typefaces are missing, or the disk is full.
    """
    data = work.data or find_data("unipen").parent
    key = f"{zlib.crc32(repr((recipe.seed, recipe.pool)).encode()):08x}"
    held, *composed = _composed(recipe, data, work, key)
    transcribed = _transcribed(recipe, data, work, key)
    files = (*composed, *transcribed * recipe.pool.weight)
    return SegmenterData(data, files, load_patches(held), describe_sets(data))


def _composed(recipe: SegmenterRecipe, data: Path, work: Work, key: str) -> list[Path]:
    """Return the files of composed squares, the first of those that validate."""
    pool = recipe.pool
    sizes = [pool.validation, *(min(SHARD, pool.composed - first) for first in range(0, pool.composed, SHARD))]
    files = [work.folder / f"composed-{key}-{number:04d}.npz" for number in range(len(sizes))]
    missing = [number for number, file in enumerate(files) if not file.is_file()]
    if missing:
        work.report(f"composing {sum(sizes[number] for number in missing):,} squares of {pool.side} pixels")
        sources = open_sources(data, pool.fonts)
        for done, number in enumerate(missing):
            work.show(done, len(missing), "composing pages")
            rng = np.random.default_rng((recipe.seed, 1, number))
            squares = [compose((pool.side, pool.side), sources, rng) for _ in range(sizes[number])]
            save_patches(files[number], stack(squares))
    return files


def _transcribed(recipe: SegmenterRecipe, data: Path, work: Work, key: str) -> tuple[Path, ...]:
    """Return the files of squares cut from transcribed pages."""
    pages = [page for page in transcribed_pages(data) if not page.kept] if recipe.pool.transcribed else []
    order = np.random.default_rng((recipe.seed, 2)).permutation(len(pages))
    groups = np.array_split(order, -(-len(pages) * recipe.pool.transcribed // SHARD)) if pages else []
    files = []
    for number, group in enumerate(groups):
        files.append(work.folder / f"transcribed-{key}-{number:04d}.npz")
        if files[-1].is_file():
            continue
        work.show(number, len(groups), "cutting transcribed pages")
        rng, count, side = np.random.default_rng((recipe.seed, 2, number)), recipe.pool.transcribed, recipe.pool.side
        cuts = [cut_patches(pages[i].image, pages[i].alto, count, side, rng, whole=pages[i].whole) for i in group]
        save_patches(files[-1], stack([square for cut in cuts for square in cut]))
    return tuple(files)


def deal(recipe: SegmenterRecipe, data: SegmenterData, epoch: int) -> Iterator[Batch]:
    """Yield an epoch's batches: darkness (n, crop, crop, 1) and targets, the same for the same epoch.

    Files are gone through in an order of each round's own, a few an epoch.
    """
    rng, size = np.random.default_rng((recipe.seed, 5, epoch)), recipe.fit.batch
    held = [load_patches(file) for file in _files_of(recipe, data, epoch)]
    places = [(patches, index) for patches in held for index in range(len(patches))]
    rounds = -(-recipe.pool.steps * size // len(places))
    order = np.concatenate([rng.permutation(len(places)) for _ in range(rounds)])
    for first in range(0, recipe.pool.steps * size, size):
        chosen = (places[i] for i in order[first : first + size])
        pairs = [vary(patches, index, recipe, rng) for patches, index in chosen]
        yield np.stack([seen for seen, _ in pairs]), np.stack([target for _, target in pairs])


def _files_of(recipe: SegmenterRecipe, data: SegmenterData, epoch: int) -> Iterator[Path]:
    for number in range((epoch - 1) * GROUP, epoch * GROUP):
        turn, place = divmod(number, len(data.files))
        yield data.files[np.random.default_rng((recipe.seed, 6, turn)).permutation(len(data.files))[place]]


def vary(
    patches: Patches, index: int, recipe: SegmenterRecipe, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a part of a square as the network sees it, (crop, crop, 1), and its target, both varied."""
    crop = recipe.pool.crop
    y, x = (int(rng.integers(0, max(1, length - crop + 1))) for length in patches.pages.shape[1:])
    across, down = (-1 if rng.random() < 0.1 else 1), (-1 if rng.random() < 0.06 else 1)

    def part(layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.ascontiguousarray(layer[index, y : y + crop, x : x + crop][::down, ::across])

    darkness = normalise(part(patches.pages), recipe.darkness)
    target = make_target(darkness, part(patches.classes), part(patches.bands), decode_heights(part(patches.heights)))
    return _worn(darkness, recipe.darkness.most, rng)[..., None], target


def _worn(darkness: Ink, most: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return darkness with its measure a little wrong, and now and then noise."""
    seen = darkness * np.float32(np.exp(rng.normal(0, 0.2)))
    if rng.random() < 0.3:
        seen = seen + np.float32(rng.exponential(0.02)) * rng.standard_normal(seen.shape, np.float32)
    return np.asarray(np.clip(seen, 0, most), np.float32)


def validation_squares(recipe: SegmenterRecipe, patches: Patches) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the upper left parts of squares as they are: darkness (n, crop, crop, 1) and classes (n, crop, crop)."""
    crop = slice(recipe.pool.crop)
    seen = np.stack([normalise(np.ascontiguousarray(page[crop, crop]), recipe.darkness) for page in patches.pages])
    return seen[..., None], patches.classes[:, crop, crop]
