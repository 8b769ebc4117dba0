"""A page to the contours of what a hand wrote on it, in training as in serving."""

from collections.abc import Iterator, Sequence

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.hands.identification.documents import join_contents
from duktus.hands.identification.hand import Counted, Traced
from duktus.imaging.files.resolution import reduce_scan
from duktus.imaging.frames.contours import ContourSettings, count_directions, measure_off, part_contours, trace_contours
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.page import page_ink
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.imaging.layout.text_height import LARGEST, text_height
from duktus.types import Ink, Page
from duktus.written.page import Written, find_written
from duktus.written.segmenter import shipped_segmenter

NOTED = 0.1
"""Share of a page's ink from which on it is noted that it was left out."""

LEFT_OUT = {
    "printed": "print was left out",
    "ruled": "ruled lines were left out",
    "other": "stamps, stains or pictures were left out",
}
"""What is noted of a class of ink that no hand wrote."""


def trace_page(
    page: Page,
    dots: float | None,
    ink: InkSettings,
    contours: ContourSettings,
    regions: Regions = EVERYWHERE,
) -> tuple[Traced, Ink]:
    """Return the contours of what is written on a page, and its ink (h, w), reduced where it was scanned very finely.

    Args:
        page: any.
        dots: its dots per inch, where known.
        ink: how ink is found.
        contours: whether only what a hand wrote counts.
        regions: what to look at.

    Raises:
        ImageError: a region lies beside the page.
    """
    content = fingerprint(np.ascontiguousarray(page)) if regions == EVERYWHERE else ""
    page, dots, factor = reduce_scan(page, dots)
    if not contours.written:
        found = regions.keep(page_ink(page, ink), factor)
        height, notes = text_height(found), list[str]()
    else:
        written = find_written(page, shipped_segmenter(), ink)
        found, height, notes = regions.keep(written.ink, factor), written.height, list(_left_out(written))
    return Traced(trace_contours(found, LARGEST * height), height, dots, content, tuple(notes)), found


def count_page(page: Traced, height: float, settings: ContourSettings, part: float) -> Counted:
    """Return what is counted along the contours of a page, in parts of about so much writing.

    Args:
        page: traced.
        height: of its text, in pixels.
        settings: of contours.
        part: in text heights of contour.
    """
    contours = measure_off(page.contours, settings, page.dots, height)
    parts = [each for each in part_contours(contours, part) if len(each.points)]
    counts = np.zeros((len(parts), *settings.shape), np.float32)
    for place, each in zip(counts, parts, strict=True):
        place[:] = count_directions(each, settings)
    return Counted(counts, np.array([each.amount for each in parts], np.float64), height if parts else 0.0)


def contents_of(pages: Sequence[Traced]) -> tuple[str, ...]:
    """Return the hashes of pages, and that of all of them as one document."""
    contents = tuple(page.content for page in pages)
    return (*contents, join_contents(contents)) if len(contents) > 1 and all(contents) else contents


def _left_out(written: Written) -> Iterator[str]:
    """Yield what was left out of a page, by the share of its ink."""
    for name, sentence in LEFT_OUT.items():
        share = written.shares.get(name, 0.0)
        if share >= NOTED:
            yield f"{sentence}: {share:.0%} of the ink"
