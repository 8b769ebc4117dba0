"""Inputs of work in bulk: how large they are, what messages call them, and how they reach another process."""

import os
from contextlib import suppress

import numpy as np

from duktus.imaging.files.load import is_pillow, load_pages
from duktus.pen.strokes import Drawing

UNKNOWN_BYTES = 2**20
"""Taken for the size of an input that does not state it."""

_OWN_PLACES = ("/dev/fd/", "/dev/std", "/proc/")
"""Where a path may mean another thing to another process, as ``/dev/stdin`` does."""


def name_of(source: object) -> str:
    """Return what messages call an input: its path, or where it says to be from."""
    place = getattr(source, "source", source)
    return repr(os.fspath(place)) if isinstance(place, (str, os.PathLike)) else "'the image'"


def size_of(source: object) -> int:
    """Return how large an image is in bytes, as it is stored."""
    if isinstance(source, (str, os.PathLike)):
        try:
            return os.stat(source).st_size
        except (OSError, ValueError):
            return 0  # reading it will say what is wrong
    if isinstance(source, (bytes, bytearray)):
        return len(source)
    pixels = getattr(source, "width", 0) * getattr(source, "height", 0)
    return int(getattr(source, "nbytes", 4 * pixels or UNKNOWN_BYTES))


def portable(source: object) -> object | None:
    """Return an image so that it is the same in another process; None where it has to be read in this one."""
    if isinstance(source, (str, os.PathLike)):
        path: object = os.fspath(source)
        own = not isinstance(path, str) or path == "-" or path.startswith(_OWN_PLACES)
        return None if own else str.__str__(path)
    if isinstance(source, np.ndarray):
        return np.asarray(source) if source.dtype.kind in "buif" else None
    if is_pillow(source):
        with suppress(Exception):  # it is met again where the image is read
            return next(load_pages(source))
        return None
    # A class derived from these may be known to this process alone.
    return source if type(source) in (bytes, bytearray, Drawing) else None
