"""Long measurements report how far they are."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")

Report: TypeAlias = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


def track(items: Sequence[Item], report: Report | None) -> Iterator[Item]:
    """Yield items one after the other; each is reported when the next one is taken.

    >>> list(track("ab", print))
    1 2
    2 2
    ['a', 'b']
    """
    for done, item in enumerate(items, 1):
        yield item
        if report is not None:
            report(done, len(items))


def part_of(report: Report | None, number: int, parts: int) -> Report | None:
    """Return a report of one of several equal parts of the work, the first of which is 0."""
    if report is None:
        return None
    return lambda done, total: report(number * total + done, parts * total)
