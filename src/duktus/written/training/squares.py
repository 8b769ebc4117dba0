"""The squares that a network learns from, composed anew each or cut from transcribed pages, and dealt to batches."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.places import find_data
from duktus.imaging.ink.darkness import normalise
from duktus.learning.ahead import Ahead
from duktus.learning.task import Batch, Work
from duktus.models.card import DataSource
from duktus.types import Ink
from duktus.workers.job import Job, Steps, answer_each
from duktus.written.training.composites import compose
from duktus.written.training.cuts import keep_cuts, kept_cuts
from duktus.written.training.furniture import Sources
from duktus.written.training.pool import Squares, load_squares, save_squares, stack
from duktus.written.training.real import cut_patches
from duktus.written.training.settings import SegmenterRecipe
from duktus.written.training.sources import Transcribed, cuts_of, describe_sets, open_sources, transcribed_pages
from duktus.written.training.targets import make_target

Pair = tuple[NDArray[np.float16], NDArray[np.uint8]]


@dataclass(frozen=True, eq=False)
class SegmenterData:
    """What a page segmenter is trained on.

    Attributes:
        folder: of the data sets.
        dealer: makes the batches.
        validation: squares that choose among the epochs.
        sources: the sets, as the card names them.
    """

    folder: Path
    dealer: Ahead[Pair]
    validation: Squares
    sources: tuple[DataSource, ...]


def prepare_squares(recipe: SegmenterRecipe, work: Work) -> SegmenterData:
    """Cut what is not on the disk yet, and compose what validates.

    Args:
        recipe: how much of what.
        work: names the folder of the data sets, by default that which holds ``unipen/``, and that of what is cut.

    Raises:
        DataError: handwriting or typefaces are missing, or the disk is full.
    """
    data = work.data or find_data("unipen").parent
    key = f"{zlib.crc32(repr((recipe.seed, recipe.pool)).encode()):08x}"
    cuts, transcribed = work.folder / f"cuts-{key}.npz", work.folder / f"transcribed-{key}.npy"
    if not cuts.is_file():
        work.report("cutting words and lines out of scans")
        keep_cuts(cuts, cuts_of(data, kept=False))
    if not transcribed.is_file():
        work.report("cutting squares out of transcribed pages")
        save_squares(transcribed, _transcribed(recipe, data, work))
    sources = open_sources(data, recipe.pool.fonts, cuts=kept_cuts(cuts))
    rng, side = np.random.default_rng((recipe.seed, 1)), recipe.pool.side
    validation = stack([compose((side, side), sources, rng) for _ in range(recipe.pool.validation)])
    job = Job("duktus.written.training.squares:open_dealer", (recipe, data, cuts, transcribed))
    return SegmenterData(data, Ahead(job), validation, describe_sets(data))


def _transcribed(recipe: SegmenterRecipe, data: Path, work: Work) -> Squares:
    """Return squares of transcribed pages that train."""
    side = recipe.pool.side
    pages = [page for page in transcribed_pages(data) if not page.kept] if recipe.pool.transcribed else []
    cutter: Ahead[Squares] = Ahead(Job("duktus.written.training.squares:open_cutter", (recipe,)))
    found = [np.zeros((0, 4, side, side), np.uint8)]
    for number, squares in enumerate(cutter.make(enumerate(pages)) if pages else ()):
        work.show(number, len(pages), "cutting transcribed pages")
        found.append(squares)
    return np.concatenate(found)


def open_cutter(recipe: SegmenterRecipe) -> Steps:
    """Return what cuts the squares of a page that is numbered; a process of its own opens this."""
    side, count = recipe.pool.side, recipe.pool.transcribed

    def cut(numbered: tuple[int, Transcribed]) -> Squares:
        number, page = numbered
        rng = np.random.default_rng((recipe.seed, 2, number))
        return stack(cut_patches(page.image, page.alto, count, side, rng, whole=page.whole))

    return answer_each(cut)


def open_dealer(recipe: SegmenterRecipe, data: Path, cuts: Path, transcribed: Path) -> Steps:
    """Return what makes the batch of an epoch and a step; a process of its own opens this."""
    sources, squares = open_sources(data, recipe.pool.fonts, cuts=kept_cuts(cuts)), load_squares(transcribed)

    def views(place: tuple[int, int], number: int) -> list[Pair]:
        rng = np.random.default_rng((recipe.seed, 5, *place, number))
        square = _draw(recipe, sources, squares, rng)
        return [vary(square, recipe, rng) for _ in range(recipe.pool.views)]

    def make(place: tuple[int, int]) -> Pair:
        pairs = [pair for number in range(-(-recipe.fit.batch // recipe.pool.views)) for pair in views(place, number)]
        del pairs[recipe.fit.batch :]
        return np.stack([seen for seen, _ in pairs]), np.stack([target for _, target in pairs])

    return answer_each(make)


def deal(recipe: SegmenterRecipe, data: SegmenterData, epoch: int) -> Iterator[Batch]:
    """Yield an epoch's batches: darkness (n, crop, crop, 1) and targets, the same for the same epoch."""
    yield from data.dealer.make((epoch, step) for step in range(recipe.pool.steps))


def _draw(recipe: SegmenterRecipe, sources: Sources, squares: Squares, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a square (4, side, side), of a transcribed page or composed."""
    side = recipe.pool.side
    if len(squares) and rng.random() < recipe.pool.share:
        return np.asarray(squares[int(rng.integers(len(squares)))], np.uint8)
    return np.asarray(stack([compose((side, side), sources, rng)])[0], np.uint8)


def vary(square: NDArray[np.uint8], recipe: SegmenterRecipe, rng: np.random.Generator) -> Pair:
    """Return a part of a square (4, h, w) as the network sees it, (crop, crop, 1), and its target, both varied."""
    crop = recipe.pool.crop
    y, x = (int(rng.integers(0, max(1, length - crop + 1))) for length in square.shape[1:])
    across, down = (-1 if rng.random() < 0.1 else 1), (-1 if rng.random() < 0.06 else 1)
    page, *truth = (np.ascontiguousarray(layer[y : y + crop, x : x + crop][::down, ::across]) for layer in square)
    darkness = normalise(page, recipe.darkness)
    seen = _worn(darkness, recipe.darkness.most, rng)[..., None]
    return seen.astype(np.float16), make_target(darkness, *truth)


def _worn(darkness: Ink, most: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return darkness with its measure a little wrong, and now and then noise."""
    seen = darkness * np.float32(np.exp(rng.normal(0, 0.2)))
    if rng.random() < 0.3:
        seen = seen + np.float32(rng.exponential(0.02)) * rng.standard_normal(seen.shape, np.float32)
    return np.asarray(np.clip(seen, 0, most), np.float32)


def validation_squares(recipe: SegmenterRecipe, squares: Squares) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the upper left parts of squares as they are: darkness (n, crop, crop, 1) and classes (n, crop, crop)."""
    crop = slice(recipe.pool.crop)
    seen = np.stack([normalise(np.ascontiguousarray(each[0, crop, crop]), recipe.darkness) for each in squares])
    return seen[..., None], squares[:, 1, crop, crop]
