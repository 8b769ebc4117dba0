"""Arrays with named shapes, results and errors: the words that every folder shares."""

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Page: TypeAlias = NDArray[np.uint8]
"""A page of an image, (h, w) grey or (h, w, 3) RGB, 8 bit, upright, on a plain ground where it was transparent."""

Ink: TypeAlias = NDArray[np.float32]
"""(h, w) in [0, 1]: 1 is full ink, 0 is paper, whatever the image's polarity, light and colour."""

Glyphs: TypeAlias = NDArray[np.float32]
"""(n, H, W, 1): inks of single characters, centred in the frame that a model's card names."""

Scores: TypeAlias = NDArray[np.float32]
"""(n, classes): a classifier's logits, before any scaling."""

Vectors: TypeAlias = NDArray[np.float32]
"""(n, d): an encoder's outputs of length 1, one a row."""

JSON: TypeAlias = dict[str, Any]
"""A JSON object as the standard library reads it."""


class Box(NamedTuple):
    """A rectangle on a page, in pixels; (x, y) is its upper left corner."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Alternative:
    """One further answer to what is written, with its calibrated probability."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What is written in one place of a page.

    ``confidence`` is a calibrated probability in [0, 1] that ``text`` is right. A reading that is not ``accepted``
    says why in ``reason`` ("blank", "looks like joined writing", "not a character", "unsure: 4 or 9"); its text is
    then the best guess, and empty where there is none. ``reason`` is empty where the reading is accepted.
    """

    text: str
    confidence: float
    accepted: bool
    reason: str
    alternatives: tuple[Alternative, ...]
    box: Box


@dataclass(frozen=True)
class Match:
    """A known hand that a document was held against, ``rank`` 1 for the best.

    ``score`` is the likeness in [-1, 1]; ``log10_lr`` the logarithm of how much likelier this hand makes that likeness
    than another hand does, within what the calibration bears. Of a network that was trained on the hands ``score`` is
    the calibrated probability of this one among them, and the ratio is that against the others of them.
    """

    label: str
    score: float
    log10_lr: float
    rank: int


@dataclass(frozen=True)
class Identification:
    """Whose hand a document is in.

    ``matches`` are the known hands, the best first. One that is not ``accepted`` says why in ``reason`` ("blank",
    "too little ink", "too coarse", "none of the known hands", "unsure: Anna or Bert"). ``ink`` is how much was written:
    the length of all contours in text heights; a word has some 30, a line 150. ``notes`` say what else was seen.
    """

    matches: tuple[Match, ...]
    accepted: bool
    reason: str
    ink: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """A document of a gallery that was searched: its content's hash, label, source and likeness in [-1, 1]."""

    content: str
    label: str
    source: str
    score: float
    rank: int


@dataclass(frozen=True)
class Verdict:
    """Whether one hand wrote two documents.

    ``log10_lr`` is the logarithm of how much likelier their likeness ``score`` is if one hand wrote both than if two
    did; None where nothing can be said, and ``reason`` says why. ``bounds`` are the least and the greatest that the
    calibration bears. ``statement`` puts it into the words of forensic practice. ``ink`` is how much either document
    has, in text heights of contour; ``limits`` are sentences on what the answer does not cover.
    """

    log10_lr: float | None
    statement: str
    reason: str
    score: float
    bounds: tuple[float, float]
    ink: tuple[float, float]
    limits: tuple[str, ...]


class DuktusError(Exception):
    """Any error that this project raises on purpose. It says what was expected, what was received, what to do."""


class ImageError(DuktusError):
    """An image that cannot be decoded, or that is too large to be decoded safely."""


class StrokeError(DuktusError):
    """A stroke file (InkML or JSON) that does not hold a drawing."""


class ModelError(DuktusError):
    """A model file that is broken, foreign, newer than this version, or unfit for the task asked of it."""


class DataError(DuktusError):
    """A labelled data set that is missing, incomplete or contradicts itself."""


class GalleryError(DuktusError):
    """A gallery that is damaged, foreign, locked, read-only or another encoder's, or an example that fits none."""


class RecipeError(DuktusError):
    """A training recipe with an unknown key, a wrong type or a value out of range."""


class MissingExtraError(DuktusError):
    """A feature whose optional dependency is not installed; names the extra to install."""
