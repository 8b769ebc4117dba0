"""The lines of a page in parts, for whoever wants to see the first while the others are read."""

from collections.abc import Iterator

AT_ONCE = 0
"""For all lines in one part."""

FIRST = 4
"""Lines of the first part where the first are wanted soon."""


def in_parts(count: int, first: int) -> Iterator[range]:
    """Yield the numbers of a page's lines in parts, each twice as large as the one before.

    Growing parts show the first lines soon, and read the others together nearly as fast as all at once.

    Args:
        count: of all lines.
        first: lines of the first part; ``AT_ONCE`` for one part of all.

    >>> [len(part) for part in in_parts(30, FIRST)], list(in_parts(30, AT_ONCE)), list(in_parts(0, FIRST))
    ([4, 8, 16, 2], [range(0, 30)], [])
    """
    start, size = 0, first or count
    while start < count:
        yield range(start, min(start + size, count))
        start, size = start + size, 2 * size
