"""One training an output file: a lock that the operating system drops when its process ends, however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from duktus.types import DataError

NAME = "lock"
"""The file in a training's folder that is locked."""


@contextmanager
def locked(folder: Path, out: Path) -> Iterator[None]:
    """Keep a training's folder, made if missing, for this process; it is removed at the end if nothing else is in it.

    Args:
        folder: of the training.
        out: the model file that messages name.

    Raises:
        DataError: another process has it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / NAME).open("w")
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{folder}: the folder cannot be written ({reason}); name another --out") from error
    with file:
        if not _lock(file):
            raise DataError(
                f"{out}: expected one training at a time, received a second while another is running; "
                "wait for it, or name another --out"
            )
        try:
            yield
        finally:
            file.close()  # Windows removes no open file
            with suppress(OSError):  # what is kept for the next call stays
                (folder / NAME).unlink()
                folder.rmdir()


def _lock(file: IO[str]) -> bool:
    """Lock an open file; returns False where another process holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # it exists on Windows alone
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
