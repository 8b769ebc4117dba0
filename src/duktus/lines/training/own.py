"""One's own lines to train on: divided by page or writer, framed as serving does, with the characters that are new."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.licences import licence_of, name_source
from duktus.datasets.lines.labelled import LabelledLine
from duktus.datasets.split import split
from duktus.imaging.frames.line import LineFrame, frame_line
from duktus.learning.task import Work
from duktus.lines.evaluation.edits import plain_text
from duktus.lines.evaluation.inks import LineInk, find_inks
from duktus.lines.training.feed import Drawn, Strip, encode, fits
from duktus.lines.training.settings import TranscriberRecipe
from duktus.lines.training.start import Start
from duktus.models.card import DataSource
from duktus.types import DataError
from duktus.written.segmenter import open_segmenter

FEWEST = 4
"""Lines from which on a training makes sense at all."""

WHOLE_GROUPS = 6
"""Groups from which on whole ones are held out; of fewer, single lines are."""

RARE = 2
"""A character that stands in fewer lines is not learnt, and these lines are left out of the training."""


class OwnLines(NamedTuple):
    """Lines to train on, and those left out as strips and as ink, and what the card says of them."""

    trained: list[Drawn]
    measured: list[Drawn]
    held: list[LineInk]
    source: DataSource


class Repeated:
    """Strips with their texts, each as often as the others.

    Args:
        drawn: the strips.
        labels: of their outputs.
    """

    def __init__(self, drawn: Sequence[Drawn], labels: tuple[str, ...]) -> None:
        self._drawn, self._labels = drawn, labels

    def draw(self, rng: np.random.Generator) -> tuple[Strip, str]:
        """Return a strip and its text."""
        each = self._drawn[int(rng.integers(len(self._drawn)))]
        return each.strip, "".join(self._labels[output - 1] for output in each.outputs)


def own_labels(lines: Sequence[LabelledLine], start: Start) -> tuple[str, ...]:
    """Return the characters that a transcriber knows, and behind them those of one's lines that are new."""
    counts = Counter(character for line in lines for character in set(plain_text(line.text)))
    return (*start.labels, *sorted(c for c, n in counts.items() if n >= RARE and c not in set(start.labels)))


def prepare_own(recipe: TranscriberRecipe, lines: Sequence[LabelledLine], work: Work) -> OwnLines:
    """Frame one's lines, and leave a part out.

    Args:
        recipe: with the labels, ink and frame of the transcriber that is started from.
        lines: with their texts.
        work: its ``data`` is where they lie.

    Raises:
        DataError: there are too few, or none of them can be read.
    """
    unreadable: list[str] = []
    segmenter = open_segmenter("writing", threads=1)
    found = list(find_inks(lines, recipe.ink, segmenter, unreadable))
    for message in unreadable:
        work.report(message)
    held = _held_out([each.line for each in found], recipe.feed.held, recipe.seed)
    drawn = [_drawn(each, recipe.line, recipe.labels) for i, each in enumerate(found) if i not in held]
    trained = [each for each in drawn if each is not None]
    if len(trained) < FEWEST:
        raise DataError(f"{work.data}: expected {FEWEST} lines at least, received {len(trained)} that can be used")
    measured = [each for i in sorted(held) if (each := _drawn(found[i], recipe.line, recipe.labels)) is not None]
    left_out = [each for i, each in enumerate(found) if i in held]
    lost = len(drawn) - len(trained)
    work.report(
        f"{len(trained):,} lines to train, {len(left_out):,} to measure"
        + (f"; {lost:,} with characters that stand in one line alone, or too narrow for their text" if lost else "")
    )
    name = name_source("own", work.data)
    digest = fingerprint(*(each.strip for each in trained))
    how = f"{len(trained)} lines to train, {len(left_out)} to measure"
    return OwnLines(trained, measured, left_out, DataSource(name, digest, licence_of(name), len(found), how))


def with_start(recipe: TranscriberRecipe, start: Start, labels: tuple[str, ...]) -> TranscriberRecipe:
    """Return a recipe with the ink, frame, layers and credits of the transcriber that it starts from."""
    card = start.session.card
    assert card.preprocessing.line is not None, "a transcriber, as was checked when it was opened"
    return replace(
        recipe,
        labels=labels,
        ink=card.preprocessing.ink,
        line=card.preprocessing.line,
        columns=replace(start.columns, dropout=recipe.columns.dropout),
        attribution=tuple(dict.fromkeys((*recipe.attribution, *card.attribution))),
        limits=tuple(dict.fromkeys((*recipe.limits, *card.limits))),
    )


def _held_out(lines: Sequence[LabelledLine], share: float, seed: int) -> set[int]:
    """Return lines to leave out: whole groups where there are several, else single lines."""
    groups = [line.group for line in lines]
    known = groups if len(set(groups)) >= WHOLE_GROUPS else [None] * len(lines)
    return set(split(["line"] * len(lines), known, share=share, seed=seed).held.tolist()) if share else set()


def _drawn(each: LineInk, frame: LineFrame, labels: tuple[str, ...]) -> Drawn | None:
    """Return a line's strip with its outputs; None where a character is not known, or it has no path."""
    strip = frame_line(each.ink, frame).strip
    outputs = encode(plain_text(each.line.text), labels)
    if outputs is None or not strip.shape[1] or not fits(outputs, strip.shape[1] // frame.step):
        return None
    return Drawn(strip, outputs)
