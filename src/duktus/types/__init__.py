"""Arrays with named shapes, results and errors: the words that every folder shares."""

from typing import TYPE_CHECKING, Any, TypeAlias

from duktus.types.hands import Identification, Likeness, Match, Ranking, Verdict
from duktus.types.lines import Span, Transcript
from duktus.types.pages import Box, Points, Sheet, Word
from duktus.types.readings import Alternative, Preview, Reading, Readings
from duktus.types.results import Evaluation, Explanation, Taught

if TYPE_CHECKING:
    from duktus.types.arrays import Glyphs, Ink, Page, Scores, Vectors

__all__ = [
    "JSON",
    "Alternative",
    "Box",
    "DataError",
    "DuktusError",
    "Evaluation",
    "Explanation",
    "GalleryError",
    "Glyphs",
    "Identification",
    "ImageError",
    "Ink",
    "Likeness",
    "Match",
    "MissingExtraError",
    "ModelError",
    "Page",
    "Points",
    "Preview",
    "Ranking",
    "Reading",
    "Readings",
    "RecipeError",
    "Scores",
    "Sheet",
    "Span",
    "StrokeError",
    "Taught",
    "Transcript",
    "UsageError",
    "Vectors",
    "Verdict",
    "Word",
]

JSON: TypeAlias = dict[str, Any]
"""A JSON object as the standard library reads it."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Return a type of arrays; they need NumPy, for which ``import duktus`` does not wait."""
        if name in {"Glyphs", "Ink", "Page", "Scores", "Vectors"}:
            from duktus.types import arrays

            return getattr(arrays, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class DuktusError(Exception):
    """Any error that this project raises on purpose. It says what was expected, what was received, what to do.

    Attributes:
        image: the input that it is about, where there were several; else None.

    >>> try:
    ...     raise ImageError("a.png: expected an image, received nothing")
    ... except DuktusError as error:
    ...     print(error)
    a.png: expected an image, received nothing
    """

    image: object = None


class ImageError(DuktusError):
    """An image that cannot be decoded, or that is too large to be decoded safely."""


class StrokeError(DuktusError):
    """A stroke file (InkML or JSON) that does not hold a drawing."""


class ModelError(DuktusError):
    """A model file that is broken, of another program, newer than this version, or unfit for the task."""


class DataError(DuktusError):
    """A labelled data set that is missing, incomplete or contradicts itself."""


class GalleryError(DuktusError):
    """A gallery that is damaged, locked, read-only, another program's or encoder's, or an example that fits none."""


class RecipeError(DuktusError):
    """A training recipe with an unknown key, a wrong type or a value out of range."""


class MissingExtraError(DuktusError):
    """A feature whose optional dependency is not installed; names the extra to install."""


class UsageError(DuktusError):
    """Arguments that make no sense together, or a command that is called with such; its exit code is 2."""
