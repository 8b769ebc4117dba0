"""Regions of a page as they are named on the command line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cyclopts import Parameter

from duktus.cli.terminal import UsageError
from duktus.types import Box

if TYPE_CHECKING:
    from duktus.imaging.layout.regions import Regions


Named: TypeAlias = Annotated[list[str] | None, Parameter(negative=())]
"""Regions as they are named on the command line."""


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """What to look at on the pages.

    Attributes:
        regions: A part of each page to use, as x,y,w,h in pixels; may be given several times.
        without: A part of each page to leave out, as x,y,w,h in pixels; may be given several times.
    """

    regions: Named = None
    without: Named = None

    def read(self) -> "Regions":
        """Return the regions. Raises UsageError where one is no box."""
        return read_regions(self.regions, self.without)


@Parameter(name="*")
@dataclass(frozen=True)
class SecondWhere:
    """What to look at on the second image's pages, where the others are the first's.

    Attributes:
        second_regions: A part of the second image's pages to use; --regions and --without are of the first alone.
        second_without: A part of the second image's pages to leave out.
    """

    second_regions: Named = None
    second_without: Named = None

    def read(self) -> "Regions":
        """Return the regions. Raises UsageError where one is no box."""
        return read_regions(self.second_regions, self.second_without)


WHOLE, WHOLE_SECOND = Where(), SecondWhere()
"""All of the pages."""


def read_regions(used: list[str] | None, left_out: list[str] | None) -> "Regions":
    """Return the regions that were named, each as "x,y,w,h" in pixels of the page.

    Raises:
        UsageError: one is no box.
    """
    from duktus.imaging.layout.regions import Regions

    return Regions(tuple(map(read_box, used or ())), tuple(map(read_box, left_out or ())))


def read_box(text: str) -> Box:
    """Return a box that was named as "x,y,w,h".

    >>> read_box("10, 20, 300, 40")
    Box(x=10, y=20, w=300, h=40)

    Raises:
        UsageError: it is none.
    """
    try:
        box = Box(*map(int, text.split(",")))
    except (TypeError, ValueError) as error:
        raise UsageError(f"expected a region as x,y,w,h in whole pixels, received {text!r}") from error
    if box.w < 1 or box.h < 1:
        raise UsageError(f"expected a region of 1 pixel or more each way, received {text!r}")
    return box
