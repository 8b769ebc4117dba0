"""Where the strips of a training come from: prepared on disk once, opened from there by each process."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.licences import licence_of
from duktus.datasets.places import find_data
from duktus.imaging.frames.line import frame_line
from duktus.learning.task import Work
from duktus.lines.training.composing.numbers import Scribes, compose_number
from duktus.lines.training.composing.passages import Passages
from duktus.lines.training.composing.writers import keep_writers, open_writers
from duktus.lines.training.feed import Source, Strip, StripBatch, make_unit
from duktus.lines.training.own import Repeated
from duktus.lines.training.settings import TranscriberRecipe
from duktus.lines.training.storage import keep_stored, kept_drawn, kept_stored
from duktus.lines.training.transcribed import STRUCK, transcribed_lines
from duktus.models.card import DataSource
from duktus.workers.job import Steps, answer_each
from duktus.written.segmenter import open_segmenter
from duktus.written.training.sources import describe_sets, is_kept
from duktus.written.training.strokes import KINDS, Writer, Written, read_writers

FACES = "fonts"
"""Folder of the data that holds typefaces of handwriting: TrueType, OpenType or WOFF."""

FEW = 6
"""Recorded letters of a kind and a writer that are kept."""

SHORT = 0.12
"""Share of real strips that are single words, where there are others: they are many, and say little of lines."""


class Numbers:
    """Composed numbers.

    Args:
        recipe: the frame of its strips.
        file: the writers.
    """

    def __init__(self, recipe: TranscriberRecipe, file: Path) -> None:
        self._scribes, self._frame = Scribes(*open_writers(file)), recipe.line

    def draw(self, rng: np.random.Generator) -> tuple[Strip, str]:
        """Return a number's strip and its text."""
        ink, text = compose_number(self._scribes, rng)
        return frame_line(ink, self._frame).strip, text


class Lines:
    """Real lines, and composed ones among them.

    Args:
        recipe: the frame of its strips, the labels, and the share of composed lines.
        file: what they are made of.
        composed: lines are composed at all.
    """

    def __init__(self, recipe: TranscriberRecipe, file: Path, *, composed: bool) -> None:
        stored, labels = kept_stored(file), "".join(recipe.labels)
        self._frame, self._share = recipe.line, recipe.feed.composed if composed else 0.0
        real = [line for line in stored.lines if set(line.text) <= set(labels) and not STRUCK & set(line.text)]
        self._short = [line for line in real if line.collection == "dhsd"]
        self._long = [line for line in real if line.collection != "dhsd"]
        texts = [line.text for line in real if " " in line.text or line.collection == "dhsd"] or ["non"]
        self._passages = Passages(stored.writers, texts, stored.faces, labels)

    def draw(self, rng: np.random.Generator) -> tuple[Strip, str]:
        """Return a line's strip and its text."""
        real = self._short if not self._long or (self._short and rng.random() < SHORT) else self._long
        if not real or rng.random() < self._share:
            ink, text = self._passages.compose(rng)
            return frame_line(ink, self._frame).strip, text
        line = real[int(rng.integers(len(real)))]
        return line.strip, line.text


def folder_of(work: Work) -> Path:
    """Return the folder of the data sets."""
    return work.data or find_data("unipen").parent


def describe(recipe: TranscriberRecipe, data: Path) -> tuple[DataSource, ...]:
    """Return the sets that are there and that a transcriber of a kind learns from, as a card names them."""
    if recipe.feed.kind == "lines":
        return describe_sets(data)
    written = tuple(each for each in describe_sets(data, ("digits",)) if each.name == "unipen")
    images = sorted((data / "mnist").glob("train-*")) if recipe.feed.pictures else []
    digest, how = fingerprint(*images), "some of its training images"
    return (
        (*written, DataSource("mnist", digest, licence_of("mnist"), recipe.feed.pictures, how)) if images else written
    )


def prepare_files(recipe: TranscriberRecipe, work: Work, key: str, *, kept: bool) -> tuple[Path, ...]:
    """Prepare what strips are drawn from, where it is not on the disk yet, and return its files.

    Args:
        recipe: of what, how much.
        work: names the folder of the data sets, and that of what is prepared.
        key: goes into the files' names.
        kept: what trains nothing, in place of what does.
    """
    file = work.folder / f"{recipe.feed.kind}-{key}-{'kept' if kept else 'trained'}.npz"
    if not file.is_file():
        work.report(f"preparing what {recipe.feed.kind} are made of")
        _PREPARED[recipe.feed.kind](recipe, file, folder_of(work), kept)
    return (file,)


def _prepare_numbers(recipe: TranscriberRecipe, file: Path, data: Path, kept: bool) -> None:
    keep_writers(file, data, 0 if kept else recipe.feed.pictures, kept=kept)


def _prepare_lines(recipe: TranscriberRecipe, file: Path, data: Path, kept: bool) -> None:
    lines = list(transcribed_lines(data, recipe.line, open_segmenter("writing", threads=1), kept=kept))
    writers = (
        [] if kept else [_thinned(each) for each in read_writers(data / "unipen", KINDS) if not is_kept(each.name)]
    )
    faces = (
        [] if kept else sorted(each for each in (data / FACES).glob("*.*") if each.suffix in (".ttf", ".otf", ".woff"))
    )
    keep_stored(file, writers, lines, faces)


def _thinned(writer: Writer) -> Writer:
    """Return a writer with a few of the many letters."""
    pieces: dict[str, list[Written]] = {}
    for kind, written in writer.pieces.items():
        counts: dict[str, int] = {}
        most = FEW if kind not in ("words", "texts") else len(written)
        pieces[kind] = []
        for piece in written:
            counts[piece.label] = counts.get(piece.label, 0) + 1
            if counts[piece.label] <= most:
                pieces[kind].append(piece)
    return Writer(writer.name, pieces)


_PREPARED: dict[str, Callable[[TranscriberRecipe, Path, Path, bool], None]] = {
    "numbers": _prepare_numbers,
    "lines": _prepare_lines,
}


def open_source(recipe: TranscriberRecipe, files: tuple[Path, ...], *, composed: bool = True) -> Source:
    """Open what strips are drawn from; with ``composed`` False, real lines alone where there are any."""
    if recipe.feed.kind == "numbers":
        return Numbers(recipe, files[0])
    if recipe.feed.kind == "own":
        return Repeated(kept_drawn(files[0]), recipe.labels)
    return Lines(recipe, files[0], composed=composed)


def open_feeder(recipe: TranscriberRecipe, files: tuple[Path, ...]) -> Steps:
    """Return what makes the unit of an epoch and a number; a process of its own opens this."""
    source = open_source(recipe, files)

    def make(place: tuple[int, int]) -> list[StripBatch]:
        return make_unit(source, recipe, np.random.default_rng((recipe.seed, 5, *place)))

    return answer_each(make)
