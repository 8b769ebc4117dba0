"""Pools: glyphs that a recipe names beside its data set, made once by as many processes as there are cores."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from duktus.glyphs.training import recorded, samples
from duktus.glyphs.training.out_of_alphabet import omniglot_letters
from duktus.glyphs.training.samples import Job, Making, join_samples
from duktus.learning.samples import Samples

Maker = Callable[[Making, Job], Samples]

CHARACTERS: dict[str, Maker] = {
    "pictures": samples.pictures,
    "worn": samples.worn,
    "coarse": samples.coarse,
    "written": samples.written,
    "recorded": recorded.recorded,
    "families": recorded.families,
}
"""Makers of the labels' characters, by the names that they have in ``PoolSettings``."""

OTHERS: dict[str, Maker] = {
    "letters": samples.letters,
    "unwritten": samples.no_writing,
    "strangers": recorded.strangers,
    "scribbles": samples.scribbles,
    "halves": samples.halves,
    "pairs": samples.pairs,
}
"""Makers of what is none of the labels."""

CHUNK = 500
"""Glyphs that one call of a worker makes."""


@dataclass(frozen=True)
class PoolSettings:
    """How many glyphs of each kind are made once, before the first epoch.

    Attributes:
        pictures: characters of the data set, photographed and scanned in simulation.
        worn: characters of the data set as poor copies: turned, small, worn or swollen, ruled, badly lit.
        coarse: characters of the data set with broad strokes, or on a coarse grid.
        written: characters by the project's own pen, photographed and scanned.
        recorded: characters that UNIPEN's writers wrote, drawn by the pen, photographed and scanned.
        families: digits by the pen in the forms of ``pen.families``.
        letters: characters by the pen that are none of the labels.
        omniglot: characters of the alphabets in Omniglot's background set, those that look like digits left out.
        strangers: characters of UNIPEN's writers that are none of the labels, those that look like digits left out.
        unwritten: pictures of paper, patterns, noise, scribbles.
        scribbles: aimless strokes by the pen.
        halves: characters of the data set cut through.
        pairs: two or three characters of the data set run together, or one with a part of its neighbour.
    """

    pictures: int = 0
    worn: int = 0
    coarse: int = 0
    written: int = 0
    recorded: int = 0
    families: int = 0
    letters: int = 0
    omniglot: int = 0
    strangers: int = 0
    unwritten: int = 0
    scribbles: int = 0
    halves: int = 0
    pairs: int = 0


def make_pools(
    settings: PoolSettings,
    making: Making,
    source: Samples,
    *,
    seed: int,
    omniglot: Path | None,
    lookalikes: Path | None,
    workers: int,
) -> tuple[Samples, Samples]:
    """Return (characters, others): pools of glyphs that are labels' and that are nobody's.

    Args:
        settings: how many of each; what turns out to hold no ink is left out.
        making: settings of ink and frame, labels.
        source: training images of single characters, (n, h, w), of which pictures, halves and pairs are made.
        seed: of everything; the same seed gives the same glyphs whatever the number of workers.
        omniglot: Omniglot's ``images_background.zip``, needed where ``settings.omniglot`` is not 0.
        lookalikes: table of its characters that look like one of the labels.
        workers: processes.

    Raises:
        DataError: the archive or the table is missing or broken.
    """
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=cv2.setNumThreads, initargs=(1,)) as pool:

        def made(makers: dict[str, Maker]) -> list[Samples]:
            parts: list[Samples] = []
            for kind, maker in makers.items():
                rng = np.random.default_rng((seed, *f"_{kind}".encode()))
                parts += pool.map(partial(maker, making), _jobs(source, getattr(settings, kind), rng))
            return parts

        characters, others = made(CHARACTERS), made(OTHERS)
    if settings.omniglot and omniglot is not None:
        rng = np.random.default_rng((seed, 7))
        others.append(omniglot_letters(omniglot, lookalikes, settings.omniglot, making, rng))
    return join_samples(characters, making), join_samples(others, making)


def _jobs(source: Samples, count: int, rng: np.random.Generator) -> list[Job]:
    """Return jobs that make ``count`` glyphs between them."""
    jobs = []
    for start in range(0, count, CHUNK):
        chosen = rng.integers(0, len(source.frames), 3 * min(CHUNK, count - start))
        jobs.append(Job(source.frames[chosen], source.classes[chosen], int(rng.integers(2**62))))
    return jobs
