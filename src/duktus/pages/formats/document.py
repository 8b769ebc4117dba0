"""A page with its lines, as every format holds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from duktus.types import Box, Points, Reading, Sheet


@dataclass(frozen=True)
class PageText:
    """A page of an image file with its lines in reading order.

    Attributes:
        file: what the image is called.
        sheet: the page's size.
        lines: readings of whole lines, or of cells of a table; each has a polygon and a baseline.
    """

    file: str
    sheet: Sheet
    lines: tuple[Reading, ...]

    def blocks(self) -> Iterator[tuple[Reading, ...]]:
        """Yield lines in reading order, those of one column, margin or cell together."""
        for _, lines in groupby(self.lines, lambda line: (line.block, line.cell)):
            yield tuple(lines)


def as_line(reading: Reading, sheet: Sheet) -> Reading:
    """Return a reading with a polygon and a baseline, from its box where it has none, all within its page."""
    box = clip_box(reading.box, sheet)
    polygon, baseline = clip_points(reading.polygon, sheet), clip_points(reading.baseline, sheet)
    if len(polygon) < 3:
        polygon = corners_of(box)
    if len(baseline) < 2:
        baseline = ((box.x, box.y + box.h - 1), (box.x + box.w - 1, box.y + box.h - 1))
    words = tuple(replace(word, box=clip_box(word.box, sheet)) for word in reading.words)
    return replace(reading, box=box, polygon=polygon, baseline=baseline, words=words)


def clip_points(points: Points, sheet: Sheet) -> Points:
    """Return points, those off the page moved to its edge."""
    right, bottom = max(0, sheet.width - 1), max(0, sheet.height - 1)
    return tuple((min(max(x, 0), right), min(max(y, 0), bottom)) for x, y in points)


def clip_box(box: Box, sheet: Sheet) -> Box:
    """Return the part of a box that lies on its page, of one pixel at least."""
    x, y = min(max(box.x, 0), max(0, sheet.width - 1)), min(max(box.y, 0), max(0, sheet.height - 1))
    right, bottom = min(max(box.x + box.w, x + 1), sheet.width), min(max(box.y + box.h, y + 1), sheet.height)
    return Box(x, y, max(1, right - x), max(1, bottom - y))


def corners_of(box: Box) -> Points:
    """Return the corners of a box as a polygon."""
    right, bottom = box.x + max(1, box.w) - 1, box.y + max(1, box.h) - 1
    return (box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)


def box_of(points: Sequence[tuple[int, int]]) -> Box:
    """Return the smallest box that holds points."""
    columns, rows = [x for x, _ in points], [y for _, y in points]
    return Box(min(columns), min(rows), max(columns) - min(columns) + 1, max(rows) - min(rows) + 1)


def union_of(lines: Sequence[Reading]) -> Box:
    """Return the smallest box around the polygons of lines."""
    return box_of([point for line in lines for point in line.polygon])
