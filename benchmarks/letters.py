"""Letters of alphabets that an encoder never saw: their drawings as vectors, changed as other people's tools would."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.glyphs.evaluation.few_shot import Drawings
from duktus.glyphs.teaching.teacher import Teacher
from duktus.imaging.files.load import load_pages
from duktus.models.card import Card
from duktus.models.runtime import Session
from duktus.pen.paper import take
from duktus.pen.scenes import sample_scene
from duktus.types import DataError, Page

Change = Callable[[Page, np.random.Generator], Page]
"""From a drawing, dark on white, to another picture of it."""


@dataclass(frozen=True)
class Alphabet:
    """An alphabet of Omniglot, and how many of its letters count; all where it is None."""

    name: str
    archive: str
    letters: int | None = None


RUNES = Alphabet("Anglo-Saxon_Futhorc", "images_background.zip", 24)
GREEK = Alphabet("Greek", "images_background.zip")


def check_unseen(card: Card, alphabets: list[str]) -> None:
    """Raise where an encoder's card does not show that it never saw some alphabets.

    Raises:
        DataError: naming what it saw.
    """
    told = " ".join(source.split for source in card.data)
    if "alphabets: " not in told:
        raise DataError(
            f"{card.name}: expected a card that lists the alphabets it saw, received {told!r}; name another"
        )
    seen = set(told.split("alphabets: ", 1)[1].split(", "))
    if known := sorted(seen & set(alphabets)):
        raise DataError(
            f"{card.name}: expected an encoder that never saw {known[0]}, received one that did; train it so"
        )


def load_alphabet(alphabet: Alphabet) -> LabelledImages:
    """Return the drawings of an alphabet, labels and drawers with them."""
    images = load_labelled(find_data("omniglot") / alphabet.archive / alphabet.name)
    kept = set(images.classes[: alphabet.letters])
    return images.subset(i for i, label in enumerate(images.labels) if label in kept)


def drawings_of(session: Session, images: LabelledImages, change: Change | None = None) -> Drawings:
    """Return drawings as an encoder sees them, changed each by a generator of its own."""
    pages = [next(iter(load_pages(image))) for image in images.images]
    if change is not None:
        pages = [change(page, np.random.default_rng((i, 11))) for i, page in enumerate(pages)]
    teacher = Teacher(session)
    vectors = np.concatenate([teacher.vectors(pages[i : i + 64]) for i in range(0, len(pages), 64)])
    groups = [group or f"{i}" for i, group in enumerate(images.groups)]
    return Drawings(vectors[:, 0], vectors[:, 1], images.labels, groups)


def grid(page: Page, rng: np.random.Generator, *, side: int = 24) -> Page:
    """Drawn with strokes of one pixel on a grid of ``side`` pixels, black and white; the generator is not asked."""
    del rng
    rows, columns = np.nonzero(page < 150)
    if not len(rows):
        return page
    longest, room = max(int(np.ptp(rows)), int(np.ptp(columns)), 1), side - 5
    out = np.full((side, side), 255, np.uint8)
    out[(rows - rows.min()) * room // longest + 2, (columns - columns.min()) * room // longest + 2] = 0
    return out


def thick(page: Page, rng: np.random.Generator, *, width: int = 7) -> Page:
    """Drawn with a marker; the generator is not asked."""
    del rng
    shape: NDArray[np.uint8] = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), np.uint8)
    return np.asarray(cv2.erode(page, shape), np.uint8)


def in_scene(page: Page, rng: np.random.Generator, *, kind: str) -> Page:
    """Written on simulated paper, and scanned or photographed."""
    ink = cv2.GaussianBlur(255.0 - page.astype(np.float32), (0, 0), 1.0)
    clean = np.clip((ink / 255 - 0.3) / 0.4, 0, 1).astype(np.float32)
    return take(np.asarray(clean, np.float32), sample_scene(rng, kind), rng)


CHANGES: dict[str, Change] = {
    "on a grid of 24 pixels": grid,
    "with a marker": thick,
    "on scanned paper": partial(in_scene, kind="scan"),
    "on photographed paper": partial(in_scene, kind="photo"),
}
"""Other people's tools, in simulation."""
