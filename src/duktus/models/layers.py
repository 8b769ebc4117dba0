"""The layers of a network as its ONNX file lists them, read without the package onnx."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from duktus.models.container import Field, iter_fields, read_varint

_GRAPH, _NODE, _INITIALIZER = 7, 1, 5
_NODE_INPUT, _NODE_OPERATOR = 1, 4
_TENSOR_DIMENSIONS, _TENSOR_TYPE, _TENSOR_NAME = 1, 2, 8
"""Field numbers of ``onnx.proto``."""

_VARINT, _BYTES = 0, 2

_WEIGHT_TYPES = frozenset((1, 2, 3, 6, 10, 11, 16))
"""TensorProto's types of weights: floating point, and the integers of quantised networks; int64 are shapes and axes."""


class Layer(NamedTuple):
    """One operator of a network: ONNX's name for it, and the shapes of its weights; none for one without weights.

    Weights that several operators share stand with the first of them.
    """

    operator: str
    weights: tuple[tuple[int, ...], ...]

    @property
    def parameters(self) -> int:
        """How many numbers the weights are."""
        return sum(map(math.prod, self.weights))


def list_layers(content: bytes) -> tuple[Layer, ...]:
    """Return the operators of a model file in the order of the graph, constants left out.

    Args:
        content: of an ONNX file.

    Raises:
        ModelError: it is none, or damaged.
    """
    graph = next(field for field in iter_fields(content) if (field.number, field.wire) == (_GRAPH, _BYTES))
    parts = list(iter_fields(content, graph.start, graph.end))
    weights = dict(filter(None, (_weight(content, part) for part in parts if part.number == _INITIALIZER)))
    layers = (_layer(content, part, weights) for part in parts if part.number == _NODE)
    return tuple(layer for layer in layers if layer.operator != "Constant")


def _layer(content: bytes, node: Field, weights: dict[str, tuple[int, ...]]) -> Layer:
    texts = [(part.number, content[part.start : part.end]) for part in iter_fields(content, node.start, node.end)]
    operator = next((text for number, text in texts if number == _NODE_OPERATOR), b"?").decode(errors="replace")
    inputs = (text.decode(errors="replace") for number, text in texts if number == _NODE_INPUT)
    return Layer(operator, tuple(weights.pop(name) for name in inputs if name in weights))


def _weight(content: bytes, tensor: Field) -> tuple[str, tuple[int, ...]] | None:
    """Return the name and the shape of a tensor of weights, None for one of another type."""
    name, kind = "", 0
    shape: list[int] = []
    for part in iter_fields(content, tensor.start, tensor.end):
        if part.number == _TENSOR_NAME:
            name = content[part.start : part.end].decode(errors="replace")
        elif part.number == _TENSOR_TYPE:
            kind = next(_numbers(content, part))
        elif part.number == _TENSOR_DIMENSIONS:
            shape += _numbers(content, part)
    return (name, tuple(shape)) if kind in _WEIGHT_TYPES else None


def _numbers(content: bytes, field: Field) -> Iterator[int]:
    """Yield the integers of a field, which may hold one, or several packed."""
    at = field.start
    while at < field.end:
        value, at = read_varint(content, at)
        yield value
