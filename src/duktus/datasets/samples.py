"""Labelled images to begin with: folders written from arrays, and what the project's pen writes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from duktus.imaging.files.png import encode_png
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page

TEXTS = (
    ("the hand of a writer", "is known by its ways", "more than by a word", "or two on a letter"),
    ("seven quick foxes ran", "under an old bridge", "and came home late", "with mud on a paw"),
)
"""What pages say."""

MARGIN = 24
"""Pixels of paper around what is drawn."""


def write_folder(folder: str | Path, images: Iterable[Page], labels: Sequence[object]) -> Path:
    """Write images as a folder for each label, the layout that ``duktus train`` and ``duktus teach`` take.

    Args:
        folder: where; it is made.
        images: (h, w) or (h, w, 3) uint8 each, as many as labels.
        labels: what each shows, as text or numbers.

    Raises:
        ValueError: there are not as many labels as images.
    """
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        place = Path(folder) / str(label) / f"{number:05d}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(encode_png(np.asarray(image)))
    return Path(folder)


def draw_letters(letters: str, writers: int, seed: int = 0) -> tuple[list[Page], list[str], list[int]]:
    """Return a drawing of each letter by each of some simulated writers, its label, and the writer's number from 0.

    Args:
        letters: capitals, small letters or digits that the pen knows.
        writers: how many.
        seed: of the writers.
    """
    images, labels, drawers = [], [], []
    for drawer in range(writers):
        rng = np.random.default_rng((seed, drawer))
        hand = sample_hand(rng)
        for letter in letters:
            images.append(_as_page(draw_ink(write(letter, hand, rng), height=64)))
            labels.append(letter)
            drawers.append(drawer)
    return images, labels, drawers


def draw_number(text: str, seed: int = 0) -> Page:
    """Return a number in a simulated hand, dark on white, (64 + 2 * MARGIN, w) uint8."""
    rng = np.random.default_rng(seed)
    return _as_page(draw_ink(write(text, sample_hand(rng), rng), height=64))


def draw_page(seed: int, text: int = 0) -> Page:
    """Return a page of four lines in a simulated hand, uint8.

    Args:
        seed: of the writer: the same seed writes in the same hand.
        text: which of the two texts, 0 or 1.
    """
    hand, rng = sample_hand(np.random.default_rng((seed, 77))), np.random.default_rng((seed, text))
    pen = Pen(width=0.09 * hand.size, pressing=0.0)
    lines = [draw_ink(write(line, hand, rng), pen=pen, height=100) for line in TEXTS[text]]
    wide = max(line.shape[1] for line in lines)
    rows = [np.pad(line, ((12, 12), (0, wide - line.shape[1]))) for line in lines]
    return _as_page(np.concatenate(rows))


def _as_page(ink: Ink) -> Page:
    return np.asarray(np.rint(240 - 210 * np.pad(ink, MARGIN)), np.uint8)
