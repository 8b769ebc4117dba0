"""One writer's numbers on pages, and a network that knows this writer: the nearest of a few dozen of their glyphs."""

from dataclasses import replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from duktus.glyphs.reading.reader import Reader
from duktus.imaging.frames.glyph import GlyphFrame, frame_glyph, ink_box
from duktus.models.card import Calibration, Card, Sample
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.pen.hand import Hand, sample_hand, write
from duktus.pen.strokes import Drawing
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page
from tests.models.networks import plain_card

DIGITS = "0123456789"
OF_EACH = 8
"""Glyphs of each digit that the network remembers, and as many of what is none, from each kind."""

SHARPNESS = 0.12
"""Nats for each unit of squared distance between glyphs: near ones are sure, far ones are not."""


def steady_hand() -> Hand:
    """A clear, upright hand that writes its digits apart and nearly alike."""
    hand = sample_hand(np.random.default_rng(11))
    favourites = dict.fromkeys(hand.favourites, 0)
    return replace(hand, favourites=favourites, constancy=1.0, unrest=0.6, strokes_apart=0.3, slant=0.05, slope=0.0,
                   spacing=40.0, spacing_spread=0.0, drift=0.5, hook=0.0, size_spread=0.01)  # fmt: skip


def drawing_of(text: str, seed: int) -> Drawing:
    """The strokes of a number by the steady hand."""
    return write(text, steady_hand(), np.random.default_rng(seed))


def ink_of(text: str, seed: int, *, scale: float = 8.0) -> Ink:
    """A number's ink, cut to its box; digits are some 40 pixels high."""
    ink = draw_ink(drawing_of(text, seed), pen=Pen(width=0.5, pressing=0.0), scale=scale)
    x, y, w, h = ink_box(ink)
    return ink[y : y + h, x : x + w]


def page_of(*lines: str, seed: int = 0, margin: int = 20, scale: float = 8.0) -> Page:
    """Lines of digits and spaces under each other, dark on white."""
    inks = [np.pad(ink_of(line, seed + i, scale=scale), margin) for i, line in enumerate(lines)]
    width = max(ink.shape[1] for ink in inks)
    sheet = np.concatenate([np.pad(ink, ((0, 0), (0, width - ink.shape[1]))) for ink in inks])
    return np.asarray(255 - 255 * sheet, np.uint8)


def make_reader() -> Reader:
    """A reader of the steady hand's digits that refuses halves and pairs of them."""
    content = embed_card(_network(*_memories()), _card())
    return Reader(Session(content, threads=1))


def _memories() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Glyphs of each class, (11, n, 784), and their squared lengths."""
    frame = GlyphFrame()
    known = [[frame_glyph(ink_of(digit, 100 + i), frame) for i in range(3 * OF_EACH)] for digit in DIGITS]
    other = []
    for i in range(OF_EACH):
        whole, pair = ink_of(DIGITS[i % 10], 200 + i), ink_of(DIGITS[i % 10] + DIGITS[3 * i % 10], 300 + i)
        half = whole.shape[1] // 2
        other += [frame_glyph(part, frame) for part in (whole[:, :half], whole[:, half:], pair)]
    glyphs = np.stack([np.stack(one).reshape(-1, frame.height * frame.width) for one in (*known, other)])
    return glyphs, np.asarray((glyphs**2).sum(axis=2), np.float32)


def _network(glyphs: NDArray[np.float32], lengths: NDArray[np.float32]) -> bytes:
    """Minus the squared distance to the nearest memory of each class, as logits."""
    classes, count, size = glyphs.shape
    weights = 2 * SHARPNESS * glyphs.reshape(-1, size).T
    values = {"weights": weights, "bias": -SHARPNESS * lengths.ravel(), "shape": np.array([-1, classes, count])}
    nodes = [
        helper.make_node("Flatten", ["ink"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights", "bias"], ["nearness"]),
        helper.make_node("Reshape", ["nearness", "shape"], ["by_class"]),
        helper.make_node("ReduceMax", ["by_class"], ["logits"], axes=[2], keepdims=0),
    ]
    source = helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["n", 28, 28, 1])
    result = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", classes])
    constants = [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]
    graph = helper.make_graph(nodes, "nearest", [source], [result], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _card() -> Card:
    zeros = np.zeros((1, 28, 28, 1), np.float32)
    sample = Sample.of(zeros, np.zeros((1, 11), np.float32))
    calibration = Calibration(temperature=1.0, threshold=0.6, accept=None, split="none")
    return replace(plain_card(), labels=tuple(DIGITS), calibration=calibration, sample=sample)
