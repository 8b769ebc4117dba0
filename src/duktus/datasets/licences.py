"""What a model's card says of the data that it was made from: their name, and the licence where it is known."""

import re
from collections.abc import Iterable
from pathlib import Path

LICENCES = {
    "mnist": "CC BY-SA 3.0",
    "omniglot": "MIT",
    "iam": "non-commercial research",
    "dhsd": "CC BY 4.0",
    "testaments": "CC BY 4.0",
    "unipen": "CC BY 4.0",
    "copiste": "CC BY 4.0",
}
"""Of the data sets whose licence is known."""

COLLECTIONS = ("lines",)
"""Names under which recipes credit collections, and which are too common to identify a set by its folder."""


def licence_of(name: str) -> str:
    """Return the licence of a data set, of which the first word of ``name`` is the name.

    >>> licence_of("omniglot background"), licence_of("my letters")
    ('MIT', 'not stated')
    """
    return LICENCES.get(name.partition(" ")[0], "not stated")


def name_source(source: str, place: Path | None) -> str:
    """Return what a card calls data: the set's name, or that of the folder where somebody's own lie.

    Args:
        source: the data set that a recipe names.
        place: where the caller says that the data lie; None for where ``duktus data`` puts the set. A path of which one
            of the last two parts has the set's name in it, or that is laid out as IAM is, holds the set.

    >>> name_source("iam", Path("scans/letters")), name_source("omniglot", Path("omniglot/images_background.zip"))
    ('letters', 'omniglot')
    """
    if place is None:
        return source
    place = place.resolve()
    words = re.split(r"[\W_]+", " ".join(place.parts[-2:]).lower())
    is_set = source in words or (source == "iam" and (place / "ascii" / "forms.txt").is_file())
    return source if is_set else place.stem if place.is_file() else place.name


def credits_of(attribution: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return attributions less those that begin with the name of a known data set that was not used.

    >>> credits_of(["MNIST: LeCun and others.", "IAM: Marti and Bunke.", "The pen."], ["mnist"])
    ('MNIST: LeCun and others.', 'The pen.')
    """
    unused = {*LICENCES, *COLLECTIONS} - {name.partition(" ")[0] for name in names}
    return tuple(line for line in attribution if line.partition(":")[0].lower() not in unused)
