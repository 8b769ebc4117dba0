"""How much text it takes: accuracy where a page is known by 1, 2, 4 or 8 of its lines."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.evaluation.clusters import TIMES, number_pages, number_writers
from duktus.evaluation.intervals import Estimate
from duktus.evaluation.retrieval import DRAWS, Matrix, closed_set, score_matrix
from duktus.types import DataError

AMOUNTS = (1, 2, 4, 8)
"""Lines from which a page is known."""

Bags = list[NDArray[np.intp]]
"""The indices of the samples that are taken together, one array a bag."""


@dataclass(frozen=True)
class AtAmount:
    """Identification where ``lines`` lines are enrolled for each writer and as many are asked, of another page."""

    lines: int
    top1: Estimate
    top5: Estimate
    writers: int


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


def pooled_scores(vectors: NDArray[np.float32]) -> Callable[[Bags], Matrix]:
    """Return a function that scores bags of samples by the cosine of the means of their vectors, (n, d) of length 1."""

    def score(bags: Bags) -> Matrix:
        means = np.stack([vectors[bag].mean(axis=0) for bag in bags])
        return score_matrix(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12))

    return score


def accuracy_by_amount(
    score: Callable[[Bags], Matrix],
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    rng: np.random.Generator,
    amounts: Sequence[int] = AMOUNTS,
    draws: int = DRAWS,
    times: int = TIMES,
) -> tuple[AtAmount, ...]:
    """Identify from so many lines enrolled and as many asked, the same writers and pages at every amount.

    Args:
        score: gives bags of samples their (b, b) scores, such as ``pooled_scores(vectors)``.
        writers: (n,) who wrote each line.
        pages: (n,) where each comes from, None for all where no page is known.
        rng: draws the lines, the enrolled, and the resamples of the intervals.
        amounts: lines at a time. A page counts that has the most of them, a writer who has two such pages.
        draws: draws of who is enrolled.
        times: resamples behind an interval.

    Raises:
        DataError: not two writers have two pages with the most lines.
    """
    most = max(amounts)
    whole = draw_bags(writers, pages, most, rng)
    known = pages is not None and any(page is not None for page in pages)
    several = _with_two(whole, writers, pages if known else None)
    enough = len({writers[bag[0]] for bag in several})
    if enough < 2:
        raise DataError(f"expected two writers with two pages of {most} lines, received {enough}; ask for fewer lines")
    found = []
    for lines in amounts:
        parts = [part for bag in several for part in np.array_split(bag, most // lines) if len(part) >= lines]
        bags = [part[:lines] for part in parts]
        names = [writers[bag[0]] for bag in bags]
        where = [pages[bag[0]] for bag in bags] if known and pages is not None else None
        closed = closed_set(score(bags), names, where, rng=rng, draws=draws, times=times)
        found.append(AtAmount(lines, closed.top1, closed.top5, closed.writers))
    return tuple(found)


def _with_two(bags: Bags, writers: Sequence[str], pages: Sequence[str | None] | None) -> Bags:
    """The bags of writers who have them from two pages; each bag is a page of its own where none is known."""
    of: dict[str, set[object]] = defaultdict(set)
    for number, bag in enumerate(bags):
        of[writers[bag[0]]].add(number if pages is None else pages[bag[0]])
    return [bag for bag in bags if len(of[writers[bag[0]]]) > 1]
