"""The segmenter at work: a network over a page in tiles, and what follows from its maps."""

import os
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.darkness import DarknessSettings, normalise
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import Ink, ModelError
from duktus.written.classes import NAMES, WRITTEN
from duktus.written.outputs import CHANNELS, Maps, read_maps
from duktus.written.scale import Scale, find_scale, resize

INNER = 448
"""Largest side, in pixels, of the part of a tile that is used."""

MARGIN = 24
"""Pixels about a tile's part that the network sees too."""

STEP = 32
"""Sides of what the network sees are multiples of this."""

INKED = 0.3
"""Darkness from which a pixel is ink."""

WRITTEN_FROM = 0.5
"""Probability from which a pixel was written."""

MOSTLY, HARDLY = 0.8, 0.2
"""Connected ink of which this share is written keeps its scraps; ink of which less is written loses them."""

SCRAP = 60
"""Pixels of the segmenter's picture below which ink is a scrap: letters of a text of 20 pixels have 60 to 100."""


@dataclass(frozen=True, eq=False)
class Segments:
    """A page as the segmenter sees it, ``factor`` times as large as it is.

    Attributes:
        factor: of the page's size.
        darkness: (h, w), 0 paper, 1 usual ink.
        maps: what the network says.
        written: (h, w) uint8, 1 where a hand wrote.
        classes: (h, w) uint8, of each pixel, an index of ``classes.NAMES``.
    """

    factor: float
    darkness: Ink
    maps: Maps
    written: NDArray[np.uint8]
    classes: NDArray[np.uint8]

    @property
    def shares(self) -> dict[str, float]:
        """The share of the page's ink that each class but paper has."""
        counts = np.bincount(self.classes.ravel(), minlength=len(NAMES))[1:]
        total = max(1, int(counts.sum()))
        return {name: int(count) / total for name, count in zip(NAMES[1:], counts, strict=True)}


class Segmenter:
    """Tells what a hand wrote on a page. Any thread may use it.

    Args:
        session: a page segmenter.

    Raises:
        ModelError: the network is for another task.
    """

    def __init__(self, session: Session) -> None:
        if session.card.task != "page-segmenter":
            raise ModelError(f"{session.card.name}: expected a page-segmenter, received a {session.card.task}")
        self._session = session
        self._settings = session.card.preprocessing.darkness or DarknessSettings()

    def segment(self, grey: NDArray[np.uint8]) -> Segments:
        """Return what each pixel of a page is, at the size at which its text is some 20 pixels high.

        Args:
            grey: (h, w), dark ink on a lighter ground.
        """
        return self.segment_at(grey, self.find_scale(grey))

    def segment_at(self, grey: NDArray[np.uint8], scale: Scale) -> Segments:
        """Return what each pixel of a page is, at a scale that a first look found."""
        darkness = self.darken(grey, scale.factor) if scale.darkness is None else scale.darkness
        return read_segments(scale.factor, darkness, self.look(darkness))

    def find_scale(self, grey: NDArray[np.uint8]) -> Scale:
        """Return the scale at which a page's text is some 20 pixels high, by a first look."""
        return find_scale(grey, self.darken, self.look)

    def darken(self, grey: NDArray[np.uint8], factor: float) -> Ink:
        """Return a page at a size as the network sees it, by the settings of the model's card."""
        return normalise(resize(grey, factor), self._settings)

    def look(self, darkness: Ink) -> Maps:
        """Return the network's maps of a page of any size, in tiles; blank tiles are not looked at."""
        h, w = darkness.shape
        maps = np.full((-(-h // 2), -(-w // 2), CHANNELS), np.float32(-9), np.float32)
        maps[..., 4] = 9
        for top, bottom in _parts(h):
            for left, right in _parts(w):
                if (darkness[top:bottom, left:right] > INKED).any():
                    part = self._tile(darkness, (top, bottom, left, right))
                    maps[top // 2 : -(-bottom // 2), left // 2 : -(-right // 2)] = part
        return read_maps(maps)

    def _tile(self, darkness: Ink, part: tuple[int, int, int, int]) -> NDArray[np.float32]:
        top, bottom, left, right = part
        h, w = darkness.shape
        y0, x0 = max(0, top - MARGIN), max(0, left - MARGIN)
        seen = darkness[y0 : min(h, bottom + MARGIN), x0 : min(w, right + MARGIN)]
        padding = ((0, -seen.shape[0] % STEP), (0, -seen.shape[1] % STEP))
        found: NDArray[np.float32] = self._session.run(np.pad(seen, padding)[None, ..., None])[0]
        y, x = (top - y0) // 2, (left - x0) // 2
        return np.asarray(found[y : y + -(-(bottom - top) // 2), x : x + -(-(right - left) // 2)])


def _parts(length: int) -> list[tuple[int, int]]:
    """Return a length in parts of at most ``INNER``, as even as whole steps allow."""
    count = max(1, -(-length // INNER))
    ends = [min(length, -(-round(length * i / count) // 8) * 8) for i in range(1, count)] + [length]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def read_segments(factor: float, darkness: Ink, maps: Maps) -> Segments:
    """Return the classes of a page's pixels from the network's maps."""
    h, w = darkness.shape
    inked = (darkness > INKED).view(np.uint8)
    likely = maps.written[:h, :w] > WRITTEN_FROM
    written = settle_pieces(inked, likely)
    kinds = cv2.resize(maps.kinds, (w, h), interpolation=cv2.INTER_NEAREST) if h * w else maps.kinds
    classes = np.where(written > 0, np.uint8(WRITTEN), np.where(inked > 0, kinds, 0)).astype(np.uint8)
    return Segments(factor, darkness, maps, written, classes)


def settle_pieces(inked: NDArray[np.uint8], likely: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return where a hand wrote: (h, w), 1 where ink is likely written, scraps settled by the ink that they touch.

    A letter that stands on squared paper is a small share of all that is connected with it, and stays; a scrap of a
    printed letter that looks written goes, and one of a stroke that looks printed is a part of the stroke.
    """
    ink = np.flatnonzero(inked)
    labels = np.asarray(cv2.connectedComponents(inked, connectivity=8)[1]).ravel()[ink]
    hits = likely.ravel()[ink]
    shares = np.bincount(labels, hits) / np.maximum(np.bincount(labels), 1)
    doubted = np.zeros(inked.shape, np.uint8)
    doubted.ravel()[ink] = np.where(hits, shares[labels] < HARDLY, shares[labels] >= MOSTLY)
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(doubted, connectivity=8)
    scraps = stats[:, cv2.CC_STAT_AREA] < SCRAP
    scraps[0] = False
    written = np.zeros(inked.shape, np.uint8)
    written.ravel()[ink] = hits ^ scraps[np.asarray(pieces).ravel()[ink]]
    return written


@cache
def shipped_segmenter() -> Segmenter:
    """Return the segmenter that comes with Duktus, on one core; it is opened once."""
    return open_segmenter(threads=1)


def open_segmenter(model: str | os.PathLike[str] = "writing", *, threads: int | None = None) -> Segmenter:
    """Open a page segmenter: a shipped model's name, or the path of a model file.

    Raises:
        ModelError: there is no such model, or it is for another task.
    """
    return Segmenter(open_model_file(model, threads))
