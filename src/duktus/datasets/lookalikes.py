"""Labels that look alike but differ: they are kept apart, since they may be meant so, and reported."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable


def find_lookalikes(labels: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of labels that differ by case, by Unicode's compatibility form or by white space around them.

    Args:
        labels: different ones, in Unicode's composed form; what differs by that alone is one label to begin with.

    Example:
        >>> find_lookalikes(["a", "b", "A", "ﬁ", "fi"])
        (('a', 'A'), ('ﬁ', 'fi'))
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        alike[unicodedata.normalize("NFKC", label).strip().lower()].append(label)
    return tuple(tuple(same) for same in alike.values() if len(same) > 1)
