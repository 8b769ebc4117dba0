"""Labels that look wrong: each drawing asked what it shows, of an encoder taught all the others.

Confident learning (Northcutt, Jiang and Chuang 2021) in its shortest form: cross-validated scores, and a label is
doubtful where another is much likelier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.head import fit_head
from duktus.models.card import Spread
from duktus.types import Vectors

FOLDS = 10
"""Parts that are asked about in turn, after the rest has been taught."""

MARGIN = 4.0
"""Nats by which another label has to be likelier than a drawing's own: some fifty times."""

LARGE = 0.1
"""Share of doubtful labels from which the whole set is doubted."""

NAMED = 3
"""Drawings that are named."""


@dataclass(frozen=True, eq=False)
class Doubts:
    """Labels that look wrong.

    Attributes:
        asked: how many labels could be judged: those of which there are two drawings at least.
        places: (n,) indices of the doubtful drawings, the worst first.
        labels: (n,) the labels that they bear.
        likelier: (n,) the labels that fit them best.
    """

    asked: int
    places: tuple[int, ...]
    labels: tuple[str, ...]
    likelier: tuple[str, ...]

    @property
    def share(self) -> float:
        """Doubtful ones among those judged."""
        return len(self.places) / max(1, self.asked)


def find_doubts(
    vectors: Vectors,
    labels: Sequence[str],
    spread: Spread,
    temperature: float,
    *,
    together: Sequence[int] | NDArray[np.intp] | None = None,
) -> Doubts:
    """Find drawings whose own label is much less likely than another.

    Args:
        vectors: (n, d) of the drawings.
        labels: (n,) what they are said to show.
        spread: of the encoder's vectors.
        temperature: by which its scores are calibrated.
        together: (n,) the same number for drawings that must not speak for each other, copies of one drawing; None
            where there are none.
    """
    names, own = np.unique(np.array(labels, object).astype(str), return_inverse=True)
    units = np.unique(np.arange(len(own)) if together is None else np.asarray(together), return_inverse=True)[1]
    folds = np.random.default_rng(0).permutation(int(units.max(initial=-1)) + 1)[units] % FOLDS
    trusted = np.ones(len(own), bool)
    margins, likelier = np.zeros(len(own)), own
    for _ in range(2):  # at first wrong labels blur what the right ones say; then they are not believed any more
        margins, likelier = _ask(vectors, names, own, spread, folds, trusted)
        trusted = ~(margins > MARGIN * temperature)
    doubtful = np.flatnonzero(~trusted)
    order = doubtful[np.argsort(-margins[doubtful], kind="stable")]
    return Doubts(
        int(np.isfinite(margins).sum()),
        tuple(order.tolist()),
        tuple(names[own[order]].tolist()),
        tuple(names[likelier[order]].tolist()),
    )


def _ask(
    vectors: Vectors,
    names: NDArray[np.str_],
    own: NDArray[np.intp],
    spread: Spread,
    folds: NDArray[np.intp],
    trusted: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return by how much another label is likelier than each drawing's own, -inf where that is not known, and which."""
    margins, likelier = np.full(len(own), -np.inf), own.copy()
    for fold in np.unique(folds):
        taught, asked = np.flatnonzero((folds != fold) & trusted), np.flatnonzero(folds == fold)
        known = np.unique(own[taught])
        asked = asked[np.isin(own[asked], known)]
        if len(known) < 2 or not len(asked):
            continue
        head = fit_head(vectors[taught], names[own[taught]].tolist(), spread)
        scores = head.scores(vectors[asked])[:, :-1].astype(np.float64)
        rows, column = np.arange(len(asked)), np.searchsorted(known, own[asked])
        mine = scores[rows, column]
        scores[rows, column] = -np.inf
        best = scores.argmax(axis=1)
        margins[asked], likelier[asked] = scores[rows, best] - mine, known[best]
    return margins, likelier


def describe_doubts(doubts: Doubts, names: Sequence[str] | Mapping[int, str]) -> list[str]:
    """Return what a person should know of doubtful labels, a sentence a line; nothing where there are none.

    Args:
        doubts: what was found.
        names: what messages call the drawings that were asked about, by their places.
    """
    if not doubts.places:
        return []
    rows = zip(doubts.places[:NAMED], doubts.labels, doubts.likelier, strict=False)
    worst = [f"  {names[place]}: {label[:24]!r} looks like {other[:24]!r}" for place, label, other in rows]
    count = f"{len(doubts.places):,} of {doubts.asked:,} ({doubts.share:.1%})"
    if doubts.share < LARGE:
        return [f"Labels that look wrong: {count}. Look at these first:", *worst]
    first = f"About {doubts.share:.0%} of the labels look wrong: {count} look more like another label."
    return [f"{first} Check how they were given before anything that is learnt from them is relied on. First:", *worst]
