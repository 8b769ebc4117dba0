"""Patches of two documents that a network gives to one writer, rightly or not, to be looked at in a report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from duktus.hands.identification.collage import Seen, Twins, find_twins
from duktus.hands.identification.votes import first_writers

KEPT = 6
"""Patches that are kept of a document: those that the network is surest of."""

SHOWN = 12
"""Pairs that are shown of each kind."""


@dataclass(frozen=True, eq=False)
class TwinPairs:
    """Pairs of patches that are given to one writer.

    Attributes:
        right: both are by that writer, and of different documents.
        wrong: the second is by that writer, the first by another.
        raw: patches are of the page in grey, and not its ink.
    """

    right: tuple[Twins, ...] = ()
    wrong: tuple[Twins, ...] = ()
    raw: bool = False


def keep_surest(seen: Seen, known: int, count: int = KEPT) -> Seen:
    """Return the patches of a document that a network is surest of.

    Args:
        seen: the document.
        known: how many writers there are.
        count: how many patches at most.
    """
    _, chances = first_writers(seen.scores, known)
    places = np.sort(np.argsort(-chances, kind="stable")[:count])
    return Seen(seen.patches[places], seen.scores[places], seen.lines[places])


def join_seen(parts: Sequence[Seen]) -> Seen:
    """Return the patches of several images as one document's; there must be one. Lines are no longer told apart."""
    return Seen(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("patches", "scores", "lines")))


def find_twin_pairs(documents: Sequence[tuple[int, Seen]], known: int, *, raw: bool = False) -> TwinPairs:
    """Return what documents share: pairs of patches that are given to one writer, the surest first.

    Args:
        documents: of known writers: the writer's place among the labels, and patches.
        known: how many writers there are.
        raw: patches are of the page in grey.
    """
    own = [(writer, _given_to(seen, writer, known)) for writer, seen in documents]
    by_writer: dict[int, list[Seen]] = {}
    for writer, seen in own:
        by_writer.setdefault(writer, []).append(seen)
    beside = [pair for parts in by_writer.values() for pair in pairwise(parts)]
    right = [twins for one, other in beside for twins in find_twins(one, other, known, 1)]
    whole = {writer: keep_surest(join_seen(parts), known) for writer, parts in by_writer.items()}
    return TwinPairs(_surest(right), _surest(list(_wrong(documents, whole, known))), raw)


def _wrong(documents: Sequence[tuple[int, Seen]], own: Mapping[int, Seen], known: int) -> Iterator[Twins]:
    """Yield what one writer wrote and is given to another, beside what that other wrote and is given surest."""
    for writer, seen in documents:
        first, _ = first_writers(seen.scores, known)
        for taken in sorted({*first.tolist()} & {*own} - {writer}):
            yield from find_twins(_given_to(seen, taken, known), own[taken], known, 1)


def _given_to(seen: Seen, writer: int, known: int) -> Seen:
    places = np.flatnonzero(first_writers(seen.scores, known)[0] == writer)
    return replace(seen, patches=seen.patches[places], scores=seen.scores[places], lines=seen.lines[places])


def _surest(pairs: Sequence[Twins]) -> tuple[Twins, ...]:
    return tuple(sorted(pairs, key=lambda pair: -pair.chance)[:SHOWN])
