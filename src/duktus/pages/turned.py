"""A page turned by quarters, and its places where the page as it was given has them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.pen.sources import Picture
from duktus.types import Box, Page, Points

Places = NDArray[np.float32]
"""(n, 2): x and y in pixels."""


@dataclass(frozen=True)
class Turned:
    """A picture brought upright.

    Attributes:
        picture: as it was given, perhaps reduced.
        quarters: of a turn against the clock by which it is turned.
    """

    picture: Picture
    quarters: int

    @property
    def page(self) -> Page:
        """The upright page."""
        return np.ascontiguousarray(np.rot90(self.picture.page, self.quarters))

    @property
    def clockwise(self) -> int:
        """By how many degrees the page is turned clockwise."""
        return -90 * self.quarters % 360

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to say of it."""
        return (f"the page was turned by {self.clockwise}° clockwise to be read",) if self.quarters else ()

    def outward(self, places: Places) -> Places:
        """Return places of the upright page in pixels of the page as it was given."""
        rows, columns = self.picture.page.shape[:2]
        x, y = np.asarray(places, np.float32).reshape(-1, 2).T
        back = ((x, y), (columns - 1 - y, x), (columns - 1 - x, rows - 1 - y), (y, rows - 1 - x))[self.quarters]
        scaled = np.stack(back, axis=1) * np.float32(self.picture.scale)
        return np.asarray(scaled + np.array(self.picture.origin, np.float32), np.float32)

    def points(self, places: Places) -> Points:
        """Return places of the upright page as whole pixels of the page as it was given, on it."""
        bounds = self.picture.bounds
        low = np.array((bounds.x, bounds.y))
        found = np.clip(np.rint(self.outward(places)), low, low + np.maximum(0, (bounds.w - 1, bounds.h - 1)))
        return tuple((int(x), int(y)) for x, y in found)

    def box(self, box: Box) -> Box:
        """Return a box of the upright page on the page as it was given."""
        corners = np.array(((box.x, box.y), (box.x + box.w - 1, box.y + box.h - 1)), np.float32)
        (x0, y0), (x1, y1) = np.sort(np.array(self.points(corners)), axis=0)
        return Box(int(x0), int(y0), int(x1 - x0) + 1, int(y1 - y0) + 1)

    def inward(self, points: Points) -> Places:
        """Return places of the page as it was given in pixels of the picture; for pages that are not turned."""
        return np.asarray((np.array(points, np.float32) - self.picture.origin) / self.picture.scale, np.float32)
