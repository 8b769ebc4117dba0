"""What a training is for: the protocol of a task, and what passes between a task and ``train``.

A task is one object, made in the room of what it reads and given to ``learning.train.train`` by the caller. Its recipes
are a dataclass of its own with the tables that it reads (``settings.Recipe``). ``Task`` is all that ``train`` calls. A
task with a network has the methods of ``NetworkTask`` as well, and its ``fit`` calls ``learning.fit.fit``; one that is
fitted in closed form has a ``fit`` of its own, and needs no Keras.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

from duktus.learning.checkpoint import History
from duktus.learning.settings import NetworkRecipe, Recipe
from duktus.models.card import Card

Report: TypeAlias = Callable[[str], None]
"""Receives a line of progress."""

Show: TypeAlias = Callable[[float, float, str], None]
"""Receives how much of something is done, of how much, and what it is: for a progress bar."""

Faults: TypeAlias = Iterable[tuple[bool, str]]
"""What may be wrong with a recipe: whether it is, and what was expected instead."""

Batch: TypeAlias = tuple[Any, Any] | tuple[Any, Any, Any]
"""Inputs, targets and, where there are any, sample weights, each an array or any structure that Keras takes.

Batches of one epoch may differ in size and shape."""

NETWORK_PACKAGES = ("keras", "tensorflow", "onnx", "tf2onnx", "sklearn", "matplotlib")
"""Packages without which the training of a network would end before its model and its report are written."""


def show_nothing(_done: float, _total: float, _what: str) -> None:
    """Takes progress and drops it."""


class Predict(Protocol):
    """Inputs to the network's outputs, by the weights that are validated."""

    def __call__(self, inputs: Any, /, batch: int = 256) -> Any:
        """Return the outputs, as Keras' ``predict`` does; ``batch`` examples are computed at once."""
        ...


@dataclass(frozen=True)
class Work:
    """Where a training works, and what it reports to.

    Attributes:
        folder: for what a training that goes on after a kill needs: checkpoints, and data that took long to make. Its
            ``.npz`` and ``.npy`` files are deleted when the model is written.
        data: where the caller says that the data lie; None for where ``duktus data`` puts them.
        report: receives lines.
        show: receives progress within an epoch, or while data are prepared.
        tensorboard: folder for TensorBoard's event files.
    """

    folder: Path
    data: Path | None = None
    report: Report = print
    show: Show = show_nothing
    tensorboard: Path | None = None


@dataclass(frozen=True)
class Objective:
    """What a network is compiled with; each as Keras' ``Model.compile`` takes it, one for all outputs or one each."""

    loss: Any
    metrics: Any = None
    loss_weights: Any = None


@dataclass(frozen=True)
class Validation:
    """How good the weights are after an epoch.

    Attributes:
        logs: figures by name, for the progress line, the learning curve and TensorBoard; names of validation figures
            begin with ``validation_``.
        score: by which the best weights are chosen; the higher, the better.
        error: standard error of ``score``. Of epochs within one error of the best the latest is kept.
    """

    logs: Mapping[str, float]
    score: float
    error: float = 0.0


@dataclass(frozen=True, eq=False)
class Packed:
    """A model ready to be written.

    Attributes:
        content: of the ONNX file.
        card: its card.
        history: figures of each epoch, for the learning curve.
        write_report: writes the task's own evaluation to a folder, with sections of HTML at its end, and returns the
            page's path; None for the plain page with the card and the learning curve.
        advice: lines for the person who trained.
    """

    content: bytes
    card: Card
    history: History = ()
    write_report: Callable[[Path, str], Path] | None = None
    advice: tuple[str, ...] = field(default=())


R = TypeVar("R", bound=Recipe)
D = TypeVar("D")
F = TypeVar("F")
N_contra = TypeVar("N_contra", bound=NetworkRecipe, contravariant=True)
D_contra = TypeVar("D_contra", contravariant=True)


class Task(Protocol[R, D, F]):
    """Something that can be learnt from data: recipes ``R``, prepared data ``D``, and what was fitted, ``F``."""

    @property
    def name(self) -> str:
        """The task's name in recipes and cards, such as ``glyph-classifier``."""
        ...

    @property
    def recipe(self) -> type[R]:
        """The dataclass of its recipes: its fields are the keys and tables of the TOML file."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Packages that the training needs; where one is missing it does not start."""
        ...

    def faults(self, recipe: R) -> Faults:
        """Return what may be wrong with a recipe whose types are right."""
        ...

    def prepare(self, recipe: R, work: Work) -> tuple[R, D]:
        """Return the data, and the recipe with what is known from the data alone, such as labels.

        Raises:
            DataError: the data are missing or do not fit the recipe.
        """
        ...

    def fit(self, recipe: R, data: D, work: Work) -> F:
        """Fit to the data; what takes long is kept in ``work.folder``, and the same call goes on from there."""
        ...

    def pack(self, recipe: R, data: D, fitted: F) -> Packed:
        """Export, calibrate and measure what was fitted, and describe it by a card."""
        ...

    def summary(self, recipe: R, data: Path | None) -> str:
        """Return what a recipe would train, as text, without opening the data."""
        ...


class NetworkTask(Protocol[N_contra, D_contra]):
    """The methods of a task whose network ``learning.fit.fit`` fits."""

    def network(self, recipe: N_contra) -> Any:
        """Return the Keras model with its head, its weights fresh from Keras' random generator."""
        ...

    def objective(self, recipe: N_contra) -> Objective:
        """Return the loss and the metrics."""
        ...

    def steps(self, recipe: N_contra, data: D_contra) -> int:
        """Return how many batches an epoch has; the learning rate's course is laid out by it."""
        ...

    def batches(self, recipe: N_contra, data: D_contra, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, counted from 1; the same for the same recipe, data and epoch."""
        ...

    def validate(self, recipe: N_contra, data: D_contra, predict: Predict) -> Validation | None:
        """Measure weights on data that are not trained on; None where there are none, and the last weights are kept."""
        ...
