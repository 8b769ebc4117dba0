"""What of a page speaks for whose hand, with all that the answer was made from: files, settings, versions."""

import hashlib
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
import onnxruntime

from duktus.datasets.fingerprint import fingerprint
from duktus.door import __version__
from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.identification import explanation
from duktus.hands.identification.classifier import HandClassifier
from duktus.hands.identification.collage_page import Voted, render_collage
from duktus.hands.identification.explanation_page import Provenance, render_hand_explanation
from duktus.hands.identification.reader import HandReader
from duktus.imaging.files.load import Source, load_pages
from duktus.imaging.files.resolution import find_resolution
from duktus.imaging.layout.regions import Regions
from duktus.models.runtime import Session
from duktus.types import ImageError, Page


@dataclass(frozen=True)
class Shown:
    """A document: an image file, its content or an array, what it is called, and what to look at on its pages."""

    source: Source
    name: str
    regions: Regions


def explain_hand(shown: Shown, page: int, gallery: Path, session: Session) -> bytes:
    """Return the HTML page that says which words of a page speak for whose hand.

    Args:
        shown: the image.
        page: which of its pages, from 1.
        gallery: of hands.
        session: the encoder.

    Raises:
        DuktusError: something cannot be opened or read, or the gallery is another encoder's.
    """
    with SqliteGallery(gallery, HandReader(session).encoder) as store:
        picture, dots = _page_of(shown.source, page), find_resolution(shown.source)
        found = explanation.explain_hand(session, picture, store, dots=dots, regions=shown.regions)
        enrolled = sum(each.examples for each in store.labels())
        described = f"{gallery}, {len(store.labels())} hands, {enrolled} pages, change {store.change}"
    return _rendered(session, {**_image(picture, shown, page), "Gallery": described}, found, shown)


def compare_hands(shown: Shown, page: int, other: Shown, session: Session) -> bytes:
    """Return the HTML page that says which words of a page speak for the hand of another document.

    Args:
        shown: the image.
        page: which of its pages, from 1.
        other: the other document; all its pages are taken together.
        session: the encoder.

    Raises:
        DuktusError: something cannot be opened or read.
    """
    picture, dots = _page_of(shown.source, page), find_resolution(shown.source)
    regions = {"regions": shown.regions, "other_regions": other.regions}
    found = explanation.compare_hands(session, picture, other.source, other.name, dots=dots, **regions)
    inputs = {
        **_image(picture, shown, page),
        "Other document": other.name,
        "Other document, SHA-256": _hash_of(other.source),
    }
    described = {
        "Resolution of the other document": _resolution(find_resolution(other.source)),
        **_boxes(other.regions, "of the other document"),
    }
    return _rendered(session, inputs, found, shown, described)


def explain_vote(shown: Shown, page: int, other: Shown | None, session: Session) -> bytes:
    """Return the HTML page that shows which patches of a page a network gives to which of its writers.

    Args:
        shown: the image.
        page: which of its pages, from 1.
        other: another document, whose patches are laid beside those of the page; all its pages are taken together.
        session: a classifier of hands.

    Raises:
        DuktusError: something cannot be opened or read.
    """
    classifier, picture = HandClassifier(session), _page_of(shown.source, page)
    voted = _voted(classifier, [picture], shown)
    inputs, chosen = _image(picture, shown, page), _boxes(shown.regions)
    beside = None
    if other is not None:
        beside = _voted(classifier, load_pages(other.source), other)
        inputs |= {"Other document": other.name, "Other document, SHA-256": _hash_of(other.source)}
        chosen |= _boxes(other.regions, "of the other document")
    card = session.card
    cuts = {"Ink": _listed(asdict(card.preprocessing.ink)), "Patches": _listed(asdict(classifier.frame))}
    calibration = {"Calibration": _listed(asdict(classifier.calibration))}
    versions = {"Model": card.name, "Model, SHA-256": hashlib.sha256(session.content).hexdigest(), **_software()}
    rests = Provenance(inputs, {**chosen, **cuts, **calibration}, {**versions, **_written()}, "", card.limits)
    return render_collage(voted, rests, beside).encode("utf-8", "backslashreplace")


def _voted(classifier: HandClassifier, pages: Iterable[Page], shown: Shown) -> Voted:
    ballot, seen = classifier.see(pages, shown.regions)
    return Voted(shown.name, seen, classifier.identify(ballot), classifier.labels, classifier.frame.raw)


def _image(picture: Page, shown: Shown, page: int) -> dict[str, str]:
    rows, columns = picture.shape[:2]
    described = f"{shown.name}, page {page}, {columns} by {rows} pixels"
    return {"Image": described, "Image, SHA-256": _hash_of(shown.source)}


def _hash_of(source: Source) -> str:
    """Return the hash of a file's content, or of the pixels where there is no file."""
    if isinstance(source, (str, os.PathLike)):
        return hashlib.sha256(Path(source).read_bytes()).hexdigest()
    return hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else fingerprint(_page_of(source, 1))


def _rendered(
    session: Session,
    inputs: dict[str, str],
    found: explanation.HandExplanation,
    shown: Shown,
    parameters: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the HTML page of an explanation, with the files and parameters that it was made from."""
    compared = {
        f"Compared with {number}": f"{each.source}, SHA-256 of its pixels {each.content}"
        for number, each in enumerate(found.others, 1)
    }
    chosen = {"Resolution": _resolution(find_resolution(shown.source)), **_boxes(shown.regions), **parameters}
    provenance = _provenance(session, inputs | compared, chosen)
    return render_hand_explanation(found, provenance, shown.name).encode("utf-8", "backslashreplace")


def _page_of(source: Source, page: int) -> Page:
    found = next(islice(load_pages(source), page - 1, None), None)
    if found is None:
        raise ImageError(f"expected an image of at least {page} pages, received fewer; choose another page")
    return found


def _provenance(session: Session, inputs: dict[str, str], chosen: dict[str, str]) -> Provenance:
    card = session.card
    contours, likelihood, encoder = card.preprocessing.contours, card.likelihood, HandReader(session).encoder
    assert contours is not None, "HandReader takes no encoder without them"
    assert likelihood is not None, "HandReader takes no encoder without one"
    parameters = {
        **chosen,
        "Ink": _listed(asdict(card.preprocessing.ink)),
        "Contours": _listed(asdict(contours)),
        "Calibration": _listed(asdict(likelihood)),
    }
    versions = {
        "Encoder": str(encoder),
        "Encoder, fingerprint": encoder.fingerprint,
        **_software(),
        **_written(),
    }
    return Provenance(inputs, parameters, versions, likelihood.reach, card.limits)


def _resolution(dots: float | None) -> str:
    return f"{dots:.0f} dots per inch" if dots else "not stated by the file; from the text's height"


def _boxes(regions: Regions, of: str = "") -> dict[str, str]:
    """Return which parts of a document's pages were looked at, in words."""
    named = {"Regions used": regions.used, "Regions left out": regions.left_out}
    return {
        f"{part} {of}".strip(): "; ".join(",".join(map(str, box)) for box in boxes) or "none named"
        for part, boxes in named.items()
    }


def _written() -> dict[str, str]:
    return {"Written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")}


def _software() -> dict[str, str]:
    """Return the versions of what computed; as the modules say, for packages of several names bring them."""
    return {
        "Duktus": __version__,
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "OpenCV": cv2.__version__,
        "ONNX Runtime": onnxruntime.__version__,
    }


def _listed(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
