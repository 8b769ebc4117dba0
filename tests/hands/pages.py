"""Pages in hands of the project's own pen, and the encoder that comes with the project."""

import functools
from pathlib import Path

import cv2
import numpy as np

from duktus.datasets.labelled import LabelledImages
from duktus.hands.identification.documents import Document
from duktus.hands.identification.reader import HandReader, open_hands
from duktus.pen.hand import Hand, sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page

LINES = (
    ("the hand of a writer", "is known by its ways", "more than by a word", "or two on a letter"),
    ("seven quick foxes ran", "under an old bridge", "and came home late", "with mud on a paw"),
)
"""Two texts."""

HIGH = 100
"""Pixels of a line, its tallest and lowest letters included."""


@functools.cache
def reader() -> HandReader:
    """The encoder that comes with the project."""
    return open_hands(threads=1)


def hand_of(seed: int) -> Hand:
    """A writer."""
    return sample_hand(np.random.default_rng((seed, 77)))


def line_ink(hand: Hand, text: str, rng: np.random.Generator, height: int = HIGH) -> Ink:
    """A line of text in a hand."""
    return draw_ink(write(text, hand, rng), pen=Pen(width=0.09 * hand.size, pressing=0.0), height=height)


@functools.cache
def page_ink_of(seed: int, text: int = 0) -> Ink:
    """A page by a writer: four lines of one of the texts."""
    rng = np.random.default_rng((seed, text))
    return stacked([line_ink(hand_of(seed), line, rng) for line in LINES[text]])


def stacked(lines: list[Ink]) -> Ink:
    """Lines under one another, with paper around them."""
    wide = max(line.shape[1] for line in lines)
    rows = [np.pad(line, ((12, 12), (0, wide - line.shape[1]))) for line in lines]
    return np.pad(np.concatenate(rows), 24)


def as_page(ink: Ink, paper: int = 240, dark: int = 30) -> Page:
    """Ink of one grey on paper of another."""
    return np.asarray(np.rint(paper - ink * np.float32(paper - dark)), np.uint8)


def page_of(seed: int, text: int = 0) -> Page:
    """A page by a writer, dark on light."""
    return as_page(page_ink_of(seed, text))


def scanned(seed: int, dots: int, text: int = 1) -> Page:
    """A page by a writer as a scan at so many dots per inch, where ``page_of`` is one at 300: drawn at its size."""
    rng = np.random.default_rng((seed, text))
    return as_page(stacked([line_ink(hand_of(seed), line, rng, HIGH * dots // 300) for line in LINES[text]]))


def document(seed: int, label: str = "", text: int = 0) -> Document:
    """The same, to be enrolled, under its writer's number where no label is given."""
    return Document(page_of(seed, text), label or f"writer {seed}", f"{seed}-{text}.png")


def write_lines(folder: Path, writers: int) -> LabelledImages:
    """The pages of so many writers as files of a line each, the first lines of all pages first."""
    paths, labels, groups = [], [], []
    for number in range(len(LINES[0])):
        for writer in range(writers):
            for text, lines in enumerate(LINES):
                rng = np.random.default_rng((writer, text, number))
                path = folder / f"{writer}-{text}-{number}.png"
                cv2.imwrite(str(path), as_page(np.pad(line_ink(hand_of(writer), lines[number], rng), 12)))
                paths.append(path)
                labels.append(f"writer {writer}")
                groups.append(f"page {text}")
    return LabelledImages(tuple(paths), tuple(labels), tuple(groups))
