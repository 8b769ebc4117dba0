"""Networks, built from the lines of a recipe: one layer a line, in the words of the field.

A line is a layer's name and its figures::

    conv 32 5 bn relu          3 x 3 unless named, "same" padding unless "valid", stride 1 unless "stride 2"
    maxpool 2 · avgpool 2      window and stride
    dropout 0.3 · flatten · gap (global average pooling) · dense 128 relu

The last layer, as many logits as there are classes, is not named: it follows from the labels.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import keras
from keras import layers

from duktus.types import RecipeError

ACTIVATIONS = ("relu", "gelu", "silu")


@dataclass
class Layer:
    """One line of a recipe, parsed: name, figures, and the words that stand without a figure."""

    name: str
    numbers: list[float] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    stride: int = 1


def parse_layer(line: str) -> Layer:
    """Return a line of a recipe in parts.

    Raises:
        RecipeError: the line is empty or holds a word that no layer knows.
    """
    tokens = line.split()
    if not tokens:
        raise RecipeError("a layer: expected for example 'conv 32 3 bn relu', received an empty line; take it out")
    layer = Layer(tokens[0])
    rest = iter(tokens[1:])
    for token in rest:
        if token == "stride":
            layer.stride = int(next(rest, "1"))
        elif token in ("bn", "valid", *ACTIVATIONS):
            layer.words.add(token)
        else:
            layer.numbers.append(_number(token, line))
    return layer


def build_network(lines: tuple[str, ...], shape: tuple[int, int], outputs: int) -> Any:
    """Return a Keras model (n, H, W, 1) → (n, outputs) logits in float32, its weights drawn from Keras' seed.

    Raises:
        RecipeError: a line that no layer fits.
    """
    inputs = x = keras.Input((*shape, 1), name="glyphs")
    for line in lines:
        x = _apply(parse_layer(line), x, line)
    if len(x.shape) > 2:
        x = layers.Flatten()(x)
    # Logits stay in float32 under mixed precision: a softmax over bfloat16 loses what calibration needs.
    scores = layers.Dense(outputs, dtype="float32", name="scores")(x)
    return keras.Model(inputs, scores, name="network")


def operations(network: Any) -> int:
    """Return the multiply-adds of one glyph through the convolutions and dense layers of a network."""
    total = 0
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            total += math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape)
        elif isinstance(layer, layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total


def _apply(layer: Layer, x: Any, line: str) -> Any:
    """Return the tensor after one layer."""
    match layer.name, layer.numbers:
        case "conv", [filters, *size]:
            return _convolve(layer, x, int(filters), int(size[0]) if size else 3)
        case "maxpool", [size]:
            return layers.MaxPooling2D(int(size))(x)
        case "avgpool", [size]:
            return layers.AveragePooling2D(int(size))(x)
        case "dropout", [share]:
            return layers.Dropout(share)(x)
        case "flatten", []:
            return layers.Flatten()(x)
        case "gap", []:
            return layers.GlobalAveragePooling2D()(x)
        case "dense", [units]:
            return _activate(layer, layers.Dense(int(units))(x))
    raise RecipeError(
        f"network.layers: expected conv, maxpool, avgpool, dropout, flatten, gap or dense with their figures, "
        f"received {line!r}; see recipes/digits.toml"
    )


def _convolve(layer: Layer, x: Any, filters: int, size: int) -> Any:
    """Return a convolution, batch-normalised where the line says so."""
    padding = "valid" if "valid" in layer.words else "same"
    normed = "bn" in layer.words
    x = layers.Conv2D(filters, size, strides=layer.stride, padding=padding, use_bias=not normed)(x)
    if normed:
        x = layers.BatchNormalization(momentum=0.9)(x)
    return _activate(layer, x)


def _activate(layer: Layer, x: Any) -> Any:
    """Return the tensor after the activation that a line names, if any."""
    for name in ACTIVATIONS:
        if name in layer.words:
            return layers.Activation(name)(x)
    return x


def _number(token: str, line: str) -> float:
    try:
        return float(token)
    except ValueError:
        raise RecipeError(
            f"network.layers: expected a figure or one of bn, valid, stride, {', '.join(ACTIVATIONS)}, "
            f"received {token!r} in {line!r}"
        ) from None
