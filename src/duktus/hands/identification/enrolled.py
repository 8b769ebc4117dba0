"""What a gallery of hands holds: whom it knows, what it lacks, labels of two hands, and its nearest documents."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Gallery, Snapshot, as_label
from duktus.hands.identification.candidates import Known
from duktus.hands.identification.documents import Document
from duktus.models.likelihood import Likelihood, joint_amount
from duktus.types import GalleryError, Likeness

PART = 60.0
"""A document's parts hold so much writing, in text heights of contour: two or three words."""

TWO_HANDS = -1.0
"""A page whose log10 ratios with all other pages of its label are below this is reported when it is enrolled."""

MOST_NAMED = 3
"""Pages that such a report names."""


def fresh(gallery: Gallery, documents: Iterable[Document], order: deque[str | None]) -> Iterator[Document]:
    """Yield the pages that a gallery does not have; ``order`` receives their sources, and None for the others."""
    for document in documents:
        content = document.content
        is_known = gallery.known([content]).get(content) == as_label(document.label)
        order.append(None if is_known else document.source)
        if not is_known:
            yield document


def known_hands(gallery: Gallery) -> Known:
    """Return the hands that a gallery knows. Raises GalleryError where it is empty."""
    taught = _filled(gallery)
    pages = dict(zip(taught.contents, taught.labels, strict=True))
    return Known.of(taught.vectors[taught.starts], _amounts(taught), taught.labels, pages)


def mixed_labels(gallery: Gallery, likelihood: Likelihood) -> Iterator[str]:
    """Yield a sentence for each label of which two pages are in two hands, as far as their likeness says.

    A page's likeness to each other page of its label speaks for two hands, and strongly to all of them.
    """
    taught = _filled(gallery)
    vectors, amounts, labels = taught.vectors[taught.starts], _amounts(taught), np.array(taught.labels, object)
    for label, count in Counter(taught.labels).items():
        own = np.flatnonzero(labels == label) if count > 1 else np.zeros(0, np.intp)
        if not len(own):
            continue
        joint = joint_amount(amounts[own][:, None], amounts[own])
        ratios = likelihood.log10_ratio(vectors[own] @ vectors[own].T, joint)
        np.fill_diagonal(ratios, -np.inf)
        apart = own[ratios.max(axis=1) < TWO_HANDS]
        if len(apart):
            named = ", ".join(each.source for each in gallery.get(taught.contents[i] for i in apart[:MOST_NAMED]))
            yield f"{label!r} may be two hands: unlike its other pages are {len(apart)} of {len(own)}, {named}"


def nearest_documents(vector: NDArray[np.float32], gallery: Gallery, top: int) -> tuple[Likeness, ...]:
    """Return the documents of a gallery by their likeness to a vector. Raises GalleryError where it is empty."""
    taught = _filled(gallery)
    scores = taught.vectors[taught.starts] @ vector
    order = np.argsort(-scores, kind="stable")[:top]
    examples = gallery.get(taught.contents[i] for i in order)
    likeness = {taught.contents[i]: float(scores[i]) for i in order}
    return tuple(
        Likeness(each.content, each.label, each.source, likeness[each.content], rank)
        for rank, each in enumerate(examples, 1)
    )


def _amounts(taught: Snapshot) -> NDArray[np.float64]:
    """Return how much writing each page has, by the number of its parts."""
    parts = np.diff(taught.starts, append=len(taught.vectors)) - 1
    return np.asarray(PART * np.maximum(parts, 1), np.float64)


def _filled(gallery: Gallery) -> Snapshot:
    """Return what a gallery holds. Raises GalleryError where that is nothing."""
    taught = gallery.snapshot()
    if not taught.labels:
        raise GalleryError("expected a gallery with hands, received an empty one; 'duktus enrol' adds some")
    return taught
