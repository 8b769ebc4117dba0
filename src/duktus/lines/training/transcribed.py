"""Real lines with their texts: cut from transcribed pages along their baselines, and words of DHSD."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.datasets.lines.transcribed import read_lines
from duktus.datasets.writers import find_hands
from duktus.imaging.frames.line import LineFrame, frame_line
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.page import find_ink
from duktus.lines.evaluation.edits import plain_text
from duktus.types import Ink
from duktus.written.cutouts import cut_lines
from duktus.written.lines import TextLine
from duktus.written.page import mask_of, read_page
from duktus.written.segmenter import Segmenter
from duktus.written.training.sources import Transcribed, is_kept, transcribed_pages

FURTHER = ("lectaurep_repertoires", "timeus")
"""Sources of ``lines/`` that are tables or PAGE files, which the written layer does not train on."""

STRUCK = frozenset("<>^[]{}¬→")
"""Marks of transcribers: crossed out, raised, uncertain. Lines that hold one are not trained on."""

TALLEST = 400
"""Rows of a strip's ink at most: what is higher is no line."""


@dataclass(frozen=True, eq=False)
class RealLine:
    """A line's strip, its text, and what it belongs to: a collection, and a writer or document of it."""

    strip: NDArray[np.uint8]
    text: str
    collection: str
    group: str


def transcribed_lines(data: Path, frame: LineFrame, segmenter: Segmenter | None, *, kept: bool) -> Iterator[RealLine]:
    """Yield the lines of ``copiste/``, ``testaments/``, ``lines/`` and ``dhsd/``.

    Args:
        data: the folder that holds them; what is missing is left out.
        frame: of the strips.
        segmenter: takes off what no hand wrote, on every second page, so that lines are learnt with and without what
            it takes off wrongly; None takes nothing off.
        kept: those of writers and documents that train nothing, in place of the others.
    """
    pages = [page for page in (*transcribed_pages(data), *further_pages(data)) if page.kept == kept]
    for number, page in enumerate(pages):
        yield from lines_of_page(page, frame, segmenter if kept or number % 2 else None)
    for sample in find_hands(data / "dhsd") or [] if (data / "dhsd" / "data.csv").is_file() else []:
        if is_kept(f"dhsd{sample.writer}") == kept and sample.text:
            grey = cv2.imread(str(sample.image), cv2.IMREAD_GRAYSCALE)
            if grey is not None:
                strip = frame_line(find_ink(np.asarray(grey, np.uint8), "dark", InkSettings()), frame).strip
                if strip.shape[1]:
                    yield RealLine(strip, plain_text(sample.text), "dhsd", f"dhsd{sample.writer}")


def lines_of_page(page: Transcribed, frame: LineFrame, segmenter: Segmenter | None) -> Iterator[RealLine]:
    """Yield the transcribed lines of a page.

    Args:
        page: with its ALTO or PAGE file.
        frame: of the strips.
        segmenter: as in ``transcribed_lines``.
    """
    read = cv2.imread(str(page.image), cv2.IMREAD_GRAYSCALE)
    if read is None:
        return
    grey = np.asarray(read, np.uint8)
    ink: Ink = find_ink(grey, "dark", InkSettings())
    if segmenter is not None:
        ink = ink * mask_of(read_page(grey, segmenter).segments, grey.shape)
    collection = page.writer.split()[0]
    lines = [line for line in read_lines(page.alto, page.image) if plain_text(line.text) and len(line.polygon) > 2]
    cuts = cut_lines(ink, [TextLine(line.polygon, line.baseline, 0.0, 0) for line in lines])
    for line, cut in zip(lines, cuts, strict=True):
        strip = frame_line(cut.ink, frame).strip
        if strip.shape[1]:
            yield RealLine(strip, plain_text(line.text), collection, page.writer)


def further_pages(data: Path) -> Iterator[Transcribed]:
    """Yield the pages of ``FURTHER``, which only transcribers learn from."""
    for source in FURTHER:
        table = data / "lines" / source / "pages.csv"
        if table.is_file():
            with open(table, encoding="utf-8", newline="") as rows:
                for row in csv.DictReader(rows):
                    image = table.parent / "pages" / row["file"]
                    name = f"{source} {row['document']}"
                    yield Transcribed(image, image.with_suffix(".xml"), name, is_kept(name))
