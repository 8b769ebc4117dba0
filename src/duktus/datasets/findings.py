"""The findings of an audit in plain sentences, for the person whose labelled set it is."""

import statistics
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from duktus.datasets.audit import FEW, Audit, short_name
from duktus.datasets.lookalikes import find_lookalikes

SIDES_APART = 8
"""Times that the longest image may be as long as the shortest before it is remarked on."""

_NAMED = 3
"""Names that a line lists."""

_LETTERS = 24
"""Characters of a label that a line shows."""


def describe(audit: Audit) -> list[str]:
    """Return the findings on a set, a sentence a line: what it holds, then its problems.

    A line lists three names at most. Labels are escaped, the names of files are as they are.
    """
    if not audit.found:
        return ["No image."]
    return [*_facts(audit), *_left_out(audit), *_thin_classes(audit), *_doubts(audit)]


def _facts(audit: Audit) -> Iterator[str]:
    counts = list(audit.classes.values())
    usable = len(audit.usable)
    part = "" if usable == audit.found else f", {usable:,} of them usable"
    spread = _spread(counts, "a class")
    yield f"{_count(audit.found, 'image')} of {_count(len(counts), 'class', 'classes')}{part}: {spread}."
    if usable:
        yield f"They measure {_spread(audit.sides.tolist(), 'pixels on the longer side')}."
    groups, without = set(audit.usable.groups) - {None}, audit.usable.groups.count(None)
    if not groups:
        yield "No groups (hands or pages) are known."
    else:
        of = f"; of {_count(without, 'image')} none is known" if without else ""
        yield f"{_count(len(groups), 'group')} (hands or pages){of}."
    sizes = np.unique(audit.copies, return_counts=True)[1]
    if copied := int((sizes - 1).sum()):
        of = _count(int((sizes > 1).sum()), "drawing")
        yield f"Likely copies (turned, moved, scaled, or named so): {_count(copied, 'image')} of {of}, kept together."


def _left_out(audit: Audit) -> Iterator[str]:
    if audit.unreadable:
        yield f"Cannot be read, left out: {_count(len(audit.unreadable), 'image')}."
        yield from (f"  {message}" for message in audit.unreadable[:_NAMED])
        if len(audit.unreadable) > _NAMED:
            yield f"  … and {len(audit.unreadable) - _NAMED:,} more"
    if audit.blank:
        yield f"Without ink, left out: {_count(len(audit.blank), 'image')} ({_names(audit.blank)})."
    if audit.duplicates:
        n = sum(len(same) - 1 for same in audit.duplicates)
        shown = [f"{short_name(same[1])} is {short_name(same[0])}" for same in audit.duplicates]
        yield f"Repeated pixel by pixel under one label, left out: {_count(n, 'image')} ({_listed(shown)})."
    if audit.conflicts:
        shown = [f"{_names(one.names)} under {_labels(one.labels)}" for one in audit.conflicts]
        n = len(audit.conflicts)
        yield f"Under more than one label, left out altogether: {_count(n, 'picture')} ({_listed(shown, '; ')})."


def _thin_classes(audit: Audit) -> Iterator[str]:
    if len(audit.classes) == 1:
        yield f"Only one class, {_labels(audit.classes)}: two at least are needed to distinguish them."
    kinds = (
        ("No usable image", range(1)),
        ("One usable image alone, so that none is left to measure on", range(1, 2)),
        (f"Fewer than {FEW} usable images, so that their figures say little", range(2, FEW)),
    )
    for what, counts in kinds:
        if labels := [label for label, count in audit.classes.items() if count in counts]:
            yield f"{what}: {_count(len(labels), 'class', 'classes')} ({_labels(labels)})."


def _doubts(audit: Audit) -> Iterator[str]:
    if lookalikes := find_lookalikes(audit.classes):
        shown = _listed([" and ".join(map(_exact, same[:_NAMED])) for same in lookalikes], "; ")
        what = "case, Unicode form or white space"
        yield f"Labels that differ by {what} alone are kept apart; rename those that mean one: {shown}."
    if len(audit.sides) and audit.sides.max() > SIDES_APART * audit.sides.min():
        largest, smallest = (short_name(audit.usable.name(int(f(audit.sides)))) for f in (np.argmax, np.argmin))
        yield f"Sizes differ more than {SIDES_APART} times, from {smallest} to {largest}: a page among single letters?"


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _spread(numbers: Sequence[int], of: str) -> str:
    least, most = min(numbers), max(numbers)
    middle = f"{statistics.median(numbers):,.0f} in the median"
    return f"{least:,} {of}" if least == most else f"{least:,} to {most:,} {of}, {middle}"


def _listed(shown: Sequence[str], joint: str = ", ") -> str:
    more = f" … and {len(shown) - _NAMED:,} more" if len(shown) > _NAMED else ""
    return joint.join(shown[:_NAMED]) + more


def _names(names: Sequence[str]) -> str:
    return _listed([short_name(name) for name in names])


def _labels(labels: Iterable[str]) -> str:
    return _listed([_quoted(label) for label in labels])


def _quoted(label: str) -> str:
    return repr(label if len(label) <= _LETTERS else label[:_LETTERS] + "…")


def _exact(label: str) -> str:
    """A short label with its code points: what differs by form may look the same."""
    codes = " ".join(f"U+{ord(letter):04X}" for letter in label)
    return f"{_quoted(label)} ({codes})" if len(label) <= 2 and not label.isascii() else _quoted(label)
