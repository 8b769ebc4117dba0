"""Why a document was held to be in a hand: what its words say, and forms that are alike, laid side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.store import Example, Gallery
from duktus.hands.identification.evidence import Patches, find_patches, weigh
from duktus.hands.identification.notes import UPSIDE_DOWN
from duktus.hands.identification.reader import THUMBNAILS, HandReader
from duktus.hands.identification.similar_forms import Pair, find_pairs, read_patch
from duktus.hands.identification.tracing import trace_page
from duktus.imaging.files.load import Source, load_pages
from duktus.imaging.files.resolution import find_resolution, reduce_scan
from duktus.imaging.frames.contours import ContourSettings
from duktus.imaging.layout.patches import patch_inks
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.models.runtime import Session
from duktus.types import Identification, Ink, ModelError, Page, Verdict

MOST_DOCUMENTS = 4
"""Documents of the best match whose patches are compared: those most like the page; pages of another document."""


@dataclass(frozen=True, eq=False)
class Other:
    """A document that a page was held against: its source, its content's hash, ink of its telling patches."""

    source: str
    content: str
    patches: tuple[Ink, ...]


@dataclass(frozen=True, eq=False)
class HandExplanation:
    """What a page says for and against a hand: the best match of a gallery's, or that of another document.

    Attributes:
        page: as it was matched: reduced, where it was scanned very finely, and turned, where it was upside down.
        ink: (h, w) of it, without what was left out.
        dots: its dots per inch then, where known.
        found: whose hand it is in, or whether one hand wrote it and the other document.
        against: what the words speak for or against: the label of the best match, or the other document's name; empty
            where there is nothing to hold them against.
        patches: its words.
        worths: (n,) how much of the log10 ratio for that hand each word bears.
        others: documents whose patches were compared: of the best match the most alike first, or the other's pages.
        pairs: forms that the page and these patches share, the most alike first.
    """

    page: Page
    ink: Ink
    dots: float | None
    found: Identification | Verdict
    against: str
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
    """Identify the hand of a page and return what speaks for and against the best match of those that a gallery knows.

    Args:
        session: the encoder whose vectors the gallery keeps.
        page: of one document.
        gallery: of hands.
        dots: the page's dots per inch, where known.
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
    turned = UPSIDE_DOWN in found.notes
    page, ink, dots, height = _upright(session, page, dots, regions, turned)
    patches = find_patches(ink, _settings(session), dots, height)
    if not found.matches:
        return HandExplanation(page, ink, dots, found, "", patches, np.zeros(len(patches.boxes)), (), ())
    label = found.matches[0].label
    place = known.labels.index(label)
    worths = weigh(patches, known.vectors[place], float(known.amounts[place]), session)
    others = _documents(gallery, label, hand.upside_down if turned else hand.vectors[0])
    return HandExplanation(page, ink, dots, found, label, patches, worths, others, _pairs(ink, others))


def compare_hands(
    session: Session,
    page: Page,
    other: Source,
    name: str,
    *,
    dots: float | None = None,
    regions: Regions = EVERYWHERE,
    other_regions: Regions = EVERYWHERE,
) -> HandExplanation:
    """Verify a page against another document and return what speaks for and against one hand having written both.

    Args:
        session: the encoder.
        page: of one document.
        other: the other document's image file; all its pages are taken together.
        name: what the other document is called.
        dots: the page's dots per inch, where known.
        regions: what to look at on the page.
        other_regions: what to look at on the other document's pages.

    Raises:
        ImageError: the other document cannot be read, or a region lies beside a page.
        ModelError: the network is no encoder of hands.
    """
    reader = HandReader(session)
    hand, against = reader.look([page], dots, regions), reader.look_at(other, other_regions)
    verdict = reader.verify(hand, against)
    page, ink, dots, height = _upright(session, page, dots, regions, UPSIDE_DOWN in verdict.limits)
    patches = find_patches(ink, _settings(session), dots, height)
    if not hand.ink or not against.ink:
        return HandExplanation(page, ink, dots, verdict, "", patches, np.zeros(len(patches.boxes)), (), ())
    worths = weigh(patches, against.vectors[0], against.ink, session)
    others = tuple(_pages(session, other, name, other_regions))
    return HandExplanation(page, ink, dots, verdict, name, patches, worths, others, _pairs(ink, others))


class _Matched(NamedTuple):
    """A page as it was matched, its ink, its dots per inch where known, and its text's height in pixels."""

    page: Page
    ink: Ink
    dots: float | None
    height: float


def _upright(session: Session, page: Page, dots: float | None, regions: Regions, upside_down: bool) -> _Matched:
    """Return a page as it was matched: reduced, what a hand wrote in the regions, and turned where upside down."""
    traced, ink = trace_page(page, dots, session.card.preprocessing.ink, _settings(session), regions)
    page, dots, _ = reduce_scan(page, dots)
    if not upside_down:
        return _Matched(page, ink, dots, traced.height)
    turned = np.ascontiguousarray(page[::-1, ::-1]), np.ascontiguousarray(ink[::-1, ::-1])
    return _Matched(*turned, dots, traced.height)


def _settings(session: Session) -> ContourSettings:
    settings = session.card.preprocessing.contours
    if settings is None:
        raise ModelError(f"{session.card.name}: expected an encoder of hands, received a {session.card.task}")
    return settings


def _pairs(ink: Ink, others: tuple[Other, ...]) -> tuple[Pair, ...]:
    return find_pairs(ink, [each.patches for each in others])


def _documents(gallery: Gallery, label: str, vector: NDArray[np.float32]) -> tuple[Other, ...]:
    """Return documents of a hand, those most like a vector (d,) first."""
    examples: tuple[Example, ...] = gallery.get(gallery.contents(label))
    nearest = sorted(examples, key=lambda example: -float(example.vectors[0] @ vector))[:MOST_DOCUMENTS]
    return tuple(Other(each.source, each.content, _readable(each.thumbnails)) for each in nearest)


def _readable(contents: Iterable[bytes]) -> tuple[Ink, ...]:
    return tuple(patch for patch in map(read_patch, contents) if patch is not None)


def _pages(session: Session, source: Source, name: str, regions: Regions) -> Iterator[Other]:
    """Yield the first pages of a document with the patches that a gallery would keep, and as many as of several."""
    pages, dots = list(islice(load_pages(source), MOST_DOCUMENTS)), find_resolution(source)
    count = THUMBNAILS * MOST_DOCUMENTS // len(pages)
    for number, page in enumerate(pages, 1):
        ink = _upright(session, page, dots, regions, upside_down=False).ink
        told = name if len(pages) == 1 else f"{name}, page {number}"
        yield Other(told, fingerprint(np.ascontiguousarray(page)), tuple(patch_inks(ink, count)))
