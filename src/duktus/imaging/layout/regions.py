"""Parts of a page that are looked at, and parts that are left out: boxes that a person drew."""

from dataclasses import dataclass

import numpy as np

from duktus.types import Box, ImageError, Ink


@dataclass(frozen=True)
class Regions:
    """Boxes on a page: ``used``, all of the page where there are none, and ``left_out`` of these."""

    used: tuple[Box, ...] = ()
    left_out: tuple[Box, ...] = ()

    def keep(self, ink: Ink, factor: int = 1) -> Ink:
        """Return ink (h, w) where all outside the regions is paper; the same array where there are no regions.

        Args:
            ink: of the page.
            factor: how many of the page's pixels, in which the boxes are, became one of the ink's in either direction.

        Raises:
            ImageError: a box lies beside the page.
        """
        if not self.used and not self.left_out:
            return ink
        kept = np.full(ink.shape, not self.used)
        for boxes, inside in ((self.used, True), (self.left_out, False)):
            for box in boxes:
                kept[_place(box, ink.shape, factor)] = inside
        return np.where(kept, ink, np.float32(0))


EVERYWHERE = Regions()
"""All of a page."""


def _place(box: Box, shape: tuple[int, ...], factor: int) -> tuple[slice, slice]:
    """Return the rows and columns of a box, as far as it lies on the page."""
    rows = slice(max(0, box.y // factor), min(shape[0], -(-(box.y + box.h) // factor)))
    columns = slice(max(0, box.x // factor), min(shape[1], -(-(box.x + box.w) // factor)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        told, page = ",".join(map(str, box)), f"{factor * shape[1]} by {factor * shape[0]} pixels"
        raise ImageError(f"region {told}: expected a box on the page of {page}; move it there")
    return rows, columns
