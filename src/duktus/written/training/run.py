"""A recipe becomes a page segmenter: composed, fitted, measured on what trained nothing, and packed."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.imaging.ink.darkness import normalise
from duktus.models.card import DataSource, Metric, Training
from duktus.models.container import embed_card, extract_card
from duktus.models.file import save_model
from duktus.models.runtime import Session
from duktus.reporting.intervals import Estimate
from duktus.written.evaluation.composed import measure_composed
from duktus.written.segmenter import Segmenter
from duktus.written.training.composites import compose
from duktus.written.training.export import pack_segmenter, versions
from duktus.written.training.fit import fit
from duktus.written.training.pool import load_patches, save_patches, stack, write_shard
from duktus.written.training.real import cut_patches
from duktus.written.training.recipe import WritingRecipe
from duktus.written.training.sources import open_sources, transcribed_pages

SHARD = 128
"""Patches of a file of the pool."""

Report = Callable[[str], None]


def train_segmenter(recipe: WritingRecipe, data: Path, out: Path, report: Report = print) -> Path:
    """Train a page segmenter and write it with its card; goes on where a kill left it.

    Args:
        recipe: what to compose and how long to learn.
        data: the folder of data sets; see ``sources.open_sources``.
        out: the model file. The pool and the checkpoint lie beside it, in a folder of its name with ``.fit``.
        report: receives a line of progress now and then.

    Raises:
        DataError: data or typefaces are missing.
    """
    began, work = time.monotonic(), out.with_suffix(".fit")
    fill_pool(recipe, data, work, report)
    folders = [work / "composed"] + [work / "transcribed"] * recipe.pool.weight
    network = fit(folders, work / "checkpoint", recipe.fit, widths=recipe.network, report=report)
    files = sorted((work / "composed").glob("*.npz"))
    pages = np.stack([normalise(page)[..., None] for page in load_patches(files[0]).pages[:3]])
    training = Training(recipe.text, recipe.seed, versions(), time.monotonic() - began, 1)
    pack_segmenter(network, out, training, pages, find_data(data))
    figures = measure_model(out, recipe, data)
    report("; ".join(f"{name} {each.value:.4f} of {each.n:,}" for name, each in figures.items()) + f"; wrote {out}")
    return out


def fill_pool(recipe: WritingRecipe, data: Path, work: Path, report: Report) -> None:
    """Compose what is not there yet, and cut the transcribed pages."""
    composed, transcribed = work / "composed", work / "transcribed"
    wanted = [composed / f"{number:04d}.npz" for number in range(-(-recipe.pool.composed // SHARD))]
    missing = [file for file in wanted if not file.is_file()]
    if missing:
        sources = open_sources(data)
        composed.mkdir(parents=True, exist_ok=True)
    for file in missing:
        rng = np.random.default_rng((recipe.seed, 1, int(file.stem)))
        write_shard(file, sources, SHARD, recipe.pool.side, rng)
        report(f"composed {file.name} of {len(wanted)}")
    transcribed.mkdir(parents=True, exist_ok=True)
    if not any(transcribed.iterdir()):
        _cut_all(recipe, data, transcribed)


def _cut_all(recipe: WritingRecipe, data: Path, folder: Path) -> None:
    rng = np.random.default_rng((recipe.seed, 2))
    pages = [page for page in transcribed_pages(data) if not page.kept]
    held = []
    for number, index in enumerate(rng.permutation(len(pages)), 1):
        page = pages[index]
        whole = page.writer.startswith("volunteer")
        held += cut_patches(page.image, page.alto, recipe.pool.transcribed, recipe.pool.side, rng, whole=whole)
        if len(held) >= SHARD or (number == len(pages) and held):
            save_patches(folder / f"{number:04d}.npz", stack(held))
            held = []


def measure_model(path: Path, recipe: WritingRecipe, data: Path) -> dict[str, Estimate]:
    """Measure a model on pages composed of what trained nothing, and write the figures into its card."""
    session = Session(path, threads=1)
    sources = open_sources(data, kept=True)
    h, w = recipe.pool.page
    rngs = (np.random.default_rng((recipe.seed, 3, number)) for number in range(recipe.pool.measured))
    pages = (compose((h, w), sources, rng) for rng in rngs)
    figures = measure_composed(pages, Segmenter(session), np.random.default_rng((recipe.seed, 4)))
    split = "composed pages of writers and typefaces that trained nothing"
    metrics = tuple(Metric(name, each.value, each.low, each.high, each.n, split) for name, each in figures.items())
    known = tuple(metric for metric in metrics if metric.n)
    card = replace(extract_card(session.content, str(path)), metrics=known)
    save_model(embed_card(session.content, card), card, path)
    return figures


SETS = {
    "unipen": ("words.jsonl.gz", "CC BY 4.0"),
    "dhsd": ("data.csv", "CC BY 4.0"),
    "testaments": ("pages.csv", "CC BY 4.0"),
    "copiste": ("pages.csv", "CC BY 4.0"),
}


def find_data(data: Path) -> tuple[DataSource, ...]:
    """Return the sets that are there, for the card; the fingerprint is that of a set's table."""
    found = []
    for name, (table, licence) in SETS.items():
        file = data / name / table
        if file.is_file():
            split = "all but what is kept for measuring"
            found.append(DataSource(name, fingerprint(file), licence, _count(file), split))
    return tuple(found)


def _count(table: Path) -> int:
    return sum(1 for _ in table.open("rb"))
