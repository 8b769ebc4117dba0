"""Labelled images divided into parts to train and to measure on: by hand or page, evenly over the labels."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.copies import together
from duktus.types import DataError

_TRAINED, _MEASURED = 1000.0, 10.0
"""What it is worth that a label stands on a side at all. An even division is worth a few units a label; a label that is
not trained cannot be read, one that is not measured has no figure."""

_ROUNDS = 5
"""How often each group may be moved to the other side at most, after all have been given a side."""


@dataclass(frozen=True, eq=False)
class Split:
    """Which images train and which are held out, as sorted indices.

    Attributes:
        train: (n,) images to train on.
        held: (m,) images to measure on; empty where no label has two groups.
        groups: known groups on either side.
        ungrouped: images whose group is not known, each of which counted as a group of its own.
        train_only: labels that are not held out, because they have one group alone or because others stood against it.
    """

    train: NDArray[np.intp]
    held: NDArray[np.intp]
    groups: tuple[int, int]
    ungrouped: int
    train_only: tuple[str, ...]

    @property
    def by_group(self) -> bool:
        """Whether the group of every image is known, so that no hand or page stands on both sides."""
        return self.ungrouped == 0

    @property
    def statement(self) -> str:
        """How the images were divided, in one sentence for a card or a report."""
        sizes = f"{len(self.train):,} images to train on, {len(self.held):,} held out"
        train, held = self.groups
        if not train + held:
            return f"{sizes}, split by image: no groups (hands or pages) are known."
        where = "" if self.by_group else f" where one is known; of {self.ungrouped:,} images none is"
        return f"{sizes}, split by group ({train:,} and {held:,}){where}."


@dataclass(frozen=True, eq=False)
class _Unit:
    """Images that stay together: their indices, the numbers of their labels, and how many images of each."""

    members: list[int]
    labels: NDArray[np.intp]
    counts: NDArray[np.float64]


def split(
    labels: Sequence[str],
    groups: Sequence[str | None],
    *,
    share: float,
    seed: int,
    copies: Sequence[int] | NDArray[np.intp] | None = None,
) -> Split:
    """Divide labelled images into a part to train on and one to measure on.

    Images of one group stand on one side, and so do copies of one drawing. Labels are divided as evenly as their
    groups allow: a label with two groups or more stands on both sides where that is possible at all, one with a single
    group in training alone. Groups with rare labels are given a side first (as in Sechidis, Tsoumakas and Vlahavas
    2011), then moved while that makes the parts more even.

    Args:
        labels: (n,) what each image shows.
        groups: (n,) the hand or page that each comes from, None where it is not known.
        share: of each label's images that is held out, between 0 and 1.
        seed: the same seed gives the same split.
        copies: (n,) the same number for copies of one drawing (``Audit.copies``), None where there are none.

    Raises:
        DataError: the lists differ in length, or the share is out of range.
    """
    if not 0.0 < share < 1.0:
        raise DataError(f"expected a share to hold out between 0 and 1, received {share}; 0.2 is usual")
    units = _units(labels, groups, copies)
    spread = _spread(units)
    wanted = np.stack((np.full(len(spread), _TRAINED), np.where(spread > 1, _MEASURED, 0.0)))
    sides = _divide(units, np.array((1.0 - share, share)), wanted, np.random.default_rng(seed))
    return _as_split(labels, groups, [unit for unit, side in zip(units, sides, strict=True) if side == 1])


def _units(
    labels: Sequence[str], groups: Sequence[str | None], copies: Sequence[int] | NDArray[np.intp] | None
) -> list[_Unit]:
    marks: list[Sequence[object]] = [groups, list(range(len(labels))) if copies is None else list(copies)]
    if any(len(mark) != len(labels) for mark in marks):
        received = ", ".join(str(len(one)) for one in (labels, *marks))
        raise DataError(f"expected a label, a group and a number of copies for each image, received {received} of them")
    numbers = {label: number for number, label in enumerate(sorted(set(labels)))}
    members = defaultdict(list)
    for index, unit in enumerate(together(*marks).tolist()):
        members[unit].append(index)
    counts = [Counter(numbers[labels[i]] for i in one) for one in members.values()]
    return [
        _Unit(one, np.array(list(count), np.intp), np.array(list(count.values()), np.float64))
        for one, count in zip(members.values(), counts, strict=True)
    ]


def _spread(units: Sequence[_Unit]) -> NDArray[np.intp]:
    """In how many units each label occurs."""
    return np.bincount(np.concatenate([np.zeros(0, np.intp), *(unit.labels for unit in units)]))


def _divide(
    units: Sequence[_Unit], shares: NDArray[np.float64], wanted: NDArray[np.float64], rng: np.random.Generator
) -> list[int]:
    """Give each unit a side.

    The sum over sides and labels of (images - share of the label's images)² / (share · images of the label²) is
    brought down, less what it is worth that a label stands on a side at all.

    Args:
        units: images that stay together.
        shares: (sides,) of each label's images.
        wanted: (sides, labels) what it is worth that a label stands on a side.
        rng: which of equal units goes where.
    """
    total = np.zeros(wanted.shape[1])
    for unit in units:
        total[unit.labels] += unit.counts
    filled = np.zeros(wanted.shape)

    def best(unit: _Unit) -> int:
        here, n = filled[:, unit.labels], total[unit.labels]
        uneven = (2.0 * (here - shares[:, None] * n) + unit.counts) * unit.counts / (shares[:, None] * n**2)
        return int((uneven - wanted[:, unit.labels] * (here == 0)).sum(axis=1).argmin())

    sides = [0] * len(units)
    order = _rare_first(units, rng)
    for place in order:
        sides[place] = best(units[place])
        filled[sides[place], units[place].labels] += units[place].counts
    wide = [place for place in order if len(units[place].labels) > 1]
    for _ in range(_ROUNDS):
        before = list(sides)
        for place in wide:
            filled[sides[place], units[place].labels] -= units[place].counts
            sides[place] = best(units[place])
            filled[sides[place], units[place].labels] += units[place].counts
        if sides == before:
            break
    return sides


def _rare_first(units: Sequence[_Unit], rng: np.random.Generator) -> list[int]:
    """Units in random order, but those with the rarest label first, and of these those at least twice as large."""
    spread = _spread(units)
    order: list[int] = rng.permutation(len(units)).tolist()
    rarity = [int(spread[unit.labels].min()) for unit in units]
    return sorted(order, key=lambda place: (rarity[place], -len(units[place].members).bit_length()))


def _as_split(labels: Sequence[str], groups: Sequence[str | None], held_out: Sequence[_Unit]) -> Split:
    mask = np.zeros(len(labels), bool)
    mask[[index for unit in held_out for index in unit.members]] = True
    train, held = np.flatnonzero(~mask), np.flatnonzero(mask)
    known = tuple(len({groups[i] for i in side.tolist()} - {None}) for side in (train, held))
    missing = set(labels) - {labels[i] for i in held.tolist()}
    return Split(train, held, (known[0], known[1]), list(groups).count(None), tuple(sorted(missing)))


def choose_evenly(n: int, limit: int | None) -> NDArray[np.intp]:
    """Return the indices of at most ``limit`` of ``n`` things, evenly from all, since data often lie label by label.

    >>> choose_evenly(10, 4).tolist(), choose_evenly(3, None).tolist()
    ([0, 2, 5, 7], [0, 1, 2])
    """
    count = n if limit is None else min(limit, n)
    return np.arange(count) * n // max(count, 1)
