"""Why a document was held to be in a hand: what its words say, and forms that are alike, laid side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Example, Gallery
from duktus.imaging.contours import page_ink
from duktus.imaging.regions import EVERYWHERE, Regions
from duktus.models.runtime import Session
from duktus.recognition.evidence import Patches, find_patches, weigh
from duktus.recognition.hands import TURNED, HandReader
from duktus.recognition.pairs import Pair, find_pairs, read_patch
from duktus.types import Identification, Ink, ModelError, Page

MOST_DOCUMENTS = 4
"""Documents of the likest hand whose patches are compared: those most like the page."""


@dataclass(frozen=True, eq=False)
class Other:
    """A document that a page was held against: its source, its content's hash, ink of its telling patches."""

    source: str
    content: str
    patches: tuple[Ink, ...]


@dataclass(frozen=True, eq=False)
class HandExplanation:
    """What a page says for and against its likest hand.

    Attributes:
        page: as it was matched: turned, where it was upside down.
        ink: (h, w) of it, without what was left out.
        dots: its dots to the inch, where known.
        found: whose hand it is in.
        patches: its words.
        worths: (n,) how much of the log10 ratio for the likest hand each word bears.
        others: documents of the likest hand whose patches were compared, the most alike first.
        pairs: forms that the page and these patches share, the most alike first.
    """

    page: Page
    ink: Ink
    dots: float | None
    found: Identification
    patches: Patches
    worths: NDArray[np.float64]
    others: tuple[Other, ...]
    pairs: tuple[Pair, ...]


def explain_hand(
    session: Session,
    page: Page,
    gallery: Gallery,
    *,
    dots: float | None = None,
    regions: Regions = EVERYWHERE,
    top: int = 5,
) -> HandExplanation:
    """Identify the hand of a page and return what speaks for and against the likest of those that a gallery knows.

    Args:
        session: the encoder whose vectors the gallery keeps.
        page: of one document.
        gallery: of hands.
        dots: the page's dots to the inch, where known.
        regions: what to look at.
        top: how many matches to return.

    Raises:
        GalleryError: it is empty.
        ImageError: a region lies beside the page.
        ModelError: the network is no encoder of hands.
    """
    reader = HandReader(session)
    known = reader.known(gallery)
    hand = reader.look([page], dots, regions)
    found = reader.identify(hand, known, top)
    ink = regions.keep(page_ink(page, session.card.preprocessing.ink))
    vector = hand.vectors[0]
    if TURNED in found.notes:
        page, ink, vector = np.ascontiguousarray(page[::-1, ::-1]), np.ascontiguousarray(ink[::-1, ::-1]), hand.turned
    patches = _patches(session, ink, dots)
    if not found.matches:
        return HandExplanation(page, ink, dots, found, patches, np.zeros(len(patches.boxes)), (), ())
    place = known.labels.index(found.matches[0].label)
    worths = weigh(patches, known.vectors[place], float(known.amounts[place]), session)
    others = _documents(gallery, found.matches[0].label, vector)
    return HandExplanation(
        page, ink, dots, found, patches, worths, others, find_pairs(ink, [each.patches for each in others])
    )


def _patches(session: Session, ink: Ink, dots: float | None) -> Patches:
    settings = session.card.preprocessing.contours
    if settings is None:
        raise ModelError(f"{session.card.name}: expected an encoder of hands, received a {session.card.task}")
    return find_patches(ink, settings, dots)


def _documents(gallery: Gallery, label: str, vector: NDArray[np.float32]) -> tuple[Other, ...]:
    """Return documents of a hand, those most like a vector (d,) first."""
    examples: tuple[Example, ...] = gallery.get(gallery.contents(label))
    nearest = sorted(examples, key=lambda example: -float(example.vectors[0] @ vector))[:MOST_DOCUMENTS]
    return tuple(Other(each.source, each.content, _readable(each.thumbnails)) for each in nearest)


def _readable(contents: Iterable[bytes]) -> tuple[Ink, ...]:
    return tuple(patch for patch in map(read_patch, contents) if patch is not None)
