"""Where data sets lie on this computer: a folder that the caller names, ``DUKTUS_DATA``, or the user's cache."""

import os
from pathlib import Path

from duktus.types import DataError

DATA_VARIABLE = "DUKTUS_DATA"
"""The environment variable that names a folder with one folder a data set, for example ``mnist``."""


def find_data(name: str, explicit: Path | None = None) -> Path:
    """Find a data set.

    Args:
        name: the data set's name and that of its folder, for example "mnist".
        explicit: where the caller says it lies; nowhere else is looked at then.

    Returns:
        The first that exists of: ``explicit``; ``$DUKTUS_DATA/name``; the user's cache (``places_of``).

    Raises:
        DataError: it lies in none of them. The message says where to put it.
    """
    places = (explicit,) if explicit is not None else places_of(name)
    for place in places:
        if place.exists():
            return place
    looked = ", ".join(str(place) for place in places)
    advice = f"fetch it by 'duktus data {name}', or set {DATA_VARIABLE} to the folder that holds '{name}'"
    raise DataError(f"expected the data set '{name}', found nothing at {looked}; {advice}")


def places_of(name: str) -> tuple[Path, ...]:
    """Folders where a data set may lie, in the order in which they are looked at; the first is where it is put.

    They are ``$DUKTUS_DATA/name`` where that variable is set, then ``$XDG_CACHE_HOME/duktus/name``, the cache being
    ``~/.cache`` where that is not set (XDG Base Directory Specification 0.8).
    """
    data = os.environ.get(DATA_VARIABLE)
    cache = os.environ.get("XDG_CACHE_HOME")
    cached = (Path(cache) if cache else Path.home() / ".cache") / "duktus" / name
    return (Path(data).expanduser() / name, cached) if data else (cached,)
