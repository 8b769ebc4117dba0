"""Label error detection: each drawing is scored by a head that is fitted to the others.

Confident learning (Northcutt, Jiang and Chuang 2021) in its shortest form: cross-validated scores, and a label looks
wrong where another is much more likely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.head import fit_head
from duktus.models.card import Spread
from duktus.types import Vectors

FOLDS = 10
"""Folds of the cross-validation."""

MARGIN = 4.0
"""Nats by which another label has to be more likely than a drawing's own: some fifty times."""

MANY = 0.1
"""Share of labels that look wrong from which the whole set is suspect."""

NAMED = 3
"""Drawings that are named."""


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """Labels that look wrong.

    Attributes:
        checked: how many labels could be checked: those of which there are two drawings at least.
        places: (n,) indices of their drawings, the worst first.
        labels: (n,) the labels that they bear.
        suggested: (n,) the labels that fit them best.
    """

    checked: int
    places: tuple[int, ...]
    labels: tuple[str, ...]
    suggested: tuple[str, ...]

    @property
    def share(self) -> float:
        """Those that look wrong among those checked."""
        return len(self.places) / max(1, self.checked)


def find_label_errors(
    vectors: Vectors,
    labels: Sequence[str],
    spread: Spread,
    temperature: float,
    *,
    groups: Sequence[int] | NDArray[np.intp] | None = None,
) -> LabelErrors:
    """Find drawings whose own label is much less likely than another.

    Args:
        vectors: (n, d) of the drawings.
        labels: (n,) their labels.
        spread: of the encoder's vectors.
        temperature: by which its scores are calibrated.
        groups: (n,) the same number for drawings that are held out together, copies of one drawing; None where there
            are none.
    """
    names, own = np.unique(np.array(labels, object).astype(str), return_inverse=True)
    units = np.unique(np.arange(len(own)) if groups is None else np.asarray(groups), return_inverse=True)[1]
    folds = np.random.default_rng(0).permutation(int(units.max(initial=-1)) + 1)[units] % FOLDS
    trusted = np.ones(len(own), bool)
    margins, suggested = np.zeros(len(own)), own
    for _ in range(2):  # wrong labels blur the first fit; they are left out of the second
        margins, suggested = _cross_validate(vectors, names, own, spread, folds, trusted)
        trusted = ~(margins > MARGIN * temperature)
    wrong = np.flatnonzero(~trusted)
    order = wrong[np.argsort(-margins[wrong], kind="stable")]
    return LabelErrors(
        int(np.isfinite(margins).sum()),
        tuple(order.tolist()),
        tuple(names[own[order]].tolist()),
        tuple(names[suggested[order]].tolist()),
    )


def _cross_validate(
    vectors: Vectors,
    names: NDArray[np.str_],
    own: NDArray[np.intp],
    spread: Spread,
    folds: NDArray[np.intp],
    trusted: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the margin of the best other label over each drawing's own, -inf where it is not known, and that label."""
    margins, suggested = np.full(len(own), -np.inf), own.copy()
    for fold in np.unique(folds):
        training, held_out = np.flatnonzero((folds != fold) & trusted), np.flatnonzero(folds == fold)
        known = np.unique(own[training])
        held_out = held_out[np.isin(own[held_out], known)]
        if len(known) < 2 or not len(held_out):
            continue
        head = fit_head(vectors[training], names[own[training]].tolist(), spread)
        scores = head.scores(vectors[held_out])[:, :-1].astype(np.float64)
        rows, column = np.arange(len(held_out)), np.searchsorted(known, own[held_out])
        mine = scores[rows, column]
        scores[rows, column] = -np.inf
        best = scores.argmax(axis=1)
        margins[held_out], suggested[held_out] = scores[rows, best] - mine, known[best]
    return margins, suggested


def describe_label_errors(found: LabelErrors, names: Sequence[str] | Mapping[int, str]) -> list[str]:
    """Return what a person should know of labels that look wrong, a sentence a line; nothing where there are none.

    Args:
        found: what was found.
        names: what messages call the drawings, by their places.
    """
    if not found.places:
        return []
    rows = zip(found.places[:NAMED], found.labels, found.suggested, strict=False)
    worst = [f"  {names[place]}: {label[:24]!r} looks like {other[:24]!r}" for place, label, other in rows]
    count = f"{len(found.places):,} of {found.checked:,} ({found.share:.1%})"
    if found.share < MANY:
        return [f"Labels that look wrong: {count}. Look at these first:", *worst]
    first = f"About {found.share:.0%} of the labels look wrong: {count} look more like another label."
    return [f"{first} Check how they were given before anything that is learnt from them is relied on. First:", *worst]
