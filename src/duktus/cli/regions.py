"""Regions of a page as they are named on the command line."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from duktus.types import Box, UsageError

Boxes: TypeAlias = tuple[Box, ...]
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

    def boxes(self) -> tuple[Boxes, Boxes]:
        """Return the parts to use and those to leave out. Raises UsageError where one is no box."""
        return read_boxes(self.regions), read_boxes(self.without)


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

    def boxes(self) -> tuple[Boxes, Boxes]:
        """Return the parts to use and those to leave out. Raises UsageError where one is no box."""
        return read_boxes(self.second_regions), read_boxes(self.second_without)


WHOLE, WHOLE_SECOND = Where(), SecondWhere()
"""All of the pages."""


def read_boxes(named: list[str] | None) -> Boxes:
    """Return boxes that were named, each as "x,y,w,h" in pixels of the page.

    Raises:
        UsageError: one is no box.
    """
    return tuple(map(read_box, named or ()))


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
        raise UsageError(f"expected a region as x,y,w,h in pixels, received {text!r}") from error
    if box.w < 1 or box.h < 1:
        raise UsageError(f"expected a region of 1 pixel or more each way, received {text!r}")
    return box
