"""Hands for the measurements: a set that the encoder never saw, a scanned page by the pen, a large gallery."""

from collections.abc import Iterator
from datetime import UTC, datetime

import cv2
import numpy as np

from duktus.datasets.labelled import LabelledImages
from duktus.gallery.store import Example
from duktus.models.card import Card
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import DataError, Page

A4 = (3508, 2480)
"""Pixels of a page at 300 dots per inch."""

LINE, MARGIN = 100, 150
"""Pixels of a line, its tallest and lowest letters included, and of the page's margin."""

TEXT = ("the hand of a writer", "is known by its ways", "more than by a word", "or two on a letter")
AGAIN = 4
"""Times that each phrase is drawn."""


def check_set_unseen(card: Card, name: str) -> None:
    """Raise where an encoder's card does not show that it never saw a set.

    Raises:
        DataError: naming what it saw.
    """
    seen = [source.name for source in card.data]
    if not seen or name in seen:
        received = f"one fitted to {', '.join(seen)}" if seen else "one whose card names no data"
        raise DataError(f"{card.name}: expected an encoder that never saw {name}, received {received}; name another")


def first_of_page(images: LabelledImages, most: int) -> LabelledImages:
    """Return the first images of each page, ``most`` of them."""
    seen: dict[str | None, int] = {}
    kept = []
    for place, group in enumerate(images.groups):
        seen[group] = seen.get(group, 0) + 1
        if seen[group] <= most:
            kept.append(place)
    return images.subset(kept)


def draw_a4(seed: int) -> Page:
    """Return an A4 page of handwriting, scanned at 300 dots per inch: (3508, 2480) uint8, dark on light."""
    rng = np.random.default_rng((seed, 300))
    hand = sample_hand(rng)
    pen = Pen(width=0.09 * hand.size, pressing=0.0)
    # Drawing takes longer than all else; after so many phrases the same ones come again.
    phrases = [draw_ink(write(text, hand, rng), pen=pen, height=LINE)[:LINE] for text in TEXT * AGAIN]
    ink, number = np.zeros(A4, np.float32), 0
    for top in range(MARGIN, A4[0] - MARGIN - LINE, round(1.3 * LINE)):
        left = MARGIN
        while left < A4[1] - MARGIN:
            drawn = phrases[number % len(phrases)][:, : A4[1] - MARGIN - left]
            ink[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
            left, number = left + drawn.shape[1] + LINE // 2, number + 1
    paper = cv2.GaussianBlur(rng.normal(0, 6, A4).astype(np.float32), (0, 0), 1.0)
    return np.asarray(np.clip(235 + paper - 190 * cv2.GaussianBlur(ink, (0, 0), 0.8), 0, 255), np.uint8)


def random_examples(n: int, dimension: int, vectors: int, labels: int) -> Iterator[Example]:
    """Yield examples with so many random vectors each and no thumbnails, their labels numbered in turn."""
    rng, made = np.random.default_rng(0), datetime.now(UTC)
    for i in range(n):
        some = rng.standard_normal((vectors, dimension), dtype=np.float32)
        some /= np.linalg.norm(some, axis=1, keepdims=True)
        yield Example(f"{i:064x}", f"label {i % labels}", some, (), f"{i}.png", made)
