"""What a server has: models that are opened once, and galleries in one folder, all known by name and never by path."""

import re
import threading
from http import HTTPStatus
from pathlib import Path

from duktus.door.galleries import Gallery, open_gallery
from duktus.door.models import Model
from duktus.gallery.sqlite_file import is_gallery_file
from duktus.lines.reading.transcriber import TASK as LINES
from duktus.models.file import shipped_names
from duktus.server.problems import ProblemError
from duktus.server.settings import ServerSettings

NAME = re.compile(r"[\w][\w .-]{0,63}", re.UNICODE)
"""What a gallery or a model may be called: no path separators, and nothing that begins with a dot."""


PAGE_CORES = 2
"""Cores for the networks of one page, for which a person waits. Characters take one each: their networks are too small
to be shared out, and many are asked for at once."""


class Stock:
    """Models and galleries by name. Any thread may use it.

    Args:
        settings: where they lie.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._models: dict[str, Model] = {}
        self._galleries: dict[str, Gallery] = {}
        self._lock = threading.Lock()

    def model_names(self) -> list[str]:
        """Return the names of all models, the shipped ones first."""
        return [*shipped_names(), *sorted(self._own_models())]

    def model(self, name: str) -> Model:
        """Return a model.

        Raises:
            ProblemError: there is none of that name.
        """
        with self._lock:
            if name not in self._models:
                if name not in (known := self.model_names()):
                    detail = f"expected a model of {', '.join(known)}; received {name!r}"
                    raise ProblemError(HTTPStatus.NOT_FOUND, detail)
                self._models[name] = self._open(self._own_models().get(name, name))
            return self._models[name]

    def gallery_names(self) -> list[str]:
        """Return the names of all galleries."""
        folder = self._settings.galleries
        return sorted(path.stem for path in folder.glob("*.db") if NAME.fullmatch(path.stem) and is_gallery_file(path))

    def gallery(self, name: str, *, new: bool = False) -> Gallery:
        """Return a gallery.

        Args:
            name: of its file in the folder of galleries, without ``.db``.
            new: it may be made; its file is, when something is first put into it.

        Raises:
            ProblemError: there is none of that name, or it is no name.
        """
        if not NAME.fullmatch(name):
            detail = "expected a gallery's name of at most 64 letters, digits, spaces, dots, hyphens and underscores"
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{detail}; received {name[:64]!r}")
        path = self._settings.galleries / f"{name}.db"
        if not new and not path.is_file():
            detail = f"expected the name of a gallery, received {name!r}; teach or enrol first"
            raise ProblemError(HTTPStatus.NOT_FOUND, detail)
        with self._lock:
            if new:
                self._settings.galleries.mkdir(parents=True, exist_ok=True)
            if name not in self._galleries:
                self._galleries[name] = open_gallery(path, threads=1)
            return self._galleries[name]

    def _open(self, place: Path | str) -> Model:
        model = Model(place, threads=1)
        if model.card.task != LINES:
            return model
        return Model(place, threads=min(PAGE_CORES, self._settings.cores))

    def _own_models(self) -> dict[str, Path]:
        folder = self._settings.models
        found = sorted(folder.glob("*.onnx")) if folder else []
        return {path.stem: path for path in found if NAME.fullmatch(path.stem)}
