"""Labels that look alike but differ: they are kept apart, since they may be meant so, and reported."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable


def plain(label: str) -> str:
    """Return a label in Unicode's compatibility form (NFKC), without white space around it."""
    return unicodedata.normalize("NFKC", label).strip()


def find_lookalikes(
    labels: Iterable[str],
    same: Callable[[str], str] = lambda label: plain(label).casefold(),
    apart: Callable[[str], str] = str,
) -> tuple[tuple[str, ...], ...]:
    """Return the sets of labels that are the same in one respect and differ in another.

    Args:
        labels: different ones, in Unicode's composed form; what differs by that alone is one label to begin with.
        same: by default, the label without case, compatibility form and white space.
        apart: by default, the label itself.

    Example:
        >>> find_lookalikes(["a", "b", "A", "ﬁ", "fi"])
        (('a', 'A'), ('ﬁ', 'fi'))
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        alike[same(label)].append(label)
    return tuple(tuple(twins) for twins in alike.values() if len({apart(label) for label in twins}) > 1)
