"""Networks, built from the lines of a recipe: one layer a line, in the words of the field.

A line is a layer's name and its figures::

    conv 32 5 bn relu          3 x 3 unless named, "same" padding unless "valid", stride 1 unless "stride 2"
    maxpool 2 · avgpool 2      window and stride
    dropout 0.3 · flatten · gap (global average pooling) · dense 128 relu
    unit                       brought to length 1
    squares                    the numbers and their squares behind them: what comes next is quadratic in them

The last layer, as many logits as there are classes, is not named: it follows from the labels.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import keras
from keras import layers

from duktus.types import RecipeError

ACTIVATIONS = ("relu", "gelu", "silu")

WORDS: dict[str, frozenset[str]] = {
    "conv": frozenset(("bn", "valid", *ACTIVATIONS)),
    "dense": frozenset(ACTIVATIONS),
    **dict.fromkeys(("maxpool", "avgpool", "dropout", "flatten", "gap", "unit", "squares"), frozenset()),
}
"""The layers, and the words that the line of each may hold beside its figures."""


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
        RecipeError: the line is empty, holds a word that no layer knows, or its stride has no figure.
    """
    tokens = line.split()
    if not tokens:
        raise RecipeError("a layer: expected for example 'conv 32 3 bn relu', received an empty line; take it out")
    layer = Layer(tokens[0])
    rest = iter(tokens[1:])
    for token in rest:
        if token == "stride":
            layer.stride = _whole(_number(next(rest, "nothing"), line), line)
        elif token in ("bn", "valid", *ACTIVATIONS):
            layer.words.add(token)
        else:
            layer.numbers.append(_number(token, line))
    return layer


def build_network(lines: tuple[str, ...], shape: tuple[int, int], outputs: int) -> Any:
    """Return a Keras model (n, H, W, 1) → (n, outputs) logits in float32, its weights drawn from Keras' seed.

    Args:
        lines: a layer each, from the glyph to the scores.
        shape: (H, W) of a glyph.
        outputs: classes, "none of them" counted.

    Raises:
        RecipeError: a line that is no layer, or one that does not fit what the lines before it give.
    """
    inputs = x = keras.Input((*shape, 1), name="glyphs")
    for line in lines:
        x = _squared(x, line) if line.split() == ["squares"] else _apply(parse_layer(line), x, line)
    if len(x.shape) > 2:
        x = layers.Flatten()(x)
    # Logits stay in float32 under mixed precision: a softmax over bfloat16 loses what calibration needs.
    scores = layers.Dense(outputs, dtype="float32", name="scores")(x)
    return keras.Model(inputs, scores, name="network")


def _squared(x: Any, line: str) -> Any:
    """Return (n, d) numbers with their squares, (n, 2 d)."""
    if len(x.shape) != 2:
        raise RecipeError(f"network.layers: expected {line!r} behind a flat layer, received one behind a picture")
    return layers.Concatenate()([x, layers.Multiply()([x, x])])


def operations(network: Any) -> int:
    """Return the multiply-adds of one glyph through the convolutions and dense layers of a network."""
    total = 0
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            total += math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape)
        elif isinstance(layer, layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total


def describe(network: Any) -> str:
    """Return a network's layers, parameters and operations as text."""
    lines: list[str] = []
    network.summary(print_fn=lambda line, **_: lines.append(line))
    return "\n".join([*lines, f"{operations(network) / 1e6:.1f} million multiply-adds an image"])


def _apply(layer: Layer, x: Any, line: str) -> Any:
    """Return the tensor after one layer."""
    known = WORDS.get(layer.name, layer.words)
    if not layer.words <= known or (layer.stride != 1 and layer.name in WORDS and layer.name != "conv"):
        words = ", ".join(sorted(known)) or "no words"
        raise RecipeError(f"network.layers: expected a {layer.name} with {words} at most, received {line!r}")
    try:
        for made in _make(layer, line):
            x = made(x)
    except ValueError as error:  # Keras': an impossible figure, or a picture that is too small by now
        raise RecipeError(f"network.layers: expected a layer that fits, received {line!r} ({error})") from error
    return x


def _make(layer: Layer, line: str) -> list[Any]:
    """Return the Keras layers of one line."""
    match layer.name, layer.numbers:
        case "conv", [_] | [_, _]:
            return _convolution(layer, *(_whole(number, line) for number in layer.numbers))
        case "dense", [units]:
            return [layers.Dense(_whole(units, line)), *_activation(layer)]
        case "dropout", [share]:
            return [layers.Dropout(share)]
        case (("maxpool" | "avgpool"), [size]):
            pool = layers.MaxPooling2D if layer.name == "maxpool" else layers.AveragePooling2D
            return [pool(_whole(size, line))]
        case (("flatten" | "gap" | "unit"), []):
            made = {"flatten": layers.Flatten, "gap": layers.GlobalAveragePooling2D, "unit": layers.UnitNormalization}
            return [made[layer.name]()]
    names = ", ".join(WORDS)
    raise RecipeError(
        f"network.layers: expected one of {names} with its figures, received {line!r}; see recipes/digits.toml"
    )


def _convolution(layer: Layer, filters: int, size: int = 3) -> list[Any]:
    """Return a convolution, batch-normalised where the line says so."""
    padding = "valid" if "valid" in layer.words else "same"
    normed = "bn" in layer.words
    convolution = layers.Conv2D(filters, size, strides=layer.stride, padding=padding, use_bias=not normed)
    return [convolution, *([layers.BatchNormalization(momentum=0.9)] if normed else []), *_activation(layer)]


def _activation(layer: Layer) -> list[Any]:
    """Return the activation that a line names, if any."""
    return [layers.Activation(_gelu if name == "gelu" else name) for name in ACTIVATIONS if name in layer.words]


def _gelu(x: Any) -> Any:
    """Return GELU in its form with tanh (Hendrycks & Gimpel 2016): the one with erfc has no counterpart in ONNX."""
    return keras.ops.gelu(x, approximate=True)


def _number(token: str, line: str) -> float:
    try:
        return float(token)
    except ValueError:
        raise RecipeError(
            f"network.layers: expected a figure or one of bn, valid, stride, {', '.join(ACTIVATIONS)}, "
            f"received {token!r} in {line!r}"
        ) from None


def _whole(number: float, line: str) -> int:
    if not number.is_integer() or number < 1:
        raise RecipeError(f"network.layers: expected an integer of at least 1, received {number:g} in {line!r}")
    return int(number)
