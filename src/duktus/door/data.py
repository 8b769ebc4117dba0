"""Data sets from the network."""

from collections.abc import Callable
from pathlib import Path

from duktus.datasets.download import DATASETS, Progress, download
from duktus.datasets.places import places_of
from duktus.door.sessions import Place
from duktus.types import UsageError


def fetch(
    name: str, *, to: Place | None = None, progress: Callable[[int, int | None, str], None] | None = None
) -> Path:
    """Download a data set, or what is missing of it; a download that was interrupted goes on where it stopped.

    Args:
        name: of the data set: "mnist".
        to: the folder to put it into; by default $DUKTUS_DATA/NAME, or the user's cache.
        progress: called with the bytes received, their total, and the file's name.

    Returns:
        The folder.

    Raises:
        UsageError: there is no such data set.
        DataError: it cannot be downloaded.

    >>> fetch("mnits")
    Traceback (most recent call last):
    duktus.types.UsageError: expected a data set (mnist), received 'mnits'
    """
    if name not in DATASETS:
        raise UsageError(f"expected a data set ({', '.join(DATASETS)}), received {name!r}")
    folder = Path(to) if to is not None else places_of(name)[0]

    def report(done: Progress) -> None:
        if progress is not None:
            progress(done.received_bytes, done.total_bytes, done.file)

    download(DATASETS[name], folder, report=report)
    return folder
