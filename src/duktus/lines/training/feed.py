"""Batches of strips with their texts: drawn, sorted by width, varied anew, by processes of their own."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from duktus.lines.training.network import LENGTHS
from duktus.lines.training.settings import TranscriberRecipe
from duktus.lines.training.variation import vary_strips

Strip = NDArray[np.uint8]
"""(height, w), 255 = full ink."""

COLUMNS = 32
"""Widths of batches are multiples of this: each new one costs some backends a second."""

MIXED = 3
"""Units whose batches are dealt in one order, so that those of the same strips do not follow each other."""


class Drawn(NamedTuple):
    """A strip and the outputs that its text stands for."""

    strip: Strip
    outputs: tuple[int, ...]


class Source(Protocol):
    """Where strips come from."""

    def draw(self, rng: np.random.Generator) -> tuple[Strip, str]:
        """Return a strip and its text."""
        ...


class StripBatch(NamedTuple):
    """Strips (n, height, w) uint8 and their targets (n, longest + ``LENGTHS``) int32; see ``network.ctc``."""

    strips: NDArray[np.uint8]
    targets: NDArray[np.int32]

    def arrays(self) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return what a network takes: strips (n, height, w, 1) in [0, 1], and the targets."""
        return self.strips[..., None] * np.float32(1 / 255), self.targets


def fits(outputs: tuple[int, ...], steps: int) -> bool:
    """Return whether a text has a path through so many steps: equal neighbours need a blank between them."""
    return steps >= 1 and len(outputs) + sum(a == b for a, b in pairwise(outputs)) <= steps


def encode(text: str, labels: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return a text as outputs, the blank being 0; None where a character has no label."""
    numbers = {label: number for number, label in enumerate(labels, 1)}
    return tuple(numbers[c] for c in text) if all(c in numbers for c in text) else None


def draw_strips(source: Source, recipe: TranscriberRecipe, count: int, rng: np.random.Generator) -> list[Drawn]:
    """Return so many strips whose texts have a path through them."""
    drawn: list[Drawn] = []
    while len(drawn) < count:
        strip, text = source.draw(rng)
        outputs = encode(text, recipe.labels)
        if outputs is not None and fits(outputs, strip.shape[1] // recipe.line.step):
            drawn.append(Drawn(strip, outputs))
    return drawn


def stack(drawn: list[Drawn], step: int) -> StripBatch:
    """Return strips as one batch, paper to their right."""
    width = -(-max(each.strip.shape[1] for each in drawn) // COLUMNS) * COLUMNS
    longest = max(1, *(len(each.outputs) for each in drawn))
    strips = np.zeros((len(drawn), drawn[0].strip.shape[0], width), np.uint8)
    targets = np.zeros((len(drawn), longest + LENGTHS), np.int32)
    for row, target, each in zip(strips, targets, drawn, strict=True):
        row[:, : each.strip.shape[1]] = each.strip
        target[: len(each.outputs)] = each.outputs
        target[-2:] = len(each.outputs), -(-each.strip.shape[1] // step)
    return StripBatch(strips, targets)


def split(drawn: list[Drawn], most: int, columns: int) -> Iterator[list[Drawn]]:
    """Yield strips, sorted by width, in batches of so many at most, and of so many columns together unless it is 0."""
    batch: list[Drawn] = []
    for each in drawn:
        if len(batch) == most or (batch and columns and (len(batch) + 1) * each.strip.shape[1] > columns):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def make_unit(source: Source, recipe: TranscriberRecipe, rng: np.random.Generator) -> list[StripBatch]:
    """Return some batches of like widths, each in as many versions as the recipe says."""
    drawn = draw_strips(source, recipe, recipe.fit.batch * recipe.feed.batches, rng)
    drawn.sort(key=lambda each: each.strip.shape[1])
    batches = []
    for alike in split(drawn, recipe.fit.batch, recipe.feed.columns):
        batch = stack(alike, recipe.line.step)
        versions = (vary_strips(batch.strips, rng) for _ in range(recipe.feed.versions))
        batches += [StripBatch(strips, batch.targets) for strips in versions]
    return batches


def deal(units: Iterator[list[StripBatch]], steps: int, rng: np.random.Generator) -> Iterator[StripBatch]:
    """Yield so many batches of units, those of a few units in a random order."""
    left = steps
    held: list[StripBatch] = []
    for number, unit in enumerate(units, 1):
        held += unit
        if number % MIXED == 0 or len(held) >= left:
            for index in rng.permutation(len(held))[:left]:
                yield held[index]
            left -= min(left, len(held))
            held = []
        if not left:
            return
