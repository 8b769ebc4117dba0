"""Model files: opened, listed, checked; a model that reads letters reads, one that knows writers identifies."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from duktus.door.documents import Looking
from duktus.door.opened import Identify, Opened
from duktus.door.sessions import Place, open_session
from duktus.gallery.sqlite_file import is_gallery_file
from duktus.glyphs.reading.reader import Reader
from duktus.hands.identification.classifier import HandClassifier
from duktus.models.card import Card
from duktus.models.container import read_bytes
from duktus.models.file import CheckReport, check_model, find_model, int8_path, read_card, save_model, shipped_names
from duktus.models.layers import Layer, list_layers
from duktus.models.runtime import Precision, Session
from duktus.types import ModelError
from duktus.types.markup import card as block
from duktus.types.markup import label, quiet, safe


class Model(Opened):
    """A model: one ONNX file with its card. ``open_model`` makes one; any thread may use it.

    Attributes:
        path: of the file.
        card: what the model is for, how it was made and measured, and its limits; ``print(model.card.describe())``.

    >>> model = Model("digits")
    >>> model.name, model.task, "".join(model.labels)
    ('digits', 'glyph-classifier', '0123456789')
    """

    def __init__(self, name_or_path: Place, *, threads: int | None = None, precision: Precision = "float32") -> None:
        self.path = find_model(name_or_path)
        if is_gallery_file(self.path):
            raise ModelError(f"{self.path}: expected a model, received a gallery; name it as the gallery")
        self.card: Card = read_card(self.path)
        self._threads, self._precision = threads, precision

    @property
    def name(self) -> str:
        """What the card calls the model; of a shipped one, its name."""
        return self.card.name

    @property
    def task(self) -> str:
        """One of "glyph-classifier", "glyph-encoder", "hand-classifier", "hand-encoder", "page-segmenter"."""
        return self.card.task

    @property
    def labels(self) -> tuple[str, ...]:
        """What a classifier can answer; empty for other models."""
        return self.card.labels

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The network's operators in order, each with the shapes of its weights.

        >>> sum(layer.parameters for layer in Model("digits").layers) > 400_000
        True
        """
        return list_layers(read_bytes(self.path))

    @cached_property
    def session(self) -> Session:
        """The network, opened when it is first needed."""
        return open_session(self.path, self._threads, self._precision)

    @cached_property
    def reader(self) -> Reader:
        """What reads by this model. Raises ModelError where it is for another task."""
        return Reader(self.session)

    @cached_property
    def hands(self) -> HandClassifier:
        """What identifies by this model. Raises ModelError where it is for another task."""
        return HandClassifier(self.session)

    @property
    def of_lines(self) -> tuple[Session, None]:
        """The network that reads lines, or the characters in them."""
        return self.session, None

    def _identifier(self, prior: float) -> tuple[Looking[Any], Identify]:  # noqa: ARG002  # a closed set needs none
        return self.hands, self.hands.identify

    def check(self) -> CheckReport:
        """Open the file again and compare what it computes with the sample in its card.

        Returns:
            A report with ``passed``, ``problems``, and the largest ``difference`` over ``n`` samples.

        >>> Model("digits").check().passed
        True
        """
        return check_model(self.path)

    def quantize(
        self, data: Place, *, out: Place | None = None, progress: Callable[[int, int], None] | None = None
    ) -> "Model":
        """Make the int8-quantised copy of a classifier, for ``precision="int8"``: smaller and faster.

        Args:
            data: labelled images like those that it will read: up to 500 calibrate the ranges, others measure the copy.
            out: the file to write; by default NAME-int8.onnx in this folder.
            progress: called with how many images are done, and of how many.

        Raises:
            DataError: there are too few images.
            MissingExtraError: a package of the extra ``train`` is missing.
        """
        from duktus.datasets.download import locate
        from duktus.glyphs.training.quantize import divide, quantize_classifier

        folder = locate(Path(data))
        target = Path(out or int8_path(self.path).name)
        ranges, measured = divide(folder)
        content, card = quantize_classifier(self.session, ranges, measured, folder.name or str(folder), progress)
        save_model(content, card, target)
        return Model(target)

    def __repr__(self) -> str:
        return f"<Model {self.name!r}, a {self.task} of {len(self.labels)} labels, {self.path}>"

    def _repr_html_(self) -> str:
        note = f'<pre style="background:none;color:inherit;font-size:12px">{safe(self.card.describe(), 20_000)}</pre>'
        return block(label(self.name, 18), quiet(safe(self.task)), f"<details><summary>Card</summary>{note}</details>")


ModelLike: TypeAlias = Model | Place
"""An opened model, the name of one that comes with Duktus, or the path of a model file."""


USUAL = {"page": "lines", "line": "lines", "table": "numbers"}
"""The model that reads each layout where none is named; characters are read by ``CHARACTERS``."""

CHARACTERS = "digits"


def usual_model(layout: str) -> str:
    """Return the name of the model that reads a layout where none is named.

    >>> usual_model("auto"), usual_model("table")
    ('digits', 'numbers')
    """
    return USUAL.get(layout, CHARACTERS)


def open_model(
    name_or_path: Place = "digits", *, threads: int | None = None, precision: Precision = "float32"
) -> Model:
    """Open a model: a shipped one by its name (``list_models``), or any model file by its path.

    Args:
        name_or_path: of the model.
        threads: cores to use, by the network and by ``read_many``; None for all, 1 starts no further process.
        precision: "int8" takes the quantised copy that lies beside the model, more than twice as fast; "bfloat16" is
            about twice as fast where the processor computes in it (the extra ``fast``).

    Raises:
        ModelError: there is no such model, or the file is broken.

    >>> open_model("digits").read("examples/58_ruled.jpg").text
    '58'
    """
    return Model(name_or_path, threads=threads, precision=precision)


def list_models() -> tuple[Model, ...]:
    """Return the models that come with Duktus.

    >>> [model.name for model in list_models()]
    ['digits', 'digits-int8', 'glyph-encoder', 'hand-encoder', 'letters', 'lines', 'numbers', 'runes', 'writing']
    """
    return tuple(map(Model, shipped_names()))


def as_model(model: ModelLike, threads: int | None = None) -> Model:
    """Return a model that was opened, or open one."""
    return model if isinstance(model, Model) else Model(model, threads=threads)
