"""The ink of lines whose texts are known, found as serving finds it: of pictures of one line, and of pages."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from duktus.datasets.lines.labelled import LabelledLine, by_image
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.line import line_ink
from duktus.imaging.ink.page import find_ink
from duktus.imaging.ink.polarity import find_polarity
from duktus.pen.sources import Picture, load_pictures
from duktus.types import DuktusError, Ink
from duktus.written.cutouts import cut_lines
from duktus.written.lines import TextLine
from duktus.written.page import mask_of, read_page
from duktus.written.segmenter import Segmenter


class LineInk(NamedTuple):
    """A line with its ink (h, w) in [0, 1]."""

    line: LabelledLine
    ink: Ink


def find_inks(
    lines: Sequence[LabelledLine], settings: InkSettings, segmenter: Segmenter | None, unreadable: list[str]
) -> Iterator[LineInk]:
    """Yield the ink of each line, image by image.

    Args:
        lines: those of one image follow each other.
        settings: how a page's ink is found.
        segmenter: takes off what no hand wrote on pages; None takes nothing off.
        unreadable: receives why an image could not be read.
    """
    for some in by_image(lines):
        try:
            picture = next(iter(load_pictures(some[0].image)))
        except DuktusError as error:
            unreadable.append(str(error))
            continue
        yield from _of_page(some, picture, settings, segmenter)


def _of_page(
    lines: Sequence[LabelledLine], picture: Picture, settings: InkSettings, segmenter: Segmenter | None
) -> Iterator[LineInk]:
    placed = [(line, line.place) for line in lines if line.place is not None]
    for line in lines:
        if line.place is None:
            yield LineInk(line, line_ink(picture.page))
    if not placed:
        return
    grey = to_grey(picture.page)
    ink: Ink = find_ink(grey, find_polarity(grey)[0], settings)
    if segmenter is not None:
        ink = ink * mask_of(read_page(grey, segmenter).segments, grey.shape)
    reduced = np.float32(picture.scale)  # a large page is looked at smaller than its lines are drawn on it
    cuts = cut_lines(ink, [TextLine(place.polygon / reduced, place.baseline / reduced, 0.0, 0) for _, place in placed])
    for (line, _), cut in zip(placed, cuts, strict=True):
        yield LineInk(line, cut.ink)
