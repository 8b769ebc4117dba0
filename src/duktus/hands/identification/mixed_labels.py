"""Labels of a gallery under which pages by two hands seem to lie."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Gallery, Snapshot
from duktus.models.likelihood import Likelihood, joint_amount

TWO_HANDS = -1.0
"""A page whose log10 ratios with all other pages of its label are below this seems to be in another hand."""

MOST_NAMED = 3
"""Pages that are named of a label."""


def mixed_labels(
    gallery: Gallery, taught: Snapshot, amounts: NDArray[np.float64], likelihood: Likelihood
) -> Iterator[str]:
    """Yield a sentence for each label of which a page speaks for another hand than all other pages of it.

    Args:
        gallery: that knows the pages' sources.
        taught: what it holds.
        amounts: of writing behind each page.
        likelihood: what a likeness says.
    """
    vectors, labels = taught.vectors[taught.starts], np.array(taught.labels, object)
    for label, count in Counter(taught.labels).items():
        if count < 2:
            continue
        own = np.flatnonzero(labels == label)
        joint = joint_amount(amounts[own][:, None], amounts[own])
        ratios = likelihood.log10_ratio(vectors[own] @ vectors[own].T, joint)
        np.fill_diagonal(ratios, -np.inf)
        apart = own[ratios.max(axis=1) < TWO_HANDS]
        if len(apart):
            named = ", ".join(each.source for each in gallery.get(taught.contents[i] for i in apart[:MOST_NAMED]))
            yield f"{label!r} may be two hands: unlike its other pages are {len(apart)} of {len(own)}, {named}"
