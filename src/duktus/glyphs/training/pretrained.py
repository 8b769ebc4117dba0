"""A warm start from a pretrained encoder: its layers, and scores that answer as a gallery of its vectors would.

What a head makes of taught letters (``glyphs/reading/head.py``) is linear in a vector's numbers and their squares, so
it is one more layer of the network, and training goes on from there instead of from nothing.
"""

import tomllib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.head import fit_head
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.learning.checkpoint import Arrays
from duktus.learning.samples import as_batch
from duktus.models.card import Spread
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import ModelError, Vectors

TOLERANCE = 1e-3
"""Largest difference between the encoder's vectors and those of the network that was made from it."""

TRIED = 4
"""Glyphs on which the two are compared."""


@dataclass(frozen=True, eq=False)
class PretrainedEncoder:
    """An encoder to start a classifier from.

    Attributes:
        session: the encoder itself, for the vectors of what is trained on.
        lines: its layers in a recipe's words, batch normalisation folded into the convolutions.
        weights: of these layers, in Keras' order.
        spread: of its vectors.
        temperature: by which scores of taught letters are calibrated.
    """

    session: Session
    lines: tuple[str, ...]
    weights: Arrays
    spread: Spread
    temperature: float

    def vectors(self, frames: NDArray[np.uint8]) -> Vectors:
        """Return the vectors (n, d) of glyphs in 256 steps, (n, H, W)."""
        return self.session.run(as_batch(frames))

    def initial_weights(self, vectors: Vectors, classes: NDArray[np.int64], labels: int, *, other: bool) -> Arrays:
        """Return weights of a whole network that scores as a gallery does which was taught these examples.

        Args:
            vectors: (n, d) of the examples.
            classes: (n,) what they show; a label without an example scores as none of the labels does.
            labels: how many there are.
            other: the network has an output for none of them.
        """
        known = np.unique(classes)
        width = len(str(labels))
        head = fit_head(vectors, [f"{one:0{width}d}" for one in classes], self.spread)
        kernel = np.zeros((2 * len(head.linear), labels + other), np.float32)
        bias = np.zeros(labels + other, np.float32)
        kernel[:, known] = np.concatenate([head.linear, head.square])
        bias[known] = head.constant
        return [*self.weights, kernel / np.float32(self.temperature), bias / np.float32(self.temperature)]


def open_pretrained(name: str) -> PretrainedEncoder:
    """Read an encoder's layers and weights out of its file.

    Args:
        name: a shipped model's name, or the path of a model file.

    Raises:
        ModelError: there is no such model, it is no glyph encoder, or its layers are none that a recipe names.
    """
    session = open_model_file(name)
    card = session.card
    if card.task != "glyph-encoder" or card.preprocessing.glyph is None or card.spread is None:
        raise ModelError(f"{card.name}: expected a glyph-encoder to start from, received a {card.task}")
    named = tomllib.loads(card.training.recipe).get("network", {}).get("layers", [])
    lines = (*(_folded(line) for line in named), f"dense {len(card.spread.middle)}", "unit")
    temperature = card.calibration.temperature if card.calibration else 1.0
    encoder = PretrainedEncoder(session, lines, _weights(session.content), card.spread, temperature)
    _check(encoder, card.preprocessing.glyph)
    return encoder


def with_encoder(recipe: GlyphRecipe, encoder: PretrainedEncoder) -> GlyphRecipe:
    """Return a recipe with the encoder's ink, frame and layers, its scores quadratic in the vectors."""
    seen = encoder.session.card.preprocessing
    assert seen.glyph is not None, "an encoder of glyphs, as was checked when it was opened"
    network = replace(recipe.network, layers=(*encoder.lines, "squares"))
    return replace(recipe, ink=seen.ink, glyph=seen.glyph, network=network)


def _folded(line: str) -> str:
    return " ".join(word for word in line.split() if word != "bn")


def _weights(content: bytes) -> Arrays:
    """Return the weights of convolutions and linear maps in the order of the graph, each kernel before its bias."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_model_from_string(content).graph
    known = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    found: Arrays = []
    for node in graph.node:
        held = [known[name] for name in node.input if name in known]
        if node.op_type == "Conv":
            found += [held[0].transpose(2, 3, 1, 0), *held[1:]]
        elif node.op_type == "MatMul" or (node.op_type == "Add" and held and found and held[0].ndim == 1):
            found += held
    return found


def _check(encoder: PretrainedEncoder, frame: GlyphFrame) -> None:
    """Raise unless the layers with the weights give what the encoder's file gives."""
    from duktus.learning.networks import build_network
    from duktus.learning.precision import mixed_precision

    name = encoder.session.card.name
    glyphs = np.random.default_rng(0).random((TRIED, frame.height, frame.width, 1), np.float32)
    with mixed_precision("float32"):
        network: Any = build_network(encoder.lines, (frame.height, frame.width), 1)
        shapes = [tuple(weight.shape) for weight in network.weights[:-2]]
        if shapes != [array.shape for array in encoder.weights]:
            raise ModelError(
                f"{name}: expected an encoder whose card names its layers, received other weights than its"
            )
        network.set_weights([*encoder.weights, *network.get_weights()[-2:]])
        vectors = without_scores(network)(glyphs)
    apart = float(np.abs(np.asarray(vectors) - encoder.session.run(glyphs)).max())
    if not apart <= TOLERANCE:
        raise ModelError(f"{name}: expected vectors within {TOLERANCE:g} of its file's, received {apart:.2g} apart")


def without_scores(network: Any) -> Any:
    """Return a classifier's network up to what goes into its last layer."""
    import keras

    return keras.Model(network.input, network.get_layer("scores").input)
