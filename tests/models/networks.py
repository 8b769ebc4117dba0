"""Small networks and their cards, built by the onnx package, for the tests of this folder."""

from dataclasses import replace

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, parser
from onnx.reference import ReferenceEvaluator

from duktus.imaging.frames.glyph import GlyphFrame
from duktus.imaging.ink.extraction import InkSettings
from duktus.models.card import Calibration, Card, DataSource, Metric, Preprocessing, Sample, Training

LABELS = ("0", "ᚠ", "\udc80\n")  # any string may be a label, even one that is no text


def convolutional(outputs: int = 4, side: int = 28) -> bytes:
    """A network of one convolution and one dense layer on (n, side, side, 1)."""
    rng = np.random.default_rng(7)
    shapes = {"kernels": (4, 1, 4, 4), "weights": (4 * (side // 4) ** 2, outputs), "bias": (outputs,)}
    weights = [numpy_helper.from_array(rng.normal(0, 0.2, shapes[name]).astype("f4"), name) for name in shapes]
    nodes = [
        helper.make_node("Transpose", ["ink"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "kernels"], ["maps"], strides=[4, 4]),
        helper.make_node("Relu", ["maps"], ["active"]),
        helper.make_node("Flatten", ["active"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"]),
    ]
    source = helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["n", side, side, 1])
    result = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", outputs])
    graph = helper.make_graph(nodes, "digits", [source], [result], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def written(text: str) -> bytes:
    """A network in ONNX's text notation, the graph alone: ``g (float[n] x) => (float[n] y) { y = Relu(x) }``."""
    return bytes(parser.parse_model(f'<ir_version: 8, opset_import: ["" : 17, "own" : 1]> {text}').SerializeToString())


def card_of(network: bytes) -> Card:
    """A card whose sample was computed by ONNX's own reference implementation."""
    inputs = np.random.default_rng(3).random((2, 28, 28, 1), np.float32)
    (outputs,) = ReferenceEvaluator(onnx.load_from_string(network)).run(None, {"ink": inputs})
    return replace(plain_card(), sample=Sample.of(inputs, np.asarray(outputs, np.float32)))


def plain_card() -> Card:
    """A card that fits ``convolutional()``, but for the outputs of its sample."""
    zeros = np.zeros((1, 28, 28, 1), np.float32)
    return Card(
        name="digits",
        task="glyph-classifier",
        labels=LABELS,
        other=True,
        preprocessing=Preprocessing(InkSettings(), GlyphFrame()),
        calibration=Calibration(temperature=1.25, threshold=0.8, accept=0.99, split="validation"),
        training=Training("epochs = 2\nseed = 1\n", 1, {"keras": "3.12"}, 61.5, 2),
        data=(DataSource("MNIST", "0" * 64, "CC-BY-SA-3.0", 55000, "train"),),
        metrics=(Metric("accuracy", 0.9975, 0.9963, 0.9984, 10000, "test"),),
        limits=("Digits only.",),
        sample=Sample.of(zeros, np.zeros((1, 4), np.float32)),
        created="2026-01-31",
        attribution=("MNIST by LeCun, Cortes and Burges",),
    )
