"""Which words of a page speak for whose hand, as ``duktus explain`` writes it for a gallery or another document."""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from duktus import __version__
from duktus.cli.terminal import visible
from duktus.types import ImageError, Page

if TYPE_CHECKING:
    from duktus.hands.identification.explanation import HandExplanation
    from duktus.hands.identification.explanation_page import Provenance
    from duktus.imaging.layout.regions import Regions
    from duktus.models.runtime import Session

ENCODER = "hand-encoder"
"""The task of an encoder of hands, and the name of the one that comes with the project."""


SQLITE = b"SQLite format 3\0"
"""The first bytes of a gallery's file."""


@dataclass(frozen=True)
class Shown:
    """A document that was named: an image file or its content, what it is called, and what to look at on its pages."""

    source: str | bytes
    name: str
    regions: "Regions"


def is_of_hands(gallery: Path, model: str) -> bool:
    """Tell whether a gallery is of hands: by the task of the model that was named, or else by its encoder's name.

    Raises:
        GalleryError: it cannot be opened.
        ModelError: the model cannot.
    """
    if model:
        from duktus.models.file import open_model_file

        return open_model_file(model, 1).card.task == ENCODER
    from duktus.gallery.sqlite import SqliteGallery

    with SqliteGallery(gallery) as opened:
        return opened.encoder.name == ENCODER


def is_gallery(path: str) -> bool:
    """Tell whether a file is a gallery, by its first bytes; what cannot be opened is none."""
    try:
        with open(path, "rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except (OSError, ValueError):
        return False


def explain_hand(shown: Shown, page: int, gallery: Path, model: str) -> bytes:
    """Return the HTML page that tells which words of a page speak for whose hand.

    Args:
        shown: the image.
        page: which of its pages, from 1.
        gallery: of hands.
        model: the encoder; the one that comes with the project where none is named.

    Raises:
        DuktusError: something cannot be opened or read, or the gallery is another encoder's.
    """
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.hands.identification.explanation import explain_hand as explain
    from duktus.hands.identification.reader import HandReader
    from duktus.imaging.files.resolution import find_resolution
    from duktus.models.file import open_model_file

    session = open_model_file(model or ENCODER)
    with SqliteGallery(gallery, HandReader(session).encoder) as opened:
        picture, dots = _page_of(shown.source, page), find_resolution(shown.source)
        found = explain(session, picture, opened, dots=dots, regions=shown.regions)
        enrolled = sum(each.examples for each in opened.labels())
        told = f"{visible(str(gallery))}, {len(opened.labels())} hands, {enrolled} pages, change {opened.change}"
    return _rendered(session, {**_image(picture, shown, page), "Gallery": told}, found, shown)


def compare_hands(shown: Shown, page: int, other: Shown, model: str) -> bytes:
    """Return the HTML page that tells which words of a page speak for the hand of another document.

    Args:
        shown: the image.
        page: which of its pages, from 1.
        other: the other document; all its pages are taken together.
        model: the encoder; the one that comes with the project where none is named.

    Raises:
        DuktusError: something cannot be opened or read.
    """
    from duktus.hands.identification.explanation import compare_hands as compare
    from duktus.imaging.files.resolution import find_resolution
    from duktus.models.file import open_model_file

    session = open_model_file(model or ENCODER)
    picture, dots = _page_of(shown.source, page), find_resolution(shown.source)
    regions = {"regions": shown.regions, "other_regions": other.regions}
    found = compare(session, picture, other.source, visible(other.name), dots=dots, **regions)
    inputs = {
        **_image(picture, shown, page),
        "Other document": visible(other.name),
        "Other document, SHA-256": _hash_of(other.source),
    }
    told = {
        "Resolution of the other document": _resolution(find_resolution(other.source)),
        **_boxes(other.regions, "of the other document"),
    }
    return _rendered(session, inputs, found, shown, told)


def _image(picture: Page, shown: Shown, page: int) -> dict[str, str]:
    rows, columns = picture.shape[:2]
    told = f"{visible(shown.name)}, page {page}, {columns} by {rows} pixels"
    return {"Image": told, "Image, SHA-256": _hash_of(shown.source)}


def _hash_of(source: str | bytes) -> str:
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    return hashlib.sha256(content).hexdigest()


def _rendered(
    session: "Session",
    inputs: dict[str, str],
    found: "HandExplanation",
    shown: Shown,
    parameters: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the HTML page of an explanation, with the files and parameters that it was made from."""
    from duktus.hands.identification.explanation_page import render_hand_explanation
    from duktus.imaging.files.resolution import find_resolution

    compared = {
        f"Compared with {number}": f"{visible(each.source)}, SHA-256 of its pixels {each.content}"
        for number, each in enumerate(found.others, 1)
    }
    chosen = {
        "Resolution": _resolution(find_resolution(shown.source)),
        **_boxes(shown.regions),
        **parameters,
    }
    provenance = _provenance(session, inputs | compared, chosen)
    return render_hand_explanation(found, provenance, visible(shown.name)).encode("utf-8", "backslashreplace")


def _page_of(source: str | bytes, page: int) -> Page:
    from duktus.imaging.files.load import load_pages

    found = next(islice(load_pages(source), page - 1, None), None)
    if found is None:
        raise ImageError(f"expected an image of {page} pages at least, received fewer; ask for another page")
    return found


def _provenance(session: "Session", inputs: dict[str, str], chosen: dict[str, str]) -> "Provenance":
    from duktus.hands.identification.explanation_page import Provenance
    from duktus.hands.identification.reader import HandReader

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
        "Written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    return Provenance(inputs, parameters, versions, likelihood.reach, card.limits)


def _resolution(dots: float | None) -> str:
    return f"{dots:.0f} dots to the inch" if dots else "not told by the file; from the text's height"


def _boxes(regions: "Regions", of: str = "") -> dict[str, str]:
    """Return which parts of a document's pages were looked at, in words."""
    named = {"Regions used": regions.used, "Regions left out": regions.left_out}
    return {
        f"{told} {of}".strip(): "; ".join(",".join(map(str, box)) for box in boxes) or "none named"
        for told, boxes in named.items()
    }


def _software() -> dict[str, str]:
    """Return the versions of what computed; told by the modules, for packages of several names bring them."""
    import cv2
    import numpy as np
    import onnxruntime

    return {
        "Duktus": __version__,
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "OpenCV": cv2.__version__,
        "ONNX Runtime": onnxruntime.__version__,
    }


def _listed(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
