"""A page to the contours of what a hand wrote on it, in training as in serving."""

import numpy as np

from duktus.datasets.fingerprint import fingerprint
from duktus.hands.identification.hand import Traced
from duktus.imaging.files.resolution import reduce_scan
from duktus.imaging.frames.contours import ContourSettings, trace_contours
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.ink.page import page_ink
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.imaging.layout.text_height import LARGEST, text_height
from duktus.types import Ink, Page


def trace_page(
    page: Page,
    dots: float | None,
    ink: InkSettings,
    contours: ContourSettings,  # noqa: ARG001  # until the written layer is there
    regions: Regions = EVERYWHERE,
) -> tuple[Traced, Ink]:
    """Return the contours of what is written on a page, and its ink (h, w), reduced where it was scanned very finely.

    Args:
        page: any.
        dots: its dots to the inch, where known.
        ink: how ink is found.
        contours: whether only what a hand wrote counts.
        regions: what to look at.

    Raises:
        ImageError: a region lies beside the page.
    """
    content = fingerprint(np.ascontiguousarray(page)) if regions == EVERYWHERE else ""
    page, dots, factor = reduce_scan(page, dots)
    found = regions.keep(page_ink(page, ink), factor)
    height = text_height(found)
    return Traced(trace_contours(found, LARGEST * height), height, dots, content), found
