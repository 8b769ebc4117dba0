"""A page is traced the same way in training and in serving: what a hand wrote alone where the encoder wants it so."""

from dataclasses import replace

import cv2
import numpy as np

from duktus.hands.identification.hand import Traced, text_heights
from duktus.hands.identification.tracing import trace_page
from duktus.imaging.frames.contours import Contours, ContourSettings
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.layout.regions import Regions
from duktus.types import Box
from tests.hands.pages import page_of

ALL, WRITTEN = ContourSettings(), replace(ContourSettings(), written=True)


def traced(page: np.ndarray, settings: ContourSettings, regions: Regions | None = None) -> Traced:
    """What is traced of a page."""
    return trace_page(page, None, InkSettings(), settings, regions or Regions((), ()))[0]


def test_rulings_are_left_out_and_noted() -> None:
    """Of a ruled page the hand's contours are as long as of a blank one, and what was left out is said."""
    plain = cv2.resize(page_of(1), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    plain = np.asarray(np.pad(plain, 60, constant_values=240), np.uint8)
    ruled = plain.copy()
    for row in range(40, ruled.shape[0], 22):
        ruled[row : row + 2, 15:-15:1] = np.minimum(ruled[row : row + 2, 15:-15], 110)
    lengths = [len(traced(page, WRITTEN).contours.points) for page in (plain, ruled)]
    assert lengths[1] < 1.5 * lengths[0]
    assert any("left out" in note for note in traced(ruled, WRITTEN).notes)


def test_a_part_of_a_page_has_no_hash() -> None:
    """A page is known again by its hash where all of it was looked at, and not where a region was."""
    whole, part = traced(page_of(1), ALL), traced(page_of(1), ALL, Regions((Box(0, 0, 300, 200),), ()))
    assert len(whole.content) == 64
    assert part.content == ""
    assert len(part.contours.points) < len(whole.contours.points)


def test_a_documents_lines_are_of_one_height() -> None:
    """A line's text is taken to be as high as the document's, unless it was scanned at another resolution."""
    contours = Contours(np.zeros((100, 2), np.float32), np.array([100]), 0.0)
    pages = [Traced(contours, height, None) for height in (40.0, 44.0, 42.0, 30.0, 90.0, 0.0)]
    assert text_heights(pages) == [40.0, 40.0, 40.0, 40.0, 90.0, 0.0]
    assert text_heights([]) == []
