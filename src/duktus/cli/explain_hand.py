"""Which words of a page speak for whose hand, as ``duktus explain`` writes it for a gallery of hands."""

import hashlib
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from duktus import __version__
from duktus.cli.terminal import visible
from duktus.types import ImageError, Page

if TYPE_CHECKING:
    from duktus.evaluation.hand_explanation_page import Provenance
    from duktus.gallery.store import Gallery
    from duktus.imaging.regions import Regions
    from duktus.models.runtime import Session
    from duktus.recognition.hand_explanation import HandExplanation

ENCODER = "hand-encoder"
"""The task of an encoder of hands, and the name of the one that comes with the project."""


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


def explain_hand(source: str | bytes, name: str, page: int, gallery: Path, model: str, regions: "Regions") -> bytes:
    """Return the HTML page that tells which words of a page speak for whose hand.

    Args:
        source: an image file, or its content.
        name: what the page is called.
        page: which, from 1.
        gallery: of hands.
        model: the encoder; the one that comes with the project where none is named.
        regions: what to look at.

    Raises:
        DuktusError: something cannot be opened or read, or the gallery is another encoder's.
    """
    from duktus.evaluation.hand_explanation_page import render_hand_explanation
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.imaging.resolution import find_resolution
    from duktus.models.file import open_model_file
    from duktus.recognition.hand_explanation import explain_hand as explain
    from duktus.recognition.hands import HandReader

    session = open_model_file(model or ENCODER)
    with SqliteGallery(gallery, HandReader(session).encoder) as opened:
        picture, dots = _page_of(source, page), find_resolution(source)
        found = explain(session, picture, opened, dots=dots, regions=regions)
        inputs = _inputs(source, name, page, gallery, opened, found)
    provenance = _provenance(session, inputs, found, regions)
    return render_hand_explanation(found, provenance, visible(name)).encode("utf-8", "backslashreplace")


def _page_of(source: str | bytes, page: int) -> Page:
    from duktus.imaging.load import load_pages

    found = next(islice(load_pages(source), page - 1, None), None)
    if found is None:
        raise ImageError(f"expected an image of {page} pages at least, received fewer; ask for another page")
    return found


def _inputs(
    source: str | bytes, name: str, page: int, gallery: Path, opened: "Gallery", found: "HandExplanation"
) -> dict[str, str]:
    """Return the files that the answer was made from, with their hashes."""
    rows, columns = found.page.shape[:2]
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    enrolled = sum(each.examples for each in opened.labels())
    compared = {
        f"Compared with {number}": f"{visible(other.source)}, SHA-256 of its pixels {other.content}"
        for number, other in enumerate(found.others, 1)
    }
    return {
        "Image": f"{visible(name)}, page {page}, {columns} by {rows} pixels",
        "Image, SHA-256": hashlib.sha256(content).hexdigest(),
        "Gallery": f"{visible(str(gallery))}, {len(opened.labels())} hands, {enrolled} pages, change {opened.change}",
    } | compared


def _provenance(
    session: "Session", inputs: dict[str, str], found: "HandExplanation", regions: "Regions"
) -> "Provenance":
    from duktus.evaluation.hand_explanation_page import Provenance
    from duktus.recognition.hands import HandReader

    card = session.card
    contours, likelihood, encoder = card.preprocessing.contours, card.likelihood, HandReader(session).encoder
    assert contours is not None, "HandReader takes no encoder without them"
    assert likelihood is not None, "HandReader takes no encoder without one"
    boxes = {"Regions used": regions.used, "Regions left out": regions.left_out}
    parameters = {
        "Resolution": f"{found.dots:.0f} dots to the inch"
        if found.dots
        else "not told by the file; from the text's height",
        **{
            told: "; ".join(",".join(map(str, box)) for box in several) or "none named"
            for told, several in boxes.items()
        },
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
    return Provenance(inputs, parameters, versions, likelihood.bounds, card.limits)


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
