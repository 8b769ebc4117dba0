"""Files that people correct: a table that must not be there yet, and what lies beside it."""

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from duktus.imaging.files.png import encode_png
from duktus.types import DataError, Page


class CorrectionFiles(ABC):
    """A CSV file for a person to correct, and a folder of pictures beside it; open it in a ``with``.

    Args:
        path: the table, a name that ends in ``.csv``; the folder is ``out.files`` for ``out.csv``.
        further: ends of the names of what else comes to lie beside it, such as ``.html``.

    Attributes:
        path: as given.
        folder: of the pictures.

    Raises:
        DataError: there is something at one of these places already, which may hold a person's work.
    """

    def __init__(self, path: Path, *further: str) -> None:
        if path.suffix.lower() != ".csv":
            raise DataError(f"{path}: expected a name that ends in .csv, received {path.suffix or 'none'}; rename it")
        self.path, self.folder = path, path.with_suffix(".files")
        for place in (path, self.folder, *(path.with_suffix(end) for end in further)):
            if place.exists():
                what = "the corrections of a table before it may be in it"
                raise DataError(f"{place}: expected nothing there, found a file or folder; {what}: name another")

    def keep_picture(self, number: int, picture: Page) -> str:
        """Write a picture; return its name as the table has it. Raises OSError where it cannot be written."""
        name = f"{self.folder.name}/{number:06}.png"
        self.folder.mkdir(exist_ok=True)
        (self.path.parent / name).write_bytes(encode_png(picture))
        return name

    def refused(self, error: OSError | ValueError) -> DataError:
        """Return the error for what cannot be written."""
        reason = getattr(error, "strerror", None) or error
        return DataError(f"{self.path}: the table cannot be written ({reason}); name another place, or make room")

    @abstractmethod
    def close(self) -> None:
        """Finish the table."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
