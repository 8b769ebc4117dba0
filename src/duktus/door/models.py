"""Model files: opened, listed, checked; a model that reads letters reads, one that knows writers identifies."""

import os
from collections.abc import Callable, Generator, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from duktus.door.documents import EVERYWHERE, Boxes, identify_each, regions_of
from duktus.door.reading import SURE, Layout, read_each, read_one
from duktus.door.sessions import Precision, open_session
from duktus.types import DuktusError, Identification, ModelError, Readings
from duktus.types.markup import card as block
from duktus.types.markup import label, quiet, safe

if TYPE_CHECKING:
    from duktus.glyphs.reading.reader import Reader
    from duktus.hands.identification.classifier import HandClassifier
    from duktus.imaging.files.load import DocumentSource
    from duktus.models.card import Card
    from duktus.models.file import CheckReport
    from duktus.models.layers import Layer
    from duktus.models.runtime import Session
    from duktus.pen.sources import Readable


class Model:
    """A model: one ONNX file with its card. ``open_model`` makes one; any thread may use it.

    Attributes:
        path: of the file.
        card: what the model is for, how it was made and measured, and its limits; ``print(model.card.describe())``.

    >>> model = Model("digits")
    >>> model.name, model.task, "".join(model.labels)
    ('digits', 'glyph-classifier', '0123456789')
    """

    def __init__(
        self, name_or_path: str | os.PathLike[str], *, threads: int | None = None, precision: Precision = "float32"
    ) -> None:
        from duktus.gallery.sqlite_file import is_gallery_file
        from duktus.models.file import find_model, read_card

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
        """One of "glyph-classifier", "glyph-encoder", "hand-classifier", "hand-encoder"."""
        return self.card.task

    @property
    def labels(self) -> tuple[str, ...]:
        """What a classifier can answer; empty for an encoder."""
        return self.card.labels

    @property
    def layers(self) -> tuple["Layer", ...]:
        """The network's operators in order, each with the shapes of its weights.

        >>> sum(layer.parameters for layer in Model("digits").layers) > 400_000
        True
        """
        from duktus.models.container import read_bytes
        from duktus.models.layers import list_layers

        return list_layers(read_bytes(self.path))

    @cached_property
    def session(self) -> "Session":
        """The network, opened when it is first needed."""
        return open_session(self.path, self._threads, self._precision)

    @cached_property
    def reader(self) -> "Reader":
        """What reads by this model. Raises ModelError where it is for another task."""
        from duktus.glyphs.reading.reader import Reader

        return Reader(self.session)

    @cached_property
    def hands(self) -> "HandClassifier":
        """What identifies by this model. Raises ModelError where it is for another task."""
        from duktus.hands.identification.classifier import HandClassifier

        return HandClassifier(self.session)

    def read(self, image: "Readable", *, layout: Layout = "auto") -> Readings:
        """Read what is written in an image; see ``duktus.read``.

        >>> Model("digits").read("examples/615_board.webp").text
        '615'
        """
        return read_one(self.reader, image, layout)

    def read_many(
        self,
        images: "Iterable[Readable]",
        *,
        layout: Layout = "auto",
        review: str | os.PathLike[str] | None = None,
        sure: float = SURE,
    ) -> Generator[Readings | DuktusError]:
        """Yield what is written in each of many images, in order, by as many processes as are worth starting.

        Args:
            images: any number, taken as they are needed; as ``duktus.read`` takes them.
            layout: as in ``duktus.read``.
            review: a table (.csv) to make of doubtful characters, with their pictures in a folder beside it. Fill in
                its column ``label``; ``teach`` then takes it.
            sure: accepted characters of at least this confidence, and well ahead of the next, need no review.

        Yields:
            For each image its readings, or the error where it cannot be read, with the image in ``error.image``.
            Close the generator to stop early.

        >>> names = ["examples/615_board.webp", "missing.png"]
        >>> [r.text if isinstance(r, Readings) else type(r).__name__ for r in Model("digits").read_many(names)]
        ['615', 'ImageError']
        """
        return read_each(self.reader, images, layout, review, sure)

    def identify(
        self, image: "DocumentSource", *, top: int = 5, regions: Boxes = EVERYWHERE, without: Boxes = EVERYWHERE
    ) -> Identification:
        """Tell which of the writers that this model was trained on wrote a document; see ``duktus.identify``."""
        return self.hands.identify(self.hands.look_at(image, regions_of(regions, without)), top)

    def identify_many(
        self,
        images: "Iterable[DocumentSource]",
        *,
        top: int = 5,
        regions: Boxes = EVERYWHERE,
        without: Boxes = EVERYWHERE,
    ) -> Generator[Identification | DuktusError]:
        """Yield for each document whose hand it is in, or the error where it cannot be read."""
        reader = self.hands
        return identify_each(reader, images, regions_of(regions, without), lambda seen: reader.identify(seen, top))

    def check(self) -> "CheckReport":
        """Open the file again and compare what it computes with the sample in its card.

        Returns:
            A report with ``passed``, ``problems``, and the largest ``difference`` over ``n`` samples.

        >>> Model("digits").check().passed
        True
        """
        from duktus.models.file import check_model

        return check_model(self.path)

    def quantize(
        self,
        data: str | os.PathLike[str],
        *,
        out: str | os.PathLike[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
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
        from duktus.models.file import int8_path, save_model

        folder = locate(Path(data))
        target = Path(out or int8_path(self.path).name)
        ranges, measured = divide(folder)
        content, card = quantize_classifier(
            self.session, ranges, measured, folder.name or str(folder), progress or _silent
        )
        save_model(content, card, target)
        return Model(target)

    def __repr__(self) -> str:
        return f"<Model {self.name!r}, a {self.task} of {len(self.labels)} labels, {self.path}>"

    def _repr_html_(self) -> str:
        told = f'<pre style="background:none;color:inherit;font-size:12px">{safe(self.card.describe(), 20_000)}</pre>'
        return block(label(self.name, 18), quiet(safe(self.task)), f"<details><summary>Card</summary>{told}</details>")


def open_model(
    name_or_path: str | os.PathLike[str] = "digits", *, threads: int | None = None, precision: Precision = "float32"
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
    ['digits', 'digits-int8', 'glyph-encoder', 'hand-encoder', 'runes']
    """
    from duktus.models.file import shipped_names

    return tuple(map(Model, shipped_names()))


def as_model(model: "Model | str | os.PathLike[str]", threads: int | None = None) -> Model:
    """Return a model that was opened, or open one."""
    return model if isinstance(model, Model) else Model(model, threads=threads)


def _silent(_done: int, _total: int) -> None:
    """Show no progress."""
