"""A transcriber to start from: its layers and weights out of its file, and room for new characters."""

import tomllib
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.learning.checkpoint import Arrays
from duktus.lines.reading.transcriber import TASK
from duktus.lines.training.network import build
from duktus.lines.training.settings import ColumnSettings
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import ModelError

TOLERANCE = 1e-3
"""Largest difference between the file's scores and those of the network that was made from it."""

UNLIKELY = -4.0
"""What a new character's score begins with: less than those that are known, and not out of reach."""


@dataclass(frozen=True, eq=False)
class Start:
    """A transcriber to start from.

    Attributes:
        session: the opened file.
        columns: its network, normalisation folded into its convolutions.
        weights: of that network, in Keras' order.
    """

    session: Session
    columns: ColumnSettings
    weights: Arrays

    @property
    def labels(self) -> tuple[str, ...]:
        """The characters that it knows."""
        return self.session.card.labels

    def weights_for(self, labels: tuple[str, ...]) -> Arrays:
        """Return weights for these labels, which begin with its own; new ones start as unlikely."""
        *others, kernel, bias = self.weights
        new = len(labels) - len(self.labels)
        wide = np.concatenate([kernel, np.zeros((*kernel.shape[:-1], new), np.float32)], axis=-1)
        return [*others, wide, np.concatenate([bias, np.full(new, UNLIKELY, np.float32)])]


def open_start(name: str) -> Start:
    """Read a transcriber's layers and weights out of its file.

    Args:
        name: a shipped model's name, or the path of a model file.

    Raises:
        ModelError: there is no such model, it is no transcriber, or its layers are none that a recipe lays out.
    """
    session = open_model_file(name)
    card = session.card
    if card.task != TASK or card.preprocessing.line is None:
        raise ModelError(f"{card.name}: expected a {TASK} to start from, received a {card.task}; name another model")
    start = Start(session, _columns(card.training.recipe), _weights(session.content))
    _check(start, card.preprocessing.line.height)
    return start


def _columns(recipe: str) -> ColumnSettings:
    """Return the settings of a recipe's text; what it leaves out is as usual."""
    known = {each.name for each in fields(ColumnSettings)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in tomllib.loads(recipe).get("columns", {}).items()
        if name in known
    }
    return replace(ColumnSettings(**given), folded=True, shortcut=0.0)


def _weights(content: bytes) -> Arrays:
    """Return each convolution's kernel and bias in the order of the graph; a scale behind one goes into it."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_model_from_string(content).graph
    known = {each.name: np.asarray(numpy_helper.to_array(each)) for each in graph.initializer}
    found: Arrays = []
    for node in graph.node:
        held = [known[name] for name in node.input if name in known]
        if node.op_type == "Conv":
            kernel = held[0]
            bias = held[1] if len(held) > 1 else np.zeros(len(kernel), np.float32)
            found += [_as_keras(kernel), bias]
        elif node.op_type in ("Mul", "Add") and held and held[0].ndim == 4 and found:
            per_channel = held[0].reshape(-1)
            if node.op_type == "Mul":
                found[-2] = found[-2] * per_channel[:, None]
                found[-1] = found[-1] * per_channel
            else:
                found[-1] = found[-1] + per_channel
    return [np.asarray(each, np.float32) for each in found]


def _as_keras(kernel: NDArray[Any]) -> NDArray[Any]:
    """Return a kernel (out, in, h, w) as (h, w, in, out); of a depthwise one, (channels, 1, h, w), (h, w, channels, 1).

    A first layer has one channel in, too, and a square kernel; depthwise ones are one row high.
    """
    depthwise = kernel.shape[1] == 1 and kernel.shape[2] == 1
    return kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(2, 3, 1, 0)


def _check(start: Start, height: int) -> None:
    """Raise unless the layers with the weights give what the file gives."""
    from duktus.learning.precision import mixed_precision

    name = start.session.card.name
    strips = np.random.default_rng(0).random((2, height, 64, 1), np.float32)
    with mixed_precision("float32"):
        network = build(start.columns, height, len(start.labels) + 1)
        if [tuple(weight.shape) for weight in network.weights] != [array.shape for array in start.weights]:
            raise ModelError(f"{name}: expected a transcriber whose card lays out its layers, received other weights")
        network.set_weights(start.weights)
        scores = np.asarray(network(strips), np.float32)
    expected = start.session.run(strips)
    apart = float(np.abs(scores - expected).max()) / max(1.0, float(np.abs(expected).max()))
    if not apart <= TOLERANCE:
        raise ModelError(f"{name}: expected scores within {TOLERANCE:g} of its file's, received {apart:.2g} apart")
