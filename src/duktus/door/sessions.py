"""Networks, opened once and kept as long as their files stay the same."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from duktus.hands.identification.reader import HandReader
from duktus.models.file import find_model, int8_path, open_model_file, read_card
from duktus.models.runtime import Precision, Session

CLASSIFIER, ENCODER = "hand-classifier", "hand-encoder"
"""Tasks: networks that were trained on writers, and encoders of hands, as the one that comes with the project."""

Place: TypeAlias = str | os.PathLike[str]
"""The path of a file or folder; of a model or recipe, also the name of one that comes with the project."""


def open_session(path: Path, threads: int | None = None, precision: Precision = "float32") -> Session:
    """Return the network of a model file; one that was opened lately and has not changed since is the same."""
    return _open_session(path, _state(path), _state(int8_path(path)), threads, precision)


@lru_cache(maxsize=8)
def _open_session(
    path: Path, _state: object, _state_int8: object, threads: int | None, precision: Precision
) -> Session:
    return open_model_file(path, threads, precision)


def _state(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def open_hands(encoder: Place) -> HandReader:
    """Return the reader of hands by an encoder. Raises ModelError where there is no such model."""
    return HandReader(open_session(find_model(encoder)))


def limits_of(encoder: Place) -> frozenset[str]:
    """Return what limits the comparisons by an encoder of hands, whatever is compared."""
    card = read_card(find_model(encoder))
    reach = (card.likelihood.reach,) if card.likelihood else ()
    return frozenset((*reach, *card.limits))
