"""Patches of a page that show a hand to people: its longest connected pieces of writing."""

from collections.abc import Iterator

import cv2
import numpy as np

from duktus.imaging.files.png import encode_png
from duktus.imaging.ink.grey import scale_down
from duktus.imaging.layout.text_height import EDGE, LARGEST, text_height
from duktus.types import Box, Ink

MARGIN = 0.3
"""Paper around a patch, in text heights."""

HIGHEST, WIDEST = 96, 384
"""Pixels of a patch's picture; a larger one is reduced."""


def patch_boxes(ink: Ink, count: int) -> list[Box]:
    """Return the boxes of the ``count`` longest pieces of writing, the longest first; fewer where there are fewer."""
    height = text_height(ink)
    found, _, stats, _ = cv2.connectedComponentsWithStats((ink >= EDGE).view(np.uint8), connectivity=8)
    boxes = [Box(*map(int, each[:4])) for each in stats[1:found] if each[cv2.CC_STAT_HEIGHT] <= LARGEST * height]
    return sorted(boxes, key=lambda box: -box.w)[:count]


def patch_inks(ink: Ink, count: int) -> Iterator[Ink]:
    """Yield the ink of the ``count`` longest pieces of writing, with paper around them; large ones are reduced."""
    margin = round(MARGIN * text_height(ink))
    for box in patch_boxes(ink, count):
        top, left = max(0, box.y - margin), max(0, box.x - margin)
        patch = ink[top : box.y + box.h + margin, left : box.x + box.w + margin]
        yield scale_down(patch, min(HIGHEST / patch.shape[0], WIDEST / patch.shape[1]))


def patch_thumbnails(ink: Ink, count: int) -> Iterator[bytes]:
    """Yield the same as PNG files, dark on white."""
    for patch in patch_inks(ink, count):
        yield encode_png(np.rint(255 - 255 * patch).astype(np.uint8))
