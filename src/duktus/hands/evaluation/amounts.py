"""Accuracy by amount of text: pages of 1, 2, 4 or 8 lines, or of 1 to 20 words."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.hands.evaluation.retrieval import DRAWS, Matrix, closed_set
from duktus.reporting.clusters import TIMES, number_pages, number_writers
from duktus.reporting.intervals import Estimate
from duktus.types import DataError

AMOUNTS = {"line": (1, 2, 4, 8), "word": (1, 2, 5, 10, 20)}
"""Pieces from which a page is known, by what they are."""

Bags = list[NDArray[np.intp]]
"""The indices of the samples that are taken together, one array a bag."""

Score: TypeAlias = Callable[[Bags], Matrix]
"""Gives bags of samples their (b, b) scores, more = more similar."""


@dataclass(frozen=True)
class AtAmount:
    """Identification where ``pieces`` pieces are enrolled for each writer and as many of another page are the query."""

    pieces: int
    top1: Estimate
    top5: Estimate
    writers: int


@dataclass(frozen=True)
class ByAmount:
    """Identification from ever more pieces, each a ``unit`` ("line" or "word") of ``ink`` text heights (the median)."""

    unit: str
    ink: float
    at: tuple[AtAmount, ...]


def draw_bags(writers: Sequence[str], pages: Sequence[str | None] | None, size: int, rng: np.random.Generator) -> Bags:
    """Take samples of one writer's page together, ``size`` at a time and each once; what is left over is left out.

    Where no page is known a writer's samples are taken for independent of each other, and together as they come: words
    that were collected one by one are, lines of one sheet are not.

    Args:
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None for all where no page is known.
        size: samples in a bag.
        rng: which samples come together.
    """
    known = pages is not None and any(page is not None for page in pages)
    places = number_pages(writers, pages) if known else number_writers(writers)
    members: dict[int, list[int]] = defaultdict(list)
    for index in rng.permutation(len(writers)).tolist():
        members[int(places[index])].append(index)
    return [
        np.array(of[start : start + size], np.intp)
        for _, of in sorted(members.items())
        for start in range(0, len(of) - size + 1, size)
    ]


def mean_scores(vectors: NDArray[np.float32], score: Callable[[NDArray[np.float32]], Matrix]) -> Score:
    """Return a function that scores bags by ``score`` of the means of their samples' vectors, (n, d)."""
    return lambda bags: score(np.stack([vectors[bag].mean(axis=0) for bag in bags]))


def accuracy_by_amount(
    score: Score,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    amounts: Sequence[int] = AMOUNTS["line"],
    draws: int = DRAWS,
    times: int = TIMES,
) -> tuple[AtAmount, ...]:
    """Identify from as many pieces enrolled as queried, the same writers and pages at every amount.

    Args:
        score: of bags, such as ``mean_scores(vectors, score_matrix)``.
        writers: (n,) who wrote each piece: a line or a word.
        pages: (n,) where each comes from, None for all where no page is known.
        rng: draws the pieces, the enrolled, and the resamples of the intervals.
        amounts: pieces at a time. A page counts that has the most of them, a writer who has two such pages.
        draws: draws of who is enrolled.
        times: resamples behind an interval.

    Raises:
        DataError: not two writers have two pages with the most pieces.
    """
    most = max(amounts)
    whole = draw_bags(writers, pages, most, rng)
    known = pages is not None and any(page is not None for page in pages)
    several = _with_two(whole, writers, pages if known else None)
    enough = len({writers[bag[0]] for bag in several})
    if enough < 2:
        expected = f"two writers with two pages of {most} pieces"
        raise DataError(f"expected {expected}, received {enough}; ask for fewer pieces")
    found = []
    for pieces in amounts:
        parts = [part for bag in several for part in np.array_split(bag, most // pieces) if len(part) >= pieces]
        bags = [part[:pieces] for part in parts]
        names = [writers[bag[0]] for bag in bags]
        where = [pages[bag[0]] for bag in bags] if known and pages is not None else None
        closed = closed_set(score(bags), names, where, rng=rng, draws=draws, times=times)
        found.append(AtAmount(pieces, closed.top1, closed.top5, closed.writers))
    return tuple(found)


def _with_two(bags: Bags, writers: Sequence[str], pages: Sequence[str | None] | None) -> Bags:
    """The bags of writers who have them from two pages; each bag is a page of its own where none is known."""
    of: dict[str, set[object]] = defaultdict(set)
    for number, bag in enumerate(bags):
        of[writers[bag[0]]].add(number if pages is None else pages[bag[0]])
    return [bag for bag in bags if len(of[writers[bag[0]]]) > 1]
