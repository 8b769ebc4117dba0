"""Results of teaching, evaluation and explanation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from duktus.types.markup import address, card, quiet, safe, statement


@dataclass(frozen=True)
class Taught:
    """The outcome of adding examples to a gallery.

    Attributes:
        added: how many are new.
        known: how many the gallery had already, under the same label.
        conflicts: a sentence for each that the gallery has under another label.
        failed: a sentence for each that cannot be read or shows too little.
        notes: sentences on the state of the gallery, such as probable label errors.
    """

    added: int
    known: int
    conflicts: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The accuracy of a model or a gallery on labelled images; ``print`` shows the figures with their intervals.

    Attributes:
        title: what was measured.
        lines: the main figures with their 95 % intervals, as text.
        metrics: all figures, as ``metrics.json`` holds them.
        notes: sentences on how the figures came about.
        unreadable: the errors of images that could not be read and are not counted.
    """

    title: str
    lines: tuple[str, ...]
    metrics: dict[str, Any] = field(repr=False)
    _write: Callable[[Path], Path] = field(repr=False)
    notes: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    def report(self, folder: str | Path) -> Path:
        """Write ``report.html``, a page that loads nothing, and ``metrics.json``; return the page's path.

        Raises:
            DuktusError: the folder cannot be written to.
            MissingExtraError: Matplotlib is not installed.
        """
        return self._write(Path(folder))

    def __str__(self) -> str:
        return "\n".join((self.title, *self.lines))

    def _repr_html_(self) -> str:
        figures = "\n".join(safe(line, 600) for line in self.lines)
        body = f'<pre style="background:none;color:inherit;margin:4px 0;font-size:12px">{figures}</pre>'
        return card(statement(self.title), body, quiet("<br>".join(safe(note, 600) for note in self.notes)))


@dataclass(frozen=True)
class Explanation:
    """Which ink decided an answer, as one HTML page that loads nothing, or the stages of a reading as a PNG picture."""

    content: bytes = field(repr=False)
    name: str = "explanation"

    @property
    def is_picture(self) -> bool:
        """Whether it is a PNG file, and not an HTML page."""
        return self.content.startswith(b"\x89PNG")

    def save(self, path: str | Path) -> Path:
        """Write it to a file and return the path."""
        Path(path).write_bytes(self.content)
        return Path(path)

    def _repr_html_(self) -> str:
        if self.is_picture:
            return f'<img src="{address(self.content)}" alt="{safe(self.name)}" style="max-width:100%">'
        page = self.content.decode("utf-8").replace("&", "&amp;").replace('"', "&quot;")
        style = "width:100%;height:640px;border:1px solid rgba(128,128,128,.4);border-radius:4px"
        return f'<iframe srcdoc="{page}" sandbox style="{style}" title="{safe(self.name)}"></iframe>'
